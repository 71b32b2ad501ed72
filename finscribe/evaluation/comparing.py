"""Two systems on the same documents: what changed, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finscribe.evaluation.columns import CASES, COLUMN, GROUPS, PREDICTED, SUPPORT
from finscribe.evaluation.figures import f1_of_group, macro_f1
from finscribe.evaluation.judging import Judged
from finscribe.invoice import FIELDS
from finscribe.metrics.paired import Array, Clusters, Interval, interval, mcnemar, two_sided_p


@dataclass(frozen=True, slots=True)
class Difference:
    """A score of two systems, 0 to 1, and what the second one gains.

    `points` are hundredths, `percent` is relative to the first (None where that is 0). The 95% `interval` of the
    points and the two-sided `p_value` are those of the vendor-clustered bootstrap, None where there is one vendor.
    """

    before: float
    after: float
    points: float
    percent: float | None
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
    """The counts of two systems, and both resampled by the same draws."""

    before: Array
    after: Array
    drawn: tuple[Array, Array] | None

    def counts_in(self, paths: Sequence[str]) -> bool:
        """Whether anything is counted in these columns."""
        columns = [COLUMN[path] for path in paths]
        return bool(self.before[:, columns].any() or self.after[:, columns].any())

    def difference(self, measure: Callable[[Array], Array]) -> Difference:
        before, after = float(measure(self.before.sum(axis=0))), float(measure(self.after.sum(axis=0)))
        points, percent = 100 * (after - before), 100 * (after / before - 1) if before else None
        if self.drawn is None:
            return Difference(before, after, points, percent)
        drawn = 100 * (measure(self.drawn[1]) - measure(self.drawn[0]))
        return Difference(before, after, points, percent, interval(drawn), two_sided_p(drawn))


def compare(
    baseline: tuple[str, Judged], candidate: tuple[str, Judged], clusters: Clusters, seed: int
) -> Comparison:
    """The paired comparison of two systems, each with its name."""
    (name, before), (other, after) = baseline, candidate
    fields = _both(before.folded[:, :, :CASES], after.folded[:, :, :CASES], clusters, seed)
    documents = _both(_flags(before), _flags(after), clusters, seed)
    supported = [path for path in FIELDS if fields.before[:, COLUMN[path], SUPPORT].any()]
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
        documents.difference(lambda flags: flags[..., 0] / np.maximum(flags[..., 1], 1)),
        _mcnemar(before, after),
        clusters.count,
    )


def _both(before: NDArray[Any], after: NDArray[Any], clusters: Clusters, seed: int) -> _Both:
    one, other = before.astype(float), after.astype(float)
    drawn = clusters.resample(one, seed=seed), clusters.resample(other, seed=seed)
    return _Both(one, other, None if drawn[0] is None or drawn[1] is None else (drawn[0], drawn[1]))


def _flags(judged: Judged) -> Array:
    """Whether a document is right as a whole, and whether that can be said, `[documents, 2]`."""
    return np.stack([judged.perfect, judged.scorable], axis=1).astype(float)


def _left_empty(judged: Judged, paths: Sequence[str]) -> Array:
    """Whether a document has no value in these columns, and 1 to count it by, `[documents, columns, 2]`."""
    empty = judged.folded[:, [COLUMN[path] for path in paths], PREDICTED] == 0
    return np.stack([empty, np.ones_like(empty)], axis=-1).astype(float)


def _share_of(flags: Array, number: int) -> Array:
    """The share of documents that a flag holds for, that of one column: `[..., columns, 2]` to `[...]`."""
    return np.asarray(flags[..., number, 0] / np.maximum(flags[..., number, 1], 1))


def _mcnemar(before: Judged, after: Judged) -> McNemar:
    only_before = int((before.perfect & ~after.perfect).sum())
    only_after = int((after.perfect & ~before.perfect).sum())
    return McNemar(only_before, only_after, mcnemar(only_before, only_after))
