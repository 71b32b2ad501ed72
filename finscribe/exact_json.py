"""JSON with the digits that were given: a Decimal of 7.00 is written as 7.00, and never is a float on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from finscribe.errors import InvoiceShapeError

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_encode_text = json.JSONEncoder(ensure_ascii=False).encode


def write_value(value: str | Decimal | None) -> str:
    """One value as JSON; decimals keep the digits that they were given."""
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return format(value, "f")
    return _encode_text(value)


def write_exactly(value: object, indent: int | None = None) -> str:
    """Mappings, lists, tuples, text and numbers as JSON, compact or indented by so many spaces.

    Raises TypeError for other values and ValueError for numbers that are not finite.
    """
    return _write(value, indent, "\n")


def _write(value: object, indent: int | None, margin: str) -> str:
    """`margin` is the line break and the spaces before what is written."""
    if isinstance(value, Decimal):
        return _digits(value)
    inner = margin + " " * (indent or 0)
    if isinstance(value, Mapping):
        colon = ":" if indent is None else ": "
        members = (f"{_encode(str(key))}{colon}{_write(item, indent, inner)}" for key, item in value.items())
        return "{" + _joined(members, indent, margin) + "}"
    if isinstance(value, list | tuple):
        return "[" + _joined((_write(item, indent, inner) for item in value), indent, margin) + "]"
    return _encode(value)


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is no number in JSON")
    return format(value, "f")


def _joined(items: Iterable[str], indent: int | None, margin: str) -> str:
    if indent is None:
        return ",".join(items)
    inner = margin + " " * indent
    text = f",{inner}".join(items)
    return f"{inner}{text}{margin}" if text else ""


# --- reading -----------------------------------------------------------------------------------------

_MOST_DIGITS = 30


def parse_json(text: str) -> dict[str, Any]:
    """Reads JSON with numbers as `Decimal`; raises `InvoiceShapeError` when it is not one object."""
    try:
        record = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvoiceShapeError(f"not JSON: {error}", field="output", hint="Give one JSON object.") from error
    if not isinstance(record, dict):
        raise InvoiceShapeError(
            f"a JSON object is expected, got {type(record).__name__}",
            field="output",
            hint='Give {"vendor": ...}.',
        )
    return record


def _number(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= _MOST_DIGITS else None
    if number is None or not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        raise ValueError(f"the number {text[:40]} is out of range")
    return number


def _refuse_constant(name: str) -> Decimal:
    raise ValueError(f"{name} is not a number")
