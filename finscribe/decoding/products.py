"""Numbers in one line of a page of which two make a third: hardly ever by chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product

from finscribe.decoding.rows import Print, Rows
from finscribe.validation.findings import last_place

MOST_PRINTS = 14
"""Numbers at the end of a line of the page that are tried."""

IDLE = frozenset(map(Decimal, (-1, 0, 1)))
"""What makes a product of any two prints of the same amount, or none."""

Key = tuple[frozenset[Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Product:
    """Two numbers and what they make, as JSON, in a line of the page; `qty_first` where the quantity is the first."""

    line: int
    qty: str
    unit_price: str
    line_total: str
    qty_first: bool

    @property
    def key(self) -> Key:
        """The same whichever of the two is the quantity."""
        return key_of(self.numbers)

    @property
    def json(self) -> tuple[str, str, str]:
        """Quantity, price and total as JSON."""
        return self.qty, self.unit_price, self.line_total

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """Quantity, price and total."""
        return tuple(map(Decimal, self.json))


def key_of(numbers: Sequence[Decimal]) -> Key:
    """Of a quantity, a price and a total: the same whichever of the first two is the quantity."""
    qty, price, total = numbers
    return frozenset((qty, price)), total


@dataclass(frozen=True, eq=False)
class Products:
    """The products that the lines of a page print, as far as they were asked for."""

    rows: Rows
    _of: dict[int, list[Product]] = field(default_factory=dict)
    _printing: dict[Key, list[Product]] = field(default_factory=dict)
    _counts: dict[Key, int] = field(default_factory=dict)

    def of(self, line: int) -> list[Product]:
        """Those of one line of the page, in the order of their prints."""
        if line not in self._of:
            prints = self.rows.prints.get(line, [])[-MOST_PRINTS:]
            self._of[line] = list(dict.fromkeys(_products(line, prints)))
        return self._of[line]

    def printing(self, key: Key) -> list[Product]:
        """All prints of one product."""
        if key not in self._printing:
            lines = sorted(self.rows.printing.get(key[1], ()))
            self._printing[key] = [each for line in lines for each in self.of(line) if each.key == key]
        return self._printing[key]

    def count(self, key: Key) -> int:
        """How many lines of the page print a product."""
        if key not in self._counts:
            self._counts[key] = len({each.line for each in self.printing(key)})
        return self._counts[key]


def _products(line: int, prints: Sequence[Print]) -> Iterator[Product]:
    for one, other in combinations(prints, 2):
        for total in prints:
            if total is one or total is other:
                continue
            for a, b, c in product(one.readings, other.readings, total.readings):
                if _make(Decimal(a), Decimal(b), Decimal(c)):
                    yield Product(line, a, b, c, qty_first=True)
                    yield Product(line, b, a, c, qty_first=False)


def _make(one: Decimal, other: Decimal, total: Decimal) -> bool:
    """Whether two numbers make a third one as far as that is printed, exactly where it is a whole number."""
    step = last_place(total)
    allowed = step / 2 if step < 1 else Decimal(0)
    return not {one, other, total} & IDLE and abs(one * other - total) <= allowed
