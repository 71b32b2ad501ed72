"""Whether one system reads better than another on the same documents.

Documents of one vendor look alike, so vendors are drawn and not documents: the cluster bootstrap (Davison and Hinkley
1997, section 3.8), with percentile intervals (Efron and Tibshirani 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float]
Measure: TypeAlias = Callable[[Array], Array]
"""From sums of counts, `[any, ...]`, to figures, `[any]`; NaN where nothing was counted that says something."""

SAMPLES = 2_000
_BLOCK = 250
"""Samples drawn at once, so that ten thousand vendors fit into memory."""


@dataclass(frozen=True, slots=True)
class Resampled:
    """Sums of counts over the documents of each cluster, `[clusters, ...]`, and of resampled ones, `[samples, ...]`."""

    clusters: Array
    samples: Array

    def telling(self, measure: Measure) -> int:
        """How many clusters say something of what is measured."""
        return int((~np.isnan(measure(self.clusters))).sum())

    def interval(self, measure: Measure) -> Interval | None:
        """The 95% interval; None where one cluster is telling at most: then nothing can be said about others."""
        return interval(measure(self.samples)) if self.telling(measure) > 1 else None

    def p_value(self, measure: Measure) -> float | None:
        """That of a difference; None where one cluster is telling at most."""
        return two_sided_p(measure(self.samples)) if self.telling(measure) > 1 else None


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which documents belong together: `of[i]` is the cluster of document i, 0 to `count` - 1."""

    of: NDArray[np.intp]
    count: int

    @classmethod
    def by_name(cls, names: list[str]) -> Clusters:
        """Documents of the same name (the vendor family) are one cluster."""
        # As objects: in an array of text each name takes the room of the longest.
        found, of = np.unique(np.array(names, dtype=object), return_inverse=True)
        return cls(of.astype(np.intp), len(found))

    def resample(self, counts: Array, samples: int = SAMPLES, seed: int = 0) -> Resampled:
        """Sums of `counts` (shape `[documents, ...]`) by cluster, and over documents of resampled clusters."""
        sums = np.zeros((self.count, *counts.shape[1:]))
        np.add.at(sums, self.of, counts)
        flat = sums.reshape(self.count, -1)
        drawn = np.concatenate([weights @ flat for weights in self._weights(samples, seed)])
        return Resampled(sums, drawn.reshape(samples, *counts.shape[1:]))

    def _weights(self, samples: int, seed: int) -> Iterator[Array]:
        """How often each cluster is drawn, `[block, clusters]` at a time."""
        rng = np.random.default_rng(seed)
        for start in range(0, samples, _BLOCK):
            size = min(_BLOCK, samples - start)
            yield rng.multinomial(self.count, np.full(self.count, 1 / self.count), size).astype(float)


def interval(drawn: Array, level: float = 0.95) -> Interval:
    """The percentile interval of resampled values; samples that say nothing (NaN) are left out."""
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def two_sided_p(differences: Array) -> float:
    """How often resampled differences lie on the other side of 0, twice; never 0, for samples are finite.

    Samples that say nothing (NaN) are left out.
    """
    beyond = min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (int((~np.isnan(differences)).sum()) + 1))


def ratio(part: Array, whole: Array) -> Array:
    """Part by whole, NaN where that is 0."""
    nothing = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


def mcnemar(only_one: int, only_other: int) -> float:
    """The exact p-value of McNemar's test (1947), given how many documents only one of two systems had right.

    It takes the documents as independent.
    """
    from scipy.stats import binomtest

    if not only_one + only_other:
        return 1.0
    found: Any = binomtest(only_one, only_one + only_other, 0.5)
    return float(found.pvalue)
