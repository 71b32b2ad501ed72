"""Whether a table has its quantities before its prices, as the headers of its columns say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from finscribe.decoding.labels import PRICES, QUANTITIES, SUM
from finscribe.decoding.rows import Rows


@dataclass(frozen=True, eq=False)
class Columns:
    """The headers of the tables of a page."""

    rows: Rows

    def quantities_first(self, line: int) -> bool | None:
        """Whether quantities stand before prices by the nearest headers above a line of the page; None without such."""
        place = bisect_left(self.headers, line, key=lambda header: header[0]) - 1
        return self.headers[place][1] if place >= 0 else None

    @cached_property
    def headers(self) -> list[tuple[int, bool]]:
        """The lines of the page that head columns of both, each with whether quantities stand before prices."""
        layout = self.rows.layout
        wordy = (line for line in range(len(layout.lines)) if line not in self.rows.prints)
        found = [
            (line, quantities_first(self._cells(line)))
            for line in wordy
            if _names_both(layout.line_text(line))
        ]
        return [(line, order) for line, order in found if order is not None]

    def _cells(self, line: int) -> list[str]:
        return [
            self.rows.layout.cell_text(cell) for cell in self.rows.layout.printed.flow.cells_of_line(line)
        ]


def _names_both(text: str) -> bool:
    return PRICES.search(text) is not None and QUANTITIES.search(text) is not None


def quantities_first(headers: Sequence[str]) -> bool | None:
    """Whether all quantities that these headers name stand before all prices; None where they do not say."""
    prices = [place for place, text in enumerate(headers) if PRICES.search(text) and not SUM.search(text)]
    quantities = [
        place for place, text in enumerate(headers) if QUANTITIES.search(text) and not PRICES.search(text)
    ]
    if not prices or not quantities:
        return None
    if quantities[-1] < prices[0]:
        return True
    return False if prices[-1] < quantities[0] else None
