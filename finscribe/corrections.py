"""What a reviewer changed: an extracted and a corrected invoice, compared field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, TypeAlias

from finscribe.folding import fold
from finscribe.invoice import CELLS, HEADER_FIELDS, LINES, Invoice, Truth, Value, cell_path, kind_of
from finscribe.metrics import MOST_PAIRS, match_lines

Line: TypeAlias = Mapping[str, Value]
Pairs: TypeAlias = Mapping[int, int]
"""Rows of the corrected invoice, and the extracted rows that they were made of."""

_LINE = re.compile(rf"{LINES}\[\d+\]")
_MOST_DIGITS = 99  # before or after the point; written out, 1E+999999999 would fill the memory
_SIMILAR = 0.6  # of a description's characters; a misread word or two leave more than that


class ChangeKind(StrEnum):
    """What was done to a field or to a line."""

    FILLED = "filled"
    REMOVED = "removed"
    CHANGED = "changed"
    LINE_ADDED = "line_added"
    LINE_REMOVED = "line_removed"

    @property
    def of_line(self) -> bool:
        """Whether a whole line came or went."""
        return self in (ChangeKind.LINE_ADDED, ChangeKind.LINE_REMOVED)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change: `vendor.name` or `line_items[2].qty` with its values, or `line_items[2]` with its cells.

    Rows count in the corrected invoice, that of a removed line in the extracted one.
    """

    path: str
    before: Value | Line
    after: Value | Line
    kind: ChangeKind

    @property
    def field(self) -> str:
        """The field without its row, to count by: `line_items.qty`, of a whole line `line_items`."""
        head, bracket, rest = self.path.partition("[")
        return head + rest.partition("]")[2] if bracket else self.path

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values; numbers as text, so that no digit is lost on the way."""
        before, after = (_plain(value) for value in (self.before, self.after))
        return {"path": self.path, "before": before, "after": after, "kind": str(self.kind)}

    @classmethod
    def from_record(cls, record: Any) -> FieldChange:
        """The change that `to_record` wrote; raises `ValueError` for anything else."""
        try:
            kind, path = ChangeKind(record["kind"]), record["path"]
            typed = _typed_line if kind.of_line else _typed
            return cls(path, typed(path, record["before"]), typed(path, record["after"]), kind)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ValueError(f"no change of a field: {record!r:.80}") from error


def compare(extracted: Invoice | Truth, corrected: Invoice | Truth) -> tuple[FieldChange, ...]:
    """The changes from one to the other: header fields in the order of the schema, then the lines.

    Numbers are compared by value, text exactly but for white space. What either side does not know is no
    change. A line stays the same line as long as its description or its amounts say so, wherever it stands; with
    more pairs of lines than `MOST_PAIRS`, where it stood before.
    """
    before, after = _known(extracted), _known(corrected)
    header = (
        _change(path, before.values[path], after.values[path])
        for path in HEADER_FIELDS
        if path in before.values and path in after.values
    )
    lines = () if before.lines is None or after.lines is None else _compare_lines(before.lines, after.lines)
    return (*(change for change in header if change), *lines)


def _known(invoice: Invoice | Truth) -> Truth:
    return Truth.of(invoice) if isinstance(invoice, Invoice) else invoice


def _change(path: str, before: Value, after: Value) -> FieldChange | None:
    before, after = _tidy(before), _tidy(after)
    if before == after:
        return None
    if before is None or after is None:
        return FieldChange(path, before, after, ChangeKind.FILLED if before is None else ChangeKind.REMOVED)
    return FieldChange(path, before, after, ChangeKind.CHANGED)


def _tidy(value: Value) -> Value:
    """Text with plain single spaces; an empty one is none."""
    return " ".join(value.split()) or None if isinstance(value, str) else value


# --- lines -------------------------------------------------------------------------------------------


def _compare_lines(before: Sequence[Line], after: Sequence[Line]) -> Iterator[FieldChange]:
    pairs = pair_lines(before, after)
    for row, line in enumerate(after):
        if row in pairs:
            yield from _compare_cells(row, before[pairs[row]], line)
        else:
            yield FieldChange(f"{LINES}[{row}]", None, dict(line), ChangeKind.LINE_ADDED)
    for row in sorted(set(range(len(before))) - set(pairs.values())):
        yield FieldChange(f"{LINES}[{row}]", dict(before[row]), None, ChangeKind.LINE_REMOVED)


def _compare_cells(row: int, before: Line, after: Line) -> Iterator[FieldChange]:
    cells = [cell for cell in CELLS if cell in before and cell in after]
    changes = (_change(cell_path(row, cell), before[cell], after[cell]) for cell in cells)
    yield from (change for change in changes if change)


def pair_lines(before: Sequence[Line], after: Sequence[Line]) -> Pairs:
    """The lines that stayed: those with the most equal cells, then those that merely resemble each other."""
    if before == after or len(before) * len(after) > MOST_PAIRS:
        beside = zip(before, after, strict=False)
        return {row: row for row, (old, new) in enumerate(beside) if _same_line(old, new)}
    pairs = {row: row for row, (old, new) in enumerate(zip(before, after, strict=False)) if old == new}
    olds, news = ([row for row in range(len(lines)) if row not in pairs] for lines in (before, after))
    for at_old, at_new in match_lines([before[row] for row in olds], [after[row] for row in news]):
        if _same_line(before[olds[at_old]], after[news[at_new]]):
            pairs[news[at_new]] = olds[at_old]
    taken = set(pairs.values())
    for new in sorted(set(news) - pairs.keys()):
        left = (old for old in olds if old not in taken)
        partner = next((old for old in left if _same_line(before[old], after[new])), None)
        if partner is not None:
            pairs[new] = partner
            taken.add(partner)
    return pairs


def _same_line(before: Line, after: Line) -> bool:
    """Whether a reviewer would say that this line was corrected, not replaced.

    That a quantity alone is equal says nothing: most are 1.
    """
    if before == after:
        return True
    comparable = [cell for cell in CELLS if before.get(cell) is not None and after.get(cell) is not None]
    alike = {cell for cell in comparable if _alike(before[cell], after[cell])}
    return "desc" in alike or (bool(alike - {"qty"}) and 2 * len(alike) >= len(comparable))


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _similar(fold(one), fold(other))
    return one == other


def _similar(one: str, other: str) -> bool:
    from rapidfuzz.distance import Indel

    # Blocks in the same order are a common subsequence: the ratio of the longest one is never below theirs, and fast.
    if Indel.normalized_similarity(one, other) < _SIMILAR:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SIMILAR


# --- records -----------------------------------------------------------------------------------------


def _plain(value: Value | Line) -> Any:
    if isinstance(value, Mapping):
        return {cell: _plain(inner) for cell, inner in value.items()}
    return format(value, "f") if isinstance(value, Decimal) else value


def _typed(path: str, value: Any) -> Value:
    numeric = kind_of(path).numeric
    if value is None or (isinstance(value, str) and not numeric):
        return value
    if not numeric or isinstance(value, bool):
        raise ValueError(f"{path}: {value!r:.80}")
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"{path}: {value!r:.80}")
    return number


def _typed_line(path: str, cells: Any) -> Line | None:
    if not _LINE.fullmatch(path):
        raise ValueError(f"{path}: no line")
    return None if cells is None else {cell: _typed(f"{path}.{cell}", value) for cell, value in cells.items()}
