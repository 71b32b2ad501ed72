"""From the model's answers to values: parsed, and the windows of a long document put together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from finscribe.decoding.answering import Answer
from finscribe.decoding.grammar import Grounding
from finscribe.decoding.printed import Printed, find_text
from finscribe.decoding.windows import Window
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import CELLS, LINES, Kind, Truth, Value, cells_of, kind_of


@dataclass(frozen=True, slots=True)
class Written:
    """A value as the model wrote it: its path, and the probability (0 to 1) that it gave to it."""

    path: str
    value: Value
    probability: float


def read_answer(answer: Answer, grounding: Grounding) -> list[Written]:
    """The values of an answer. One written without a grammar may not be JSON: then there are none."""
    if grounding is not Grounding.OFF:
        pairs = zip(answer.values, answer.probabilities, strict=True)
        return [Written(path, _value(written), chance) for (path, written), chance in pairs]
    try:
        truth = Truth.read(answer.text)
    except InvoiceShapeError:
        return []
    known = dict(zip((path for path, _ in answer.values), answer.probabilities, strict=True))
    return [Written(path, value, known.get(path, 0.0)) for path, value in _flat(truth)]


def _value(written: str) -> Value:
    if written == "null":
        return None
    try:
        return str(json.loads(written)) if written.startswith('"') else Decimal(written)
    except (ValueError, InvalidOperation):
        return None


def _flat(truth: Truth) -> Iterator[tuple[str, Value]]:
    yield from truth.values.items()
    for row, line in enumerate(truth.lines or ()):
        yield from ((f"{LINES}[{row}].{cell}", line[cell]) for cell in CELLS if cell in line)


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
            if not item.path.startswith(LINES) and _better(item, header.get(item.path)):
                header[item.path] = item
        rows += _rows_of(part, window, text)
    lines = [
        replace(item, path=f"{LINES}[{number}].{item.path.partition('].')[2]}")
        for number, row in enumerate(rows)
        for item in row
    ]
    return [*header.values(), *lines]


def _better(item: Written, than: Written | None) -> bool:
    if than is None:
        return True
    return (item.value is not None, item.probability) > (than.value is not None, than.probability)


def _rows_of(part: Sequence[Written], window: Window, text: str) -> Iterator[list[Written]]:
    """The lines of a window that stand in its own part of the text."""
    printed = Printed(text[window.start : window.end])
    reached = -1
    for row in _by_row(part):
        reached = place_of_line(row, printed, reached)
        if window.mine_from <= window.start + max(reached, 0) < window.mine_to:
            yield row


def _by_row(part: Iterable[Written]) -> Iterator[list[Written]]:
    rows: dict[str, list[Written]] = {}
    for item in part:
        if item.path.startswith(LINES):
            rows.setdefault(item.path.partition("]")[0], []).append(item)
    return iter(rows.values())


def complete(written: Sequence[Written], request: Sequence[str]) -> list[Written]:
    """The values asked for, in the order of the schema; one that was not written is null, with probability 0.

    That happens where the limit of tokens cut the answer off, and where no grammar made it JSON.
    """
    known = {item.path: item for item in written}
    rows = dict.fromkeys(item.path.partition("]")[0] for item in written if item.path.startswith(LINES))
    cells = cells_of(request)
    paths: list[str] = []
    for path in request:
        if path == f"{LINES}.{cells[0] if cells else None}":
            paths += [f"{row}].{cell}" for row in rows for cell in cells]
        elif not path.startswith(LINES):
            paths.append(path)
    return [known.get(path, Written(path, None, 0.0)) for path in paths]


def place_of_line(row: Sequence[Written], printed: Printed, reached: int) -> int:
    """Where a line stands: at the first place of its longest value found behind `reached`, that of the line before."""
    for item in sorted(row, key=lambda item: -len(str(item.value or ""))):
        places = [place for place in _places(item, printed) if place > reached]
        if places:
            return min(places)
    return reached


def _places(item: Written, printed: Printed) -> list[int]:
    if item.value is None:
        return []
    kind = kind_of(item.path)
    if kind in (Kind.SPAN, Kind.PHRASE):
        return [runs[0].start for runs in find_text(printed, str(item.value))]
    return [start for start, _ in printed.spots(kind, item.value)]
