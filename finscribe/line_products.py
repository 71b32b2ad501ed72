"""Lines by what their rows print: two numbers and, in the same row, what they make.

Where the quantity, the price and the total of a line do not multiply, its row often prints three numbers that do, and
hardly ever by chance. Those are scored by the model, for all lines of a window at once, and taken where it does not
find them out of the question. Which of the two is the quantity, the headers of their columns say, or else all lines of
a document together. No number is ever computed: where a row prints no such three, or the model does not find them
likely enough, the line stays as it was written.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations, product

from finscribe.arithmetic import Settled
from finscribe.decoding.choices import Scored, Wording
from finscribe.decoding.labels import PRICES, QUANTITIES
from finscribe.decoding.merging import Origin, Written
from finscribe.decoding.rows import NUMBERS, Print, Rows
from finscribe.folding import fold
from finscribe.invoice import Value, build_invoice, cell_path, row_and_cell
from finscribe.validate import quantity_times_price, validate
from finscribe.validation.findings import last_place

LEAST_LOG_RATIO = math.log(5e-5)
"""How likely the three numbers of a row have to be beside those written, as a difference of log probabilities."""

MOST_TRIED = 7
"""How many ways to read one line are scored, those first that agree most with what was written."""

MOST_PRINTS = 14
"""Numbers at the end of a row that are tried."""

LEAST_IN_COMMON = 2
"""How many of its description, quantity, price and total a line has in its row at least."""

MOST_SAID = 5.0
"""How much one line says at most about where quantities stand, as a difference of log probabilities."""

LINE_ARITHMETIC = "line-arithmetic"
"""The code of the finding for which lines are read by their rows."""

_IDLE = frozenset(map(Decimal, (-1, 0, 1)))
"""What makes a product of any two prints of the same amount, or none."""


@dataclass(frozen=True, slots=True)
class _Product:
    """Two numbers of a row and what they make there, as JSON; `upright` where the quantity stands before the price."""

    row: int
    qty: str
    unit_price: str
    line_total: str
    upright: bool

    @property
    def key(self) -> _Key:
        """The same whichever of the two is the quantity."""
        return frozenset((Decimal(self.qty), Decimal(self.unit_price))), Decimal(self.line_total)

    @property
    def numbers(self) -> tuple[str, str, str]:
        """Quantity, price and total."""
        return self.qty, self.unit_price, self.line_total


_Key = tuple[frozenset[Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the invoice: its number, the window and the paths that its numbers have in the answer, its values."""

    row: int
    window: int
    names: Mapping[str, str]
    values: Mapping[str, Value]

    @property
    def paths(self) -> tuple[str, ...]:
        """Those of its quantity, its price and its total."""
        return tuple(cell_path(self.row, cell) for cell in NUMBERS)

    @property
    def numbers(self) -> tuple[Decimal, Decimal, Decimal]:
        """Quantity, price and total as they were written."""
        qty, price, total = (Decimal(str(self.values[cell])) for cell in NUMBERS)
        return qty, price, total


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line as a row prints it, and how likely that is; `logprobs` are those of its numbers by their cells."""

    line: _Line
    product: _Product
    log_ratio: float
    logprobs: Mapping[str, float]


def read_products(
    written: Sequence[Written], wordings: Sequence[Wording], rows: Rows
) -> tuple[list[Written], tuple[Settled, ...]]:
    """The values of a document, with lines that do not multiply read as their rows print them, and what changed.

    So are lines that multiply, but have quantity and price the other way round than the headers of their columns.
    `wordings` are the answers that the values came from, one for each window. The model runs once for each window with
    such a line, and not at all where there is none.
    """
    page = _Page(rows)
    at_odds, holding = _lines(written)
    turned = [line for line in holding if page.is_turned(line)]
    holding = [line for line in holding if line not in turned]
    tried = {line.row: found for line in (*at_odds, *turned) if (found := page.products_for(line))}
    readings = [
        reading
        for window, wording in enumerate(wordings)
        for reading in _scored(
            wording, [each for each in (*at_odds, *turned) if each.window == window], tried
        )
    ]
    if not readings:
        return list(written), ()
    chosen = list(_chosen(readings, holding, page))
    return _exchanged(written, chosen), tuple(_changes(chosen))


def _lines(written: Sequence[Written]) -> tuple[list[_Line], list[_Line]]:
    """The lines whose three numbers were written in one window: those that do not multiply, and those that do."""
    values, rows = {item.path: item.value for item in written}, dict[int, dict[str, Origin]]()
    for item in written:
        place = row_and_cell(item.path)
        if place and place[1] in NUMBERS and item.value is not None and item.origin:
            rows.setdefault(place[0], {})[place[1]] = item.origin
    odd = {finding.fields for finding in validate(build_invoice(values), rules=(quantity_times_price,))}
    at_odds, holding = list[_Line](), list[_Line]()
    for row, origins in rows.items():
        if len(origins) == len(NUMBERS) and len({origin.window for origin in origins.values()}) == 1:
            cells = {cell: values.get(cell_path(row, cell)) for cell in ("desc", *NUMBERS)}
            names = {cell: origin.path for cell, origin in origins.items()}
            line = _Line(row, origins[NUMBERS[0]].window, names, cells)
            (at_odds if line.paths in odd else holding).append(line)
    return at_odds, holding


# --- what rows print ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Page:
    """The rows of a page, and the products in them as far as they were asked for."""

    rows: Rows
    _products: dict[int, list[_Product]] = field(default_factory=dict)

    def products_for(self, line: _Line) -> list[_Product]:
        """What the rows print that a line may stand in, those first that agree most with it."""
        common = self.rows.in_common(line.numbers)
        common.update(self._described(line))
        likeliest = sorted(
            (row for row in common if common[row] >= LEAST_IN_COMMON), key=lambda row: -common[row]
        )
        found = {each.numbers: each for row in reversed(likeliest) for each in reversed(self._fitting(row))}
        return list(reversed(found.values()))[:MOST_TRIED]

    def _fitting(self, row: int) -> list[_Product]:
        """The products of a row, none that has quantity and price the other way round than the headers above it."""
        order = self.order_at(row)
        return [each for each in self._of(row) if order in (None, each.upright)]

    def order_at(self, row: int, otherwise: bool | None = None) -> bool | None:
        """Whether the headers above a row have the quantity before the price, `otherwise` where none say so."""
        place = bisect_left(self._headers, row, key=lambda header: header[0]) - 1
        return self._headers[place][1] if place >= 0 else otherwise

    @cached_property
    def _headers(self) -> list[tuple[int, bool]]:
        """The rows that head columns of quantities and of prices, each with whether the quantities stand before."""
        flow = self.rows.layout.printed.flow
        found = []
        for row in range(len(flow.lines)):
            text = self.rows.layout.line_text(row)
            if QUANTITIES.search(text) and PRICES.search(text):
                cells = [self._cell(cell) for cell in flow.cells_of_line(row)]
                prices = [place for place, cell in enumerate(cells) if PRICES.search(cell)]
                quantities = [
                    place
                    for place, cell in enumerate(cells)
                    if place not in prices and QUANTITIES.search(cell)
                ]
                if (
                    quantities
                    and prices
                    and (upright := quantities[-1] < prices[0]) != (prices[-1] < quantities[0])
                ):
                    found.append((row, upright))
        return found

    def _cell(self, cell: int) -> str:
        flow = self.rows.layout.printed.flow
        return self.rows.layout.printed.spelled(flow.cells[cell], flow.cell_end(cell))

    def is_turned(self, line: _Line) -> bool:
        """Whether a line that multiplies has quantity and price the other way round than the headers above it."""
        if not self._headers or self.key_of(line) is None:
            return False
        rows = {each.row: each.upright for each in self._as_written(line)}
        return bool(rows) and all(self.order_at(row) == (not upright) for row, upright in rows.items())

    def _as_written(self, line: _Line) -> list[_Product]:
        """The products that have the numbers of a line where it has them."""
        numbers = line.numbers
        rows = self.rows.printing.get(numbers[-1], ())
        return [
            each for row in rows for each in self._of(row) if tuple(map(Decimal, each.numbers)) == numbers
        ]

    def _described(self, line: _Line) -> set[int]:
        """The rows with numbers that the description of a line stands in, or the one below where those have none."""
        layout, said, found = self.rows.layout, fold(str(line.values["desc"] or "")), set[int]()
        for first, last in layout.printed.folded_text.runs(said) if said else ():
            rows = {layout.line_of(first), layout.line_of(last)} & self.rows.prints.keys()
            found |= rows or {layout.line_of(last) + 1} & self.rows.prints.keys()
        return found

    def order_of(self, line: _Line) -> float:
        """How much a line that multiplies says about where quantities stand: above 0 where before prices."""
        orders = {each.upright for each in self._as_written(line)}
        return MOST_SAID * ((True in orders) - (False in orders))

    def key_of(self, line: _Line) -> _Key | None:
        """The product that a line is, None where it says nothing."""
        qty, price, total = line.numbers
        return None if {qty, price} & _IDLE else (frozenset((qty, price)), total)

    def prints_of(self, key: _Key) -> int:
        """How many rows print a product."""
        return sum(any(each.key == key for each in self._of(row)) for row in self.rows.printing[key[1]])

    def _of(self, row: int) -> list[_Product]:
        if row not in self._products:
            self._products[row] = list(dict.fromkeys(_products(row, self.rows.prints[row][-MOST_PRINTS:])))
        return self._products[row]


def _products(row: int, prints: Sequence[Print]) -> Iterator[_Product]:
    """Each two prints that make a third one, exactly as far as that is printed; the quantity first, then the price."""
    for one, other in combinations(prints, 2):
        for total in prints:
            if total is one or total is other:
                continue
            for a, b, c in product(one.readings, other.readings, total.readings):
                if _make(Decimal(a), Decimal(b), Decimal(c)):
                    yield _Product(row, a, b, c, upright=True)
                    yield _Product(row, b, a, c, upright=False)


def _make(one: Decimal, other: Decimal, total: Decimal) -> bool:
    return not {one, other, total} & _IDLE and abs(one * other - total) <= last_place(total) / 2


# --- which of it the model finds likely --------------------------------------------------------------


def _scored(
    wording: Wording, lines: Sequence[_Line], tried: Mapping[int, Sequence[_Product]]
) -> list[_Reading]:
    """All readings of some lines of one window, scored in one pass: the first of all lines together, and so on."""
    lines = [line for line in lines if line.row in tried]
    most = max((len(tried[line.row]) for line in lines), default=0)
    rewordings = [
        wording.reworded(
            {
                line.names[cell]: number
                for line in lines
                for cell, number in zip(NUMBERS, _at(tried[line.row], place).numbers, strict=True)
            }
        )
        for place in range(most)
    ]
    scores = wording.scored(rewordings) if rewordings else []
    return [
        _reading(line, each, score)
        for line in lines
        for each, score in zip(tried[line.row], scores, strict=False)
    ]


def _at(products: Sequence[_Product], place: int) -> _Product:
    """The product at a place, or the first where there are fewer."""
    return products[place] if place < len(products) else products[0]


def _reading(line: _Line, printed: _Product, score: Scored) -> _Reading:
    logprobs = {cell: score.logprobs.get(name, -math.inf) for cell, name in line.names.items()}
    return _Reading(line, printed, score.log_ratio_of(line.names.values()), logprobs)


def _chosen(readings: Sequence[_Reading], holding: Sequence[_Line], page: _Page) -> Iterator[_Reading]:
    """The likeliest reading of each line, in the order of all lines, of rows that no other line stands in."""
    upright = _is_upright(readings, [page.order_of(line) for line in holding])
    taken = Counter(key for line in holding if (key := page.key_of(line)))
    likely = [
        each
        for each in readings
        if each.log_ratio >= LEAST_LOG_RATIO
        and page.order_at(each.product.row, upright) == each.product.upright
    ]
    read: set[int] = set()
    for each in sorted(likely, key=lambda each: -each.log_ratio):
        key = each.product.key
        if each.line.row not in read and taken[key] < page.prints_of(key):
            read.add(each.line.row)
            taken[key] += 1
            yield each


def _is_upright(readings: Sequence[_Reading], said: Sequence[float]) -> bool:
    """Whether quantities stand before prices, by what all lines say together, and one more: they mostly do."""
    best: dict[int, dict[bool, float]] = {}
    for each in readings:
        ratios = best.setdefault(each.line.row, {True: -math.inf, False: -math.inf})
        ratios[each.product.upright] = max(ratios[each.product.upright], each.log_ratio)
    differences = (_difference(ratios[True], ratios[False]) for ratios in best.values())
    return sum(differences) + sum(said) + MOST_SAID >= 0


def _difference(one: float, other: float) -> float:
    return max(-MOST_SAID, min(MOST_SAID, one - other)) if math.isfinite(max(one, other)) else 0.0


def _exchanged(written: Sequence[Written], chosen: Sequence[_Reading]) -> list[Written]:
    new = {
        path: (Decimal(number), each.logprobs[cell])
        for each in chosen
        for path, cell, number in zip(each.line.paths, NUMBERS, each.product.numbers, strict=True)
    }
    return [
        replace(item, value=new[item.path][0], probability=math.exp(new[item.path][1]))
        if item.path in new and new[item.path][0] != item.value
        else item
        for item in written
    ]


def _changes(chosen: Sequence[_Reading]) -> Iterator[Settled]:
    for each in sorted(chosen, key=lambda each: each.line.row):
        for path, before, after in zip(each.line.paths, each.line.numbers, each.product.numbers, strict=True):
            if before != Decimal(after):
                yield Settled(path, before, Decimal(after), (LINE_ARITHMETIC,))
