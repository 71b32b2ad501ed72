"""The lines of a synthetic document as a printer would set them: which part of it each belongs to, and its tables.

What a line is about is told by the values printed in it; a line without values, such as a heading, belongs to what
stands next to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from finscribe.synthesis.content.vocabulary import VOCABULARY
from finscribe.synthesis.generate import Sample
from finscribe.synthesis.layout.page import SUMMARY, Piece

_CELL = re.compile(r"[^ ]+(?: [^ ]+)*")
_PARTS = {"line_items": "items", "financial_summary": "sums", "vendor": "vendor", "client": "client"}
_PARTIES = {"vendor", "client"}
_TITLES = ("invoice", "receipt", "credit_note", "proforma")
_TOTALS = (SUMMARY + "grand_total", SUMMARY + "amount_due")
_HEADING = 30
"""A line without values that has no more characters than this may be the heading of what follows it."""
_APART = 5
"""Lines of a table may have others between them, such as remarks on an item; so many further on, it has ended."""


@dataclass(slots=True)
class PrintedRow:
    """A line: its cells, the parts of the document that they belong to ("" without a value), and their values.

    `name` is whether it is the vendor's name and nothing else, `title` whether it says what the document is.
    """

    cells: list[str]
    parts: list[str]
    paths: list[list[str]]
    name: bool = False
    title: bool = False
    part: str = ""

    @property
    def own(self) -> str:
        """The part that the values of the line are of; an item's line may print the rate of its tax too."""
        return "items" if "items" in self.parts else next(filter(None, self.parts), "")

    @property
    def total(self) -> bool:
        """Whether the line prints the total and no other columns."""
        return len(self.cells) < 3 and any(path in _TOTALS for paths in self.paths for path in paths)


@dataclass(slots=True)
class Table:
    """Lines, by their numbers, whose columns are set in common positions."""

    columns: int
    part: str
    rows: list[int] = field(default_factory=list)


def read_rows(sample: Sample) -> list[PrintedRow]:
    """The lines of a sample, each with the part that it belongs to."""
    languages = {sample.locale[:2], "en"}  # English words are printed everywhere now and then
    titles = {word.casefold() for each in languages for key in _TITLES for word in VOCABULARY[each][key]}
    rows, at = [], 0
    for line in sample.text.split("\n"):
        rows.append(_row(line, at, sample.pieces, titles))
        at += len(line) + 1
    _assign_parts(rows)
    return rows


def _row(line: str, at: int, pieces: Sequence[Piece], titles: set[str]) -> PrintedRow:
    cells = list(_CELL.finditer(line))
    inside = [piece for piece in pieces if at <= piece.start < at + len(line)]
    paths = [[p.path for p in inside if cell.start() <= p.start - at < cell.end()] for cell in cells]
    return PrintedRow(
        cells=[cell[0] for cell in cells],
        parts=[_part(found[0]) if found else "" for found in paths],
        paths=paths,
        name=[(p.path, p.end - p.start) for p in inside] == [("vendor.name", len(line))],
        title=line.strip(" *").casefold() in titles,
    )


def _part(path: str) -> str:
    return _PARTS.get(path.partition(".")[0], "references")


def _assign_parts(rows: Sequence[PrintedRow]) -> None:
    """Lines without values belong to the part above, a heading to the part below; the last ones are the foot."""
    part = "title"
    last = max((at for at, row in enumerate(rows) if row.own), default=len(rows) - 1)
    for at, row in enumerate(rows):
        if row.title:
            row.part = "title"
        elif at > last:
            row.part = rows[last].own if rows[last].own in _PARTIES else "foot"
        else:
            below = rows[at + 1] if at < last else row
            part = row.part = row.own or (below.own if _is_heading(row, below) else part)


def _is_heading(row: PrintedRow, below: PrintedRow) -> bool:
    """Whether a line without values is the heading of the next one."""
    if not below.own or not row.cells:
        return False
    if len(row.cells) == 1:
        return len(row.cells[0]) <= _HEADING
    return len(below.cells) == len(row.cells) or (below.own == "items" and len(row.cells) > 2)


def read_tables(rows: Sequence[PrintedRow]) -> list[Table]:
    """The tables that lines with several cells form; a line that goes on with the right one of two parties joins."""
    tables: list[Table] = []
    for at, row in enumerate(rows):
        table = tables[-1] if tables else None
        if len(row.cells) == 1 and table and _goes_on_right(rows, at, table):
            row.cells, row.parts, row.paths = ["", *row.cells], ["", *row.parts], [[], *row.paths]
        if len(row.cells) < 2:
            continue
        part = _kind(rows, at)
        table = next(_open(tables, len(row.cells), part, at), None)
        if table is None:
            table = Table(len(row.cells), part)
            tables.append(table)
        table.part = table.part or part
        table.rows.append(at)
    return tables


def _open(tables: Sequence[Table], columns: int, part: str, at: int) -> Iterator[Table]:
    """The tables that a line may belong to, the nearest first."""
    for table in reversed(tables):
        near = at - table.rows[-1] <= (_APART if part == table.part else 1)
        if table.columns == columns and near and (part == table.part or not part or not table.part):
            yield table


def _kind(rows: Sequence[PrintedRow], at: int) -> str:
    """What a line of several cells lists: "" where that is not known.

    It is `items`, `descriptions` of items behind something else, `sums`, `parties` beside something, or `others`. The
    names of columns are of what stands below them.
    """
    row, below = rows[at], rows[min(at + 1, len(rows) - 1)]
    together = len(below.cells) == len(row.cells)
    if len(row.cells) == 2 and _PARTIES & {*row.parts, *(below.parts if together else ())}:
        return "parties"
    if any(path.endswith(".desc") for path in row.paths[-1]):
        return "descriptions"
    part = row.own or (below.own if together else "")
    return part if part in ("", "items", "sums") else "others"


def _goes_on_right(rows: Sequence[PrintedRow], at: int, table: Table) -> bool:
    """Whether a single cell is of the party whose column stands to the right just above."""
    if table.columns != 2 or table.rows[-1] != at - 1:
        return False
    left, right = rows[at - 1].parts
    return rows[at].own in _PARTIES and rows[at].own == right != left
