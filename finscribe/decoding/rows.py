"""Guessing the lines of an invoice from the prices on the page."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations, product

from finscribe.decoding.labels import SUMMARY
from finscribe.decoding.layout import Layout

NUMBERS = ("qty", "unit_price", "line_total")
"""The cells of a line that hold numbers, in the order of most pages."""
CLOSE = Decimal("0.01")
"""How far a product may be off, relative to it: prices are rounded."""
MOST_PRINTS = 6
"""Numbers at the end of a line that are tried."""
LEAST_LOG_RATIO_IN_ROWS = math.log(5e-5)
"""How likely what a row prints has to be beside what was written of its line, as a difference of log probabilities."""
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Print:
    """One printed number: the word it starts in, and all that it can mean, the likeliest first."""

    place: int
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowGuess:
    """Where a line of the invoice seems to stand: its description, the line of its prices, its numbers."""

    desc: int
    line: int
    cells: dict[str, str]


@dataclass(frozen=True, eq=False)
class Rows:
    """The lines that the prices of a page suggest."""

    layout: Layout

    @cached_property
    def prints(self) -> dict[int, list[Print]]:
        """The numbers of every line of the page, from left to right."""
        words = self.layout.printed.words
        starts: dict[tuple[int, int], list[str]] = {}
        for number in self.layout.printed.numbers:
            if not number.percent:
                starts.setdefault((number.start, number.end), []).append(format(number.value, "f"))
        found: dict[int, list[Print]] = {}
        place, latest_end = 0, -1
        for start, end in sorted(starts, key=lambda spot: (spot[0], -spot[1])):
            if start < latest_end:
                continue
            latest_end = end
            while place + 1 < len(words) and words[place].end <= start:
                place += 1
            found.setdefault(self.layout.line_of(place), []).append(Print(place, tuple(starts[start, end])))
        return found

    @cached_property
    def printing(self) -> dict[Decimal, set[int]]:
        """The lines of the page that print a number."""
        found: dict[Decimal, set[int]] = {}
        for line, prints in self.prints.items():
            for reading in {reading for shown in prints for reading in shown.readings}:
                found.setdefault(Decimal(reading), set()).add(line)
        return found

    def in_common(self, numbers: Iterable[Decimal]) -> Counter[int]:
        """How many of some numbers the lines of the page print, those that print any."""
        return Counter(line for number in set(numbers) for line in self.printing.get(number, ()))

    @cached_property
    def guesses(self) -> list[RowGuess]:
        """Top to bottom, up to the first total behind them."""
        found: list[RowGuess] = []
        for line in range(len(self.layout.lines)):
            if SUMMARY.search(self.layout.line_text(line)):
                if found:
                    break
                continue
            desc = self._description(line) if self._priced(line) else None
            if desc is not None:
                found.append(RowGuess(desc, line, numbers_of_row(self.prints[line])))
        return found

    def _priced(self, line: int) -> bool:
        if line in self._dated or line not in self.prints:
            return False
        prints = self.prints[line]
        return any("." in reading for shown in prints for reading in shown.readings) or bool(_product(prints))

    @cached_property
    def _dated(self) -> set[int]:
        words = self.layout.printed.words
        starts = {date.start for date in self.layout.printed.dates}
        return {self.layout.line_of(place) for place, word in enumerate(words) if word.start in starts}

    def _description(self, line: int) -> int | None:
        """The first word with letters before the last number of a line; where there is none, that of the line above."""
        ends = [(line, self.prints[line][-1].place)]
        if line:
            ends.append((line - 1, self.layout.line_end(line - 1)))
        for row, end in ends:
            for place in range(self.layout.lines[row], end):
                if _LETTERS.match(self.layout.printed.words[place].text):
                    return place
        return None


def numbers_of_row(prints: Sequence[Print], *, by_order: bool = True) -> dict[str, str]:
    """Quantity, price and total among the numbers of a line: by their product, else by their order."""
    if factors := _product(prints):
        return dict(zip(NUMBERS, factors, strict=True))
    if not by_order:
        return {}
    first = [shown.readings[0] for shown in prints]
    if len(first) >= 3:
        return dict(zip(NUMBERS, first[-3:], strict=True))
    if len(first) == 2:
        return {"qty": first[0], "line_total": first[1]}
    return {"line_total": first[0]} if first else {}


def _product(prints: Sequence[Print]) -> tuple[str, ...] | None:
    """Readings a, b, c in this order with a x b = c, the last ones of a line first."""
    for shown in combinations(reversed(prints[-MOST_PRINTS:]), 3):
        for c, b, a in product(*(part.readings for part in shown)):
            if _is_product(Decimal(a), Decimal(b), Decimal(c)):
                return a, b, c
    return None


def _is_product(a: Decimal, b: Decimal, c: Decimal) -> bool:
    return bool(c) and abs(a * b - c) <= CLOSE * abs(c)
