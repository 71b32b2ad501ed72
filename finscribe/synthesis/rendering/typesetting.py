"""Where the lines of a synthetic document stand on its paper: columns, indents, gaps, emphasis and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from finscribe.synthesis.generate import Sample

from .fonts import text_width
from .printed import PrintedRow, Table, read_rows, read_tables

_NUMBER = re.compile(r"\D{0,5}\d[\d.,' ]*\D{0,5}")
_GUTTER = 2.2
"""The least distance of columns on A4, as a multiple of the font size."""
TILL_GUTTER = 1.2
"""The same on a till roll."""
_RULED_GAP = 0.7
"""The least gap with a rule in it, as a multiple of the font size."""
_CORE = ("references", "items", "sums")
"""Parts of a document; what follows the last of them is its foot."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paper and type of one document, in points, and the habits of who set it.

    `leading` is the distance of lines as a multiple of the font size, `gap` what stands between the parts of a
    document. `split` and `indent` are the shares of the width at which a second party and the sums begin. Tables have
    `heads` that are plain, bold, ruled or in a grey band.
    """

    roll: bool
    width: float
    height: float
    margin: float
    size: float
    fonts: tuple[str, str]
    leading: float
    gap: float
    split: float
    indent: float
    near: bool
    centred: bool
    name_size: float
    title_size: float
    title_right: bool
    bold_total: bool
    heads: str
    ruled: bool
    foot_down: bool

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def gutter(self) -> float:
        """The least distance of columns, as a multiple of the font size."""
        return TILL_GUTTER if self.roll else _GUTTER


@dataclass(slots=True)
class SetLine:
    """A line on paper: its type, the places of its cells, and what is around it, in points.

    `cells` are left edges with their texts. `gap` is the space above the line, `rule` whether a line is drawn in it,
    `head` whether it is the head of a table, `again` whether it repeats one, `foot` whether the foot of the document
    begins with it.
    """

    size: float
    bold: bool
    cells: list[tuple[float, str]]
    gap: float = 0
    rule: bool = False
    head: bool = False
    again: bool = False
    foot: bool = False


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table in points, and which of them are set to the right."""

    size: float
    lefts: Sequence[float]
    widths: Sequence[float]
    right: Sequence[bool]

    def place(self, cells: Sequence[str], font: str) -> list[tuple[float, str]]:
        """The left ends of the cells that are not empty."""
        spare = [
            width - text_width(cell, font, self.size) for cell, width in zip(cells, self.widths, strict=True)
        ]
        lefts = [left + room * right for left, room, right in zip(self.lefts, spare, self.right, strict=True)]
        return [(left, cell) for left, cell in zip(lefts, cells, strict=True) if cell]


def widest(sample: Sample, font: str, gutter: float) -> float:
    """The width that the longest line or table of a document needs at a font size of one point."""
    rows = read_rows(sample)
    tables = [_natural([rows[at] for at in table.rows], font) for table in read_tables(rows)]
    single = [text_width(row.cells[0], font, 1) for row in rows if len(row.cells) == 1]
    return max([sum(widths) + gutter * (len(widths) - 1) for widths in tables] + single, default=1.0)


def set_lines(sample: Sample, sheet: Sheet) -> list[SetLine]:
    """All lines of a document with their places on the sheet."""
    rows = read_rows(sample)
    tables = read_tables(rows)
    heads = {at for table in tables for at in _heads(table, rows)}
    columns = {at: place for table in tables for place in [_columns(table, rows, sheet)] for at in table.rows}
    sizes = [place.size for at, place in columns.items() if rows[at].part == "items"]
    among_items = replace(sheet, size=min(sizes, default=sheet.size))
    lines: list[SetLine] = []
    for at, row in enumerate(rows):
        bold = (at in heads and sheet.heads != "plain") or (row.total and sheet.bold_total)
        if at in columns:
            cells = columns[at].place(row.cells, sheet.fonts[bold])
            lines.append(SetLine(columns[at].size, bold, cells, head=at in heads))
            lines[-1].again = at in heads and row.cells in [other.cells for other in rows[:at]]
        else:
            its_sheet = among_items if row.part == "items" else sheet
            lines.append(_single(row, its_sheet, bold, _is_centred(rows, at, sheet)))
        if at and row.part != rows[at - 1].part and columns.get(at, row) is not columns.get(at - 1):
            lines[-1].gap = max(sheet.gap, _RULED_GAP * sheet.size * sheet.ruled)
            lines[-1].rule = sheet.ruled
    _mark_foot(lines, rows)
    return lines


def _mark_foot(lines: Sequence[SetLine], rows: Sequence[PrintedRow]) -> None:
    """The foot begins with the first part after the last reference, item or sum."""
    core = max((at for at, row in enumerate(rows) if row.own in _CORE), default=len(rows))
    for at in range(core + 1, len(rows)):
        if rows[at].part != rows[at - 1].part:
            lines[at].foot = True
            return


def _single(row: PrintedRow, sheet: Sheet, bold: bool, centred: bool) -> SetLine:
    text = row.cells[0] if row.cells else ""
    size = sheet.size * (sheet.title_size if row.title else sheet.name_size if row.name else 1)
    bold = bold or row.title or (row.name and sheet.name_size > 1)
    font = sheet.fonts[bold]
    size *= min(1, sheet.inner / max(text_width(text, font, size), 1))
    spare = sheet.inner - text_width(text, font, size)
    if row.own == "sums" and not sheet.roll:
        spare = min(spare, sheet.indent * sheet.inner)
    elif not row.title or not sheet.title_right:
        spare = spare / 2 if centred else 0
    return SetLine(size, bold, [(sheet.margin + spare, text)] if text else [])


def _is_centred(rows: Sequence[PrintedRow], at: int, sheet: Sheet) -> bool:
    """Whether the line is of the head or the foot of a till roll that has them in the middle."""
    if not sheet.centred:
        return False
    head = all(row.part in ("title", "vendor") and len(row.cells) == 1 for row in rows[: at + 1])
    return head or all(row.part == "foot" and len(row.cells) == 1 for row in rows[at:])


# --- columns -----------------------------------------------------------------------------------------


def _heads(table: Table, rows: Sequence[PrintedRow]) -> Iterator[int]:
    """The lines of a table of items or sums that only name its columns."""
    for at in table.rows:
        row = rows[at]
        names = not row.own and not any(map(_NUMBER.fullmatch, row.cells))
        if names and row.part in ("items", "sums") and (table.columns > 2 or row.part == "items"):
            yield at


def _natural(rows: Sequence[PrintedRow], font: str) -> list[float]:
    """The widths of the columns at a font size of one point."""
    columns = zip(*(row.cells for row in rows), strict=True)
    return [max(text_width(cell, font, 1) for cell in column) for column in columns]


def _columns(table: Table, rows: Sequence[PrintedRow], sheet: Sheet) -> _Columns:
    """The columns of a table: amounts to the right, what is to spare of the width where the table needs it."""
    body = [rows[at] for at in table.rows]
    natural = _natural(body, sheet.fonts[1])
    size = min(sheet.size, sheet.inner / (sum(natural) + (len(natural) - 1) * sheet.gutter))
    steps = [(width + sheet.gutter) * size for width in natural]
    spare = max(sheet.inner - sum(steps) + sheet.gutter * size, 0)
    wide = _described(body, natural) if table.part == "items" else 0
    shares = _shares(table, wide, steps[0], spare, sheet)
    starts = zip([0, *accumulate(steps[:-1])], accumulate(shares), strict=True)
    return _Columns(
        size=size,
        lefts=[sheet.margin + x + room for x, room in starts],
        widths=[width * size for width in natural],
        right=_to_the_right(table, body, sheet),
    )


def _to_the_right(table: Table, body: Sequence[PrintedRow], sheet: Sheet) -> list[bool]:
    """Which columns have amounts; parties, and values close to their labels, have none."""
    close = table.part == "parties" or (table.part == "others" and sheet.near)
    if close and table.columns == 2 and not sheet.roll:
        return [False, False]
    columns = zip(*(row.cells for row in body), strict=True)
    return [at > 0 and _is_numeric(cells) for at, cells in enumerate(columns)]


def _is_numeric(cells: Sequence[str]) -> bool:
    return 2 * sum(_NUMBER.fullmatch(cell) is not None for cell in cells) >= len(cells)


def _shares(table: Table, wide: int, first: float, spare: float, sheet: Sheet) -> list[float]:
    """How much of the `spare` points stands before each column.

    `wide` is the column of descriptions, behind which the others stand together; `first` is how wide the first one is.
    """
    shares = [0.0] * table.columns
    if table.part == "items":
        if wide < table.columns - 1:
            shares[wide + 1] = spare
    elif table.columns > 2:
        shares[1:] = [spare / (table.columns - 1)] * (table.columns - 1)
    elif sheet.roll:
        shares[1] = spare
    elif table.part == "parties":
        shares[1] = min(spare, max(0.0, sheet.split * sheet.inner - first))
    elif table.part == "sums":
        shares[0] = min(spare, sheet.indent * sheet.inner)
        shares[1] = spare - shares[0]
    elif not sheet.near:
        shares[1] = spare
    return shares


def _described(body: Sequence[PrintedRow], widths: Sequence[float]) -> int:
    """The column of the descriptions: where they are, or else the first or a wider one of text, but not the last."""
    for row in body:
        for at, paths in enumerate(row.paths):
            if any(path.endswith(".desc") for path in paths):
                return at
    columns = list(zip(*(row.cells for row in body), strict=True))
    return max(range(len(widths) - 1), key=lambda at: (at == 0 or not _is_numeric(columns[at]), widths[at]))
