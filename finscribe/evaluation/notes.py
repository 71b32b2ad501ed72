"""What has to be known to believe an evaluation's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from finscribe.evaluation.cases import TestSet
from finscribe.evaluation.results import Result
from finscribe.metrics.paired import Clusters

FEW_VENDORS = 10
"""Below this many clusters, bootstrap intervals are too narrow."""


def notes_on(test: TestSet, clusters: Clusters, results: Sequence[Result]) -> tuple[str, ...]:
    """One sentence each on the test set and on what systems could not do."""
    return (
        *_on_models(results),
        *_on_vendors(test, clusters),
        *_on_records(test),
        *_on_answers(results),
    )


def _on_models(results: Sequence[Result]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for system in (result.system for result in results):
        if (first := seen.setdefault(system.fingerprint, system.name)) != system.name:
            yield f"{system.name} holds the same files as {first}: it was read once."


def _on_vendors(test: TestSet, clusters: Clusters) -> Iterator[str]:
    if len(test.cases) == 1:
        yield "There is one test document: it is an example, and no interval can be given."
    elif clusters.count == 1:
        yield (
            f"All {len(test.cases)} test documents are of one vendor: no interval can be given, for nobody knows "
            "how the systems read those of others."
        )
    elif clusters.count < FEW_VENDORS:
        yield f"There are {clusters.count} vendors only: the intervals are rough, and rather too narrow."


def _on_records(test: TestSet) -> Iterator[str]:
    if test.rejects:
        reasons = Counter(reject.reason for reject in test.rejects)
        said = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        yield f"{len(test.rejects)} records of {test.source} could not be used ({said})."
    if test.left_out:
        yield f"{len(test.cases)} of {len(test.cases) + test.left_out} documents were drawn for this evaluation."


def _on_answers(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        name, quality = result.system.name, result.judged.quality
        if quality.failed:
            example = max(quality.errors, key=lambda error: quality.errors[error])
            yield f"{name} could not read {quality.failed} documents, which count as missed ({example})."
        if cut_off := quality.incomplete - quality.failed:
            yield f"{name} did not come to an end on {cut_off} documents."
        if quality.documents > quality.valid_json + quality.failed:
            wrong = quality.documents - quality.valid_json - quality.failed
            yield f"{name} wrote no valid JSON for {wrong} documents, which count as missed."
