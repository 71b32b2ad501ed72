"""Where an answer might have gone another way: what a model nearly wrote in a list of lines or in a party's name.

A line is left out, or read twice, at one token: the first of a description, or the one that ends the list or begins
another line. A name is another one from one token on. An answer that takes such a turn begins as the one before did, is
the model's own from there to the end of the list or of the party, and ends as the one before did.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from finscribe.decoding.choices import Choice
from finscribe.decoding.cursor import Cursor
from finscribe.invoice import CELLS, LINES, PARTIES

if TYPE_CHECKING:
    from finscribe.decoding.answering import Answer, Task
    from finscribe.decoding.model import SteeredModel

LEAST_LOG_RATIO = math.log(0.01)
"""How likely a turn has to be beside the token that was written, as a difference of log probabilities."""

_IMPOSSIBLE = 1e-30  # a probability too small to take its logarithm


@dataclass(frozen=True, slots=True)
class Begun:
    """How an answer begins: its tokens, and the negative log probability of each value in them, by its path."""

    tokens: tuple[int, ...] = ()
    surprise: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A task that begins as an answer did and then goes another way, as far as it says.

    `log_ratio` is how likely that way was beside the one that was gone, as a difference of log probabilities.
    """

    task: Task
    log_ratio: float


def log_of(probability: float) -> float:
    """The logarithm of a probability, which may be 0."""
    return math.log(max(probability, _IMPOSSIBLE))


def may_turn(cursor: Cursor) -> bool:
    """Whether what is written next may say which line of the page comes next, or that none does."""
    return cursor.choosing or _begins_line(cursor) or _may_end_line(cursor)


def _begins_line(cursor: Cursor) -> bool:
    return cursor.row >= 0 and cursor.value in (b"", b'"') and _cell(cursor) == CELLS[0]


def _may_end_line(cursor: Cursor) -> bool:
    return cursor.row >= 0 and _cell(cursor) == cursor.cells[-1] and cursor.value[:1] not in (b"", b'"')


def _cell(cursor: Cursor) -> str | None:
    """The cell that is being written."""
    return None if cursor.path is None else cursor.cells[cursor.cell]


def turns_of_lines(task: Task, answer: Answer, model: SteeredModel) -> Iterator[Turn]:
    """The turns of an answer's list of lines that the model gave weight to."""
    for cursor, said, turn in _turns(replace(task, through=LINES), answer, model, answer.turns):
        if _turns_list(cursor, said):
            yield turn


def turns_of_name(name: str, through: str, task: Task, answer: Answer, model: SteeredModel) -> Iterator[Turn]:
    """The turns of a party's name, by its path, to another name that the model gave weight to.

    They end behind the field `through`. Turns that only end the name earlier or later, or leave it out, are none.
    """
    choices = [
        choice
        for number, choice in enumerate(answer.choices.get(name, ()))
        if not number or not model.token_bytes(answer.tokens[choice.place]).startswith(b'"')
    ]
    for cursor, said, turn in _turns(replace(task, through=through), answer, model, choices):
        begun = cursor.copy()
        begun.feed(said)
        if begun.path == name and begun.value[:1] == b'"':
            yield turn


def _turns(
    task: Task, answer: Answer, model: SteeredModel, choices: Sequence[Choice]
) -> Iterator[tuple[Cursor, bytes, Turn]]:
    """The turns at some choices of an answer, each with the place where it parts and what it says there first."""
    probabilities = dict(zip((path for path, _ in answer.values), answer.probabilities, strict=True))
    for choice, cursor, spent in _places(task, answer, model, choices):
        known = {path: -log_of(probabilities[path]) for path, _ in cursor.finished}
        for token, logprob in choice.near.items():
            said, log_ratio = model.token_bytes(token), logprob - choice.logprob
            if log_ratio < LEAST_LOG_RATIO:
                continue
            path = path_of(cursor, said)
            surprise = known if path is None else {**known, path: -logprob - spent.get(path, 0.0)}
            begun = Begun((*answer.tokens[: choice.place], token), surprise)
            yield cursor, said, Turn(replace(task, begun=begun), log_ratio)


def _places(
    task: Task, answer: Answer, model: SteeredModel, choices: Sequence[Choice]
) -> Iterator[tuple[Choice, Cursor, Mapping[str, float]]]:
    """Some choices of an answer, each with the place in the answer where it was made.

    With that, the log probability of what stands there of each value, as far as its choices were kept.
    """
    turning = {choice.place: choice for choice in choices}
    kept = (choice for choices in answer.choices.values() for choice in choices)
    logprobs = {choice.place: choice.logprob for choice in (*answer.turns, *kept)}
    cursor, spent = Cursor.of(task.request), dict[str, float]()
    for place, token in enumerate(answer.tokens):
        if place in turning:
            yield turning[place], cursor.copy(), spent
        said = model.token_bytes(token)
        if place in logprobs and (path := path_of(cursor, said)):
            spent[path] = spent.get(path, 0.0) + logprobs[place]
        cursor.feed(said)


def path_of(cursor: Cursor, said: bytes) -> str | None:
    """The value that a token belongs to: the one that is being written, else the one that it begins."""
    if cursor.path is not None:
        return cursor.path
    ahead = cursor.copy()
    ahead.feed(said)
    return ahead.path


def _turns_list(cursor: Cursor, said: bytes) -> bool:
    """Whether a token goes another way with the lines; in a number only one that ends it and says what follows."""
    return cursor.choosing or _begins_line(cursor) or any(mark in said for mark in (b",", b"{", b"]"))


def joined(task: Task, turned: Answer, before: Answer) -> Answer:
    """An answer with the lines of one that took a turn, and all else as it was answered before.

    Its tokens end with the lines, and its choices are those in the names of parties, which stand before these.
    """
    found = [
        *(each for each in _values(before) if not each[0][0].startswith(LINES)),
        *(each for each in _values(turned) if each[0][0].startswith(LINES)),
    ]
    return replace(
        before,
        text=turned.text[: _end_of_lines(task, turned.text)]
        + before.text[_end_of_lines(task, before.text) :],
        tokens=turned.tokens,
        values=tuple(value for value, _ in found),
        probabilities=tuple(probability for _, probability in found),
        choices={path: kept for path, kept in before.choices.items() if path in PARTIES},
        turns=(),
    )


def _values(answer: Answer) -> Iterator[tuple[tuple[str, str], float]]:
    """The values of an answer, each as path and JSON, with its probability."""
    return zip(answer.values, answer.probabilities, strict=True)


def _end_of_lines(task: Task, text: str) -> int:
    """One past the bracket that closes the list of lines, in characters."""
    cursor = Cursor.of(task.request)
    for place, character in enumerate(text):
        cursor.feed(character.encode())
        if cursor.past(LINES):
            return place + 1
    return len(text)
