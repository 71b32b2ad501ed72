"""A page made of cells: every value is printed through its path, so that text and truth cannot come apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple

GLUE = "\0"
"""Not printed: where a cell's `before` begins with it, no gap parts the cell from the one on its left."""


@dataclass(slots=True)
class Cell:
    """Printed text, with the path of the truth that it is (empty for labels and distractors).

    `value` is the reading of a number or date; a text value is None, its truth being the text itself.
    `before` and `after` are printed around the value and are not part of it.
    """

    text: str
    path: str = ""
    value: Decimal | str | None = None
    currency: bool = False
    before: str = ""
    after: str = ""

    @property
    def printed(self) -> str:
        """The text with what stands around it."""
        return f"{self.before}{self.text}{self.after}"

    @property
    def glued(self) -> bool:
        """Whether the cell shares a column with the one on its left."""
        return self.before.startswith(GLUE)

    def glue(self, between: str = "") -> None:
        """Puts the cell into the column of the one on its left, with this text between them."""
        self.before = GLUE + between + self.before


Row = list[Cell]

SUMMARY = "financial_summary."
"""What the paths of sums and rates begin with."""

_CELLS = ("desc", "qty", "unit_price", "line_total")
_AMOUNTS = (
    "subtotal",
    "discount",
    "shipping",
    "other_charges",
    "tax_rate",
    "tax_amount",
    "rounding",
    "grand_total",
    "amount_due",
)


def empty_truth() -> dict[str, Any]:
    """The full document of nulls in the schema's key order."""
    return {
        "document_type": None,
        "vendor": {"name": None, "address": None, "tax_id": None},
        "client": {"name": None, "address": None},
        "invoice_number": None,
        "invoice_date": None,
        "due_date": None,
        "purchase_order": None,
        "currency": None,
        "line_items": [],
        "financial_summary": dict.fromkeys(_AMOUNTS),
        "payment": {"iban": None, "terms": None},
    }


class Piece(NamedTuple):
    """One printed piece of a value and where it begins and ends in the text."""

    path: str
    value: Decimal | str | None
    start: int
    end: int


_piece = partial(tuple.__new__, Piece)  # at half the cost of the class


def lay_out(rows: Sequence[Row], gap: str = "  ") -> tuple[str, list[Piece]]:
    """The text of the rows, columns kept apart by `gap`, and the pieces of values printed in it."""
    lines: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for row in rows:
        line = ""
        for cell in row:
            before, text = cell.before, cell.text
            if before:
                if before[0] == GLUE:
                    before = cell.before = before[1:]
                elif line:
                    line += gap
                line += before
            elif not (text or cell.after):
                continue
            elif line:
                line += gap
            if cell.path:
                start = at + len(line)
                pieces.append(_piece((cell.path, cell.value, start, start + len(text))))
            line += text + cell.after
        if line:
            line = line.rstrip()
            lines.append(line)
            at += len(line) + 1
    return "\n".join(lines), pieces


def read_truth(text: str, pieces: Sequence[Piece]) -> dict[str, Any]:
    """The truth that the pieces print: text pieces that touch, and those of a name, are joined by a space.

    Others are joined by a comma.
    """
    truth = empty_truth()
    items: dict[int, dict[str, Any]] = {}
    ends: dict[str, int] = {}
    for path, value, start, end in pieces:
        block, row, key = _keys(path)
        if row is None:
            values = truth[block] if block else truth
        elif row in items:
            values = items[row]
        else:
            values = items[row] = dict.fromkeys(_CELLS)
        if value is not None:
            if values[key] is None:
                values[key] = value
            continue
        span = " ".join(text[start:end].split())
        if path in ends:
            joined = key == "name" or not text[ends[path] : start].strip()
            span = f"{values[key]}{' ' if joined else ', '}{span}"
        values[key] = span
        ends[path] = end
    truth["line_items"] = [items[row] for row in sorted(items)]
    return truth


@cache
def _keys(path: str) -> tuple[str, int | None, str]:
    """The block that a path lies in, empty outside of blocks, the row of an item, and the last key."""
    block, _, key = path.rpartition(".")
    block, _, row = block.partition(".")
    return block, int(row) if row else None, key


def numbered(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces by their paths in the truth, where lines that print nothing are left out."""
    lines = {row for piece in pieces if (row := _keys(piece.path)[1]) is not None}
    rows = {line: row for row, line in enumerate(sorted(lines))}
    return [piece._replace(path=_renumbered(piece.path, rows)) for piece in pieces]


def _renumbered(path: str, rows: dict[int, int]) -> str:
    block, line, key = _keys(path)
    return path if line is None else f"{block}.{rows[line]}.{key}"
