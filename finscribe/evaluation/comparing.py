"""Two systems on the same documents: what changed, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finscribe.evaluation.columns import CASES, COLUMN, GROUPS, PREDICTED, SUPPORT
from finscribe.evaluation.figures import f1_of_group, macro_f1
from finscribe.evaluation.judging import Judged
from finscribe.invoice import FIELDS
from finscribe.metrics.paired import Array, Clusters, Interval, Measure, Resampled, mcnemar, ratio


@dataclass(frozen=True, slots=True)
class Difference:
    """A score of two systems, 0 to 1, and what the second one gains.

    `points` are hundredths, `percent` is relative to the first (None where that is 0). The 95% `interval` of the
    points and the two-sided `p_value` are those of the vendor-clustered bootstrap over the `vendors` whose documents
    say something of it, None where there is one vendor.
    """

    before: float
    after: float
    points: float
    percent: float | None
    vendors: int
    interval: Interval | None = None
    p_value: float | None = None

    @property
    def significance(self) -> int:
        """1 for a gain and -1 for a loss, where the 95% interval is on one side of 0; 0 for anything else."""
        if self.interval is None:
            return 0
        low, high = self.interval
        return 1 if low > 0 else -1 if high < 0 else 0


@dataclass(frozen=True, slots=True)
class McNemar:
    """Documents that only one of two systems had right in every value, and the exact p-value of that."""

    only_baseline: int
    only_candidate: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate against a baseline: F1 by group and by field, documents right as a whole.

    `left_empty` has the fields that no truth has a value of and some answer has: the share of documents without one.
    """

    baseline: str
    candidate: str
    groups: Mapping[str, Difference]
    macro: Difference
    fields: Mapping[str, Difference]
    left_empty: Mapping[str, Difference]
    documents: Difference
    mcnemar: McNemar
    vendors: int

    @property
    def telling(self) -> dict[str, Difference]:
        """The groups that say something of their own: header and cells are all values where the other is empty."""
        parts = {"header", "cells"}
        both = parts <= self.groups.keys()
        return {name: found for name, found in self.groups.items() if both or name not in parts}


@dataclass(frozen=True, slots=True)
class _Both:
    """The counts of two systems, `[documents, 2, ...]`, and both resampled by the same draws."""

    counts: Array
    drawn: Resampled

    def counts_in(self, paths: Sequence[str]) -> bool:
        """Whether anything is counted in these columns."""
        return bool(self.counts[:, :, [COLUMN[path] for path in paths]].any())

    def difference(self, measure: Measure) -> Difference:
        def points(sums: Array) -> Array:
            return 100 * _gain(measure(sums[:, 0]), measure(sums[:, 1]))

        before, after = map(float, np.nan_to_num(measure(self.counts.sum(axis=0))))
        return Difference(
            before,
            after,
            points=100 * (after - before),
            percent=100 * (after / before - 1) if before else None,
            vendors=self.drawn.telling(points),
            interval=self.drawn.interval(points),
            p_value=self.drawn.p_value(points),
        )


def compare(
    baseline: tuple[str, Judged], candidate: tuple[str, Judged], clusters: Clusters, seed: int
) -> Comparison:
    """The paired comparison of two systems, each with its name."""
    (name, before), (other, after) = baseline, candidate
    fields = _both(before.folded[:, :, :CASES], after.folded[:, :, :CASES], clusters, seed)
    documents = _both(_flags(before), _flags(after), clusters, seed)
    supported = [path for path in FIELDS if fields.counts[:, 0, COLUMN[path], SUPPORT].any()]
    invented = [path for path in FIELDS if path not in supported and fields.counts_in([path])]
    empty = _both(_left_empty(before, invented), _left_empty(after, invented), clusters, seed)
    return Comparison(
        name,
        other,
        {
            group: fields.difference(partial(f1_of_group, paths=paths))
            for group, paths in GROUPS.items()
            if group == "all" or fields.counts_in(paths)
        },
        fields.difference(partial(macro_f1, supported=supported)),
        {path: fields.difference(partial(f1_of_group, paths=[path])) for path in supported},
        {path: empty.difference(partial(_share_of, number=number)) for number, path in enumerate(invented)},
        documents.difference(lambda flags: ratio(flags[..., 0], flags[..., 1])),
        _mcnemar(before, after),
        clusters.count,
    )


def _gain(before: Array, after: Array) -> Array:
    """NaN where neither says anything; where one does, the other was right to say nothing."""
    nothing = np.isnan(before) & np.isnan(after)
    return np.where(nothing, np.nan, np.nan_to_num(after, nan=1.0) - np.nan_to_num(before, nan=1.0))


def _both(before: NDArray[Any], after: NDArray[Any], clusters: Clusters, seed: int) -> _Both:
    counts = np.stack([before, after], axis=1).astype(float)
    return _Both(counts, clusters.resample(counts, seed=seed))


def _flags(judged: Judged) -> Array:
    """Whether a document is right as a whole, and whether that can be said, `[documents, 2]`."""
    return np.stack([judged.perfect, judged.scorable], axis=1).astype(float)


def _left_empty(judged: Judged, paths: Sequence[str]) -> Array:
    """Whether a document has no value in these columns, and 1 to count it by, `[documents, columns, 2]`."""
    empty = judged.folded[:, [COLUMN[path] for path in paths], PREDICTED] == 0
    return np.stack([empty, np.ones_like(empty)], axis=-1).astype(float)


def _share_of(flags: Array, number: int) -> Array:
    """The share of documents that a flag holds for, that of one column: `[..., columns, 2]` to `[...]`."""
    return ratio(flags[..., number, 0], flags[..., number, 1])


def _mcnemar(before: Judged, after: Judged) -> McNemar:
    only_before = int((before.perfect & ~after.perfect).sum())
    only_after = int((after.perfect & ~before.perfect).sum())
    return McNemar(only_before, only_after, mcnemar(only_before, only_after))
