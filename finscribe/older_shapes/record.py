"""From a record to a truth: which value fills which field, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from finscribe.invoice import CELLS, FIELDS, LINES, Truth, Value
from finscribe.older_shapes.names import (
    BLOCK_NAMES,
    DATES,
    EVERYWHERE,
    LINES_NAMES,
    OUTER,
    PLAIN_BLOCKS,
    RANKED,
    RANKED_CELLS,
    key_of,
)
from finscribe.older_shapes.values import Notes, is_amount, shared_sign, typed, wrong

_DEEPEST = 6


class _Found(NamedTuple):
    """A value of the record: which field it fills, where it stood, how well its name fits (0 is best)."""

    path: str
    origin: str
    rank: int
    value: Any


@dataclass(slots=True)
class _Reading:
    """What has been gathered from a record so far."""

    found: list[_Found] = field(default_factory=list)
    lines: list[tuple[str, Any]] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)


def modernise(record: Mapping[str, Any]) -> Truth:
    """What the record knows, typed, and the paths of what belongs to no field.

    A block that is null knows all its fields to be null. Raises `InvoiceShapeError` for a value that cannot
    be read, with `field` its path in the record.
    """
    if not isinstance(record, Mapping):
        raise wrong("invoice", record, "an object")
    reading = _Reading()
    _gather(reading, record, "", "")
    values = _settle(reading, reading.found)
    lines = _lines(reading)
    if "currency" not in values and reading.notes.currencies:
        values["currency"] = reading.notes.currencies[0][1]
    known = values.get("currency")
    reading.notes.ignored += [origin for origin, currency in reading.notes.currencies if currency != known]
    ordered = {path: values[path] for path in FIELDS if path in values}
    return Truth(ordered, lines, tuple(sorted(set(reading.notes.ignored))))


def _gather(reading: _Reading, record: Mapping[str, Any], block: str, prefix: str) -> None:
    names, outer = RANKED[block], block in OUTER
    for raw, value in record.items():
        if not isinstance(raw, str):
            raise wrong(f"{prefix}{raw}", raw, "a name in quotes")
        key, origin = key_of(raw), prefix + raw
        inner = _inner_block(key, value, outer)
        if outer and key in LINES_NAMES:
            reading.lines.append((origin, value))
        elif inner is not None:
            _gather_block(reading, value, inner, origin)
        elif key in names:
            path, rank = names[key]
            reading.found.append(_Found(path, origin, rank, value))
        else:
            reading.notes.ignored.append(origin)


def _inner_block(key: str, value: Any, outer: bool) -> str | None:
    """The block that a key opens: by its name, or a tax given as `{rate, amount}`."""
    if outer and key in BLOCK_NAMES:
        return BLOCK_NAMES[key]
    if key == "tax" and isinstance(value, Mapping) and not is_amount(value):
        return "tax"
    return None


def _gather_block(reading: _Reading, value: Any, block: str, origin: str) -> None:
    if value is None:
        fields = sorted(set(DATES.values())) if block == "dates" else _fields_of(block)
        reading.found += [_Found(path, origin, len(EVERYWHERE), None) for path in fields]
        reading.notes.ignored += [] if fields else [origin]
    elif isinstance(value, Mapping):
        if origin.count(".") >= _DEEPEST:
            raise wrong(origin, "...", f"at most {_DEEPEST} objects inside one another")
        _gather(reading, value, block, f"{origin}.")
    elif isinstance(value, str) and block in PLAIN_BLOCKS:
        reading.found.append(_Found(PLAIN_BLOCKS[block], origin, 0, value))
    elif block == "document":
        reading.notes.ignored.append(origin)
    else:
        raise wrong(origin, value, "an object")


def _fields_of(block: str) -> list[str]:
    return [path for path in FIELDS if block and path.startswith(f"{block}.")]


def _settle(reading: _Reading, found: Iterable[_Found], row: str = "") -> dict[str, Value]:
    """One value for each field: a printed one before null, the better name first; the rest is reported."""
    chosen: dict[str, Value] = {}
    for path, origin, _, raw in sorted(found, key=attrgetter("rank")):
        if path == "currency" and shared_sign(raw):
            reading.notes.ignored.append(origin)
            continue
        value = None if raw is None else typed(reading.notes, FIELDS[row + path], raw, origin)
        kept = chosen.setdefault(path, value)
        if kept is None:
            chosen[path] = value
        elif value is not None and kept != value:
            reading.notes.ignored.append(origin)
    return chosen


def _lines(reading: _Reading) -> tuple[dict[str, Value], ...] | None:
    """The lines under the best of their names that has any; `None` when the record does not speak of them."""
    if not reading.lines:
        return None
    ranked = sorted(reading.lines, key=lambda each: LINES_NAMES.index(key_of(each[0].rpartition(".")[2])))
    origin, rows = next((each for each in ranked if each[1]), ranked[0])
    reading.notes.ignored += [other for other, value in ranked if other != origin and value]
    if rows is None:
        return ()
    if not isinstance(rows, list | tuple):
        raise wrong(origin, rows, "a list")
    return tuple(_line(reading, row, f"{origin}[{index}]") for index, row in enumerate(rows))


def _line(reading: _Reading, row: Any, origin: str) -> dict[str, Value]:
    if not isinstance(row, Mapping):
        raise wrong(origin, row, "an object")
    found = []
    for raw, value in row.items():
        key = key_of(raw) if isinstance(raw, str) else ""
        if key in RANKED_CELLS:
            path, rank = RANKED_CELLS[key]
            found.append(_Found(path, f"{origin}.{raw}", rank, value))
        else:
            reading.notes.ignored.append(f"{origin}.{raw}")
    cells = _settle(reading, found, row=f"{LINES}.")
    return {cell: cells[cell] for cell in CELLS if cell in cells}
