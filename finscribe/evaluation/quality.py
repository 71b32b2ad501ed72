"""What can be said of answers without knowing the truth: form, grounding, arithmetic, speed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from finscribe.evaluation.predictions import Prediction
from finscribe.evidence import Support
from finscribe.invoice import Invoice

SUMS = frozenset({"line-arithmetic", "sum-of-lines", "total", "tax-amount"})
"""The findings that say that sums do not add up."""


@dataclass(slots=True)
class Quality:
    """Counts over the answers of a system."""

    documents: int = 0
    valid_json: int = 0
    incomplete: int = 0
    failed: int = 0
    values: int = 0
    grounded: int = 0
    checkable: int = 0
    consistent: int = 0
    forward_passes: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def add(self, prediction: Prediction, invoice: Invoice) -> None:
        """Counts one answer."""
        self.documents += 1
        self.valid_json += prediction.valid_json
        self.incomplete += not prediction.complete
        self.failed += prediction.error is not None
        if prediction.error:
            self.errors[prediction.error] = self.errors.get(prediction.error, 0) + 1
        given = [found for found in prediction.evidence.values() if found.value is not None]
        self.values += len(given)
        self.grounded += sum(found.support is not Support.UNGROUNDED for found in given)
        if can_be_checked(invoice):
            self.checkable += 1
            self.consistent += not any(_is_wrong_sum(finding) for finding in prediction.findings)
        self.forward_passes += prediction.forward_passes
        self.seconds += prediction.seconds
        self.latencies.append(prediction.latency)


def can_be_checked(invoice: Invoice) -> bool:
    """Whether an answer has amounts that have to agree: within a line, or lines and totals."""
    summary = invoice.financial_summary
    totals = [summary.subtotal, summary.grand_total]
    return (
        any(None not in (line.qty, line.unit_price, line.line_total) for line in invoice.line_items)
        or (any(line.line_total is not None for line in invoice.line_items) and totals != [None, None])
        or None not in totals
    )


def _is_wrong_sum(finding: Mapping[str, str]) -> bool:
    return finding["severity"] == "error" and finding["code"] in SUMS
