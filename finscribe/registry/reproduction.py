"""Whether a model, as it will be served, answers what it answered when it was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from finscribe.decoding import LanguageModel
from finscribe.documents import Document
from finscribe.extract import extract_many
from finscribe.invoice import Value

MOST = 16
"""Documents of an evaluation that are read once more."""
SAME = 0.99
"""The share of their values that has to be the same; two runtimes may part where two tokens are nearly as likely."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A text and the values that a model gave of it, by their paths, numbers as text."""

    text: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """Some of what a model answered when it was judged, and how it was asked."""

    answers: tuple[Answered, ...]
    grounding: str
    arithmetic: bool


@dataclass(frozen=True, slots=True)
class ServedAsJudged:
    """How many of the values were the same when they were read once more."""

    same: int
    values: int

    @property
    def holds(self) -> bool:
        """Whether they are the same but for what two runtimes may part in: one value where there are few."""
        return self.values - self.same <= max(1, (1 - SAME) * self.values)


def reproduce(model: LanguageModel, judged: Judged) -> ServedAsJudged:
    """Reads the texts once more; raises what `extract_many` raises."""
    documents = [Document.from_text(answered.text) for answered in judged.answers]
    read = extract_many(documents, model, grounding=judged.grounding, arithmetic=judged.arithmetic)
    same = values = 0
    for answered, extraction in zip(judged.answers, read, strict=True):
        now = {path: _written(value) for path, value in extraction.given.items()}
        paths = {*now, *answered.values}
        values += len(paths)
        same += sum(now.get(path) == answered.values.get(path) for path in paths)
    return ServedAsJudged(same, values)


def _written(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
