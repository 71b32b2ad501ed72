"""From a test file to cases: documents to be read, each with what is known of it and the family of its vendor."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from finscribe.errors import EvaluationError
from finscribe.folding import document_key
from finscribe.invoice import Truth
from finscribe.training.dataset.families import family_of, names_of
from finscribe.training.reading.counted import Reading
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.sources import expand, to_record
from finscribe.training.records import Record, Reject


@dataclass(frozen=True, slots=True)
class Case:
    """A document and what is known of it. `family` groups documents of one vendor."""

    name: str
    text: str
    truth: Truth
    family: str
    origin: str

    @property
    def vendor_names(self) -> frozenset[str]:
        """Its family, and what its truth calls it."""
        return frozenset({self.family, *names_of(self.truth, self.text)})

    @property
    def digest(self) -> str:
        """What answers about this very text are kept under."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:20]

    @property
    def key(self) -> str:
        """What two copies of a document have in common, however they are spaced."""
        return hashlib.sha256(document_key(self.text).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class TestSet:
    """The cases of an evaluation, the records that could not be used, and how many `--limit` left out."""

    source: str
    sha256: str | None
    cases: tuple[Case, ...]
    rejects: tuple[Reject, ...] = ()
    left_out: int = 0

    __test__ = False  # pytest takes the name for a test

    @property
    def families(self) -> list[str]:
        """The vendor family of each case."""
        return [case.family for case in self.cases]


def read_test_set(source: str, limit: int | None, seed: int) -> TestSet:
    """Any file, folder or glob that preparation reads; with a limit, so many cases drawn by `seed`.

    Raises `SourcesError` where there is nothing, and `EvaluationError` where nothing in it can be scored.
    """
    reading = Reading(expand([source]))
    found = list(_read(reading))
    cases = [each for each in found if isinstance(each, Case)]
    rejects = tuple(each for each in found if isinstance(each, Reject))
    if not cases:
        raise _nothing_to_score(source, rejects)
    drawn = _drawn(cases, limit, seed)
    hashes = [facts.sha256 for facts in reading.facts()]
    return TestSet(source, hashes[0] if len(hashes) == 1 else None, drawn, rejects, len(cases) - len(drawn))


def read_cases(source: str) -> list[Case]:
    """The usable records of a source, training data for instance; raises `SourcesError`."""
    return [found for found in _read(Reading(expand([source]))) if isinstance(found, Case)]


def _read(reading: Reading) -> Iterator[Case | Reject]:
    retractions = reading.retractions()
    for raw in reading:
        found = raw if isinstance(raw, Reject) else to_record(raw, retractions)
        yield found if isinstance(found, Reject) else _case(found, raw)


def _case(record: Record, raw: Raw | Reject) -> Case:
    labels = _labels(raw)
    name = _label(labels, "id") or record.invoice_id or str(record.origin)
    family = _label(labels, "family") or family_of(record.truth, record.text) or f"document {name}"
    return Case(name, record.text, record.truth, family, str(record.origin))


def _labels(raw: Raw | Reject) -> Any:
    """The object that a record is, for what it says beside text and truth."""
    return json.loads(raw.content) if isinstance(raw, Raw) and raw.kind == "json" else {}


def _label(labels: Any, key: str) -> str:
    value = labels.get(key) if isinstance(labels, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _drawn(cases: list[Case], limit: int | None, seed: int) -> tuple[Case, ...]:
    if limit is None or limit >= len(cases):
        return tuple(cases)
    chosen = sorted(random.Random(seed).sample(range(len(cases)), limit))
    return tuple(cases[index] for index in chosen)


def _nothing_to_score(source: str, rejects: Iterable[Reject]) -> EvaluationError:
    rejects = list(rejects)
    first = f"; the first: {rejects[0].message}" if rejects else ""
    return EvaluationError(
        f"none of the {len(rejects)} records of {source} can be scored{first}",
        hint='Every record needs a text and a truth that knows fields of the schema: {"input": ..., "output": ...}.',
    )
