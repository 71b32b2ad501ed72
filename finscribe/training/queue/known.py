"""What is known of an invoice: read from any shape, written with nested keys, compared by value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from finscribe.errors import InvoiceShapeError
from finscribe.invoice import FIELDS, LINES, Invoice, Truth, Value, parse_json

Known: TypeAlias = Invoice | Truth | Mapping[str, Any] | str
"""An invoice, or a record of one in today's or an older shape."""


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


_PLACES = {path: (path.rpartition(".")[0], path.rpartition(".")[2]) for path in FIELDS}


def nested(truth: Truth) -> dict[str, Any]:
    """The nested keys of what is known, and of nothing else; numbers as `Decimal`."""
    record: dict[str, Any] = {}
    for path, value in truth.values.items():
        block, key = _PLACES[path]
        (record.setdefault(block, {}) if block else record)[key] = value
    if truth.lines is not None:
        record[LINES] = [dict(line) for line in truth.lines]
    return record


def comparable(truth: Truth) -> Any:
    """What is known as plain JSON values, equal numbers alike."""
    lines = None if truth.lines is None else [_plain(line) for line in truth.lines]
    return [_plain(truth.values), lines]


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        path: ["number", f"{value.normalize() + 0:f}"] if isinstance(value, Decimal) else value
        for path, value in values.items()
    }
