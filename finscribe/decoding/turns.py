"""Where a list of lines might have gone another way: what a model nearly wrote where a line begins or the list ends.

A line is left out, or read twice, at one token: the first of a description, or the one that ends the list or begins
another line. An answer that takes such a turn begins as the one before did, is the model's own from there to the end of
the list, and ends as the one before did.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from finscribe.decoding.choices import Choice
from finscribe.decoding.cursor import Cursor
from finscribe.invoice import CELLS, LINES

if TYPE_CHECKING:
    from finscribe.decoding.answering import Answer, Task
    from finscribe.decoding.model import SteeredModel

LEAST = math.log(0.01)
"""How likely a turn has to be beside the token that was written, as a difference of log probabilities."""

_IMPOSSIBLE = 1e-30  # a probability too small to take its logarithm


@dataclass(frozen=True, slots=True)
class Begun:
    """How an answer begins: its tokens, and the negative log probability of each value in them, by its path."""

    tokens: tuple[int, ...] = ()
    surprise: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A task that begins as an answer did and then goes another way, up to the end of the list of lines.

    `chance` is how likely that way was beside the one that was gone, as a difference of log probabilities.
    """

    task: Task
    chance: float


def may_turn(cursor: Cursor) -> bool:
    """Whether what is written next may say which line of the page comes next, or that none does."""
    return cursor.choosing or _begins_line(cursor) or _may_end_line(cursor)


def _begins_line(cursor: Cursor) -> bool:
    return cursor.row >= 0 and cursor.value == b'"' and cursor.cells[cursor.cell] == CELLS[0]


def _may_end_line(cursor: Cursor) -> bool:
    at_last = cursor.row >= 0 and cursor.cell == len(cursor.cells) - 1
    return at_last and cursor.path is not None and cursor.value != b""


def turns(task: Task, answer: Answer, model: SteeredModel) -> Iterator[Turn]:
    """The turns of an answer to a task that the model gave weight to."""
    chances = dict(zip((path for path, _ in answer.values), answer.probabilities, strict=True))
    for choice, cursor in _places(task, answer, model):
        surprise = {path: -math.log(max(chances[path], _IMPOSSIBLE)) for path, _ in cursor.finished}
        for token, chance in choice.near.items():
            if chance - choice.chance < LEAST or not _is_turn(cursor, model.token_bytes(token)):
                continue
            if cursor.path is not None:
                before = [each for each in answer.choices.get(cursor.path, ()) if each.place < choice.place]
                surprise[cursor.path] = -chance - sum(each.chance for each in before)
            begun = Begun((*answer.tokens[: choice.place], token), dict(surprise))
            yield Turn(replace(task, begun=begun, through_lines=True), chance - choice.chance)


def _places(task: Task, answer: Answer, model: SteeredModel) -> Iterator[tuple[Choice, Cursor]]:
    """The choices of an answer that may turn, each with the place in the answer where it was made."""
    cursor, choices = Cursor.of(task.request), {choice.place: choice for choice in answer.turns}
    for place, token in enumerate(answer.tokens):
        if place in choices:
            yield choices[place], cursor.copy()
        cursor.feed(model.token_bytes(token))


def _is_turn(cursor: Cursor, said: bytes) -> bool:
    """Whether a token goes another way with the lines; in a number it may only say another number."""
    return cursor.choosing or _begins_line(cursor) or b"]" in said or b"{" in said


def joined(task: Task, turned: Answer, before: Answer) -> Answer:
    """An answer with the lines of one that took a turn, and all else as it was answered before."""
    kept = [
        (value, chance)
        for value, chance in zip(before.values, before.probabilities, strict=True)
        if not value[0].startswith(LINES)
    ]
    lines = [
        (value, chance)
        for value, chance in zip(turned.values, turned.probabilities, strict=True)
        if value[0].startswith(LINES)
    ]
    values, chances = zip(*kept, *lines, strict=True)
    text = turned.text[: _end_of_lines(task, turned.text)] + before.text[_end_of_lines(task, before.text) :]
    return replace(before, text=text, tokens=(), values=values, probabilities=chances, choices={}, turns=())


def _end_of_lines(task: Task, text: str) -> int:
    """One past the bracket that closes the list of lines, in characters."""
    cursor = Cursor.of(task.request)
    for place, character in enumerate(text):
        cursor.feed(character.encode())
        if cursor.past_lines:
            return place + 1
    return len(text)
