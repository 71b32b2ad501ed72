"""What a model nearly wrote instead: kept of numbers and of names while they are decoded, and scored in one pass later.

A value that is printed and that the model did not write parts from what it wrote at one token. How likely that token
was is known from decoding; how likely the whole value is takes another look, at a few that are worth it.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from finscribe.decoding.cursor import Cursor

if TYPE_CHECKING:
    from finscribe.decoding.answering import Answer, Task
    from finscribe.decoding.model import Logits, SteeredModel

SPAN = 9.0
"""How much less likely than the chosen token another one may be to be kept, as a difference of log probabilities.

As much as the unlikeliest number that arithmetic takes, and more than any name.
"""

MOST_KEPT = 16
"""How many tokens are kept beside a chosen one."""

FOLLOWING = 64
"""Bytes of the answer behind a value that a token may reach into."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The token that the model chose at `place` of the answer; `logprob` is its log probability before the mask.

    `near` has the log probabilities of the other tokens that came close, by their ids.
    """

    place: int
    logprob: float
    near: Mapping[int, float]

    def among(self, is_allowed: Callable[[int], bool]) -> Choice:
        """The choice with those tokens only that were allowed, too."""
        near = {token: logprob for token, logprob in self.near.items() if is_allowed(token)}
        return replace(self, near=near)


def choice_at(place: int, logits: Logits, token: int, logprob: float) -> Choice:
    """What is kept of a choice; `logits` of shape `[vocabulary]`, `logprob` the log probability of the token."""
    import numpy as np

    near = np.flatnonzero(logits > logits[token] - SPAN)
    if len(near) > MOST_KEPT:
        near = near[np.argsort(-logits[near], kind="stable")[:MOST_KEPT]]
    logprobs = logits[near] - logits[token] + logprob
    found = dict(zip(near.tolist(), logprobs.tolist(), strict=True))
    found.pop(token, None)
    return Choice(place, logprob, found)


@dataclass(frozen=True, slots=True)
class Rewording:
    """The tokens of an answer with other values in it, as far as the last of these, and where those values stand.

    `places` has the tokens of each value by its path, those here and those of the answer as it was written.
    """

    tokens: list[int]
    places: Mapping[str, tuple[range, range]]

    @property
    def old(self) -> range:
        """The tokens of the answer from the first value to the last."""
        olds = [old for _, old in self.places.values()]
        return range(min(old.start for old in olds), max(old.stop for old in olds))


@dataclass(frozen=True, slots=True)
class Scored:
    """The log probability of each value of a rewording by its path, and of those that stood there in the answer.

    Each is that behind what stands before it there.
    """

    logprobs: Mapping[str, float]
    before: Mapping[str, float]

    @property
    def log_ratio(self) -> float:
        """How likely these values are beside those of the answer, as a difference of log probabilities."""
        return self.log_ratio_of(self.logprobs)

    def log_ratio_of(self, paths: Iterable[str]) -> float:
        """How likely those of some paths are; -inf where nothing was scored."""
        differences = [self.logprobs[path] - self.before[path] for path in paths if path in self.logprobs]
        return sum(differences) if differences else -math.inf


@dataclass(frozen=True, eq=False)
class Wording:
    """One answer as the model wrote it, and what else it might have written there."""

    task: Task
    answer: Answer
    model: SteeredModel

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each token begins in the text, and where the last one ends."""
        return list(accumulate((len(self.model.token_bytes(each)) for each in self.answer.tokens), initial=0))

    @cached_property
    def _text(self) -> bytes:
        return b"".join(map(self.model.token_bytes, self.answer.tokens))

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """Where the values stand in the text that were written in full."""
        cursor, start, spans = Cursor.of(self.task.request), 0, dict[str, tuple[int, int]]()
        for place in range(len(self._text)):
            known = len(cursor.finished)
            cursor.feed(self._text[place : place + 1])
            if len(cursor.finished) > known:
                path, value = cursor.finished[-1]
                spans[path] = (start, start + len(value.encode()))
            if cursor.at_start:
                start = place + 1
        return spans

    def alternatives(self, path: str, printed: Iterable[str]) -> dict[str, float]:
        """Which of the values printed, as JSON, the model gave weight to instead of the one that it wrote.

        With each, how likely it may be beside the one written: the difference of their log probabilities, if all of
        it behind the token where they part were certain, as what the grammar forces is taken to be.
        """
        found: dict[str, float] = {}
        start, end = self._spans[path]
        own = 0.0  # the log probability of the value written, from a choice on
        for choice in reversed(self.answer.choices.get(path, ())):
            own += choice.logprob
            for value, logprob in self._parting_at(choice, path, printed):
                found[value] = max(found.get(value, logprob - own), logprob - own)
        found.pop(self._text[start:end].decode("utf-8", "replace"), None)
        return found

    def _parting_at(self, choice: Choice, path: str, printed: Iterable[str]) -> Iterator[tuple[str, float]]:
        """The values that agree with the one written up to a choice, and there with a token that came close.

        With each, the log probability of that token.
        """
        start, end = self._spans[path]
        following = self._text[end : end + FOLLOWING]
        at = self._offsets[choice.place]
        same, before = self._text[start:at], self._text[at:start]
        others = [
            (value, before + whole[len(same) :])
            for value in printed
            if (whole := value.encode() + following).startswith(same)
        ]
        for token, logprob in choice.near.items():
            piece = self.model.token_bytes(token)
            yield from ((value, logprob) for value, rest in others if piece and rest.startswith(piece))

    def reworded(self, values: Mapping[str, str]) -> Rewording:
        """The answer with other values, JSON by path, as far as the last of them."""
        tokens: list[int] = []
        places: dict[str, tuple[range, range]] = {}
        copied = 0
        for path in sorted(values, key=self._spans.__getitem__):
            old = self._tokens_of(path)
            tokens += self.answer.tokens[copied : old.start]
            new = self.model.encode(self._around(path, values[path], old))
            places[path] = range(len(tokens), len(tokens) + len(new)), old
            tokens += new
            copied = old.stop
        return Rewording(tokens, places)

    def _tokens_of(self, path: str) -> range:
        """The tokens that write a value and what ends it."""
        start, end = self._spans[path]
        return range(bisect_right(self._offsets, start) - 1, bisect_left(self._offsets, end + 1))

    def _around(self, path: str, value: str, tokens: range) -> str:
        """A value with what its tokens write before and behind it."""
        start, end = self._spans[path]
        before = self._text[self._offsets[tokens.start] : start]
        behind = self._text[end : self._offsets[tokens.stop]]
        return (before + value.encode() + behind).decode("utf-8", "replace")

    def scored(self, rewordings: Sequence[Rewording]) -> list[Scored]:
        """How likely each rewording is beside the answer: one forward pass for all of them.

        Where the model's context does not hold them all, the logarithm is -inf for each.
        """
        prompt = self.model.encode_prompt(self.task.prompt)
        last = max(each.old.stop for each in rewordings)
        rows = [list(self.answer.tokens[:last]), *(each.tokens for each in rewordings)]
        if len(prompt) + max(map(len, rows)) > self.model.context_length:
            return [Scored({}, {}) for _ in rewordings]
        firsts = [each.old.start for each in rewordings]
        firsts = [min(firsts), *firsts]
        wanted = [len(row) - first + 1 for row, first in zip(rows, firsts, strict=True)]
        found = self.model.session().extend([[*prompt, *row] for row in rows], wanted)
        before, *others = map(_Logprobs, found, rows, firsts)
        return [_scored(each, before, after) for each, after in zip(rewordings, others, strict=True)]


def _scored(rewording: Rewording, before: _Logprobs, after: _Logprobs) -> Scored:
    places = rewording.places.items()
    return Scored(
        {path: after.of(new) for path, (new, _) in places},
        {path: before.of(old) for path, (_, old) in places},
    )


class _Logprobs:
    """The log probabilities of a row's tokens from `first` on; `logits` has a row more than there are of these."""

    def __init__(self, logits: Logits, tokens: Sequence[int], first: int) -> None:
        import numpy as np

        scores = logits[:-1].astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        said = scores[np.arange(len(scores)), np.asarray(tokens[first:], dtype=np.int64)]
        self._logprobs, self._first = said - np.log(np.exp(scores).sum(axis=1)), first

    def of(self, places: range) -> float:
        """That of some tokens together."""
        return float(self._logprobs[places.start - self._first : places.stop - self._first].sum())
