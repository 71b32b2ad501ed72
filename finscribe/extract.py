"""THE MAIN PATH: document in, extraction out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from finscribe.evidence import Evidence
from finscribe.invoice import Invoice
from finscribe.validate import Finding


@dataclass(frozen=True, slots=True)
class Extraction:
    """An invoice with what every value rests on.

    `evidence` has an entry for every value asked for, by its path (`line_items[0].qty`); `seconds` the time
    of each stage; `forward_passes` how often the model ran.
    """

    invoice: Invoice
    evidence: Mapping[str, Evidence]
    findings: tuple[Finding, ...]
    model: str
    grounding: str
    seconds: Mapping[str, float]
    forward_passes: int
