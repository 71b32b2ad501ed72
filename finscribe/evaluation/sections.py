"""The parts of the page that show all documents together: figures, charts, mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from finscribe.evaluation.columns import COLUMN
from finscribe.evaluation.comparing import Comparison, Difference
from finscribe.evaluation.figures import Figure, Figures
from finscribe.evaluation.mistakes import Mistake
from finscribe.evaluation.results import Evaluation, Result
from finscribe.reports import page
from finscribe.reports.comparison import (
    Change,
    Group,
    Measured,
    changes,
    grouped_bars,
    heat_table,
)

GROUP_NAMES = {
    "all": "all values",
    "header": "header",
    "cells": "cells of lines",
    "rows": "whole lines",
}
KINDS_OF_CHANGE = {1: "two", -1: "warn", 0: "quiet"}
"""The colours of a gain, a loss and what may be chance."""
_OTHER_KINDS = ("two", "three", "pale", "warn")

Kinds = Mapping[str, str]
"""The class of each system's colour, by its name."""


def colours(evaluation: Evaluation) -> dict[str, str]:
    """Grey for the baseline, blue for the first model that is held against it, others for the rest."""
    names = [result.system.name for result in evaluation.results]
    main = evaluation.comparisons[0].candidate if evaluation.comparisons else names[0]
    others = iter(_OTHER_KINDS * len(names))
    return {name: "one" if name == main else "quiet" if name == names[0] else next(others) for name in names}


def legend(evaluation: Evaluation, kinds: Kinds) -> str:
    """Which colour is which system."""
    return page.legend(*((kind, evaluation.label(name)) for name, kind in kinds.items()))


# --- tiles -------------------------------------------------------------------------------------------


def tiles(evaluation: Evaluation, kinds: Kinds) -> str:
    """The few figures to look at first."""
    if not evaluation.comparisons:
        return page.tiles(_tiles_of_one(evaluation.results[0].figures))
    comparison = evaluation.comparisons[0]
    return page.tiles(_tiles_of_two(evaluation, comparison, kinds))


def _tiles_of_one(figures: Figures) -> Iterable[tuple[str, str, str]]:
    yield "F1, all values", f"{figures.groups['all'].f1:.3f}", "one"
    yield "documents all right", share(figures.document_match), ""
    yield from _tiles_of_answers(figures)


def _tiles_of_two(
    evaluation: Evaluation, comparison: Comparison, kinds: Kinds
) -> Iterable[tuple[str, str, str]]:
    found, documents = comparison.groups["all"], comparison.documents
    for name, figure in ((comparison.baseline, found.before), (comparison.candidate, found.after)):
        yield f"F1, {evaluation.label(name)}", f"{figure:.3f}", kinds[name]
    yield f"points{_interval(found)}", f"{found.points:+.1f}", KINDS_OF_CHANGE[found.significance]
    yield f"documents all right, {share(documents.before)} before", share(documents.after), ""
    yield from _tiles_of_answers(evaluation.of(comparison.candidate).figures)


def _tiles_of_answers(figures: Figures) -> Iterable[tuple[str, str, str]]:
    yield "grounded", share(figures.shares["grounded"]), ""
    yield "valid JSON", share(figures.shares["valid_json"]), ""


def _interval(difference: Difference) -> str:
    return "" if difference.interval is None else ", {:+.1f} to {:+.1f}".format(*difference.interval)


def share(value: float | None) -> str:
    """A share as a percentage, a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f}%".replace("100.0%", "100%")


def number(value: float | int | None, digits: int = 3) -> str:
    """A number, a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}"


# --- fields ------------------------------------------------------------------------------------------


def field_bars(evaluation: Evaluation, kinds: Kinds) -> str:
    """F1 of every field that some truth has a value of, all systems side by side."""
    paths = [path for path in COLUMN if any(_supported(result, path) for result in evaluation.results)]
    groups = [_group(name, path, evaluation, kinds) for path, name in _shown(evaluation, paths)]
    said = "F1 by field, folded. Whiskers are 95% intervals, bootstrapped over vendors."
    if evaluation.clusters.count < 2:
        said = "F1 by field, folded. There are no intervals: all documents are of one vendor."
    chart = grouped_bars(groups, "F1 by field and system")
    return page.section("Fields", said, chart + legend(evaluation, kinds), wide=True)


def _shown(evaluation: Evaluation, paths: Sequence[str]) -> list[tuple[str, str]]:
    """(key, label) of the groups with values, then of the fields."""
    figures = evaluation.results[0].figures
    groups = [
        (group, name)
        for group, name in GROUP_NAMES.items()
        if figures.groups[group].support and (group in ("all", "rows") or _is_mixed(figures))
    ]
    return [*groups, *((path, path) for path in paths)]


def _is_mixed(figures: Figures) -> bool:
    return bool(figures.groups["header"].support and figures.groups["cells"].support)


def _supported(result: Result, path: str) -> bool:
    found = result.figures.fields.get(path)
    return bool(found and found.support)


def _group(label: str, key: str, evaluation: Evaluation, kinds: Kinds) -> Group:
    bars = []
    known = 0
    for result in evaluation.results:
        figure = _figure(result.figures, key)
        known = max(known, figure.support)
        bars.append(_bar(evaluation.label(result.system.name), figure, kinds[result.system.name]))
    return Group(label, bars, f"{known:,} known")


def _figure(figures: Figures, key: str) -> Figure:
    if key in figures.groups:
        return figures.groups[key]
    return figures.fields.get(key) or Figure(0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _bar(name: str, figure: Figure, kind: str) -> Measured:
    sure = "" if figure.interval is None else " ({:.3f} to {:.3f})".format(*figure.interval)
    hint = (
        f"{name}: F1 {figure.f1:.3f}{sure}, precision {figure.precision:.3f}, recall {figure.recall:.3f}; "
        f"{figure.hits:,} right of {figure.predicted:,} given and {figure.support:,} known"
    )
    return Measured(figure.f1, kind, figure.interval, hint)


# --- comparisons -------------------------------------------------------------------------------------


def differences(evaluation: Evaluation, comparison: Comparison) -> str:
    """What a candidate gains or loses in each field, and a sentence on what that proves."""
    named = {GROUP_NAMES[group]: found for group, found in comparison.telling.items()}
    rows = {**named, "mean of fields": comparison.macro, "documents all right": comparison.documents}
    shown = [_change(label, found) for label, found in {**rows, **comparison.fields}.items()]
    exact = comparison.mcnemar
    baseline, candidate = evaluation.label(comparison.baseline), evaluation.label(comparison.candidate)
    said = (
        f"Points of F1 over {baseline}, with the 95% interval of the paired bootstrap over vendors. "
        f"All right as a whole: {exact.only_candidate} documents gained, {exact.only_baseline} lost "
        f"(McNemar p = {exact.p_value:.3g})."
    )
    colours = page.legend(("two", "a gain"), ("warn", "a loss"), ("quiet", "may be chance"))
    chart = changes(shown, f"differences between {candidate} and {baseline}")
    return page.section(f"What {candidate} gains over {baseline}", said, chart + colours, wide=True)


def _change(label: str, found: Difference) -> Change:
    percent = "" if found.percent is None else f", {found.percent:+.0f}%"
    p_value = "" if found.p_value is None else f", p = {found.p_value:.3g}"
    hint = f"{label}: {found.before:.3f} → {found.after:.3f}, {found.points:+.1f} points{percent}{p_value}"
    return Change(label, found.points, found.interval, KINDS_OF_CHANGE[found.significance], hint)


# --- mistakes ----------------------------------------------------------------------------------------


def mistakes(evaluation: Evaluation) -> str:
    """What went wrong, by field and kind: the candidate's, with the baseline's in small."""
    if evaluation.comparisons:
        comparison = evaluation.comparisons[0]
        after, before = evaluation.of(comparison.candidate), evaluation.of(comparison.baseline)
        one, other = (evaluation.label(result.system.name) for result in (after, before))
        said = f"Wrong values of {one}, those of {other} in small behind."
    else:
        after, before, said = evaluation.results[0], None, "Wrong values by field and kind."
    rows = _counted(after, before)
    earlier = None if before is None else _counted(before, after)
    if not rows:
        return page.section("What went wrong", "Nothing: every value is right.", "", wide=True)
    table = heat_table([kind.value.replace("ocr", "OCR") for kind in Mistake], rows, earlier)
    return page.section("What went wrong", f"{said} {_KINDS}", table, wide=True)


_KINDS = (
    "Invented: the truth is that there is none. OCR error: the text does not print the truth. Format: the right print, "
    "read otherwise. Partial: too much or too little of it. Wrong occurrence: something else that the page prints."
)


def _counted(result: Result, other: Result | None) -> dict[str, list[int]]:
    """Counts by field and kind; fields in which either of two systems has a mistake."""
    found = result.figures.mistakes
    paths = {*found, *(other.figures.mistakes if other else {})}
    return {
        path: [found.get(path, {}).get(kind.value, 0) for kind in Mistake] for path in COLUMN if path in paths
    }


# --- tables ------------------------------------------------------------------------------------------


def figures_table(evaluation: Evaluation) -> str:
    """Every other figure, the systems side by side."""
    names = ("", *(evaluation.label(result.system.name) for result in evaluation.results))
    all_figures = [result.figures for result in evaluation.results]
    rows = [[label, *(shown(figures) for figures in all_figures)] for label, shown in _FIGURES.items()]
    table = page.table(names, rows, names[1:])
    said = f"Latency is that of a document among {evaluation.plan.batch_size}. docs/metrics.md defines every figure."
    return page.section("Figures", said, table, wide=True)


_FIGURES: Mapping[str, Callable[[Figures], str]] = {
    "F1, all values": lambda found: number(found.groups["all"].f1),
    "precision": lambda found: number(found.groups["all"].precision),
    "recall": lambda found: number(found.groups["all"].recall),
    "accuracy": lambda found: number(found.groups["all"].accuracy),
    "F1, mean of fields": lambda found: number(found.macro.f1),
    "F1, exact strings": lambda found: number(found.exact["all"].f1),
    "text similarity (ANLS)": lambda found: number(found.groups["all"].similarity),
    "documents all right": lambda found: share(found.document_match),
    "valid JSON": lambda found: share(found.shares["valid_json"]),
    "grounded values": lambda found: share(found.shares["grounded"]),
    "sums agree, where they can be checked": lambda found: share(found.shares["consistent"]),
    "expected calibration error": lambda found: number(found.confidence.expected_calibration_error),
    "latency p50 / p95": lambda found: _latency(found),
    "documents a second": lambda found: number(found.speed["documents_per_second"], 2),
    "forward passes a document": lambda found: number(found.speed["forward_passes"], 1),
    "SROIE: entity F1": lambda found: number(found.public["sroie_f1"]),
    "CORD: field F1": lambda found: number(found.public["cord_f1"]),
    "CORD: tree-edit accuracy": lambda found: number(found.public["cord_tree_accuracy"]),
}


def _latency(found: Figures) -> str:
    return f"{number(found.speed['latency_p50'], 2)} s / {number(found.speed['latency_p95'], 2)} s"


def made_with(evaluation: Evaluation) -> str:
    """What was evaluated on what, to do it again."""
    test, plan = evaluation.test, evaluation.plan
    rows = [
        ("test data", f"{test.source} (SHA-256 {(test.sha256 or 'of several files')[:16]})"),
        ("training data", " and ".join(filter(None, [plan.train_data, "what run.json names"]))),
        *((result.system.name, _made(result)) for result in evaluation.results),
        ("grounding, seed, batch", f"{plan.grounding}, {plan.seed}, {plan.batch_size}"),
        ("arithmetic", "on" if plan.arithmetic else "off"),
    ]
    return page.section("Made with", "To do it again.", page.table(("", "value"), rows), wide=True)


def _made(result: Result) -> str:
    system = result.system
    if not system.source:
        return f"{system.kind}, no model"
    sha256 = f" (SHA-256 {system.sha256[:16]})" if system.sha256 else ""
    return f"{system.source}{sha256}, run by {system.backend}"
