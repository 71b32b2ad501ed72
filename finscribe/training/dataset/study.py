"""One record by itself: its training target, what a reviewer objects to, and what is remembered of it.

Nothing here depends on other records, so chunks of them are studied side by side.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from finscribe.decoding.align import Alignment, align
from finscribe.decoding.printed import Printed
from finscribe.folding import document_key, fold
from finscribe.invoice import CELLS, FIELDS, LINES, Truth, cells_of
from finscribe.language import guess_language
from finscribe.prompts import HEADER, build_prompt
from finscribe.training.dataset.duplicates import ALIKE_SKETCH, KEYS, NEAR_SKETCH, hash_text, words_of
from finscribe.training.dataset.families import names_of
from finscribe.training.dataset.lint import Warn, cells_known_in_part, lint
from finscribe.training.dataset.staging import UNWRITABLE
from finscribe.training.dataset.tokens import load_counter
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.retractions import Retractions
from finscribe.training.reading.sources import to_record
from finscribe.training.records import Origin, Record, Reject

_FACTS = {"number": "invoice_number", "date": "invoice_date", "total": "financial_summary.grand_total"}


@dataclass(frozen=True, slots=True)
class Rules:
    """How records are studied: what was taken back, whose tokens are counted (None: they are not), how many fit.

    Without `align` targets are the truths as they are known, be they printed or not.
    """

    tokenizer: str | None = None
    max_seq_length: int | None = None
    strict: bool = False
    align: bool = True
    retractions: Retractions = field(default_factory=lambda: Retractions({}))
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


class StudiedRecord(NamedTuple):
    """A record made ready: its line for train and for the other parts, and what the dataset's card counts."""

    as_train: bytes
    as_known: bytes
    family: str
    alias: str
    shape: str
    language: str | None
    missing: Mapping[str, int]
    partial: Mapping[str, int]
    changes: Mapping[str, int]
    respelled: int
    tokens: int | None
    origin: Origin
    known: tuple[str, ...]
    warnings: tuple[Warn, ...]

    def original(self) -> dict[str, str]:
        """The record as it is known, for the rejects."""
        line = json.loads(self.as_known)
        return {"input": line["input"], "output": line["output"]}


@dataclass(frozen=True, slots=True)
class StudiedChunk:
    """A chunk of the input, studied: records as they are shelved, what is remembered of each by row, and rejects."""

    records: bytes
    rejects: list[Reject]
    keys: NDArray[Any]
    near: NDArray[np.uint32]
    alike: NDArray[np.uint32]


def study(chunk: Sequence[Raw | Reject], rules: Rules) -> StudiedChunk:
    """Reads and studies each record of a chunk; what cannot be learned from becomes a reject."""
    read = [to_record(item, rules.retractions) if isinstance(item, Raw) else item for item in chunk]
    rejects = [item for item in read if isinstance(item, Reject)]
    aligned = [_Aligned.of(item, align_it=rules.align) for item in read if isinstance(item, Record)]
    kept: list[tuple[_Aligned, StudiedRecord]] = []
    for each, tokens in zip(aligned, _tokens(aligned, rules), strict=True):
        made = _made_ready(each, tokens, rules)
        if isinstance(made, Reject):
            rejects.append(made)
        else:
            kept.append((each, made))
    words = [words_of(each.record.text) for each, _ in kept]
    return StudiedChunk(
        b"".join(write_studied(studied) for _, studied in kept),
        rejects,
        np.array([_keys(each, studied) for each, studied in kept], KEYS),
        NEAR_SKETCH.signatures(words),
        ALIKE_SKETCH.signatures(words),
    )


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A record, its truth in the words of its page, both truths as JSON, and the hash of its text."""

    record: Record
    alignment: Alignment
    truth: str
    target: str
    text_hash: int

    @classmethod
    def of(cls, record: Record, *, align_it: bool) -> _Aligned:
        truth = record.truth.to_json()
        alignment = align(record.truth, Printed(record.text)) if align_it else Alignment(record.truth, ())
        target = alignment.truth.to_json() if align_it else truth
        return cls(record, alignment, truth, target, hash_text(document_key(record.text)))


def _tokens(aligned: Sequence[_Aligned], rules: Rules) -> Sequence[int | None]:
    if rules.tokenizer is None:
        return [None] * len(aligned)
    prompts = [build_prompt(each.record.text, each.alignment.truth.request) for each in aligned]
    return _counter(rules.tokenizer)(prompts, [each.target for each in aligned])


def _made_ready(aligned: _Aligned, tokens: int | None, rules: Rules) -> StudiedRecord | Reject:
    record, alignment = aligned.record, aligned.alignment
    if not re.search(r"\w", record.text):
        return _reject(record, "no-text", "the text has no word")
    if not _says_something(alignment.truth):
        message = "nothing that the record knows is printed in its text"
        return _reject(record, "nothing-learnable", f"{message}: {', '.join(alignment.unreachable)}"[:300])
    warnings = lint(record, alignment, tokens=tokens, max_seq_length=rules.max_seq_length, today=rules.today)
    if warnings and rules.strict:
        return _reject(record, warnings[0].code, "; ".join(warning.message for warning in warnings))
    return _studied(aligned, tokens, warnings)


def _studied(aligned: _Aligned, tokens: int | None, warnings: Sequence[Warn]) -> StudiedRecord:
    record, alignment = aligned.record, aligned.alignment
    name = f"{aligned.text_hash:016x}"
    families = names_of(record.truth, record.text) or (f"text {name}",)
    as_train, as_known = _lines(aligned, record.invoice_id or name, families[0])
    return StudiedRecord(
        as_train=as_train,
        as_known=as_known,
        family=families[0],
        alias=families[-1],
        shape=record.shape,
        language=guess_language(record.text),
        missing=Counter(_without_rows(alignment.unreachable)),
        partial=cells_known_in_part(alignment.truth),
        changes=record.changes,
        respelled=_respelled(record.truth, alignment.truth),
        tokens=tokens,
        origin=record.origin,
        known=tuple(_known_fields(record.truth)),
        warnings=tuple(warnings),
    )


def _lines(aligned: _Aligned, name: str, family: str) -> tuple[bytes, bytes]:
    """The record as a line of train, whose target the page prints, and of the other parts."""
    before = f'{{"input": {_encode(HEADER + aligned.record.text)}, "output": '
    after = f', "id": {_encode(name)}, "family": {_encode(family)}}}\n'
    as_train = f"{before}{_encode(aligned.target)}{after}".encode(errors=UNWRITABLE)
    if aligned.target == aligned.truth:
        return as_train, as_train
    return as_train, f"{before}{_encode(aligned.truth)}{after}".encode(errors=UNWRITABLE)


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _says_something(truth: Truth) -> bool:
    """Whether a target has one value that is no null."""
    if any(value is not None for value in truth.values.values()):
        return True
    asked = cells_of(truth.request)
    return any(line[cell] is not None for line in truth.lines or () for cell in asked)


def _respelled(known: Truth, printed: Truth) -> int:
    """How many values the page spells in another way than the record."""
    if known is printed:
        return 0
    blocks = [(known.values, printed.values), *zip(known.lines or (), printed.lines or (), strict=True)]
    return sum(before[path] != value for before, after in blocks for path, value in after.items())


def _known_fields(truth: Truth) -> Iterable[str]:
    """The fields of which the truth knows at least one value."""
    cells = {cell for line in truth.lines or () for cell, value in line.items() if value is not None}
    values = truth.values
    return (path for path in FIELDS if values.get(path) is not None or (cells and _CELLS.get(path) in cells))


_CELLS = {f"{LINES}.{cell}": cell for cell in CELLS}


def _without_rows(paths: Iterable[str]) -> Iterable[str]:
    return (re.sub(r"\[\d+\]", "", path) for path in paths)


def _reject(record: Record, reason: str, message: str) -> Reject:
    original = {"input": HEADER + record.text, "output": record.truth.to_json()}
    return Reject(record.origin, reason, message, original)


# --- what is remembered ------------------------------------------------------------------------------


def _keys(aligned: _Aligned, studied: StudiedRecord) -> tuple[int | float, ...]:
    """A row of `KEYS`."""
    record = aligned.record
    facts = (_fact(record.truth, path) for path in _FACTS.values())
    time = record.timestamp.timestamp() if record.timestamp else -inf
    names = (record.text, studied.family, studied.alias, record.invoice_id or "")
    return (aligned.text_hash, *map(hash_text, names), *facts, _count_values(record.truth), time)


def _count_values(truth: Truth) -> int:
    """How many values a truth knows that are no null."""
    blocks = (truth.values, *(truth.lines or ()))
    return sum(value is not None for block in blocks for value in block.values())


def _fact(truth: Truth, path: str) -> int:
    """A hash of a value, the same for 5 and 5.00; 0 where it is not known."""
    value = truth.values.get(path)
    return (
        0 if value is None else hash_text(fold(value) if isinstance(value, str) else str(value.normalize()))
    )


# --- a counter for each process ----------------------------------------------------------------------

_counter = lru_cache(maxsize=1)(load_counter)


# --- on disk -----------------------------------------------------------------------------------------


def write_studied(studied: StudiedRecord) -> bytes:
    """A studied record as three lines: its own two, the second empty where it is the first, and the rest as JSON."""
    as_train, as_known, *plain = studied
    rest = json.dumps(plain).encode() + b"\n"
    return b"".join((as_train, b"\n" if as_known == as_train else as_known, rest))


def read_studied(lines: Iterator[bytes]) -> Iterator[StudiedRecord]:
    """The studied records of lines that `write_studied` wrote."""
    for as_train, line, rest in zip(lines, lines, lines, strict=True):
        *plain, origin, known, warnings = json.loads(rest)
        as_known = as_train if line == b"\n" else line
        warned = tuple(Warn(*warning) for warning in warnings)
        fields = (as_train, as_known, *plain, Origin(*origin), tuple(known), warned)
        yield StudiedRecord._make(fields)
