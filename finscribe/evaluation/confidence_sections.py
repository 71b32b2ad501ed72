"""The parts of the page that show whether confidence can be believed, and what it could be trusted with."""

from __future__ import annotations

from finscribe.evaluation.results import Evaluation, Result
from finscribe.evaluation.sections import Kinds, legend, number, share
from finscribe.reports import page
from finscribe.reports.comparison import Series, unit_chart

FEWEST_IN_A_BIN = 5
"""Values that a bin of the reliability plot needs: fewer say nothing."""


def calibration(evaluation: Evaluation, kinds: Kinds) -> str:
    """Whether what a system says of its confidence is so."""
    series = [
        _reliability(result, evaluation.label(result.system.name), kinds[result.system.name])
        for result in _models(evaluation)
    ]
    errors = ", ".join(
        f"{evaluation.label(result.system.name)} {number(result.figures.confidence.expected_calibration_error)}"
        for result in _models(evaluation)
    )
    chart = unit_chart(series, "accuracy by confidence", "confidence", "right", ideal=True)
    said = f"Of values given with a confidence, how many are right. Expected calibration error: {errors}."
    return page.section(
        "Can confidence be believed?", said, chart + legend(evaluation, _only(kinds, evaluation))
    )


def _reliability(result: Result, name: str, kind: str) -> Series:
    bins = [each for each in result.figures.confidence.reliability if each.count >= FEWEST_IN_A_BIN]
    most = max((each.count for each in bins), default=1)
    return Series(
        [(each.confidence, each.accuracy) for each in bins],
        kind,
        [3 + 8 * (each.count / most) ** 0.5 for each in bins],
        [
            f"{name}: {each.count:,} values, confidence {each.confidence:.1%}, right {each.accuracy:.1%}"
            for each in bins
        ],
    )


def automation(evaluation: Evaluation, kinds: Kinds) -> str:
    """How right values are if so many of them are approved without a look, the surest first."""
    curves = [(result, result.figures.confidence.curve) for result in _models(evaluation)]
    series = [
        Series([(each.coverage, each.accuracy or 0.0) for each in curve], kinds[result.system.name])
        for result, curve in curves
    ]
    lowest = min((each.accuracy or 0.0 for _, curve in curves for each in curve), default=0.0)
    floor = next(floor for floor in (0.8, 0.6, 0.2, 0.0) if floor <= lowest)
    chart = unit_chart(series, "accuracy by automation rate", "values approved unseen", "right", floor=floor)
    approved = ", ".join(
        f"{evaluation.label(result.system.name)} {_approved(result)}" for result in _models(evaluation)
    )
    said = f"From a confidence of {evaluation.plan.threshold:g} on: {approved}."
    return page.section(
        "Accuracy against automation", said, chart + legend(evaluation, _only(kinds, evaluation))
    )


def _approved(result: Result) -> str:
    found = result.figures.confidence.threshold
    right = f" ({share(found.accuracy)} right)" if found.approved else ""
    return f"{found.coverage:.0%} of values{right}"


def _models(evaluation: Evaluation) -> list[Result]:
    """Systems whose confidence means something; those of rules if there are no others."""
    models = [result for result in evaluation.results if result.system.source]
    return models or list(evaluation.results)


def _only(kinds: Kinds, evaluation: Evaluation) -> dict[str, str]:
    return {result.system.name: kinds[result.system.name] for result in _models(evaluation)}
