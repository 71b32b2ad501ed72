"""JSON that means one thing: no key twice, no NaN, every number with the digits that it was written with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from finscribe.errors import RecordError


def parse(text: str) -> Any:
    """The value that a JSON text holds; raises `RecordError` (not-json, duplicate-key, not-a-number, too-deep)."""
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise RecordError(
            "objects or lists stand too deep inside one another",
            reason="too-deep",
            hint="Flatten the record.",
        ) from error
    except (ValueError, ArithmeticError) as error:
        raise RecordError(f"not JSON: {error}", reason="not-json", hint="Write one JSON object.") from error


def parse_object(text: str, what: str = "the record") -> dict[str, Any]:
    """The object that a JSON text holds; raises `RecordError` as `parse` does, and for `not-an-object`."""
    value = parse(text)
    if not isinstance(value, dict):
        raise RecordError(
            f"{what} is a {_JSON_NAMES[type(value)]}, not an object",
            reason="not-an-object",
            hint="Write one JSON object a line; a file that holds one list is read when it is named .json.",
        )
    return value


_JSON_NAMES = {
    list: "list",
    str: "string",
    int: "number",
    Decimal: "number",
    bool: "boolean",
    type(None): "null",
}


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise RecordError(
            f"the key {twice!r:.80} stands twice in one object",
            reason="duplicate-key",
            hint="Keep the one that is right.",
        )
    return found


def _refuse(name: str) -> Any:
    raise RecordError(
        f"{name} is not a number", reason="not-a-number", hint="Write null where a value is not known."
    )


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_refuse)
