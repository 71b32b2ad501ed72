"""JSON with the digits that were given: a Decimal of 7.00 is written as 7.00, and never is a float on the way."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


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
