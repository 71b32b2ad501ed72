"""An evaluation as tables for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from finscribe.cli.messages import printable

if TYPE_CHECKING:
    from rich.table import Table

    from finscribe.evaluation.comparing import Comparison, Difference
    from finscribe.evaluation.figures import Figures
    from finscribe.evaluation.results import Evaluation

_GROUPS = {
    "all": "all values",
    "header": "header",
    "cells": "line cells",
    "rows": "whole lines",
}
ROWS: Sequence[tuple[str, Callable[[Figures], str]]] = (
    ("F1, all values", lambda figures: _f1(figures, "all")),
    ("  header", lambda figures: _f1(figures, "header")),
    ("  line cells", lambda figures: _f1(figures, "cells")),
    ("  whole lines", lambda figures: _f1(figures, "rows")),
    ("F1, mean of fields", lambda figures: f"{figures.macro.f1:.3f}"),
    ("F1, exact strings", lambda figures: f"{figures.exact['all'].f1:.3f}"),
    ("text similarity", lambda figures: f"{figures.groups['all'].similarity:.3f}"),
    ("documents all right", lambda figures: percent(figures.document_match)),
    ("valid JSON", lambda figures: percent(figures.shares["valid_json"])),
    ("grounded", lambda figures: percent(figures.shares["grounded"])),
    ("sums agree", lambda figures: percent(figures.shares["consistent"])),
    ("calibration error", lambda figures: number(figures.confidence.expected_calibration_error)),
    ("approved unseen", lambda figures: approved(figures)),
    ("latency p50, p95", lambda figures: latency(figures)),
    ("documents a second", lambda figures: number(figures.speed["documents_per_second"], 2)),
    ("passes a document", lambda figures: number(figures.speed["forward_passes"], 1)),
    ("SROIE entity F1", lambda figures: number(figures.public["sroie_f1"])),
    ("CORD field F1", lambda figures: number(figures.public["cord_f1"])),
    ("CORD tree accuracy", lambda figures: number(figures.public["cord_tree_accuracy"])),
)
"""What is shown of each system, line by line."""


def print_evaluation(evaluation: Evaluation) -> None:
    """The systems side by side, the first comparison field by field, the others in a sentence, the files."""
    from finscribe.cli.console import make_console

    console = make_console()
    test = evaluation.test
    said = f"{len(test.cases):,} documents of {evaluation.clusters.count:,} vendors, {test.source}"
    console.print(printable(said), style="bold")
    console.print(_systems(evaluation))
    for comparison in evaluation.comparisons[:1]:
        one, other = evaluation.label(comparison.baseline), evaluation.label(comparison.candidate)
        console.print(printable(f"{other} compared with {one}"), style="bold")
        console.print(_comparison(comparison))
    for comparison in evaluation.comparisons:
        console.print(printable(verdict(evaluation, comparison)))
    console.print(f"\n{evaluation.plan.page}\n{evaluation.plan.output}")


def _systems(evaluation: Evaluation) -> Table:
    table = _table()
    table.add_column("")
    for result in evaluation.results:
        table.add_column(printable(evaluation.label(result.system.name)), justify="right", overflow="fold")
    for label, shown in ROWS:
        table.add_row(label, *(shown(result.figures) for result in evaluation.results))
    return table


def _comparison(comparison: Comparison) -> Table:
    table = _table()
    for name in ("F1", "before", "after", "points", "95% interval", "percent"):
        table.add_column(name, justify="left" if name == "F1" else "right")
    for group, found in comparison.telling.items():
        _add(table, _GROUPS[group], found)
    _add(table, "mean of fields", comparison.macro)
    _add(table, "documents all right", comparison.documents)
    table.add_section()
    for path, difference in comparison.fields.items():
        _add(table, path.removeprefix("financial_summary."), difference)
    return table


def _table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD)


def _add(table: Table, label: str, difference: Difference) -> None:
    table.add_row(
        label,
        f"{difference.before:.3f}",
        f"{difference.after:.3f}",
        f"{difference.points:+.1f}",
        "-" if difference.interval is None else "{:+.1f} to {:+.1f}".format(*difference.interval),
        "-" if difference.percent is None else f"{difference.percent:+.0f}%",
        style={1: "green", -1: "red", 0: ""}[difference.significance],
    )


def verdict(evaluation: Evaluation, comparison: Comparison) -> str:
    """One sentence: what is gained, and how sure that is."""
    found, exact = comparison.groups["all"], comparison.mcnemar
    if found.interval is None:
        sure = "there is one vendor, so nobody knows for others"
    else:
        sure = {1: "a gain", -1: "a loss", 0: "which may be chance"}[found.significance]
    return (
        f"{evaluation.label(comparison.candidate)}: {found.points:+.1f} points of F1 over "
        f"{evaluation.label(comparison.baseline)}, {sure}; documents "
        f"all right: {exact.only_candidate} gained, {exact.only_baseline} lost (McNemar p = {exact.p_value:.3g})."
    )


# --- figures -----------------------------------------------------------------------------------------


def _f1(figures: Figures, group: str) -> str:
    found = figures.groups[group]
    if not found.support and not found.predicted:
        return "-"
    return f"{found.f1:.3f}" + (f" ± {_half(found.interval):.3f}" if found.interval else "")


def _half(interval: tuple[float, float]) -> float:
    return (interval[1] - interval[0]) / 2


def percent(share: float | None) -> str:
    """A share as a percentage, a dash where there is none."""
    return "-" if share is None else f"{share:.1%}"


def number(value: float | None, digits: int = 3) -> str:
    """A number, a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def approved(figures: Figures) -> str:
    """How much a threshold approves, and how right that is."""
    found = figures.confidence.threshold
    return f"{found.coverage:.0%}, {percent(found.accuracy)} right" if found.approved else "0%"


def latency(figures: Figures) -> str:
    """Median and 95th percentile in seconds."""
    return f"{figures.speed['latency_p50']:.2f} s, {figures.speed['latency_p95']:.2f} s"
