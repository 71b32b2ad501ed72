"""From a model's own probability to a confidence that can be believed: a logistic regression on a few features.

Platt scaling (Platt 1999) with more to go by than the score: how often and in how many pieces the page prints a value,
whether the invoice adds up around it and elsewhere, and how sure the model is of its neighbours and of all the rest.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from finscribe.errors import ModelBroken
from finscribe.files import replace_file

FILE = "confidence.json"

FEWEST_VALUES = 200
"""Below this many values, or with fewer than `FEWEST_OF_A_KIND` right or wrong ones, nothing is fitted."""
FEWEST_OF_A_KIND = 10

RIDGE = 1.0
"""The strength of the L2 penalty, which spares the intercept."""

_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a value and against it.

    `probability` (0 to 1) is the model's own; `places` counts those that print the value, `pieces` the cells that it
    is made of; `inferred` values are chosen from a list; `doubted` and `contradicted` ones take part in a finding, a
    warning or an error, and values of `any_doubted` and `any_contradicted` documents stand in one that has such a
    finding about anything. `neighbours` is the mean `log_odds` of the other values of the same line, party, summary or
    payment, `others` that of the document's other values; each is the value's own where there are no others.
    """

    probability: float
    places: int
    pieces: int
    inferred: bool
    doubted: bool
    contradicted: bool
    any_doubted: bool
    any_contradicted: bool
    neighbours: float
    others: float

    @property
    def vector(self) -> tuple[float, ...]:
        """One, the log odds, and the rest as numbers, in the order of `Calibration.weights`."""
        return (
            1.0,
            log_odds(self.probability),
            math.log1p(self.places),
            self.pieces,
            self.inferred,
            self.doubted,
            self.contradicted,
            self.others,
            self.neighbours,
            self.any_doubted,
            self.any_contradicted,
        )


def log_odds(probability: float) -> float:
    """The logarithm of the odds of a probability, finite for 0 and 1 too."""
    sure = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(sure / (1 - sure))


NAMES = (
    "intercept",
    "log_odds",
    "places",
    "pieces",
    "inferred",
    "doubted",
    "contradicted",
    "others",
    "neighbours",
    "any_doubted",
    "any_contradicted",
)
_LATER = dict.fromkeys(("others", "neighbours", "any_doubted", "any_contradicted"), 0.0)
"""The weights of features that older calibrations do not have."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted weights `[features]`, and how many values they were fitted to."""

    weights: tuple[float, ...]
    values: int

    def confidence(self, features: Features) -> float:
        """The chance that a value is right, between 0 and 1."""
        odds = sum(weight * feature for weight, feature in zip(self.weights, features.vector, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))

    def write(self, folder: Path) -> None:
        """Saves it beside a model's weights, where loading the model finds it."""
        said = {"weights": dict(zip(NAMES, self.weights, strict=True)), "values": self.values}
        replace_file(folder / FILE, [json.dumps(said, indent=2).encode(), b"\n"])


def read_calibration(folder: Path) -> Calibration | None:
    """What a model folder holds, None where it has none; raises ModelBroken for one that is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text("utf-8"))
        known = _LATER | said["weights"]
        weights = tuple(float(known[name]) for name in NAMES)
        return Calibration(weights, int(said["values"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelBroken(
            f"{path} is no calibration: {error!r}",
            hint="Remove the file, and `finscribe models calibrate` writes a new one.",
        ) from error


def fit_calibration(features: Sequence[Features], right: Sequence[bool]) -> Calibration | None:
    """The most likely weights under a ridge penalty; None where there are too few values to go by."""
    import numpy as np
    from scipy.optimize import minimize

    if len(right) < FEWEST_VALUES or min(sum(right), len(right) - sum(right)) < FEWEST_OF_A_KIND:
        return None
    x = np.array([each.vector for each in features], dtype=np.float64)
    sign = np.where(right, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = sign * (x @ weights)
        spared = np.append(0.0, weights[1:])
        slope = -(x.T @ (sign / (1 + np.exp(np.minimum(margins, 500.0)))))
        return float(np.logaddexp(0, -margins).sum() + RIDGE / 2 * spared @ spared), slope + RIDGE * spared

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B")
    return Calibration(tuple(map(float, found.x)), len(right))
