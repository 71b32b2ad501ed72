"""Which invoice a record is about, as records of any shape say it, and where in them it may stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

INVOICE_KEYS = ("invoice_id", "document_id", "doc_id")
_INSIDE = ("payload", "meta", "annotations")
"""What a record holds inside that may say what it is about."""


def read_invoice_id(about: Mapping[str, Any]) -> str | None:
    """The id of the invoice that a record is about, if it says so."""
    return read_name(next((about[key] for key in INVOICE_KEYS if about.get(key) is not None), None))


def read_name(value: object) -> str | None:
    """A text or number as text without blanks around it; what is neither, and an empty one, is None."""
    if not isinstance(value, str | int | Decimal) or isinstance(value, bool):
        return None
    # A half surrogate fits neither into UTF-8 nor into the index.
    return str(value).encode("utf-8", "replace").decode().strip() or None


def objects_of(record: object) -> Iterator[Mapping[str, Any]]:
    """A record and the objects in it that may say what it is about, those in JSON text included."""
    waiting = [record]
    while waiting:
        found = _parsed(waiting.pop())
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, Mapping):
            yield found
            waiting += [found[key] for key in _INSIDE if key in found]


def _parsed(value: object) -> object:
    """What JSON text holds; anything else as it is."""
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            return json.loads(value, parse_float=Decimal)
    return value
