"""Certified automation: which values may be approved without a look, so that hardly any of them is wrong.

The claim for a field: of the values that are given with a confidence of the threshold or more, at most `rate` are
wrong, and the procedure that chose the threshold errs in at most 1 - `certainty` of all cases. The values have to be
independent draws of what is read later; documents of one vendor are not, so one value of each vendor is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import takewhile
from math import ceil, log
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.invoice import FIELDS

RATE = 0.01
"""Of the approved values that may be wrong, where nothing else is asked for."""
CERTAINTY = 0.95
AUDIT_SHARE = 0.05
"""Of the approved documents that are looked at all the same, so that the claim is audited."""

Unit: TypeAlias = Literal["vendor", "document"]
"""What is taken as independent: `vendor` for claims on vendors never seen, `document` on more of the same vendors."""

GRID: NDArray[np.float64] = np.round(1 - 10 ** (-np.arange(60, -1, -1) / 10), 6)
"""Thresholds from the strictest to the loosest; fixed, for they must not depend on what is right or wrong."""


_ORDER = {field: place for place, field in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Observation:
    """A value that a model gave for a field: how sure it was (0 to 1), whether it was right, of which vendor it is."""

    field: str
    confidence: float
    right: bool
    vendor: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What may be approved of a field; `threshold` is None where the data does not support the claim.

    `values` were given in all, `share` of them would be approved. The claim rests on `independent` values, of which
    `approved` lie above the threshold and `wrong` of these are wrong; then at most `bound` of all such values are.
    `needed` is how many approved values without an error it takes at least.
    """

    field: str
    threshold: float | None
    share: float
    values: int
    independent: int
    approved: int
    wrong: int
    bound: float | None
    needed: int


@dataclass(frozen=True, slots=True)
class Automation:
    """The certificates of all fields, and what they claim: the rate, the certainty (of each alone) and the unit.

    `left_out` is how many vendors count nowhere, since the model was trained on them.
    """

    rate: float
    certainty: float
    unit: Unit
    source: str
    certificates: tuple[Certificate, ...]
    audit_share: float = AUDIT_SHARE
    left_out: int = 0

    def approves(self, field: str, confidence: float) -> bool:
        """Whether a value may pass without a look."""
        return any(
            each.field == field and each.threshold is not None and confidence >= each.threshold
            for each in self.certificates
        )

    def audits(self, document: str) -> bool:
        """Whether a document is looked at though it is approved: drawn by its text, and so always the same ones."""
        drawn = int.from_bytes(sha256(document.encode("utf-8", "replace")).digest()[:8], "big") / 2**64
        return drawn < self.audit_share


def certify_all(
    observations: Sequence[Observation],
    source: str,
    *,
    rate: float = RATE,
    certainty: float = CERTAINTY,
    unit: Unit = "vendor",
    seed: int = 0,
) -> Automation:
    """A certificate for every field that values were given for, from validation predictions named by `source`."""
    fields: dict[str, list[Observation]] = {}
    for each in observations:
        fields.setdefault(each.field, []).append(each)
    certificates = tuple(
        certify(fields[field], rate=rate, certainty=certainty, unit=unit, seed=seed)
        for field in sorted(fields, key=lambda field: _ORDER.get(field, len(_ORDER)))
    )
    return Automation(rate, certainty, unit, source, certificates)


def certify(
    values: Sequence[Observation],
    *,
    rate: float = RATE,
    certainty: float = CERTAINTY,
    unit: Unit = "vendor",
    seed: int = 0,
) -> Certificate:
    """The loosest certified threshold of one field, all `values` being of that field.

    Fixed-sequence testing of thresholds from strict to loose (Learn then Test, Angelopoulos et al. 2021), each with
    the exact binomial test that the bound of Clopper and Pearson (1934) inverts. It begins with the first threshold
    that approves enough values for any claim; the certainty is exact where no threshold is riskier than a looser one.
    Raises `IndexError` where there are no values.
    """
    sample = one_of_each(values, seed) if unit == "vendor" else values
    needed = ceil(log(1 - certainty) / log(1 - rate))
    tests = (test for test in _tests(sample) if test.approved >= needed)
    held = list(takewhile(lambda test: test.holds(rate, certainty), tests))
    nothing = Certificate(values[0].field, None, 0.0, len(values), len(sample), 0, 0, None, needed)
    if not held:
        return nothing
    # Of thresholds that approve the same values the strictest: below it nothing was seen.
    loosest = next(test for test in held if test.approved == held[-1].approved)
    return replace(
        nothing,
        threshold=loosest.threshold,
        share=float(np.mean([each.confidence >= loosest.threshold for each in values])),
        approved=loosest.approved,
        wrong=loosest.wrong,
        bound=upper_bound(loosest.wrong, loosest.approved, certainty),
    )


def one_of_each(values: Sequence[Observation], seed: int) -> list[Observation]:
    """One value of each vendor, drawn at random."""
    vendors: dict[str, list[Observation]] = {}
    for each in values:
        vendors.setdefault(each.vendor, []).append(each)
    rng = np.random.default_rng(seed)
    return [found[rng.integers(len(found))] for found in vendors.values()]


def upper_bound(wrong: int, approved: int, certainty: float) -> float:
    """The one-sided bound of Clopper and Pearson (1934) on a share of which `wrong` in `approved` were seen."""
    from scipy.stats import beta

    return 1.0 if wrong >= approved else float(beta.ppf(certainty, wrong + 1, approved - wrong))


@dataclass(frozen=True, slots=True)
class _Test:
    """A threshold, how many values it approves, and how many of these are wrong."""

    threshold: float
    approved: int
    wrong: int

    def holds(self, rate: float, certainty: float) -> bool:
        return upper_bound(self.wrong, self.approved, certainty) <= rate


def _tests(sample: Sequence[Observation]) -> list[_Test]:
    """One test for each threshold, the strictest first."""
    confidences = np.array([each.confidence for each in sample])
    wrong = np.array([not each.right for each in sample])
    approved = [confidences >= threshold for threshold in GRID]
    return [
        _Test(float(threshold), int(above.sum()), int(wrong[above].sum()))
        for threshold, above in zip(GRID, approved, strict=True)
    ]
