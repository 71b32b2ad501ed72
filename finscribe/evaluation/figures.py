"""From counts to figures: what a system scores, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from finscribe.evaluation.columns import (
    CASES,
    COLUMN,
    GROUPS,
    HITS,
    PREDICTED,
    SUPPORT,
    Counts,
)
from finscribe.evaluation.given import Given
from finscribe.evaluation.judging import Judged
from finscribe.evaluation.public_scores import PublicScores
from finscribe.evaluation.quality import Quality
from finscribe.invoice import FIELDS
from finscribe.metrics.confidence import (
    Bin,
    Coverage,
    automation_curve,
    coverage_at,
    expected_calibration_error,
    reliability,
)
from finscribe.metrics.paired import Array, Clusters, Interval, Resampled, ratio


@dataclass(frozen=True, slots=True)
class Figure:
    """The scores of a field or a group of fields; `interval` is the 95% one of its F1, None where there is none."""

    support: int
    predicted: int
    hits: int
    accuracy: float
    precision: float
    recall: float
    f1: float
    similarity: float
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far confidence can be believed, over the values given."""

    expected_calibration_error: float | None
    reliability: Sequence[Bin]
    threshold: Coverage
    curve: Sequence[Coverage]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is measured of one system.

    `fields` and `groups` are folded, `exact` has the groups of exact match. Shares are 0 to 1, None where there is
    nothing to take a share of.
    """

    groups: Mapping[str, Figure]
    macro: Figure
    fields: Mapping[str, Figure]
    exact: Mapping[str, Figure]
    exact_fields: Mapping[str, Figure]
    document_match: float | None
    document_interval: Interval | None
    confidence: Confidence
    shares: Mapping[str, float | None]
    speed: Mapping[str, float | None]
    counts: Mapping[str, int]
    public: Mapping[str, float | int | None]
    mistakes: Mapping[str, Mapping[str, int]]

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def sum_up(judged: Judged, clusters: Clusters, threshold: float, seed: int) -> Figures:
    """The figures of a system; intervals are bootstrapped over vendor families."""
    drawn = clusters.resample(judged.folded[:, :, :CASES].astype(float), seed=seed)
    fields = {path: _figure(judged.folded, [path], drawn) for path in FIELDS}
    match, match_interval = _documents(judged, clusters, seed)
    return Figures(
        groups={name: _figure(judged.folded, paths, drawn) for name, paths in GROUPS.items()},
        macro=_macro(fields, drawn),
        fields=_with_values(fields),
        exact={name: _figure(judged.exact, paths) for name, paths in GROUPS.items()},
        exact_fields=_with_values({path: _figure(judged.exact, [path]) for path in FIELDS}),
        document_match=match,
        document_interval=match_interval,
        confidence=_confidence(judged.given.table(), judged.folded, threshold),
        shares=_shares(judged.quality),
        speed=_speed(judged.quality),
        counts=_counts(judged),
        public=_public(judged.public),
        mistakes=_mistakes(judged),
    )


# --- scores ------------------------------------------------------------------------------------------


def f1_of(counts: Array) -> Array:
    """F1 of counts, shape `[..., columns or 1, at least 3]` to `[..., columns or 1]`; NaN where nothing is counted."""
    return ratio(2 * counts[..., HITS], counts[..., PREDICTED] + counts[..., SUPPORT])


def f1_of_group(counts: Array, paths: Sequence[str]) -> Array:
    """F1 of columns counted together: `[..., columns, at least 3]` to `[...]`."""
    return f1_of(counts[..., [COLUMN[path] for path in paths], :].sum(axis=-2))


def macro_f1(counts: Array, supported: Sequence[str]) -> Array:
    """The mean F1 of those fields in which something is counted: `[..., columns, at least 3]` to `[...]`."""
    found = f1_of(counts[..., [COLUMN[path] for path in supported], :])
    return ratio(np.nansum(found, axis=-1), (~np.isnan(found)).sum(axis=-1))


def _figure(counts: Counts, paths: Sequence[str], drawn: Resampled | None = None) -> Figure:
    total = counts[:, [COLUMN[path] for path in paths]].sum(axis=(0, 1), dtype=float)
    hits, predicted, support, cases, alike = map(float, total)
    return Figure(
        support=int(support),
        predicted=int(predicted),
        hits=int(hits),
        accuracy=_share(hits, cases) or 0.0,
        precision=_share(hits, predicted) or 0.0,
        recall=_share(hits, support) or 0.0,
        f1=_share(2 * hits, predicted + support) or 0.0,
        similarity=_share(alike, cases) or 0.0,
        interval=drawn.interval(partial(f1_of_group, paths=paths)) if drawn else None,
    )


def _macro(fields: Mapping[str, Figure], drawn: Resampled) -> Figure:
    """The plain mean over the fields that the truths have values of."""
    found = {path: figure for path, figure in fields.items() if figure.support}

    def mean(name: str) -> float:
        return float(sum(getattr(figure, name) for figure in found.values())) / (len(found) or 1)

    return Figure(
        support=sum(figure.support for figure in found.values()),
        predicted=sum(figure.predicted for figure in found.values()),
        hits=sum(figure.hits for figure in found.values()),
        **{name: mean(name) for name in ("accuracy", "precision", "recall", "f1", "similarity")},
        interval=drawn.interval(partial(macro_f1, supported=list(found))),
    )


def _with_values(fields: Mapping[str, Figure]) -> dict[str, Figure]:
    return {path: figure for path, figure in fields.items() if figure.support or figure.predicted}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _documents(judged: Judged, clusters: Clusters, seed: int) -> tuple[float | None, Interval | None]:
    """The share of documents that are right in every value, and its interval."""
    flags = np.stack([judged.perfect, judged.scorable], axis=1).astype(float)
    found = clusters.resample(flags, seed=seed).interval(lambda drawn: ratio(drawn[:, 0], drawn[:, 1]))
    return _share(float(judged.perfect.sum()), float(judged.scorable.sum())), found


# --- the rest ----------------------------------------------------------------------------------------


def _confidence(given: Given, counts: Counts, threshold: float) -> Confidence:
    """Over all values that were given or should have been."""
    sure, right = given["confidence"].astype(float), given["right"]
    fields = [COLUMN[path] for path in FIELDS]
    total = int(counts[:, fields, CASES].sum(dtype=float))
    return Confidence(
        expected_calibration_error(sure, right),
        reliability(sure, right),
        coverage_at(threshold, sure, right, total),
        automation_curve(sure, right, total),
    )


def _shares(quality: Quality) -> dict[str, float | None]:
    return {
        "valid_json": _share(quality.valid_json, quality.documents),
        "grounded": _share(quality.grounded, quality.values),
        "consistent": _share(quality.consistent, quality.checkable),
    }


def _speed(quality: Quality) -> dict[str, float | None]:
    latencies = np.array(quality.latencies)
    p50, p95 = np.quantile(latencies, [0.5, 0.95]) if len(latencies) else (0.0, 0.0)
    return {
        "latency_p50": float(p50),
        "latency_p95": float(p95),
        "documents_per_second": _share(quality.documents, quality.seconds),
        "forward_passes": _share(quality.forward_passes, quality.documents),
        "seconds": quality.seconds,
    }


def _counts(judged: Judged) -> dict[str, int]:
    quality = judged.quality
    return {
        "documents": quality.documents,
        "scorable": int(judged.scorable.sum()),
        "perfect": int(judged.perfect.sum()),
        "values": quality.values,
        "checkable": quality.checkable,
        "incomplete": quality.incomplete,
        "failed": quality.failed,
    }


def _public(public: PublicScores) -> dict[str, float | int | None]:
    return {
        "sroie_f1": public.sroie.f1 if public.sroie.support else None,
        "sroie_precision": public.sroie.precision if public.sroie.support else None,
        "sroie_recall": public.sroie.recall if public.sroie.support else None,
        "cord_f1": public.cord.f1 if public.cord.support else None,
        "cord_tree_accuracy": public.tree_accuracy,
        "trees": len(public.trees),
    }


def _mistakes(judged: Judged) -> dict[str, dict[str, int]]:
    """Counts by field, then by kind, in the order of the schema."""
    found: dict[str, dict[str, int]] = {}
    for (path, kind), count in sorted(judged.mistakes.items(), key=lambda item: COLUMN[item[0][0]]):
        found.setdefault(path, {})[kind.value] = count
    return found
