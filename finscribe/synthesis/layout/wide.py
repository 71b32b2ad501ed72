"""Wide tables of business software: many columns, rows of several lines, columns that run together."""

from __future__ import annotations

from decimal import Decimal

from finscribe.synthesis.content.facts import UNIT_CODES, ZERO, Item, rounded
from finscribe.synthesis.content.names import ean, product

from .annotated import Notes
from .draft import Draft
from .items import column_cell
from .page import Cell, Row

_FRONTS = "desc|pos desc|pos code desc|code desc|pos ean desc|code ean desc|pos desc code".split("|")
_NUMBERS = (
    "qty unit price rate amount",
    "qty unit price amount rate",
    "qty unit price amount",
    "qty price rate amount",
    "price qty unit rate amount",
    "price unit qty amount rate",
    "unit qty price disc amount",
    "qty unit list disc price amount",
    "list disc price qty amount rate",
    "qty price disc rate amount",
    "rate qty price amount",
    "price base qty adjustment amount rate",
    "price base unit qty amount rate",
    "qty unit price adjustment rate amount",
)
_STACKED = "code ean unit disc rate list base adjustment".split()
"""Columns that may stand on the second line of a row, below what they belong to."""
_SELDOM_STACKED = ("pos", "amount")
_RUN_TOGETHER = (
    ("pos", "code", 0.3),
    ("pos", "desc", 0.3),
    ("code", "desc", 0.3),
    ("ean", "desc", 0.2),
    ("qty", "unit", 0.5),
    ("unit", "price", 0.15),
    ("rate", "amount", 0.15),
    ("disc", "rate", 0.3),
    ("unit", "desc", 0.2),
)
"""Neighbours with a chance of only one space between them, as narrow columns have; never two amounts."""
_OWN = {"pos", "ean", "unit", "disc", "list", "base", "adjustment"}
"""Columns whose cells other tables do not have, or print otherwise."""
_NUMBERINGS = ("{:d}", "{:d}", "{:d}0", "{:03d}", "1.{:d}")
"""How rows are numbered."""


def wide(d: Draft) -> list[Row]:
    """A table of many columns, its rows on one line or more, with notes and free text around them."""
    table = _Table(d)
    rows = table.heads() if d.rng.random() < 0.92 else []
    for at, item in enumerate(d.facts.items):
        above, below = table.notes.draw()
        rows += [*above, *table.item(at, item), *below, *d.under_item(at)]
    return rows


class _Table:
    """How one table is printed: its columns, which of them run together, and which are on a second line."""

    def __init__(self, d: Draft) -> None:
        rng = d.rng
        self._d, self.notes = d, Notes(d, seldom=True)
        self._columns = _draw_columns(d)
        self._lists = "list" in self._columns  # list prices stand beside those that count
        drawn = rng.random()  # one draw for `_below` and `_centred`: a table has one of them at most
        self._below = _draw_stacked(d) if drawn < 0.4 else set()
        self._near = self._neighbours()
        self._centred = 0.4 <= drawn < 0.6 and "desc" not in self._near
        self._longer = rng.choice((0.1, 0.4, 0.8))
        self._numbering = rng.choice(_NUMBERINGS)

    def _neighbours(self) -> set[str]:
        """The columns that are one space behind the one before them."""
        neighbours = set(zip(self._columns, self._columns[1:], strict=False))
        return {
            right
            for left, right, chance in _RUN_TOGETHER
            if (left, right) in neighbours
            and (left in self._below) == (right in self._below)
            and self._d.rng.random() < chance
        }

    def heads(self) -> list[Row]:
        """The headings, on one line or two."""
        two = self._d.rng.random() < 0.3
        first: Row = []
        second: Row = []
        for key in self._columns:
            words = self._label(key).split(" ")
            cut = 1 if two and len(words) > 1 and key not in self._below else len(words)
            line = second if key in self._below else first
            line.append(Cell(" ".join(words[:cut])))
            if key in self._near:
                _run_on(line[-1])
            if cut < len(words):
                second.append(Cell(" ".join(words[cut:])))
        return [first, second]

    def _label(self, key: str) -> str:
        d = self._d
        if key == "rate":
            return d.case(d.facts.tax_name)
        return d.label({"list": "list_price", "price": "net_price"}.get(key, key) if self._lists else key)

    def item(self, at: int, item: Item) -> list[Row]:
        """The lines of one row."""
        off = self._d.rng.choice((0, 0, 5, 10, 20, 25)) if self._lists else 0
        cells = {key: self._cell(key, at, item, off) for key in self._columns}
        for key in self._near:
            _run_on(cells[key])
        more = self._more(cells["desc"])
        if more and self._centred:
            top, cells["desc"] = cells["desc"], more[0]
            return [[top], list(cells.values()), *([cell] for cell in more[1:])]
        if not self._below:
            return [list(cells.values()), *([cell] for cell in more)]
        first = [cell for key, cell in cells.items() if key not in self._below]
        below = cells | {"desc": more[0] if more else Cell("")}
        second = [below[key] for key in self._columns if key == "desc" or key in self._below]
        return [first, second, *([cell] for cell in more[1:])]

    def _cell(self, key: str, at: int, item: Item, off: int) -> Cell:
        d = self._d
        if key not in _OWN:
            return column_cell(d, key, at, item)
        if key == "pos":
            return Cell(self._numbering.format(at + 1))
        if key == "ean":
            return Cell(ean(d.rng))
        if key == "unit":
            return Cell(item.unit if item.unit in UNIT_CODES else d.rng.choice(d.table["measures"]))
        if key == "base":
            return Cell(d.rng.choice(("1", "1", d.style.plain(Decimal(1)))))
        if key == "adjustment":
            return Cell(self._adjustment())
        if key == "disc":
            off = off or (item.off if item.cut else 0)
            return Cell(f"{off}%" if off else d.rng.choice(("", "0%", d.style.plain(ZERO))))
        usual = rounded(item.price * 100 / (100 - off), d.step)
        return d.money("", usual, d.signed_items)

    def _adjustment(self) -> str:
        """What is taken off a row and put onto it again, or nothing."""
        d = self._d
        if d.rng.random() < 0.6:
            return d.rng.choice(("", d.style.plain(ZERO)))
        part = d.step * d.rng.randint(1, 500)
        return " ".join(d.money("", each, False).printed for each in (-part, part))

    def _more(self, desc: Cell) -> list[Cell]:
        """What a description has on further lines: its last words or more of them."""
        d = self._d
        if d.rng.random() >= self._longer:
            return []
        words = desc.text.split(" ")
        if len(words) > 2 and d.rng.random() < 0.6:
            cut = d.rng.randint(1, len(words) - 1)
            desc.text = " ".join(words[:cut])
            return [Cell(" ".join(words[cut:]), desc.path)]
        lines = 2 if d.rng.random() < 0.25 else 1
        return [d.text(desc.path, product(d.rng, d.locale)) for _ in range(lines)]


def _draw_stacked(d: Draft) -> set[str]:
    """The columns that are on the second line."""
    usual = {key for key in _STACKED if d.rng.random() < 0.5}
    return usual | {key for key in _SELDOM_STACKED if d.rng.random() < 0.15}


def _draw_columns(d: Draft) -> list[str]:
    numbers = d.rng.choice(_NUMBERS).split()
    if not d.facts.one_rate:
        numbers = [key for key in numbers if key != "rate"]
    front = d.rng.choice(_FRONTS).split()
    if d.rng.random() < 0.12 and numbers[0] == "qty":
        at = 2 if numbers[1] == "unit" else 1
        return [*front[:-1], *numbers[:at], front[-1], *numbers[at:]]
    return [*front, *numbers]


def _run_on(cell: Cell) -> None:
    """One space behind the cell on its left."""
    if cell.text:
        cell.glue(" ")
