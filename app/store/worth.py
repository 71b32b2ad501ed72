"""How much a review is expected to bring: how many values of a document are probably wrong.

Each value counts with the probability that it is wrong (1 - its confidence). A finding of severity `error` says that
at least one value is wrong whatever the confidences say, and a vendor of whom nothing was approved yet has a layout
that nobody has taught the model: both count as one value more.
"""

from collections.abc import Iterable, Mapping

from finscribe.evidence import Evidence
from finscribe.folding import fold
from finscribe.invoice import Invoice
from finscribe.validate import Finding

OF_A_FINDING = 1.0
OF_A_NEW_VENDOR = 1.0


def doubt(evidence: Mapping[str, Evidence]) -> float:
    """How many values are expected to be wrong, going by their confidences alone."""
    return sum(1 - found.confidence for found in evidence.values())


def failing(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that say that something is wrong: of the checks that fail."""
    return [finding for finding in findings if finding.is_error]


def errors(findings: Iterable[Finding]) -> int:
    """How many findings say that something is wrong."""
    return len(failing(findings))


def worth(doubt: float, errors: int, *, new_vendor: bool) -> float:
    """The values expected to be wrong: the more, the sooner a document is worth a look."""
    return doubt + OF_A_FINDING * errors + OF_A_NEW_VENDOR * new_vendor


def vendor_key(invoice: Invoice) -> str | None:
    """What the same vendor has in common on all its invoices: its tax id, else its name."""
    for value in (invoice.vendor.tax_id, invoice.vendor.name):
        if value and (key := fold(value)):
            return key[:255]
    return None
