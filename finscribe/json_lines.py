"""Lines of JSON: one object each, decimals with the digits that they were given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

_MOST_NESTED = 100
_MOST_DIGITS = 100
# JSON allows them within a line, but readers that split text into lines or encode it do not.
_UNSAFE = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def read_line(line: bytes) -> dict[str, Any]:
    """A JSON object, decimals as `Decimal`; raises `ValueError`."""
    try:
        record = json.loads(line, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deeply nested") from error
    if not isinstance(record, dict):
        raise ValueError(f"an object is expected, not {type(record).__name__}")
    return record


def check_depth(value: Any) -> None:
    """Raises `ValueError` for more than 100 lists and objects within each other: writing them could fail."""
    level = [value]
    for _ in range(_MOST_NESTED):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _inner(outer)]
        if not level:
            return
    raise ValueError("too deeply nested")


def _inner(outer: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return outer.values() if isinstance(outer, dict) else outer


def write_line(record: Mapping[str, Any]) -> bytes:
    """One line of JSON with its line break; decimals keep the digits that they were given."""
    members = (f"{json.dumps(key)}: {_json(value)}" for key, value in record.items())
    return f"{{{', '.join(members)}}}\n".encode()


def _json(value: Any) -> str:
    if isinstance(value, Decimal):  # written out, 1E+999999999 would fill the memory
        return format(value, "f") if abs(value.adjusted()) < _MOST_DIGITS else str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_json(str(key))}: {_json(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json, value))}]"
    text = _ENCODER.encode(value)
    return json.dumps(value) if _UNSAFE.search(text) else text


def _refuse(name: str) -> Decimal:
    raise ValueError(f"{name} is not a number")
