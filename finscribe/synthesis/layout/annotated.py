"""The tables of business software: notes around the rows, sections, and rows that are read as several lines."""

from __future__ import annotations

import math

from finscribe.synthesis.content.facts import ZERO

from . import mentions
from .draft import Draft
from .items import column_cell, further_line, head_row, order_columns
from .page import Cell, Row


def annotated(d: Draft) -> list[Row]:
    """A table with article numbers, periods and notes around its rows, whose descriptions go on below."""
    rng = d.rng
    order = order_columns(d)
    rows: list[Row] = [head_row(d, order)] if rng.random() < 0.9 else []
    notes, sections = Notes(d), _Sections(d)
    longer, bracketed = rng.random() < 0.35, rng.random() < 0.1
    alone, place = rng.choice(_ARRANGEMENTS)
    for at, item in enumerate(d.facts.items):
        rows += sections.before(at)
        cells = [column_cell(d, key, at, item) for key in order]
        if bracketed:
            cells[order.index("desc")].before = f"[{d.facts.code(at)}] "
        above, below = notes.draw()
        rows += [*above, *(_on_two_lines(cells, order.index(alone), place) if alone else [cells])]
        if longer and rng.random() < 0.6:
            rows.append(further_line(d, at))
        rows += [*below, *d.under_item(at)]
    return [*rows, *sections.end(len(d.facts.items))]


class Notes:
    """The notes of one table: of up to three kinds, seldom or always, some of them above their rows."""

    def __init__(self, d: Draft, seldom: bool = False) -> None:
        self._d = d
        most = d.rng.choice((1, 1, 2, 3))
        self._kinds = [d.rng.choice(d.table["item_note"]) for _ in range(most)]
        self._chance = d.rng.choice((0.0, 0.0, 0.3, 0.7) if seldom else (0.3, 0.7, 1.0))
        self._above = d.rng.choice((0.0, 0.0, 0.0, 0.5))

    def draw(self) -> tuple[list[Row], list[Row]]:
        """The notes above and below one row."""
        if self._d.rng.random() >= self._chance:
            return [], []
        drawn = self._kinds[: self._d.rng.randint(1, len(self._kinds))]
        rows: list[Row] = [[Cell(mentions.filled(self._d, kind))] for kind in drawn]
        above = math.ceil(len(rows) * self._above)
        return rows[:above], rows[above:]


class _Sections:
    """Headings between the rows and what the rows under them come to; most tables have none."""

    def __init__(self, d: Draft) -> None:
        self._d = d
        self._heading = d.rng.choice(("--- {} ---", "{}", "{}:"))
        count = len(d.facts.items)
        inner = [at for at in range(1, count) if d.rng.random() < 0.3] if d.rng.random() < 0.1 else []
        self._bounds = [0, *inner, count] if inner else []

    def before(self, at: int) -> list[Row]:
        """The rows between two sections, where one begins at this item."""
        if at not in self._bounds[:-1]:
            return []
        return [*self.end(at), [self._d.plain(self._heading.format(mentions.trade(self._d)))]]

    def end(self, at: int) -> list[Row]:
        """What the items of the section that ends before this one come to, or nothing."""
        if at not in self._bounds[1:] or self._d.rng.random() < 0.4:
            return []
        first = self._bounds[self._bounds.index(at) - 1]
        part = sum((item.total for item in self._d.facts.items[first:at]), ZERO)
        # One of the usual words: the further ones are of the document's own sum alone.
        label = self._d.rng.choice(self._d.table["subtotal"])
        return [[self._d.plain(label), self._d.money("", part)]]


def _on_two_lines(cells: Row, alone: int, place: str) -> list[Row]:
    """The row without the cell `alone`, which has a line of its own above the others or below."""
    rest = [*cells[:alone], *cells[alone + 1 :]]
    return [rest, [cells[alone]]] if place == "below" else [[cells[alone]], rest]


_ARRANGEMENTS = (*[("", "")] * 9, ("amount", "below"), ("amount", "above"), *[("desc", "above")] * 2)
"""The column that is read as a line of its own, as cells a little higher or lower are, and where; mostly none."""
