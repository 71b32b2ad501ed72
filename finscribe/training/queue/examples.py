"""One training example: what a reviewer made of a document, and how it is written down.

An example has three faces: the general record (everything), the Unsloth record (`{"input", "output"}`) and the
review record of the active-learning log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any, SupportsFloat, TypeAlias

from finscribe.corrections import ChangeKind, FieldChange, compare
from finscribe.documents import Document, Page, served_text
from finscribe.errors import DocumentError, InvoiceShapeError
from finscribe.invoice import ALL_FIELDS, LINES, Invoice, Truth, Value, parse_json, write_value
from finscribe.prompts import HEADER
from finscribe.settings import Settings

Known: TypeAlias = Invoice | Truth | Mapping[str, Any] | str
"""An invoice, or a record of one in today's or an older shape."""

ID_LENGTH = 32
# What was accepted once stays readable when a limit is lowered later.
_UNLIMITED = Settings(max_text_bytes=2**60, max_pages=2**60)
# JSON allows them within a line, but readers that split text into lines or encode it do not.
_UNSAFE = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_PATH = re.compile(r"line_items(\[(?P<row>\d+)\])?(\.(?P<cell>\w+))?")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A correction: the OCR output as it was given, and what is known of the document.

    `truth` holds what the reviewer knows and nothing else; `ignored` names keys of the corrected invoice that
    belong to no field.
    """

    input: Any
    truth: Truth
    invoice_id: str | None = None
    timestamp: datetime | None = None
    reviewer: str | None = None
    model: str | None = None
    source_file: str | None = None
    extracted: Truth | None = None
    changes: tuple[FieldChange, ...] | None = None
    confirmed: tuple[str, ...] | None = None
    read_text: str | None = field(default=None, repr=False, compare=False)
    stored_id: str | None = field(default=None, repr=False, compare=False)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Keys of the corrected invoice that belong to no field."""
        return self.truth.ignored

    @cached_property
    def id(self) -> str:
        """The hash of invoice id, input and output: the same correction has the same one."""
        return self.stored_id or _hash([self.invoice_id, self.input, _comparable(self.truth)])

    @cached_property
    def input_hash(self) -> str:
        """The hash of the input: what joins corrections of a document without an id."""
        return _hash(self.input)

    @property
    def invoice_key(self) -> str:
        """What corrections of the same invoice have in common."""
        return self.invoice_id or self.input_hash

    @cached_property
    def text(self) -> str:
        """The text that a model reads."""
        if self.read_text is not None:
            return self.read_text
        if isinstance(self.input, str):
            return served_text(self.input)
        return Document.from_raw_ocr(self.input, settings=_UNLIMITED).text

    @property
    def meaning(self) -> str:
        """The hash of what a model would learn: the text and what is known of it."""
        return _hash([self.text, _comparable(self.truth)])

    def to_line(self) -> bytes:
        """The general record."""
        optional = {
            "reviewer": self.reviewer,
            "model": self.model,
            "source_file": self.source_file,
            "extracted": None if self.extracted is None else nested(self.extracted),
            "changes": None if self.changes is None else [change.to_record() for change in self.changes],
            "confirmed": None if self.confirmed is None else list(self.confirmed),
        }
        return write_line(
            {
                "id": self.id,
                "timestamp": self.timestamp and self.timestamp.isoformat(),
                "invoice_id": self.invoice_id,
                "input": self.input,
                "output": nested(self.truth),
                **{key: value for key, value in optional.items() if value is not None},
            }
        )

    def to_unsloth_line(self) -> bytes:
        """The Unsloth record; empty where no field is known as a whole, since there is nothing to train on."""
        if not self.truth.request:
            return b""
        return write_line({"input": HEADER + self.text, "output": self.truth.to_json()})

    def to_review_line(self) -> bytes:
        """The record of the active-learning log."""
        return write_line(
            {
                "timestamp": self.timestamp and self.timestamp.isoformat(),
                "document_id": self.invoice_id,
                "source_file": self.source_file,
                "example_id": self.id,
                "reviewer": self.reviewer,
                "model": self.model,
                "ocr_text": self.text,
                "extracted_data": None if self.extracted is None else nested(self.extracted),
                "correction": nested(self.truth),
                "changes": None if self.changes is None else [change.to_record() for change in self.changes],
            }
        )


def make_example(
    raw_ocr: object,
    corrected_invoice: Known,
    invoice_id: str | int | None = None,
    *,
    reviewer: str | None = None,
    model: str | None = None,
    extracted: Known | None = None,
    confirmed: Iterable[str] | None = None,
    source_file: str | None = None,
) -> Example:
    """The example that a correction makes, at this time; raises `DocumentError` and `InvoiceShapeError`.

    With `confirmed` (paths of fields, blocks, rows or cells) only what is confirmed or was changed is known.
    """
    document = raw_ocr if isinstance(raw_ocr, Document) else Document.from_raw_ocr(raw_ocr)
    truth = read_truth(corrected_invoice, "corrected_invoice")
    before = None if extracted is None else read_truth(extracted, "extracted")
    changes = None if before is None else compare(before, truth)
    paths = None if confirmed is None else tuple(confirmed)
    if paths is not None:
        truth = only_confirmed(truth, paths, changes or ())
    if not truth.values and truth.lines is None:
        raise InvoiceShapeError(
            "corrected_invoice: no field of an invoice is known",
            field="corrected_invoice",
            hint="Give at least one field, such as {'vendor': {'name': ...}}, and confirm or change at least one.",
        )
    return Example(
        input=_storable(raw_ocr),
        truth=truth,
        invoice_id=_name("invoice_id", invoice_id),
        timestamp=datetime.now(UTC),
        reviewer=_name("reviewer", reviewer),
        model=_name("model", model),
        source_file=_name("source_file", source_file),
        extracted=before,
        changes=changes,
        confirmed=paths,
        read_text=document.text,
    )


def read_example(record: Mapping[str, Any]) -> Example:
    """The example of a general record, older ones included; raises `DocumentError` and `InvoiceShapeError`."""
    missing = [key for key in ("input", "output") if record.get(key) is None]
    if missing:
        raise InvoiceShapeError(f"there is no {missing[0]}", field=missing[0], hint="Give input and output.")
    changes, extracted = record.get("changes"), record.get("extracted")
    return Example(
        input=record["input"],
        truth=read_truth(record["output"], "output"),
        invoice_id=_name("invoice_id", record.get("invoice_id")),
        timestamp=_time(record.get("timestamp")),
        reviewer=_name("reviewer", record.get("reviewer")),
        model=_name("model", record.get("model")),
        source_file=_name("source_file", record.get("source_file")),
        extracted=None if extracted is None else read_truth(extracted, "extracted"),
        changes=None if changes is None else tuple(map(FieldChange.from_record, changes)),
        confirmed=None if record.get("confirmed") is None else tuple(record["confirmed"]),
        stored_id=_stored_id(record.get("id")),
    )


def read_truth(known: Known, name: str) -> Truth:
    """What is known, its values in their canonical form; raises `InvoiceShapeError` with the field named."""
    if isinstance(known, Invoice):
        known = Truth.of(known)
    if isinstance(known, Truth):
        return Truth.read(nested(known))
    if isinstance(known, str):
        known = parse_json(known)
    if not isinstance(known, Mapping):
        raise InvoiceShapeError(
            f"{name}: an invoice is expected, got {type(known).__name__}",
            field=name,
            hint="Give an Invoice, or a dict such as {'vendor': {'name': ...}}.",
        )
    return Truth.read(known)


def nested(truth: Truth) -> dict[str, Any]:
    """The nested keys of what is known, and of nothing else; numbers as `Decimal`."""
    record: dict[str, Any] = {}
    for path, value in truth.values.items():
        block, _, key = path.rpartition(".")
        (record.setdefault(block, {}) if block else record)[key] = value
    if truth.lines is not None:
        record[LINES] = [dict(line) for line in truth.lines]
    return record


# --- confirmed fields --------------------------------------------------------------------------------


def only_confirmed(truth: Truth, confirmed: Iterable[str], changes: Iterable[FieldChange] = ()) -> Truth:
    """What of a truth somebody confirmed or changed; raises `InvoiceShapeError` for a path that is no field."""
    changes = list(changes)
    removed = any(change.kind is ChangeKind.LINE_REMOVED for change in changes)
    known = {_checked(path, truth) for path in confirmed}
    known |= {change.path for change in changes if change.kind is not ChangeKind.LINE_REMOVED}
    values = {path: value for path, value in truth.values.items() if _covered(path, known)}
    rows = tuple(
        {cell: value for cell, value in line.items() if _covered(f"{LINES}[{row}].{cell}", known)}
        for row, line in enumerate(truth.lines or ())
    )
    none_left = truth.lines == () and (removed or LINES in known)
    return Truth(values, rows if any(rows) or none_left else None, truth.ignored)


def _covered(path: str, known: set[str]) -> bool:
    """Whether a field is named itself, by its block, its row or its column."""
    row, _, cell = path.rpartition(".")
    block = row.partition("[")[0]
    return not known.isdisjoint({path, row, block, f"{block}.{cell}"})


def _checked(path: str, truth: Truth) -> str:
    names = {*ALL_FIELDS, *(field.rpartition(".")[0] for field in ALL_FIELDS)} - {""}
    match = _PATH.fullmatch(path)
    row = match["row"] if match else None
    column = re.sub(r"\[\d+\]", "", path)
    if column not in names or (row is not None and int(row) >= len(truth.lines or ())):
        raise InvoiceShapeError(
            f"confirmed: {path!r} is no field of this invoice",
            field=path,
            hint="Name fields, blocks, rows or cells: vendor.name, payment, line_items[0], line_items.qty.",
        )
    return path


# --- reading and writing values ----------------------------------------------------------------------


def read_line(line: bytes) -> dict[str, Any]:
    """A JSON object, decimals as `Decimal`; raises `ValueError`."""
    try:
        record = json.loads(line, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deeply nested") from error
    if not isinstance(record, dict):
        raise ValueError(f"an object is expected, not {type(record).__name__}")
    return record


def write_line(record: Mapping[str, Any]) -> bytes:
    """One line of JSON with its line break; decimals keep the digits that they were given."""
    members = (f"{json.dumps(key)}: {_json(value)}" for key, value in record.items())
    return f"{{{', '.join(members)}}}\n".encode()


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return write_value(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_json(str(key))}: {_json(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json, value))}]"
    text = _ENCODER.encode(value)
    return json.dumps(value) if _UNSAFE.search(text) else text


def _refuse(name: str) -> Decimal:
    raise ValueError(f"{name} is not a number")


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=float)
    return sha256(text.encode()).hexdigest()[:ID_LENGTH]


def _comparable(truth: Truth) -> Any:
    """What is known as plain JSON, equal numbers alike."""
    lines = None if truth.lines is None else [_plain(line) for line in truth.lines]
    return [_plain(truth.values), lines]


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        path: ["number", f"{value.normalize() + 0:f}"] if isinstance(value, Decimal) else value
        for path, value in values.items()
    }


def _name(key: str, value: object) -> str | None:
    """A name as text without blanks around it; an empty one is none."""
    if value is None:
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise InvoiceShapeError(
            f"{key}: text is expected, got {value!r:.80}", field=key, hint=f"Give {key} as text."
        )
    return str(value).strip() or None


def _stored_id(value: object) -> str | None:
    """An id that was written by `to_line`; older records may have others, of other things."""
    return value if isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{ID_LENGTH}}}", value) else None


def _time(value: object) -> datetime | None:
    """A time with its zone; one without is not known well enough to compare."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None


# --- the input as given ------------------------------------------------------------------------------


def _storable(raw: object) -> Any:
    """The OCR output as plain JSON values; raises `DocumentError` for what JSON cannot hold."""
    if isinstance(raw, Document):
        return _document_record(raw)
    try:
        return json.loads(json.dumps(raw, allow_nan=False, default=_plain_number))
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(
            f"raw_ocr cannot be stored as JSON: {error}",
            hint="Give text, or dicts and lists of text and finite numbers.",
        ) from error


def _plain_number(value: object) -> float:
    """Numbers of other libraries, as OCR engines return them in their boxes."""
    if isinstance(value, SupportsFloat):
        return float(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _document_record(document: Document) -> Any:
    """Pages of words with boxes, as `Document.from_raw_ocr` reads them; the text alone where there are none.

    Where the words would be read back in another order, the text stays the one that was read, and the boxes
    lie beside it.
    """
    if not any(word.box for word in document.words):
        return document.text
    pages = [_page_record(page) for page in document.pages]
    again = Document.from_raw_ocr({"pages": pages}, settings=_UNLIMITED)
    return {"pages": pages} if again.text == document.text else {"text": document.text, "layout": pages}


def _page_record(page: Page) -> dict[str, Any]:
    words = [
        {
            "text": word.text,
            "box": word.box and [word.box.x0, word.box.y0, word.box.x1, word.box.y1],
            "confidence": word.confidence,
        }
        for line in page.lines
        for word in line.words
    ]
    size = {"width": page.width, "height": page.height, "unit": page.unit, "rotation": page.rotation}
    return {**size, "box_format": "xyxy", "words": words}
