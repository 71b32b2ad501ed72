"""Guessing the numbers of a line from where those of the line above stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from finscribe.decoding.labels import SUMMARY
from finscribe.decoding.rows import MOST_PRINTS, NUMBERS, Print, RowGuess, Rows, numbers_of_row

REACH = 4
"""Lines of the page, from that of the description on, in which the numbers of an item stand."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the invoice as far as it is written: the words of its description, its numbers as JSON.

    Where the description runs on in another line of the page, those words are its first piece, and `last` is that line.
    """

    desc: int
    desc_end: int
    written: Mapping[str, str]
    last: int = 0


@dataclass(frozen=True, slots=True)
class _Spot:
    """Which of an item's numbers a cell was, and which of its readings."""

    number: int
    reading: int


@dataclass(frozen=True, eq=False)
class Cells:
    """The numbers around an item, and which of them its cells probably are."""

    rows: Rows
    _priced: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict, init=False, repr=False)

    def numbers(self, item: Item) -> list[Print]:
        """What is printed from the line of its description on, but for the description itself."""
        first = self.rows.layout.line_of(item.desc)
        near = (shown for line in range(first, first + REACH) for shown in self.rows.prints.get(line, ()))
        return [shown for shown in near if not item.desc <= shown.place < item.desc_end][:MOST_PRINTS]

    def likeliest(self, cell: str, item: Item, above: Item | None) -> str:
        """By the prices where these explain the line above as well, else by the places of the line above."""
        priced = self._by_prices(item).get(cell, "null")
        wrote = above.written.get(cell) if above else None
        if above is None or wrote is None or self._by_prices(above).get(cell, "null") == wrote:
            return priced
        spot = spots(above.written, self.numbers(above)).get(cell)
        numbers = self.numbers(item)
        if spot is None:
            return "null" if wrote == "null" else priced
        if spot.number >= len(numbers):
            return priced
        readings = numbers[spot.number].readings
        return readings[min(spot.reading, len(readings) - 1)]

    def _by_prices(self, item: Item) -> dict[str, str]:
        spot = item.desc, item.desc_end
        if spot not in self._priced:
            row = self.row_of(item)
            self._priced[spot] = row.cells if row else first_product(self.numbers(item))
        return self._priced[spot]

    def row_of(self, item: Item) -> RowGuess | None:
        """What the prices of the page say of the line that an item's description stands in."""
        line_of = self.rows.layout.line_of
        return next((row for row in self.rows.guesses if line_of(row.desc) == line_of(item.desc)), None)

    def next_item(self, item: Item) -> int | None:
        """The word as far into its line as this item's description, in the line below the item's last one."""
        layout = self.rows.layout
        line = layout.line_of(item.desc)
        numbers = self.numbers(item)
        used = [numbers[spot.number].place for spot in spots(item.written, numbers).values()]
        below = max(line, item.last, *map(layout.line_of, used)) + 1
        if below >= len(layout.lines) or self._sums_up(below, line):
            return None
        place = layout.lines[below] + item.desc - layout.lines[line]
        found = place < layout.line_end(below) and self.numbers(Item(place, place + 1, {}))
        return place if found else None

    def _sums_up(self, line: int, item: int) -> bool:
        """Whether a line names a total; where that of an item does too, whether it begins with one."""
        layout = self.rows.layout
        says = SUMMARY.match if SUMMARY.search(layout.line_text(item)) else SUMMARY.search
        return says(layout.line_text(line)) is not None


def spots(written: Mapping[str, str], numbers: Sequence[Print]) -> dict[str, _Spot]:
    """Where the cells of an item stand among its numbers: each behind the one before, if it can be."""
    found: dict[str, _Spot] = {}
    latest = -1
    for cell in NUMBERS:
        order = [*range(latest + 1, len(numbers)), *range(latest + 1)]
        spot = _spot(written.get(cell), numbers, order)
        if spot is not None:
            found[cell] = spot
            latest = spot.number
    return found


def _spot(value: str | None, numbers: Sequence[Print], order: Iterable[int]) -> _Spot | None:
    for index in order:
        if value in numbers[index].readings:
            return _Spot(index, numbers[index].readings.index(value))
    return None


def first_product(numbers: Sequence[Print]) -> dict[str, str]:
    """Quantity, price and total among the fewest numbers that hold a product, else in their order."""
    for count in range(3, len(numbers) + 1):
        if factors := numbers_of_row(numbers[:count], by_order=False):
            return factors
    return numbers_of_row(numbers[:3])
