"""A page made of cells: every value is printed through its path, so that text and truth cannot come apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class Cell:
    """Printed text, with the path of the truth that it is (empty for labels and distractors).

    `value` is the reading of a number or date; a text value is None, its truth being the text itself.
    `before` and `after` are printed around the value and are not part of it; a `before` that begins with
    "\\0" glues the cell to the one on its left.
    """

    text: str
    path: str = ""
    value: Decimal | str | None = None
    before: str = ""
    after: str = ""
    currency: bool = False

    @property
    def printed(self) -> str:
        return f"{self.before}{self.text}{self.after}"


Row = list[Cell]

_PARTIES = ("vendor", "client")
_SUMMARY = (
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
        "financial_summary": dict.fromkeys(_SUMMARY),
        "payment": {"iban": None, "terms": None},
    }


@dataclass(slots=True)
class Piece:
    """One printed piece of a value and where it begins and ends in the text."""

    path: str
    value: Decimal | str | None
    start: int
    end: int


def lay_out(rows: Sequence[Row], gap: str = "  ") -> tuple[str, list[Piece]]:
    """The text of the rows, columns kept apart by `gap`, and the pieces of values printed in it."""
    lines: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for row in rows:
        column = 0
        parts: list[str] = []
        for cell in row:
            printed = cell.printed
            if not printed:
                continue
            if printed[0] == "\0":
                cell.before, printed = cell.before[1:], printed[1:]
            elif parts:
                parts.append(gap)
                column += len(gap)
            if cell.path:
                start = at + column + len(cell.before)
                pieces.append(Piece(cell.path, cell.value, start, start + len(cell.text)))
            parts.append(printed)
            column += len(printed)
        if parts:
            line = "".join(parts).rstrip()
            lines.append(line)
            at += len(line) + 1
    return "\n".join(lines), pieces


def read_truth(text: str, pieces: Sequence[Piece]) -> dict[str, Any]:
    """The truth that the pieces print: text pieces that touch are joined by a space, others by a comma."""
    truth = empty_truth()
    values: dict[str, Decimal | str] = {}
    ends: dict[str, int] = {}
    for piece in pieces:
        if piece.value is not None:
            values.setdefault(piece.path, piece.value)
            continue
        span = " ".join(text[piece.start : piece.end].split())
        if piece.path in values:
            touching = not text[ends[piece.path] : piece.start].strip()
            span = f"{values[piece.path]}{' ' if touching else ', '}{span}"
        values[piece.path] = span
        ends[piece.path] = piece.end
    for path, value in values.items():
        _place(truth, path.split("."), value)
    truth["line_items"] = [
        item for item in truth["line_items"] if any(cell is not None for cell in item.values())
    ]
    return truth


def numbered(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces by their paths in the truth, where lines that print nothing are left out."""
    lines = sorted(
        {int(piece.path.split(".")[1]) for piece in pieces if piece.path.startswith("line_items.")}
    )
    if lines == list(range(len(lines))):
        return pieces
    rows = {line: row for row, line in enumerate(lines)}
    return [replace(piece, path=_renumbered(piece.path, rows)) for piece in pieces]


def _renumbered(path: str, rows: dict[int, int]) -> str:
    block, *rest = path.split(".")
    return ".".join((block, str(rows[int(rest[0])]), *rest[1:])) if block == "line_items" else path


def _place(truth: dict[str, Any], keys: list[str], value: Decimal | str) -> None:
    node: Any = truth
    if keys[0] == "line_items":
        items: list[dict[str, Any]] = truth["line_items"]
        while len(items) <= int(keys[1]):
            items.append({"desc": None, "qty": None, "unit_price": None, "line_total": None})
        items[int(keys[1])][keys[2]] = value
        return
    for key in keys[:-1]:
        node = node[key]
    node[keys[-1]] = value
