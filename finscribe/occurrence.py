"""Which of several places a value stands at: most totals, and many quantities, are printed more than once.

One print stands for one value, as far as there are enough of them. Cells of a line stand in the line of their
description, in the order of the other lines. A total or a date stands behind or below its label; without one, totals
stand low on the page, all else high.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import TypeAlias

from finscribe.decoding.flow import Run
from finscribe.decoding.labels import LABELS, PAID
from finscribe.decoding.printed import Printed
from finscribe.invoice import CELLS, cell_path, kind_of, row_and_cell

Way: TypeAlias = tuple[Run, ...]
"""One way in which a value is printed: a stretch of the text, or several that it is pieced together of."""

DESC = CELLS[0]
TOTALS, TAX = "financial_summary.", "financial_summary.tax"

AGAINST, ELSEWHERE = 2, 100
"""What it counts against a cell, in lines of the page, to stand on another side of its description than most, or
where another value does."""

NEAR = 2
"""How many lines further away than the nearest print of a cell another one may be, if two cells need one each."""

MOST_TIED = 4
"""Places of one cell that are tried with those of the others."""

PERCENT = re.compile(r"[\d.,]+\s?%")

MOST_NEAR = 24
"""How many prints of a cell on either side of its description are weighed; further ones come behind, as they stand."""

HIGHEST_HEADER = 40
"""How many lines above a value the header of its column may stand."""


def likeliest_first(found: Mapping[str, Sequence[Way]], printed: Printed) -> dict[str, list[Way]]:
    """The ways in which each value is printed, by its path, the likeliest first."""
    page = _Page(printed)
    rows: dict[int, dict[str, Sequence[Way]]] = {}
    for path, ways in found.items():
        if place := row_and_cell(path):
            rows.setdefault(place[0], {})[place[1]] = ways
    ranked = _Rows(page, rows).ranked()
    page.in_lines.update(page.taken)
    others = [path for path in found if not row_and_cell(path)]
    totals = [path for path in others if path.startswith(TOTALS)]
    for path in [path for path in others if path not in totals] + totals[::-1]:
        ranked[path] = page.ranked(path, found[path])
    return {path: ranked[path] for path in found}


@dataclass(eq=False)
class _Page:
    """A text, and which of its prints stand for a value already."""

    printed: Printed
    taken: set[Run] = field(default_factory=set)
    in_lines: set[Run] = field(default_factory=set)
    said: dict[tuple[str, str], tuple[bool, bool]] = field(default_factory=dict)

    @cached_property
    def starts(self) -> list[int]:
        return [word.start for word in self.printed.words]

    def word_at(self, offset: int) -> int:
        """The word that stands at an offset of the text, or the last one before it."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def line_at(self, offset: int) -> int:
        return self.printed.flow.line_of(self.word_at(offset))

    def take(self, ways: Sequence[Way]) -> list[Way]:
        """The ways as they are; the first stands for a value from now on."""
        self.taken.update(ways[0] if ways else ())
        return list(ways)

    def is_taken(self, way: Way) -> bool:
        return not self.taken.isdisjoint(way)

    def ranked(self, path: str, ways: Sequence[Way]) -> list[Way]:
        """The ways to print a value that stands in no line."""
        if len(ways) < 2:
            return self.take(ways)
        sign = -1 if path.startswith(TOTALS) else 1
        labelled = not kind_of(path).textual
        return self.take(
            sorted(
                ways,
                key=lambda way: (
                    not self.in_lines.isdisjoint(way),
                    -self.labelled(path, way[0].start) if labelled else 0,
                    self.is_taken(way),
                    sign * way[0].start,
                ),
            )
        )

    def labelled(self, path: str, offset: int) -> float:
        """How much what stands beside a value, else above it, says that it is the one, -1 to 1.

        Above 0 where that is its label, below 0 where it is that of another value.
        """
        key = TAX if path.startswith(TAX) else path
        rate = path == f"{TAX}_rate"
        if rate and not PERCENT.match(self.printed.text, offset):
            return -1.0
        for weight, label in self.labels(self.word_at(offset), whole=rate):
            own, other = self.says(key, label)
            if own or other:
                return weight * own - 0.5 * other
        return 0.0

    def says(self, key: str, label: str) -> tuple[bool, bool]:
        """Whether a label is one of a value, and whether it is one of another."""
        if (key, label) not in self.said:
            own = key in LABELS and LABELS[key].search(label) is not None
            others = (LABELS[each] for each in LABELED if each != key and not (own and each == ROUNDING))
            self.said[key, label] = own, any(other.search(label) for other in (PAID, *others))
        return self.said[key, label]

    def labels(self, place: int, *, whole: bool) -> Iterator[tuple[float, str]]:
        """What stands before a word in its line, then the headers of its column; with each, how much it says.

        The rest of its cell counts as well where the `whole` of it does.
        """
        flow, words = self.printed.flow, self.printed.words
        cell, line = flow.cell_of(place), flow.line_of(place)
        cells = flow.cells_of_line(line)
        first = flow.cells[max(cell - 1, cells.start)]
        yield 1.0, " ".join(word.text for word in words[first : flow.cell_end(cell) if whole else place])
        for above in range(line - 1, max(-1, line - 1 - HIGHEST_HEADER), -1):
            headers = flow.cells_of_line(above)
            if len(headers) == len(cells) > 1:
                header = headers.start + cell - cells.start
                yield 0.8, " ".join(word.text for word in words[flow.cells[header] : flow.cell_end(header)])


LABELED = tuple(path for path in LABELS if path.startswith(TOTALS) or path == "due_date")
"""Whose labels speak against another value."""

ROUNDING = "financial_summary.rounding"
"""Whose label does not where it names a rounded total."""


# --- lines -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Item:
    """Where a line of the invoice stands: its description, and where that of the next one begins."""

    page: _Page
    row: int
    desc: Way
    below: int | None
    upward: bool

    @cached_property
    def lines(self) -> tuple[int, int]:
        """The first and the last line of the page that the description stands in."""
        return self.page.line_at(self.desc[0].start), self.page.line_at(max(self.desc[-1].end - 1, 0))

    def is_its_number(self, way: Way) -> bool:
        """Whether a print begins its line and is the line's number on the invoice, counted in ones or tens."""
        text, start = self.page.printed.text, way[0].start
        if text[start : way[-1].end].lstrip("0") not in (f"{self.row + 1}", f"{self.row + 1}0"):
            return False
        return not text[text.rfind("\n", 0, start) + 1 : start].strip()

    def cost(self, way: Way) -> int:
        """How many lines away from the description, more on the wrong side; and whether it is something else."""
        start, (first, last) = way[0].start, self.lines
        line = self.page.line_at(start)
        away = max(0, line - last, first - line)
        away += AGAINST * bool(away and (line < first) != self.upward)
        within = any(run.start <= start < run.end for run in self.desc)
        behind = self.below is not None and start >= self.below and line > last
        return away + ELSEWHERE * (self.page.is_taken(way) + within + behind)


@dataclass(eq=False)
class _Rows:
    """The cells of all lines, with the ways in which each is printed."""

    page: _Page
    rows: Mapping[int, Mapping[str, Sequence[Way]]]
    precedes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often one cell stands before another, where there is no choice."""
    upward: int = 0
    """How many more cells stand above their description than beside or below it, where there is no choice."""
    end: int = 0
    """Where the last line ends so far."""

    def ranked(self) -> dict[str, list[Way]]:
        """The cells by their paths, each with its likeliest way first."""
        for cells in self.rows.values():
            self._learn(cells)
        found: dict[str, list[Way]] = {}
        following = [*self.rows.values(), {}][1:]
        for (row, cells), below in zip(self.rows.items(), following, strict=True):
            ranked = self._row(row, cells, below.get(DESC, ()))
            found |= {cell_path(row, cell): ranked[cell] for cell in cells}
        return found

    def _learn(self, cells: Mapping[str, Sequence[Way]]) -> None:
        only = {cell: ways[0][0].start for cell, ways in cells.items() if len(ways) == 1}
        if DESC in only:
            line = self.page.line_at(only[DESC])
            self.upward += sum(1 if self.page.line_at(start) < line else -1 for start in only.values()) + 1
        self.precedes.update((one, other) for one in only for other in only if only[one] < only[other])

    def _row(
        self, row: int, cells: Mapping[str, Sequence[Way]], below: Sequence[Way]
    ) -> dict[str, list[Way]]:
        """The cells of one line: the description first, then the numbers around it, all of them together.

        `below` are the places of the description of the line that follows.
        """
        desc = sorted(cells.get(DESC, ()), key=self._behind)
        first = desc[0] if desc else (Run(self.end, self.end),)
        further = [way[0].start for way in below if way[0].start >= first[-1].end]
        item = _Item(self.page, row, first, min(further, default=None), self.upward > 0)
        near = {cell: self._nearest_first(ways, item) for cell, ways in cells.items() if cell != DESC}
        chosen = self._chosen(near, item)
        ranked = {DESC: self.page.take(desc)}
        for cell, ways in near.items():
            best = chosen.get(cell)
            ranked[cell] = self.page.take(sorted(ways, key=lambda way: way != best))
        self.end = max([self.end, *(ways[0][-1].end for ways in ranked.values() if ways)])
        return ranked

    def _nearest_first(self, ways: Sequence[Way], item: _Item) -> list[Way]:
        start = item.desc[0].start
        ways = sorted(ways, key=lambda way: way[0].start)
        place = bisect.bisect_left(ways, start, key=lambda way: way[0].start)
        low, high = max(0, place - MOST_NEAR), place + MOST_NEAR
        near = sorted(ways[low:high], key=lambda way: (item.cost(way), abs(way[0].start - start)))
        return [*near, *ways[high:], *ways[:low]]

    def _behind(self, way: Way) -> tuple[bool, int]:
        start = way[0].start
        return start < self.end, abs(start - self.end)

    def _chosen(self, near: Mapping[str, Sequence[Way]], item: _Item) -> dict[str, Way]:
        """Of the ways nearest to the description those that are apart, near, and in the order of other lines."""
        tied = {
            cell: [way for way in ways[: 2 * MOST_NEAR] if item.cost(way) <= item.cost(ways[0]) + NEAR][
                :MOST_TIED
            ]
            for cell, ways in near.items()
            if ways
        }
        several = [dict(zip(tied, ways, strict=True)) for ways in product(*tied.values())]
        return min(several, key=lambda each: self._disorder(each, item))

    def _disorder(self, cells: Mapping[str, Way], item: _Item) -> tuple[int, int, int, int, list[int]]:
        """How many cells share a print, how far away and apart they are, how many out of order or on its number."""
        starts = {cell: way[0].start for cell, way in {DESC: item.desc, **cells}.items()}
        pairs = list(combinations(starts, 2))
        shared = sum(starts[one] == starts[other] for one, other in pairs)
        turned = sum(self._comes_first(one, other) != (starts[one] < starts[other]) for one, other in pairs)
        lines = [self.page.line_at(way[0].start) for way in cells.values()] or [0]
        away = sum(map(item.cost, cells.values())) + 2 * (max(lines) - min(lines))
        numbers = sum(map(item.is_its_number, cells.values()))
        return shared, away, turned, numbers, sorted(starts.values())

    def _comes_first(self, one: str, other: str) -> bool:
        """Whether a cell stands before another in most lines; as the schema has it, where none tells."""
        return self.precedes[one, other] >= self.precedes[other, one]
