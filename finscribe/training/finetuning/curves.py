"""The curves of a run, for its page and for its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from finscribe.reports.charts import Chart, Line


def curves(metrics: Sequence[Mapping[str, Any]]) -> list[Chart]:
    """Loss, field F1, learning rate, pace and memory by step, of the lines of a `metrics.jsonl`."""

    def line(measured: str, kind: str, name: str = "", *, dotted: bool = False) -> Line:
        points = [(each["step"], each[measured]) for each in metrics if each.get(measured) is not None]
        return Line(points, kind, dotted, name)

    loss = [line("loss", "one", "training"), line("val_loss", "warn", "validation", dotted=True)]
    read = [
        line("field_f1", "two", "all values", dotted=True),
        line("line_cell_f1", "three", "cells of lines", dotted=True),
    ]
    charts = [
        Chart("Loss", "On the answers, by step.", loss),
        Chart("What it reads", "F1 on validation documents, read as they are served.", read, top=1.0),
        Chart("Learning rate", "By step.", [line("learning_rate", "one")]),
        Chart(
            "Pace", "Tokens a second since the start, without padding.", [line("tokens_per_second", "one")]
        ),
        Chart("Memory", "The most so far, in GB.", [line("memory_gb", "one")]),
    ]
    return [chart for chart in charts if any(each.points for each in chart.lines)]
