"""From a value to where it is printed and how sure the model was.

Every value of an answer gets an `Evidence`: the places in the text (and on the page) that print it, the
likeliest first, and the probability that the model gave it before the grammar's mask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from finscribe.decoding.merging import Written
from finscribe.decoding.printed import Printed, Run, find_text
from finscribe.documents import Box, Document
from finscribe.invoice import LINES, Kind, Value, kind_of


class Support(StrEnum):
    """What a value rests on."""

    PRINTED = "printed"
    """The document prints it, at `Evidence.places`."""
    INFERRED = "inferred"
    """Chosen from a fixed list: document type and currency."""
    ABSENT = "absent"
    """Nothing is printed: the value is null."""
    UNGROUNDED = "ungrounded"
    """Written freely by the model and not found on the page (only with grounding switched off)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One stretch of print: characters `start:end` of the text; the page and one box a line where known."""

    start: int
    end: int
    page: int | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one value rests on.

    `places` has one entry for every place that prints the value, the likeliest first; an entry has more than one
    stretch when the value is pieced together. `probability` (0 to 1) is the model's own, before the mask;
    `confidence` is the same figure until a calibration is fitted to it.
    """

    path: str
    value: Value
    support: Support
    probability: float
    confidence: float
    places: tuple[tuple[Place, ...], ...] = ()


def find_evidence(written: Sequence[Written], document: Document, printed: Printed) -> dict[str, Evidence]:
    """The evidence of every value, by its path, in the order of the answer."""
    found: dict[str, Evidence] = {}
    anchors = _Anchors(printed.text)
    for item in written:
        spots = [] if item.value is None else _spots(item, printed)
        spots.sort(key=lambda runs: anchors.distance(item.path, runs))
        if spots:
            anchors.remember(item.path, spots[0])
        places = tuple(tuple(_place(run, document) for run in runs) for runs in spots)
        support = _support(item, bool(places))
        found[item.path] = Evidence(
            item.path, item.value, support, item.probability, item.probability, places
        )
    return found


def _spots(item: Written, printed: Printed) -> list[tuple[Run, ...]]:
    kind = kind_of(item.path)
    if kind is Kind.DOCUMENT_TYPE:
        return []
    if kind in (Kind.SPAN, Kind.PHRASE):
        return find_text(printed, str(item.value))
    return [(Run(*spot),) for spot in printed.spots(kind, item.value)]


def _support(item: Written, is_printed: bool) -> Support:
    if item.value is None:
        return Support.ABSENT
    if kind_of(item.path).inferred:
        return Support.INFERRED
    return Support.PRINTED if is_printed else Support.UNGROUNDED


def _place(run: Run, document: Document) -> Place:
    located = document.locate(run.start, run.end)
    page = next((page.number for page in document.pages if page.start <= run.start < page.end), None)
    return Place(run.start, run.end, page, tuple(box for number, box in located if number == page))


class _Anchors:
    """What was found last, so that the likeliest of several places comes first.

    Cells of a line stand together and lines follow each other; totals stand low on the page, all else high.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_end = 0
        self.rows: Mapping[str, Run] = {}

    def distance(self, path: str, runs: tuple[Run, ...]) -> float:
        start = runs[0].start
        row, _, _ = path.partition("].")
        if path.startswith(LINES):
            anchor = self.rows[row].end if row in self.rows else self.line_end
            return start - anchor if start >= anchor else 1e6 + (anchor - start)
        return -start if path.startswith("financial_summary") else start

    def remember(self, path: str, runs: tuple[Run, ...]) -> None:
        if path.startswith(LINES):
            row, _, _ = path.partition("].")
            self.rows = {**self.rows, row: runs[-1]}
            self.line_end = max(self.line_end, runs[-1].end)
