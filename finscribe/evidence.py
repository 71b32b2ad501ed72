"""From a value to where it is printed and how sure the model was.

Every value of an answer gets an `Evidence`: the places in the text (and on the page) that print it, the
likeliest first, the probability that the model gave it before the grammar's mask, and the confidence that it deserves
by that and by all else that is known of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from finscribe.agreement import ELECTRONIC_CODES
from finscribe.calibration import Calibration, Features, log_odds
from finscribe.decoding.flow import Run
from finscribe.decoding.merging import Written
from finscribe.decoding.printed import Printed, find_value
from finscribe.documents import Box, Document
from finscribe.invoice import Value, kind_of
from finscribe.occurrence import likeliest_first
from finscribe.validate import Finding

INCOMPLETE = "incomplete"
"""The code of the finding that an answer was cut off."""


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
    `confidence` is the same figure where the model has no calibration.
    """

    path: str
    value: Value
    support: Support
    probability: float
    confidence: float
    places: tuple[tuple[Place, ...], ...] = ()


def find_evidence(written: Sequence[Written], document: Document, printed: Printed) -> dict[str, Evidence]:
    """The evidence of every value, by its path, in the order of the answer."""
    ways = {item.path: find_value(printed, kind_of(item.path), item.value) for item in written}
    ranked = likeliest_first(ways, printed)
    runs = {run for ways in ranked.values() for way in ways for run in way}
    located = {run: _place(run, document) for run in runs}
    found: dict[str, Evidence] = {}
    for item in written:
        places = tuple(tuple(located[run] for run in way) for way in ranked[item.path])
        support = _support(item, bool(places))
        found[item.path] = Evidence(
            item.path, item.value, support, item.probability, item.probability, places
        )
    return found


def calibrated(
    evidence: Mapping[str, Evidence], findings: Sequence[Finding], calibration: Calibration
) -> dict[str, Evidence]:
    """The same evidence with the confidence that a calibration gives it; what is absent keeps its probability."""
    features = features_of(evidence, findings)
    return {
        path: replace(found, confidence=calibration.confidence(features[path])) if path in features else found
        for path, found in evidence.items()
    }


def features_of(evidence: Mapping[str, Evidence], findings: Sequence[Finding]) -> dict[str, Features]:
    """What a calibration goes by, for every value given, by its path.

    Findings about an electronic invoice are left out, for the documents that calibrations are fitted to have none, and
    those about an answer cut off, which say nothing of what stands before its end.
    """
    judged = [finding for finding in findings if finding.code not in {INCOMPLETE, *ELECTRONIC_CODES}]
    at_odds = {
        severity: {path for finding in judged if finding.severity == severity for path in finding.fields}
        for severity in ("warning", "error")
    }
    odds = {path: log_odds(found.probability) for path, found in evidence.items() if found.value is not None}
    document, blocks = _Sum(), defaultdict[str, _Sum](_Sum)
    for path, value in odds.items():
        document.add(value)
        blocks[_block(path)].add(value)
    return {
        path: Features(
            probability=found.probability,
            places=len(found.places),
            pieces=max(map(len, found.places), default=0),
            inferred=found.support is Support.INFERRED,
            doubted=path in at_odds["warning"],
            contradicted=path in at_odds["error"],
            any_doubted=bool(at_odds["warning"]),
            any_contradicted=bool(at_odds["error"]),
            neighbours=blocks[_block(path)].mean_beside(odds[path]),
            others=document.mean_beside(odds[path]),
        )
        for path, found in evidence.items()
        if found.value is not None
    }


def _block(path: str) -> str:
    """The part of an invoice that a value stands in: a line (`line_items[2]`), a party, the summary, the payment.

    Any other value is one by itself.
    """
    return path.partition(".")[0]


@dataclass(slots=True)
class _Sum:
    """Numbers added up, of which each may be taken out again."""

    total: float = 0.0
    count: int = 0

    def add(self, number: float) -> None:
        self.total += number
        self.count += 1

    def mean_beside(self, one: float) -> float:
        """The mean of all but one of them; that one where there are no others."""
        return (self.total - one) / (self.count - 1) if self.count > 1 else one


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
