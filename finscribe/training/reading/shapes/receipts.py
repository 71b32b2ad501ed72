"""SROIE's receipts: a box file (`x1,y1,...,x4,y4,text` a line) and a key file (company, date, address, total)."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from finscribe.errors import RecordError
from finscribe.training.reading.shapes.parts import (
    DATE_REWRITTEN,
    Known,
    Shape,
    build_record,
    read_text,
    read_truth,
)
from finscribe.training.reading.strict_json import parse_object
from finscribe.training.records import Origin, Record

_NUMBERS = 8
_DAY_FIRST = re.compile(r"\s*(?P<day>\d{1,2})[/.-](?P<month>0?[1-9]|1[0-2])[/.-](?P<year>\d{4}|\d{2})(?!\d)")


def _read_receipt(raw: Mapping[str, Any], origin: Origin) -> Record:
    text = read_text({"words": list(_boxes(str(raw["sroie_box"])))})
    return build_record("sroie", origin, text, _truth(_keys(str(raw["sroie_key"]))), raw)


def _truth(keys: Mapping[str, Any]) -> Known:
    """What the keys know; SROIE's receipts are Malaysian, so the day of a date comes first."""
    date = _DAY_FIRST.match(str(keys.get("date", "")))
    if not date:
        return read_truth(keys)
    known = read_truth({**keys, "date": _iso(date)})
    return Known(known.truth, known.changes + Counter({DATE_REWRITTEN: 1}))


def _boxes(content: str) -> Iterator[dict[str, Any]]:
    """The texts with their corners, from comma-separated lines of which the ninth part and on is text."""
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        parts = line.split(",", _NUMBERS)
        try:
            corners = [float(part) for part in parts[:_NUMBERS]]
        except ValueError:
            corners = []
        if len(corners) != _NUMBERS or len(parts) <= _NUMBERS:
            raise RecordError(
                f"box file, line {number}: 8 numbers and a text are expected, got {line!r:.80}",
                reason="bad-text",
            )
        yield {"text": _unquoted(parts[_NUMBERS]), "quad": corners}


def _unquoted(text: str) -> str:
    """The text as a CSV writer meant it: without the quotes put around one that holds commas."""
    return next(csv.reader([text]), [""])[0] if re.fullmatch(r'"(?:[^"]|"")*"', text) else text


def _keys(content: str) -> dict[str, Any]:
    """`{"company": ...}` as JSON, or lines of `company: ...`."""
    if content.lstrip().startswith("{"):
        return parse_object(content, "the key file")
    pairs = (line.partition(":") for line in content.splitlines() if ":" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _iso(date: re.Match[str]) -> str:
    year = int(date["year"]) + (2000 if len(date["year"]) == 2 else 0)
    return f"{year:04}-{int(date['month']):02}-{int(date['day']):02}"


SHAPES = (Shape("sroie", frozenset({"sroie_box", "sroie_key"}), _read_receipt),)
