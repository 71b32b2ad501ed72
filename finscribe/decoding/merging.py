"""From the model's answers to values: parsed, and the windows of a long document put together."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from finscribe.decoding.answering import Answer
from finscribe.decoding.grammar import Grounding
from finscribe.decoding.printed import Printed, find_value
from finscribe.decoding.windows import Window
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import CELLS, LINES, Truth, Value, cell_path, cells_of, kind_of, row_and_cell


class Origin(NamedTuple):
    """The window that a value was read in, and its path in the answer to that, which lines may leave."""

    window: int
    path: str


@dataclass(frozen=True, slots=True)
class Written:
    """A value as the model wrote it: its path, and the probability (0 to 1) that it gave to it.

    `rejected` is what stood in the place of a null and is printed nowhere, as JSON.
    """

    path: str
    value: Value
    probability: float
    origin: Origin | None = None
    rejected: str | None = None


def read_answer(answer: Answer, grounding: Grounding, window: int = 0) -> list[Written]:
    """The values of an answer. One written without a grammar may not be JSON: then there are none."""
    if grounding is not Grounding.OFF:
        pairs = zip(answer.values, answer.probabilities, strict=True)
        rejected = {each.path: each.json for each in answer.rejected}
        return [
            Written(path, read_value(written), probability, Origin(window, path), rejected.get(path))
            for (path, written), probability in pairs
        ]
    try:
        truth = Truth.read(answer.text)
    except InvoiceShapeError:
        return []
    known = dict(zip((path for path, _ in answer.values), answer.probabilities, strict=True))
    return [Written(path, value, known.get(path, 0.0)) for path, value in _flat(truth)]


def exchanged(written: Iterable[Written], new: Mapping[str, tuple[Value, float]]) -> list[Written]:
    """The values, some of them others: those, with their log probabilities, by their paths."""
    return [
        replace(item, value=new[item.path][0], probability=math.exp(new[item.path][1]))
        if item.path in new and new[item.path][0] != item.value
        else item
        for item in written
    ]


def read_value(written: str) -> Value:
    """A value of its JSON; None for what is none."""
    if written == "null":
        return None
    try:
        return str(json.loads(written)) if written.startswith('"') else Decimal(written)
    except (ValueError, InvalidOperation):
        return None


def _flat(truth: Truth) -> Iterator[tuple[str, Value]]:
    yield from truth.values.items()
    for row, line in enumerate(truth.lines or ()):
        yield from ((cell_path(row, cell), line[cell]) for cell in CELLS if cell in line)


def merge(parts: Sequence[Sequence[Written]], windows: Sequence[Window], text: str) -> list[Written]:
    """One answer from those of a document's windows.

    Of a header field the likeliest value that is not null counts. A line counts in the window to which its place
    belongs, so that a line in an overlap is neither lost nor doubled.
    """
    if len(parts) == 1:
        return list(parts[0])
    header: dict[str, Written] = {}
    rows: list[list[Written]] = []
    for part, window in zip(parts, windows, strict=True):
        for item in part:
            if row_and_cell(item.path) is None and _better(item, header.get(item.path)):
                header[item.path] = item
        if not window.header_only:  # one that nothing holds to its request may list lines all the same
            rows += _rows_of(part, window, text)
    return [*header.values(), *_numbered(rows)]


def without_repeats(written: Sequence[Written], printed: Printed) -> list[Written]:
    """Equal lines no more often than the page prints their text: small models write some twice, or in circles."""
    rows, kept = Counter[tuple[object, ...]](), []
    for row in _by_row(written):
        line = tuple((place[1], item.value) for item in row if (place := row_and_cell(item.path)))
        rows[line] += 1
        if rows[line] == 1 or rows[line] <= _times_printed(row, printed):
            kept.append(row)
    return [*(item for item in written if row_and_cell(item.path) is None), *_numbered(kept)]


def _times_printed(row: Sequence[Written], printed: Printed) -> float:
    """How many places print the text of a line; without end where it has none."""
    texts = [item for item in row if isinstance(item.value, str)]
    return min((len(set(_places(item, printed))) for item in texts), default=math.inf)


def _numbered(rows: Iterable[Sequence[Written]]) -> Iterator[Written]:
    """The values of lines under their place among them."""
    for number, row in enumerate(rows):
        for item in row:
            if place := row_and_cell(item.path):
                yield replace(item, path=cell_path(number, place[1]))


def _better(item: Written, than: Written | None) -> bool:
    if than is None:
        return True
    return (item.value is not None, item.probability) > (than.value is not None, than.probability)


def _rows_of(part: Sequence[Written], window: Window, text: str) -> Iterator[list[Written]]:
    """The lines of a window that stand in its own part of the text."""
    printed = Printed(text).part(window.start, window.end)
    reached = -1
    for row in _by_row(part):
        reached = place_of_line(row, printed, reached)
        if window.mine_from <= window.start + max(reached, 0) < window.mine_to:
            yield row


def _by_row(part: Iterable[Written]) -> Iterator[list[Written]]:
    rows: dict[int, list[Written]] = {}
    for item in part:
        if place := row_and_cell(item.path):
            rows.setdefault(place[0], []).append(item)
    return iter(rows.values())


def complete(written: Sequence[Written], request: Sequence[str]) -> list[Written]:
    """The values asked for, in the order of the schema; one that was not written is null, with probability 0.

    That happens where the limit of tokens cut the answer off, and where no grammar made it JSON.
    """
    known = {item.path: item for item in written}
    rows = dict.fromkeys(place[0] for item in written if (place := row_and_cell(item.path)))
    cells = cells_of(request)
    paths: list[str] = []
    for path in request:
        if path == f"{LINES}.{cells[0] if cells else None}":
            paths += [cell_path(row, cell) for row in rows for cell in cells]
        elif not path.startswith(LINES):
            paths.append(path)
    return [known.get(path, Written(path, None, 0.0)) for path in paths]


def place_of_line(row: Sequence[Written], printed: Printed, reached: int) -> int:
    """Where a line stands: at a place of its longest value found behind `reached`, that of the line before.

    Of several it is the first one on the line of the text that prints most of its cells; headers may name an item, too.
    """
    cells = [_places(item, printed) for item in sorted(row, key=lambda item: -len(str(item.value or "")))]
    for places in cells:
        behind = sorted(place for place in places if place > reached)
        if behind:
            return _on_fullest_line(behind, cells, printed.text)
    return reached


def _on_fullest_line(places: Sequence[int], cells: Sequence[Sequence[int]], text: str) -> int:
    """The first of some places whose line of the text prints most cells, of each of which the places are given."""
    if len(places) == 1:
        return places[0]
    printing = Counter(line for each in cells for line in {_line_start(place, text) for place in each})
    return max(places, key=lambda place: printing[_line_start(place, text)])


def _line_start(place: int, text: str) -> int:
    return text.rfind("\n", 0, place) + 1


def _places(item: Written, printed: Printed) -> list[int]:
    return [runs[0].start for runs in find_value(printed, kind_of(item.path), item.value)]
