"""Descriptions that stand in the rows of their lines.

Where the numbers of a line stand in one row of a table, and its description is that of another row, or a code in its
own, the cell of its row that says most is its description, if no line has that one and the model does not find it out
of the question. All lines of a window are scored in one pass. Where that is not so, the description stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from finscribe.decoding.choices import Wording
from finscribe.decoding.flow import STRETCH
from finscribe.decoding.labels import QUANTITIES
from finscribe.decoding.merging import Origin, Written, exchanged
from finscribe.decoding.rows import LEAST_LOG_RATIO_IN_ROWS, NUMBERS, Rows
from finscribe.folding import fold
from finscribe.invoice import Value, cell_path, row_and_cell, write_value

LEAST_CELLS = 3
"""Cells of a row of a table."""

LEAST_NUMBERS = 2
"""Numbers of a line that tell which row is its own."""

LEAST_LETTERS = 4
"""Letters of a cell that may be a description; units have fewer."""


@dataclass(frozen=True, slots=True)
class _Misplaced:
    """A description that stands elsewhere than the numbers of its line; the cell of their row that says most."""

    path: str
    origin: Origin
    cell: int
    text: str


def read_descriptions(written: Sequence[Written], wordings: Sequence[Wording], rows: Rows) -> list[Written]:
    """The values of a document, with the descriptions that stand in the rows of their lines.

    `wordings` are the answers that the values came from, one for each window. The model runs once for each window with
    a description that stands elsewhere, and not at all where there is none.
    """
    found = list(_misplaced(written, _Page(rows)))
    likely = {
        each: logprobs
        for window, wording in enumerate(wordings)
        for each, logprobs in _scored(wording, [each for each in found if each.origin.window == window])
    }
    return exchanged(written, dict(_one_each(likely)))


# --- what rows print ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Page:
    """What the rows of a page say about descriptions."""

    rows: Rows
    _stands: dict[str, set[int]] = field(default_factory=dict)
    _rows_of: dict[tuple[Decimal, ...], int | None] = field(default_factory=dict)

    def stands(self, description: Value) -> set[int]:
        """The cells that a description stands in, wherever it is printed as it is written."""
        printed, said = self.rows.layout.printed, fold(str(description or ""))
        if said not in self._stands:
            runs = printed.folded_text.runs(said) if said else ()
            cell_of = printed.flow.cell_of
            self._stands[said] = {
                cell for first, last in runs for cell in range(cell_of(first), cell_of(last) + 1)
            }
        return self._stands[said]

    def row_of(self, numbers: Sequence[Decimal]) -> int | None:
        """The one row that prints most of the numbers of a line; None where there is none, or several."""
        known = tuple(sorted(set(numbers)))
        if known not in self._rows_of:
            (row, count), (_, others) = [*self.rows.in_common(known).most_common(2), (0, 0), (0, 0)][:2]
            self._rows_of[known] = row if count >= LEAST_NUMBERS and count > others else None
        return self._rows_of[known]

    def wordiest_cell(self, row: int, numbers: Sequence[Decimal]) -> int | None:
        """The first cell with most letters in the row of a line with some numbers; None where it is no description."""
        layout = self.rows.layout
        cells = layout.printed.flow.cells_of_line(row)
        letters = {cell: sum(map(str.isalpha, layout.cell_text(cell))) for cell in cells}
        best = max(letters, key=letters.__getitem__)
        enough = len(cells) >= LEAST_CELLS and letters[best] >= LEAST_LETTERS
        return best if enough and self._may_describe(best, row, numbers) else None

    def _may_describe(self, cell: int, row: int, numbers: Sequence[Decimal]) -> bool:
        """Whether a cell prints none of some numbers, names no unit, and is not longer than any description."""
        flow = self.rows.layout.printed.flow
        words = range(flow.cells[cell], flow.cell_end(cell))
        prints = (shown for shown in self.rows.prints[row] if shown.place in words)
        held = any(Decimal(reading) in numbers for shown in prints for reading in shown.readings)
        return (
            not held and len(words) <= STRETCH and not QUANTITIES.fullmatch(self.rows.layout.cell_text(cell))
        )

    def is_beside(self, row: int, cells: set[int]) -> bool:
        """Whether one of some cells stands right above or below a row, by itself and without numbers."""
        flow = self.rows.layout.printed.flow
        lines = {flow.line_of(flow.cells[cell]) for cell in cells}
        alone = (line for line in lines - self.rows.prints.keys() if len(flow.cells_of_line(line)) == 1)
        return any(abs(line - row) == 1 for line in alone)


def _misplaced(written: Sequence[Written], page: _Page) -> Iterator[_Misplaced]:
    values = {item.path: item.value for item in written}
    lines = {place[0]: item for item in written if (place := row_and_cell(item.path)) and place[1] == "desc"}
    taken = {cell for item in lines.values() for cell in page.stands(item.value)}
    for number, item in lines.items():
        stands = page.stands(item.value)
        cells = (values.get(cell_path(number, cell)) for cell in NUMBERS)
        numbers = [value for value in cells if isinstance(value, Decimal)]
        row = page.row_of(numbers)
        if row is not None and stands and item.origin and not page.is_beside(row, stands):
            cell = page.wordiest_cell(row, numbers)
            if cell is not None and cell not in taken:
                yield _Misplaced(item.path, item.origin, cell, page.rows.layout.cell_text(cell))


# --- which of it the model finds likely --------------------------------------------------------------


def _scored(
    wording: Wording, found: Sequence[_Misplaced]
) -> Iterator[tuple[_Misplaced, tuple[float, float]]]:
    """Those of one window that are likely enough, each with how likely, beside what was written and by itself."""
    if not found:
        return
    (score,) = wording.scored(
        [wording.reworded({each.origin.path: write_value(each.text) for each in found})]
    )
    for each in found:
        log_ratio = score.log_ratio_of([each.origin.path])
        if log_ratio >= LEAST_LOG_RATIO_IN_ROWS:
            yield each, (log_ratio, score.logprobs[each.origin.path])


def _one_each(
    likely: Mapping[_Misplaced, tuple[float, float]],
) -> Iterator[tuple[str, tuple[Value, float]]]:
    """The path, text and log probability of the likeliest description for each cell."""
    taken = set[int]()
    for each in sorted(likely, key=lambda each: -likely[each][0]):
        if each.cell not in taken:
            taken.add(each.cell)
            yield each.path, (each.text, likely[each][1])
