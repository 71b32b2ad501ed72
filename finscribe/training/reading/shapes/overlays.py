"""Corrections laid over an output: a nested object, an object by path, or a list of changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from finscribe.errors import RecordError
from finscribe.invoice import LINES, Truth, Value
from finscribe.training.reading.shapes.parts import (
    CORRECTION_APPLIED,
    NOT_CONFIRMED,
    Known,
    read_known,
    read_row,
)
from finscribe.training.reading.strict_json import parse_object

_PATHS = ("path", "field", "field_path", "key")
_NEW_VALUES = ("after", "new", "new_value", "corrected", "correct", "value", "to")
_CELL = re.compile(r"(?:line_items|items|lines)(?:\[(?P<row>\d+)\]|\.(?P<number>\d+))(?:\.(?P<cell>\w+))?")


def corrected(output: Known, corrections: Any) -> Known:
    """A truth with the corrections to it; raises `RecordError` for one that has no place in it.

    A correction to one cell of lines that are not known is left out and counted.
    """
    changes = list(_changes(corrections))
    rows = [(match, value) for path, value in changes if (match := _CELL.fullmatch(path))]
    over = read_known(_nested([(path, value) for path, value in changes if not _CELL.fullmatch(path)]))
    lines = output.truth.lines if over.truth.lines is None else over.truth.lines
    counts = Counter({CORRECTION_APPLIED: len(changes) if output.size else 0})
    if lines is None:
        counts += Counter({NOT_CONFIRMED: len(rows)})
    else:
        lines = _with_cells(lines, rows)
    truth = Truth({**output.truth.values, **over.truth.values}, lines, over.truth.ignored)
    return Known(truth, output.changes + over.changes + counts)


def _changes(corrections: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(corrections, str):
        corrections = parse_object(corrections, "corrections")
    if isinstance(corrections, list):
        yield from map(_change, corrections)
    elif isinstance(corrections, Mapping):
        yield from ((str(path), value) for path, value in corrections.items())
    else:
        raise _unreadable(corrections)


def _change(change: Any) -> tuple[str, Any]:
    if isinstance(change, Mapping):
        path = next((change[key] for key in _PATHS if isinstance(change.get(key), str)), None)
        new = next((key for key in _NEW_VALUES if key in change), None)
        if path and new:
            return path, change[new]
    raise _unreadable(change)


def _nested(changes: list[tuple[str, Any]]) -> dict[str, Any]:
    """`{"vendor.name": "ACME"}` as `{"vendor": {"name": "ACME"}}`."""
    nested: dict[str, Any] = {}
    for path, value in changes:
        *blocks, key = path.split(".")
        place = nested
        for block in blocks:
            place = place.setdefault(block, {})
            if not isinstance(place, dict):
                raise _unreadable({path: value})
        known = place.get(key)
        inner = known if isinstance(known, dict) else {}
        place[key] = {**inner, **value} if isinstance(value, Mapping) else value
    return nested


def _with_cells(
    lines: tuple[Mapping[str, Value], ...], rows: list[tuple[re.Match[str], Any]]
) -> tuple[Mapping[str, Value], ...]:
    """The lines without those that are corrected to null, then with the cells of the others.

    A removed line counts in `lines`, a corrected one among those that are left, as in `finscribe.corrections`.
    """
    written: list[dict[str, Value]] = [dict(line) for line in lines]
    removed = {_row(match): match for match, value in rows if value is None and not match["cell"]}
    for row in sorted(removed, reverse=True):
        if row >= len(written):
            raise _no_such_line(removed[row], len(lines))
        del written[row]
    for match, value in rows:
        row, cell = _row(match), match["cell"]
        if value is None and not cell:
            continue
        if row > len(written) or (removed and row == len(written)):
            raise _no_such_line(match, len(written))
        if row == len(written):
            written.append({})
        for known in read_known({LINES: [{cell: value} if cell else value]}).truth.lines or ():
            written[row].update(known)
    return tuple(written)


def _row(match: re.Match[str]) -> int:
    return read_row(match["row"] or match["number"])


def _no_such_line(match: re.Match[str], count: int) -> RecordError:
    return RecordError(
        f"corrections: {match[0]} corrects a line that is not there (there are {count})",
        reason="bad-record",
        hint="Rows count from 0.",
    )


def _unreadable(value: Any) -> RecordError:
    return RecordError(
        f"corrections: fields with their values are expected, got {value!r:.80}",
        reason="bad-record",
        hint='Write {"vendor.name": "ACME"}, or [{"path": "vendor.name", "after": "ACME"}].',
    )
