"""What every shape is made of: the text as it is served, the truth, and who said so when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from finscribe.documents import Document, served_text, without_header
from finscribe.errors import DocumentError, InvoiceShapeError, RecordError
from finscribe.invoice import CELLS, FIELDS, LINES, Kind, Truth, Value
from finscribe.ocr.raw import TEXT_KEYS, WORD_KEYS
from finscribe.training.names import read_invoice_id
from finscribe.training.queue.known import nested
from finscribe.training.reading.shapes.instructions import strip_instructions, strip_marks
from finscribe.training.reading.strict_json import parse_object
from finscribe.training.records import Origin, Record
from finscribe.training.times import read_time

INSTRUCTION_REMOVED = "instruction removed"
TEXT_CLEANED = "text cleaned"
TEXT_FROM_FILE = "text read from source file"
FENCE_REMOVED = "code fence removed"
OLDER_KEY = "older key"
UNKNOWN_KEY = "unknown key"
AMOUNT_AS_TEXT = "amount as text"
DATE_REWRITTEN = "date rewritten"
CODE_REWRITTEN = "code rewritten"
CORRECTION_APPLIED = "correction applied"
NOT_CONFIRMED = "not confirmed"
NOT_PRINTED = "not printed"
AMBIGUOUS = "ambiguous value left out"

_MOST_DIGITS = 9
"""Of the number of a row: Python itself refuses to read thousands of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of records: recognised by keys that it has, read by a function."""

    name: str
    keys: frozenset[str]
    read: Callable[[Mapping[str, Any], Origin], Record]


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a record as it is served, and what was normalised in it, counted by kind."""

    text: str
    changes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Known:
    """The truth of a record, and what was normalised in it, counted by kind."""

    truth: Truth
    changes: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        """How many values are known, nulls included."""
        return len(self.truth.values) + sum(map(len, self.truth.lines or ()))


def build_record(shape: str, origin: Origin, text: Text, known: Known, about: Mapping[str, Any]) -> Record:
    """The record of a text and what is known of it; `about` holds its id and time where they are known."""
    return Record(
        text=text.text,
        truth=known.truth,
        origin=origin,
        shape=shape,
        invoice_id=read_invoice_id(about),
        timestamp=read_time(about),
        changes=dict(text.changes + known.changes if text.changes else known.changes),
    )


def read_row(digits: str) -> int:
    """The number of a line item as a path or label writes it; raises `RecordError` (bad-record) for an endless one."""
    if len(digits) > _MOST_DIGITS:
        raise RecordError(
            f"{LINES}[{digits:.20}...]: a row's number of {len(digits):,} digits",
            reason="bad-record",
            hint="Rows count from 0.",
        )
    return int(digits)


# --- text --------------------------------------------------------------------------------------------

_NO_TEXT_HINT = "Export the record with the document's text."


def read_text(raw: object, *, prompt: bool = True) -> Text:
    """The text of OCR output (text, or a dict or list of pages and words) exactly as serving reads it.

    Instructions of a `prompt` are taken out. Raises `RecordError` (no-text, bad-text).
    """
    plain = raw if isinstance(raw, str) else _plain_text(raw)
    if plain is None:
        return Text(_read_words(raw))
    stripped = strip_instructions(plain) if prompt else plain
    text = served_text(stripped)
    if not text:
        raise RecordError("the text is empty", reason="no-text", hint=_NO_TEXT_HINT)
    changes = Counter({INSTRUCTION_REMOVED: int(stripped is not plain and stripped != without_header(plain))})
    changes[TEXT_CLEANED] = int(text != without_header(stripped))
    return Text(text, +changes)


def _plain_text(raw: object) -> str | None:
    """The text of a dict that holds no more than a text, for which no box has to be read."""
    if not isinstance(raw, Mapping) or any(raw.get(key) for key in (*WORD_KEYS, "pages")):
        return None
    return next((raw[key] for key in TEXT_KEYS if isinstance(raw.get(key), str)), None)


def _read_words(raw: object) -> str:
    if not raw:
        raise RecordError("there is no text", reason="no-text", hint=_NO_TEXT_HINT)
    try:
        return Document.from_raw_ocr(raw).text
    except DocumentError as error:
        reason = "no-text" if error.code == "empty-document" else "bad-text"
        raise RecordError(error.message, reason=reason, hint=error.hint) from error
    except OverflowError as error:
        raise RecordError(f"a number of it is too large: {error}", reason="bad-text") from error


# --- truth -------------------------------------------------------------------------------------------

_FENCE = re.compile(r"\A```\w*\s*\n?(?P<inside>.*?)\n?\s*```\Z", re.DOTALL)


def read_truth(output: object) -> Known:
    """What an output (JSON text, also in a ``` fence, or an object) knows of an invoice.

    Raises `RecordError` (no-truth, not-json, not-an-object, bad-invoice, ...), the field named.
    """
    record, unwrapped = read_output(output)
    known = read_known(record)
    if not known.truth.values and not known.truth.lines:
        shown = ", ".join(map(str, list(record)[:8])) or "no key"
        raise RecordError(
            f"the output knows no field of an invoice ({shown})",
            reason="no-truth",
            hint="Compare its keys with those of `finscribe.invoice.Invoice`.",
        )
    return Known(known.truth, known.changes + unwrapped) if unwrapped else known


def read_known(record: Mapping[str, Any]) -> Known:
    """What an object knows of an invoice, be it nothing; raises `RecordError` (bad-invoice)."""
    try:
        truth = Truth.read(record)
    except InvoiceShapeError as error:
        raise RecordError(error.message, reason="bad-invoice", hint=error.hint) from error
    return Known(truth, normalised(record, truth))


def read_output(output: object) -> tuple[dict[str, Any], Counter[str]]:
    """The object that an output holds, and what had to be unwrapped; raises `RecordError`."""
    if isinstance(output, Mapping):
        return dict(output), Counter()
    if output is None or (isinstance(output, str) and not output.strip()):
        raise RecordError("the output is missing", reason="no-truth", hint="Give the corrected invoice.")
    if not isinstance(output, str):
        raise RecordError(
            f"the output is a {type(output).__name__}, not an object",
            reason="not-an-object",
            hint="Give {...}.",
        )
    written = strip_marks(output).strip()
    fenced = _FENCE.match(written)
    record = parse_object(fenced["inside"] if fenced else written, "the output")
    return record, Counter({FENCE_REMOVED: 1}) if fenced else Counter()


def normalised(record: Mapping[str, Any], truth: Truth) -> Counter[str]:
    """What reading a truth rewrote, counted by kind: keys, amounts, dates, codes."""
    if record == nested(truth):
        return Counter()
    leaves: list[tuple[str, str, Any]] = []
    _gather_leaves(record, "", "", leaves)
    ignored = set(truth.ignored)
    texts = {value.strip() for _, _, value in leaves if isinstance(value, str)}
    numbers = {_as_decimal(value) for _, _, value in leaves if type(value) in _NUMBERS}
    older = sum(path not in FIELDS and place not in ignored for path, place, _ in leaves)
    changes = Counter({UNKNOWN_KEY: len(ignored), OLDER_KEY: older})
    for kind, value in _values(truth):
        if isinstance(value, Decimal):
            if value not in numbers and numbers.isdisjoint((-value, value.scaleb(2))):
                changes[AMOUNT_AS_TEXT] += 1
        elif value not in texts:
            if kind is Kind.DATE:
                changes[DATE_REWRITTEN] += 1
            elif kind.inferred:
                changes[CODE_REWRITTEN] += 1
    return +changes


_NUMBERS = frozenset({int, float, Decimal})


def _as_decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _gather_leaves(value: Any, path: str, place: str, leaves: list[tuple[str, str, Any]]) -> None:
    """Every value inside: its path without the numbers of rows, its place with them, and itself."""
    if isinstance(value, list):
        for row, inner in enumerate(value):
            _gather_leaves(inner, path, f"{place}[{row}]", leaves)
    elif isinstance(value, str | Decimal) or not isinstance(value, Mapping):
        if value is not None and path != LINES:
            leaves.append((path, place, value))
    else:
        path, place = path and f"{path}.", place and f"{place}."
        for key, inner in value.items():
            if inner is not None:
                _gather_leaves(inner, f"{path}{key}", f"{place}{key}", leaves)


def _values(truth: Truth) -> Iterator[tuple[Kind, Value]]:
    for path, value in truth.values.items():
        if value is not None:
            yield FIELDS[path], value
    for line in truth.lines or ():
        for cell, value in line.items():
            if value is not None:
                yield _CELL_KINDS[cell], value


_CELL_KINDS = {cell: FIELDS[f"{LINES}.{cell}"] for cell in CELLS}
