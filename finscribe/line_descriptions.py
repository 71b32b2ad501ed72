"""Descriptions that stand in the rows of their lines.

Where the numbers of a line stand in one row of a table, and its description in another one or is a code in that row,
the cell of the row that says most is its description, if no line has it and the model does not find it out of the
question. All lines of a window are scored in one pass. Where that is not so, the description stays as it was written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finscribe.decoding.choices import Wording
from finscribe.decoding.merging import Origin, Written
from finscribe.decoding.rows import NUMBERS, Rows
from finscribe.folding import fold
from finscribe.invoice import Value, cell_path, row_and_cell, write_value

LEAST_LOG_RATIO = math.log(5e-5)
"""How likely the description in a row has to be beside the one written, as a difference of log probabilities."""

LEAST_CELLS = 3
"""Cells of a row of a table."""

LEAST_NUMBERS = 2
"""Numbers of a line that tell which row is its own."""

LEAST_LETTERS = 4
"""Letters of a cell that may be a description; units have fewer."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the invoice whose numbers stand in one row: the path of its description, and the cell for it there."""

    path: str
    origin: Origin
    cell: int
    text: str


def read_descriptions(written: Sequence[Written], wordings: Sequence[Wording], rows: Rows) -> list[Written]:
    """The values of a document, with the descriptions that stand in the rows of their lines.

    `wordings` are the answers that the values came from, one for each window. The model runs once for each window with
    a description that stands elsewhere, and not at all where there is none.
    """
    found = list(_misplaced(written, rows))
    likely = {
        row: logprobs
        for window, wording in enumerate(wordings)
        for row, logprobs in _scored(wording, [row for row in found if row.origin.window == window])
    }
    new = {row.path: (row, logprob) for row, logprob in _one_each(likely)}
    return [
        replace(item, value=new[item.path][0].text, probability=math.exp(new[item.path][1]))
        if item.path in new
        else item
        for item in written
    ]


def _misplaced(written: Sequence[Written], rows: Rows) -> Iterator[_Row]:
    """The lines with a description that stands elsewhere than their row has one that no line has."""
    values = {item.path: item.value for item in written}
    descriptions = [item for item in written if (row_and_cell(item.path) or ("", ""))[1] == "desc"]
    stand = {item.path: _cells_of(item.value, rows) for item in descriptions}
    taken = {cell for cells in stand.values() for cell in cells}
    for item in descriptions:
        if stand[item.path] and item.origin:
            place = row_and_cell(item.path)
            assert place is not None  # it is the path of a cell
            cell = _wordiest_cell(_row_of(place[0], values, rows), rows)
            if cell is not None and cell not in taken:
                yield _Row(item.path, item.origin, cell, _text(cell, rows))


def _cells_of(description: Value, rows: Rows) -> set[int]:
    """The cells that a description begins in, wherever it is printed; none of one that is pieced together."""
    printed, said = rows.layout.printed, fold(str(description or ""))
    runs = printed.folded_text.runs(said) if said else ()
    return {printed.flow.cell_of(first) for first, _ in runs}


def _row_of(line: int, values: Mapping[str, Value], rows: Rows) -> int | None:
    """The one row that prints most of the numbers of a line; None where there is none, or several."""
    cells = [values.get(cell_path(line, cell)) for cell in NUMBERS]
    common = rows.in_common(number for number in cells if isinstance(number, Decimal)).most_common(2)
    if not common or common[0][1] < LEAST_NUMBERS or common[0][1] == (common[1:] or [(0, 0)])[0][1]:
        return None
    return common[0][0]


def _wordiest_cell(row: int | None, rows: Rows) -> int | None:
    """The first cell with most letters in a row of a table; None where no cell has enough."""
    cells = rows.layout.printed.flow.cells_of_line(row) if row is not None else range(0)
    letters = {cell: sum(map(str.isalpha, _text(cell, rows))) for cell in cells}
    if len(cells) < LEAST_CELLS or max(letters.values()) < LEAST_LETTERS:
        return None
    return max(letters, key=letters.__getitem__)


def _text(cell: int, rows: Rows) -> str:
    layout = rows.layout
    first = layout.printed.flow.cells[cell]
    return layout.printed.spelled(first, layout.cell_end(first))


def _scored(wording: Wording, found: Sequence[_Row]) -> Iterator[tuple[_Row, tuple[float, float]]]:
    """The lines of one window that are likely enough, with the log probability of the text in their rows beside what
    was written, and by itself."""
    if not found:
        return
    (score,) = wording.scored([wording.reworded({row.origin.path: write_value(row.text) for row in found})])
    for row in found:
        log_ratio = score.log_ratio_of([row.origin.path])
        if log_ratio >= LEAST_LOG_RATIO:
            yield row, (log_ratio, score.logprobs[row.origin.path])


def _one_each(likely: Mapping[_Row, tuple[float, float]]) -> Iterator[tuple[_Row, float]]:
    """The likeliest line for each cell, with the log probability of its text."""
    taken = set[int]()
    for row in sorted(likely, key=lambda row: -likely[row][0]):
        if row.cell not in taken:
            taken.add(row.cell)
            yield row, likely[row][1]
