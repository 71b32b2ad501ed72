"""Lines by what their rows print: two numbers and, in the same row, what they make.

Where the quantity, the price and the total of a line do not multiply, its row often prints three numbers that do, and
hardly ever by chance. Those are scored by the model, for several lines at once, and taken where it does not find them
out of the question. Which of the two is the quantity, the headers of their columns say, or else all lines of a document
together. No number is ever computed: where a row prints no such three, or the model does not find them likely enough,
the line stays as it was written.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from finscribe.arithmetic import COLUMN_ORDER, Settled, identity_findings
from finscribe.decoding.choices import Scored, Wording
from finscribe.decoding.columns import Columns
from finscribe.decoding.merging import Origin, Written, exchanged
from finscribe.decoding.products import IDLE, Key, Product, Products, key_of
from finscribe.decoding.rows import LEAST_LOG_RATIO_IN_ROWS, NUMBERS, Rows
from finscribe.folding import fold
from finscribe.invoice import Value, build_invoice, cell_path, row_and_cell
from finscribe.validate import Finding, quantity_times_price, validate

LINE_ARITHMETIC = "line-arithmetic"
"""The code of the finding for which lines are read by their rows."""

MOST_TRIED = 7
"""How many ways to read one line are scored, those first that agree most with what was written."""

LINES_AT_ONCE = 12
"""How many lines are scored in one pass."""

LEAST_IN_COMMON = 2
"""How many of its description, quantity, price and total a line has in its row at least."""

MOST_SAID = 5.0
"""How much one line says at most about where quantities stand, as a difference of log probabilities."""

USUAL = 2.5
"""How much it says that quantities stand before prices on most pages."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the invoice: its number, the window and the paths that its numbers have in the answer, its values.

    `finding` says that it does not multiply; None where it does.
    """

    number: int
    window: int
    names: Mapping[str, str]
    desc: Value
    numbers: tuple[Decimal, ...]
    finding: Finding | None

    @property
    def paths(self) -> tuple[str, ...]:
        """Those of its quantity, its price and its total."""
        return _paths(self.number)

    @property
    def key(self) -> Key | None:
        """The product that it is; None where it does not multiply, or says nothing."""
        return None if self.finding or set(self.numbers) & IDLE else key_of(self.numbers)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line as a row prints it, and how likely that is; `logprobs` are those of its numbers by their cells.

    They stand behind what the other lines were tried as together with it.
    """

    line: _Line
    product: Product
    log_ratio: float
    logprobs: Mapping[str, float]

    @property
    def changes_total(self) -> bool:
        """Whether the total of the line is another one by it."""
        return self.line.numbers[-1] != self.product.numbers[-1]


def read_products(
    written: Sequence[Written], wordings: Sequence[Wording], rows: Rows
) -> tuple[list[Written], tuple[Settled, ...]]:
    """The values of a document, with lines that do not multiply read as their rows print them, and what changed.

    So are lines that multiply, but have quantity and price the other way round than the headers of their columns.
    `wordings` are the answers that the values came from, one for each window. The model runs once for each few lines
    to be read so in a window, and not at all where there are none.
    """
    lines, page = list(_lines(written)), _Page(rows)
    to_read = [line for line in lines if line.finding or page.is_turned(line)]
    tried = {line.number: found for line in to_read if (found := page.products_for(line))}
    readings = list(_scored(wordings, [line for line in to_read if line.number in tried], tried))
    chosen = list(_chosen(readings, lines, page)) if readings else []
    kept = _without_new_errors(written, chosen)
    return exchanged(written, _new(kept)), tuple(_changes(kept))


def _lines(written: Sequence[Written]) -> Iterator[_Line]:
    """The lines whose three numbers were written in one window."""
    values, origins = {item.path: item.value for item in written}, dict[int, dict[str, Origin]]()
    for item in written:
        place = row_and_cell(item.path)
        if place and place[1] in NUMBERS and isinstance(item.value, Decimal) and item.origin:
            origins.setdefault(place[0], {})[place[1]] = item.origin
    findings = {each.fields: each for each in validate(build_invoice(values), rules=(quantity_times_price,))}
    for number, cells in origins.items():
        if len(cells) == len(NUMBERS) and len({origin.window for origin in cells.values()}) == 1:
            yield _Line(
                number,
                cells[NUMBERS[0]].window,
                {cell: origin.path for cell, origin in cells.items()},
                values.get(cell_path(number, "desc")),
                tuple(value for path in _paths(number) if isinstance(value := values[path], Decimal)),
                findings.get(_paths(number)),
            )


def _paths(number: int) -> tuple[str, ...]:
    return tuple(cell_path(number, cell) for cell in NUMBERS)


# --- what rows print ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Page:
    """What the rows of a page say about lines."""

    rows: Rows
    _known: dict[tuple[Decimal, ...], set[tuple[bool, bool | None]]] = field(default_factory=dict)

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.rows)

    @cached_property
    def products(self) -> Products:
        return Products(self.rows)

    def is_turned(self, line: _Line) -> bool:
        """Whether a line that multiplies has quantity and price the other way round than the headers above it."""
        if not self.columns.headers or line.key is None:
            return False
        orders = self._orders(line)
        return bool(orders) and all(headed == (not printed) for printed, headed in orders)

    def order_said(self, line: _Line) -> float:
        """How much a line that multiplies says about where quantities stand: above 0 where before prices."""
        printed = {first for first, _ in self._orders(line)}
        return MOST_SAID * ((True in printed) - (False in printed))

    def _orders(self, line: _Line) -> set[tuple[bool, bool | None]]:
        """For the prints of the product that a line is, whether the quantity is the first, and so by the headers."""
        if line.numbers not in self._known:
            printing = self.products.printing(line.key) if line.key else []
            self._known[line.numbers] = {
                (each.qty_first, self.columns.quantities_first(each.line))
                for each in printing
                if each.numbers == line.numbers
            }
        return self._known[line.numbers]

    def products_for(self, line: _Line) -> list[Product]:
        """What the rows print that a line may stand in, those first that agree most with it."""
        common = self.rows.in_common(line.numbers)
        common.update(self._described(fold(str(line.desc or ""))))
        likeliest = sorted(row for row in common if common[row] >= LEAST_IN_COMMON)
        found: dict[tuple[str, str, str], Product] = {}
        for row in sorted(likeliest, key=lambda row: -common[row]):
            fitting = [each for each in self.products.of(row) if self._fits(each, line)]
            for each in sorted(fitting, key=lambda each: -len({*each.numbers} & {*line.numbers})):
                found.setdefault(each.json, each)
            if len(found) >= MOST_TRIED:
                break
        return list(found.values())[:MOST_TRIED]

    def _fits(self, found: Product, line: _Line) -> bool:
        """Whether a product is in the order of its headers, and not merely what a line is before its discount."""
        order = self.columns.quantities_first(found.line)
        return order in (None, found.qty_first) and not self._is_reduced(found, line)

    def _is_reduced(self, found: Product, line: _Line) -> bool:
        """Whether a row prints what leads from quantity times price to the total as it was written."""
        total, written = found.numbers[-1], line.numbers[-1]
        if total == written or found.numbers[:-1] != line.numbers[:-1]:
            return False
        reductions = {abs(total - written), round(100 * (1 - written / total), 2)}
        return not reductions.isdisjoint(self._also_printed(found))

    def _also_printed(self, found: Product) -> set[Decimal]:
        """The numbers of a row, percentages among them, but those of a product itself."""
        layout = self.rows.layout
        words = layout.printed.words
        start, end = words[layout.lines[found.line]].start, words[layout.line_end(found.line) - 1].end
        numbers = layout.printed.numbers
        return {abs(each.value) for each in numbers if start <= each.start < end} - {*found.numbers}

    def _described(self, desc: str) -> set[int]:
        """The rows with numbers that a folded description stands in, or the one below where those have none."""
        layout, found = self.rows.layout, set[int]()
        for first, last in layout.printed.folded_text.runs(desc) if desc else ():
            rows = {layout.line_of(first), layout.line_of(last)} & self.rows.prints.keys()
            found |= rows or {layout.line_of(last) + 1} & self.rows.prints.keys()
        return found


# --- which of it the model finds likely --------------------------------------------------------------


def _scored(
    wordings: Sequence[Wording], lines: Sequence[_Line], tried: Mapping[int, Sequence[Product]]
) -> Iterator[_Reading]:
    """All readings of some lines, a few of them scored in one pass."""
    for window, wording in enumerate(wordings):
        here = [line for line in lines if line.window == window]
        for start in range(0, len(here), LINES_AT_ONCE):
            yield from _scored_at_once(wording, here[start : start + LINES_AT_ONCE], tried)


def _scored_at_once(
    wording: Wording, lines: Sequence[_Line], tried: Mapping[int, Sequence[Product]]
) -> Iterator[_Reading]:
    """The first readings of all lines together, then the second ones, and so on."""
    rewordings = [
        wording.reworded(
            {
                line.names[cell]: number
                for line in lines
                for cell, number in zip(NUMBERS, _at(tried[line.number], place).json, strict=True)
            }
        )
        for place in range(max(len(tried[line.number]) for line in lines))
    ]
    scores = wording.scored(rewordings)
    for line in lines:
        for found, score in zip(tried[line.number], scores, strict=False):
            yield _reading(line, found, score)


def _at(products: Sequence[Product], place: int) -> Product:
    """The product at a place, or the first where there are fewer."""
    return products[place] if place < len(products) else products[0]


def _reading(line: _Line, found: Product, score: Scored) -> _Reading:
    logprobs = {cell: score.logprobs.get(name, -math.inf) for cell, name in line.names.items()}
    return _Reading(line, found, score.log_ratio_of(line.names.values()), logprobs)


def _chosen(readings: Sequence[_Reading], lines: Sequence[_Line], page: _Page) -> Iterator[_Reading]:
    """The likeliest reading of each line in the order of its columns, of rows that no other line stands in."""
    read = {each.line.number for each in readings}
    usual = _are_quantities_first(
        readings, [page.order_said(line) for line in lines if line.number not in read]
    )
    taken = Counter(line.key for line in lines if line.key)
    for each in sorted(readings, key=lambda each: -each.log_ratio):
        order = page.columns.quantities_first(each.product.line)
        key, own = each.product.key, each.line.key
        fits = each.product.qty_first == (usual if order is None else order)
        free = taken[key] - (own == key) < page.products.count(key)
        if each.line.number in read and fits and free and each.log_ratio >= LEAST_LOG_RATIO_IN_ROWS:
            read.remove(each.line.number)
            taken[key] += 1
            if own:
                taken[own] -= 1
            yield each


def _are_quantities_first(readings: Sequence[_Reading], said: Sequence[float]) -> bool:
    """Whether quantities stand before prices, by what all lines say together and by what is usual."""
    best: dict[int, dict[bool, float]] = {}
    for each in readings:
        ratios = best.setdefault(each.line.number, {True: -math.inf, False: -math.inf})
        ratios[each.product.qty_first] = max(ratios[each.product.qty_first], each.log_ratio)
    return USUAL + sum(said) + sum(_difference(ratios[True], ratios[False]) for ratios in best.values()) >= 0


def _difference(one: float, other: float) -> float:
    return max(-MOST_SAID, min(MOST_SAID, one - other)) if math.isfinite(max(one, other)) else 0.0


# --- what becomes of it ------------------------------------------------------------------------------


def _without_new_errors(written: Sequence[Written], chosen: Sequence[_Reading]) -> Sequence[_Reading]:
    """The readings; where the invoice does not add up any more with them, those alone that leave totals as they are."""

    def errors(items: Sequence[Written]) -> set[str]:
        found = identity_findings({item.path: item.value for item in items})
        return {finding.code for finding in found if finding.is_error and finding.code != LINE_ARITHMETIC}

    if any(each.changes_total for each in chosen) and errors(exchanged(written, _new(chosen))) - errors(
        written
    ):
        return [each for each in chosen if not each.changes_total]
    return chosen


def _new(chosen: Sequence[_Reading]) -> dict[str, tuple[Value, float]]:
    return {
        path: (number, each.logprobs[cell])
        for each in chosen
        for path, cell, number in zip(each.line.paths, NUMBERS, each.product.numbers, strict=True)
    }


def _changes(chosen: Sequence[_Reading]) -> Iterator[Settled]:
    for each in sorted(chosen, key=lambda each: each.line.number):
        said = LINE_ARITHMETIC if each.line.finding else COLUMN_ORDER
        for path, before, after in zip(each.line.paths, each.line.numbers, each.product.numbers, strict=True):
            if before != after:
                yield Settled(path, before, after, (said,))
