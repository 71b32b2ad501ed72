"""One correction: what a reviewer made of a document, and how it is written down.

A correction has three faces: the general record (everything), the Unsloth record (`{"input", "output"}`) and the
review record of the active-learning log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeVar

from finscribe.corrections import FieldChange, compare
from finscribe.documents import Document
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import Truth
from finscribe.json_lines import check_depth, write_line
from finscribe.prompts import HEADER
from finscribe.training.names import read_name
from finscribe.training.queue.confirmed import only_confirmed
from finscribe.training.queue.known import Known, comparable, nested, read_truth
from finscribe.training.queue.raw_input import text_of, to_plain
from finscribe.training.times import read_time

ID_LENGTH = 32

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The OCR output of a document as it was given, and what is known of the document.

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
        return self.stored_id or _hash([self.invoice_id, self.input, comparable(self.truth)])

    @cached_property
    def input_hash(self) -> str:
        """The hash of the input: what joins corrections of a document without an id."""
        return _hash(self.input)

    @cached_property
    def text(self) -> str:
        """The text that a model reads."""
        return text_of(self.input) if self.read_text is None else self.read_text

    @property
    def meaning(self) -> str:
        """The hash of what a model would learn: the text and what is known of it."""
        return _hash([self.text, comparable(self.truth)])

    def to_line(self) -> bytes:
        """The general record."""
        optional = {
            "reviewer": self.reviewer,
            "model": self.model,
            "source_file": self.source_file,
            "extracted": self._extracted_record,
            "changes": self._change_records,
            "confirmed": None if self.confirmed is None else list(self.confirmed),
        }
        known = {key: value for key, value in optional.items() if value is not None}
        return write_line(self._joins | {"input": self.input, "output": nested(self.truth)} | known)

    def to_unsloth_line(self) -> bytes:
        """The Unsloth record; empty where no field is known as a whole, since there is nothing to train on."""
        return write_line(self._pair) if self._pair else b""

    def to_export_line(self) -> bytes:
        """The Unsloth record with what tombstones and newer corrections know it by; empty where that one is."""
        return write_line(self._joins | self._pair) if self._pair else b""

    def to_review_line(self) -> bytes:
        """The record of the active-learning log."""
        return write_line(
            {
                "timestamp": self._time,
                "document_id": self.invoice_id,
                "source_file": self.source_file,
                "example_id": self.id,
                "reviewer": self.reviewer,
                "model": self.model,
                "ocr_text": self.text,
                "extracted_data": self._extracted_record,
                "correction": nested(self.truth),
                "changes": self._change_records,
            }
        )

    @property
    def _joins(self) -> dict[str, Any]:
        return {"id": self.id, "timestamp": self._time, "invoice_id": self.invoice_id}

    @property
    def _pair(self) -> dict[str, str]:
        if not self.truth.request:
            return {}
        return {"input": HEADER + self.text, "output": self.truth.to_json()}

    @property
    def _time(self) -> str | None:
        return None if self.timestamp is None else self.timestamp.isoformat()

    @property
    def _extracted_record(self) -> dict[str, Any] | None:
        return None if self.extracted is None else nested(self.extracted)

    @property
    def _change_records(self) -> list[dict[str, Any]] | None:
        return None if self.changes is None else [change.to_record() for change in self.changes]


def make_correction(
    raw_ocr: object,
    corrected_invoice: Known,
    invoice_id: str | int | None = None,
    *,
    reviewer: str | None = None,
    model: str | None = None,
    extracted: Known | None = None,
    confirmed: Iterable[str] | None = None,
    source_file: str | None = None,
) -> Correction:
    """The correction of a document, at this time; raises `DocumentError` and `InvoiceShapeError`.

    With `confirmed` (paths of fields, blocks, rows or cells) only what is confirmed or was changed is known.
    """
    document = raw_ocr if isinstance(raw_ocr, Document) else Document.from_raw_ocr(raw_ocr)
    truth = read_truth(corrected_invoice, "corrected_invoice")
    before = None if extracted is None else read_truth(extracted, "extracted")
    changes = None if before is None else compare(before, truth)
    paths = None if confirmed is None else tuple(confirmed)
    return Correction(
        input=to_plain(raw_ocr),
        truth=_something(truth if paths is None else only_confirmed(truth, paths, changes or ())),
        timestamp=datetime.now(UTC),
        extracted=before,
        changes=changes,
        confirmed=paths,
        read_text=document.text,
        **_names(invoice_id=invoice_id, reviewer=reviewer, model=model, source_file=source_file),
    )


def _something(truth: Truth) -> Truth:
    """A truth that knows something; raises `InvoiceShapeError` for any other."""
    if truth.values or truth.lines is not None:
        return truth
    raise InvoiceShapeError(
        "corrected_invoice: no field of an invoice is known",
        field="corrected_invoice",
        hint="Give at least one field, such as {'vendor': {'name': ...}}, and confirm or change at least one.",
    )


def read_correction(record: Mapping[str, Any]) -> Correction:
    """The correction of a general record, older ones included.

    Raises `InvoiceShapeError`, and `ValueError` for changes that are none or too many lists within lists.
    """
    check_depth(record)
    missing = [key for key in ("input", "output") if record.get(key) is None]
    if missing:
        raise InvoiceShapeError(f"there is no {missing[0]}", field=missing[0], hint="Give input and output.")
    extracted = record.get("extracted")
    return Correction(
        input=record["input"],
        truth=read_truth(record["output"], "output"),
        timestamp=read_time(record),
        extracted=None if extracted is None else read_truth(extracted, "extracted"),
        changes=_tuple(record, "changes", FieldChange.from_record),
        confirmed=_tuple(record, "confirmed", _path),
        stored_id=_stored_id(record.get("id")),
        **_names(**{key: record.get(key) for key in ("invoice_id", "reviewer", "model", "source_file")}),
    )


def _tuple(record: Mapping[str, Any], key: str, read: Callable[[Any], T]) -> tuple[T, ...] | None:
    value = record.get(key)
    if not isinstance(value, list | None):
        raise ValueError(f"{key}: a list is expected, got {value!r:.80}")
    return None if value is None else tuple(map(read, value))


def _path(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"confirmed: paths are expected, got {value!r:.80}")


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=float)
    return sha256(text.encode()).hexdigest()[:ID_LENGTH]


def _names(**values: object) -> dict[str, Any]:
    return {key: _name(key, value) for key, value in values.items()}


def _name(key: str, value: object) -> str | None:
    """A name as text without blanks around it; an empty one is none."""
    if not isinstance(value, str | int | None) or isinstance(value, bool):
        raise InvoiceShapeError(
            f"{key}: text is expected, got {value!r:.80}", field=key, hint=f"Give {key} as text."
        )
    return read_name(value)


def _stored_id(value: object) -> str | None:
    """An id that was written by `to_line`; older records may have others, of other things."""
    return value if isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{ID_LENGTH}}}", value) else None
