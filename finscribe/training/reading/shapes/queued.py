"""Records of FinScribe's own queue: reviewed as a whole or field by field, and taken back by a tombstone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from finscribe.corrections import FieldChange
from finscribe.errors import InvoiceShapeError, RecordError
from finscribe.training.queue.confirmed import only_confirmed
from finscribe.training.reading.shapes.parts import (
    NOT_CONFIRMED,
    Known,
    Shape,
    build_record,
    read_text,
    read_truth,
)
from finscribe.training.records import Origin, Record

RETRACTED = "retracted"


def _read_queued(raw: Mapping[str, Any], origin: Origin) -> Record:
    text, whole = read_text(raw["input"], prompt=False), read_truth(raw["output"])
    known = whole if raw.get("confirmed") is None else _confirmed(whole, raw)
    return build_record("queue", origin, text, known, raw)


def _confirmed(whole: Known, raw: Mapping[str, Any]) -> Known:
    """The truth without what no reviewer has confirmed or changed."""
    try:
        changes = [FieldChange.from_record(change) for change in raw.get("changes") or ()]
        known = Known(only_confirmed(whole.truth, raw["confirmed"], changes, stored=True))
    except InvoiceShapeError as error:
        raise _unreadable(error.message) from error
    except (TypeError, KeyError, ValueError, ArithmeticError, AttributeError) as error:
        raise _unreadable(f"`confirmed` or `changes` cannot be read: {error!r:.80}") from error
    if not known.size:
        raise RecordError(
            "no field of it was confirmed or changed",
            reason="unreviewed",
            hint="Review it, or leave `confirmed` out when all of it is right.",
        )
    return Known(known.truth, whole.changes + Counter({NOT_CONFIRMED: whole.size - known.size}))


def _unreadable(message: str) -> RecordError:
    return RecordError(
        message, reason="bad-record", hint='Confirm paths such as "vendor.name", "line_items[0].qty".'
    )


def _refuse_tombstone(raw: Mapping[str, Any], _origin: Origin) -> Record:
    raise RecordError(f"takes back the example {raw['tombstone']!r:.80}", reason=RETRACTED)


SHAPES = (
    Shape("tombstone", frozenset({"tombstone"}), _refuse_tombstone),
    Shape("queue", frozenset({"invoice_id", "input", "output"}), _read_queued),
    Shape("queue", frozenset({"confirmed", "input", "output"}), _read_queued),
    Shape("queue", frozenset({"timestamp", "input", "output"}), _read_queued),
)
