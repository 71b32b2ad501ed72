"""The JSON schema of an invoice, for the description of the API."""

from typing import Any

from finscribe.invoice import FIELDS, LINES


def invoice_schema(*, partial: bool = False) -> dict[str, Any]:
    """An invoice as it is answered: every key present, numbers as numbers, or null; `partial` may lack keys."""
    top: dict[str, Any] = {}
    for path, kind in FIELDS.items():
        parent, _, key = path.rpartition(".")
        place = top.setdefault(parent, {}) if parent else top
        place[key] = {"type": ["number" if kind.numeric else "string", "null"]}
    return _object({key: _member(key, found, partial) for key, found in top.items()}, partial)


def _member(key: str, found: dict[str, Any], partial: bool) -> dict[str, Any]:
    if "type" in found:
        return found
    return {"type": "array", "items": _object(found, partial)} if key == LINES else _object(found, partial)


def _object(properties: dict[str, Any], partial: bool) -> dict[str, Any]:
    required = {} if partial else {"required": list(properties)}
    return {"type": "object", "properties": properties, **required}
