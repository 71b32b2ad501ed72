"""Whether confidence can be believed, and how much of the work it could take over.

All functions take one entry for each value that was given: its confidence (0 to 1) and whether it was right, arrays of
shape `[values]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Confidences: TypeAlias = NDArray[np.floating]
Verdicts: TypeAlias = NDArray[np.bool_]

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Values whose confidence lies between `low` and `high`: how many, how sure on average, how often right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a threshold approves: the share of all values (`coverage`), and the share of those that is right.

    `accuracy` is None where nothing is approved.
    """

    threshold: float
    coverage: float
    accuracy: float | None
    approved: int


def reliability(confidences: Confidences, right: Verdicts, bins: int = BINS) -> list[Bin]:
    """Values by their confidence, in bins of equal width; empty ones are left out."""
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    return [
        Bin(
            index / bins,
            (index + 1) / bins,
            int(inside.sum()),
            float(confidences[inside].mean()),
            float(right[inside].mean()),
        )
        for index in range(bins)
        if (inside := place == index).any()
    ]


def expected_calibration_error(confidences: Confidences, right: Verdicts, bins: int = BINS) -> float | None:
    """How far confidence is from accuracy, on average over the bins (Naeini et al. 2015); None without values."""
    found = reliability(confidences, right, bins)
    if not found:
        return None
    return sum(each.count * abs(each.accuracy - each.confidence) for each in found) / len(confidences)


def coverage_at(threshold: float, confidences: Confidences, right: Verdicts, total: int) -> Coverage:
    """What would be approved unseen at a threshold, among `total` values: those given and those missed."""
    approved = confidences >= threshold
    count = int(approved.sum())
    accuracy = float(right[approved].mean()) if count else None
    return Coverage(threshold, count / total if total else 0.0, accuracy, count)


def automation_curve(
    confidences: Confidences, right: Verdicts, total: int, points: int = 50
) -> list[Coverage]:
    """Coverage and accuracy at falling thresholds, at most about `points` of them: the risk-coverage curve.

    Values of the same confidence are approved together (El-Yaniv and Wiener 2010).
    """
    if not len(confidences):
        return []
    order = np.argsort(-confidences, kind="stable")
    sorted_confidences, hits = confidences[order], np.cumsum(right[order])
    last_of_equals = np.flatnonzero(np.append(np.diff(sorted_confidences) != 0, True))
    step = max(1, len(last_of_equals) // points)
    chosen = np.union1d(last_of_equals[::step], last_of_equals[-1:])
    return [
        Coverage(
            float(sorted_confidences[place]), (place + 1) / total, float(hits[place] / (place + 1)), place + 1
        )
        for place in map(int, chosen)
    ]
