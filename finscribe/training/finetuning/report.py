"""The page of a run, `training.html`: its curves, its figures, and what it reads now, beside the truth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from finscribe.invoice import Truth, Value, cell_path, row_and_cell
from finscribe.metrics import equal
from finscribe.reports import page
from finscribe.reports.charts import WIDTH, Bar, Chart, bar_chart, in_rows, line_chart
from finscribe.training.finetuning.curves import curves
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.progress import Metrics
from finscribe.training.finetuning.validation import Validation
from finscribe.wording import counted

DOCUMENTS_SHOWN = 10


def render_training(
    run: Mapping[str, Any], metrics: Metrics, documents: Sequence[Labelled], after: Validation | None
) -> str:
    """The page of a `run.json`, the lines of its `metrics.jsonl`, and what the model read in validation documents."""
    title, said = title_of(run)
    body = "".join(
        [
            page.header("Training", run["recipe"]["output_dir"], said),
            page.notes(list(_notes(run))),
            page.tiles(_figures(run)),
            _curves(metrics),
            '<div class="grid2">',
            _fields(run),
            page.section("Recipe", "What decides the result.", _facts(run["recipe"])),
            _documents(documents, after),
            page.section(
                "Made with",
                "Data, machine and packages.",
                _dataset_link(run["data"]) + _facts(_made_with(run)),
                wide=after is not None,
            ),
            "</div>",
        ]
    )
    return page.render(title, body)


def title_of(run: Mapping[str, Any]) -> tuple[str, str]:
    """What a run made, and a sentence about it."""
    said = f"{run['recipe']['model_name']}, trained with {run['engine']} in {run['seconds'] / 60:.1f} minutes"
    return f"Training {run['recipe']['output_dir']}", said


def _notes(run: Mapping[str, Any]) -> Iterable[str]:
    train = run["data"]["train"]
    if run["after"] is None:
        yield "There was no validation data: nobody knows how well this model reads."
    if run["saved"]["step"] != run["final"]["step"]:
        yield f"The weights saved are those of {run['saved']['why']}; what was learned after it is not in them."
    if run["after"] and run["after"]["field_f1"] < run["before"]["field_f1"]:
        yield "The model reads worse than the one that it began as."
    if run["reproduction"] and not run["reproduction"]["faithful"]:
        yield "The saved model does not read what the trained one did, and was not published."
    if train["too_long"]:
        documents = counted(train["too_long"], "document was", "documents were")
        yield f"{documents} too long for --max_seq_length, in whole or in part."
    if train["windowed"]:
        documents = counted(train["windowed"], "document was", "documents were")
        yield f"{documents} learned in windows, as this model is given them to read."
    if lost := train["values_not_printed"] + train["values_in_no_window"]:
        yield (
            f"{counted(lost, 'value was', 'values were')} not asked for: not printed on the page, or not in one "
            "window of it."
        )
    if run["resumed_at"]:
        yield f"The run went on after an interruption at step {', '.join(map(str, run['resumed_at']))}."


def _figures(run: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    if run["before"] and run["after"]:
        yield "field F1 before", f"{run['before']['field_f1']:.3f}", "quiet"
        yield "field F1 after", f"{run['after']['field_f1']:.3f}", "two"
    if run["reproduction"]:
        yield "the saved model reads the same", f"{run['reproduction']['agreement']:.1%}", ""
    yield "documents", f"{run['data']['train']['documents']:,}", ""
    yield "steps", f"{run['plan']['steps']:,}", ""
    yield "weights saved of step", f"{run['saved']['step']:,}", ""
    yield "peak memory", f"{run['peak_memory_gb']:.1f} GB", ""


def _curves(metrics: Metrics) -> str:
    """The charts of the run, in rows."""
    rows = (
        f'<div class="grid{max(2, len(row))}">{"".join(_chart(chart, len(row)) for chart in row)}</div>'
        for row in in_rows(curves(metrics))
    )
    return "".join(rows)


def _chart(chart: Chart, in_row: int) -> str:
    named = [(line.kind, line.name) for line in chart.lines if line.name and line.points]
    width = WIDTH * 2 / max(2, in_row)  # so that writing is as large in a narrow chart
    drawn = line_chart(chart.lines, f"{chart.title} by step", top=chart.top, width=width)
    return page.section(chart.title, chart.said, drawn + (page.legend(*named) if named else ""))


def _fields(run: Mapping[str, Any]) -> str:
    if not (run["before"] and run["after"]):
        return ""
    before = run["before"]["fields"]
    rows = [_field(path, before.get(path, 0.0), found) for path, found in run["after"]["fields"].items()]
    legend = page.legend(("pale", "before"), ("one", "gained"), ("warn", "lost"))
    said = "F1 of each field that the validation truth knows."
    return page.section("Fields", said, bar_chart(rows, "F1 by field", most=1.0) + legend)


def _field(path: str, before: float, after: float) -> Bar:
    pieces = [
        (min(before, after), "pale"),
        (max(0.0, after - before), "one"),
        (max(0.0, before - after), "warn"),
    ]
    return Bar(path, pieces, f"{after:.2f}", f"{path}: {before:.3f} before, {after:.3f} after")


def _documents(documents: Sequence[Labelled], after: Validation | None) -> str:
    if after is None:
        return ""
    pairs = list(zip(documents, after.extractions, strict=True))[:DOCUMENTS_SHOWN]
    shown = "".join(_document(labelled, Truth.of(found.invoice)) for labelled, found in pairs)
    return page.section("Documents", "What is known of them, and what is read otherwise.", shown, wide=True)


def _document(labelled: Labelled, read: Truth) -> str:
    """The text of a document beside the values that are known of it, right ones and wrong ones."""
    known, given = _flat(labelled.truth), _flat(read)
    known |= {path: None for path in given if row_and_cell(path) and path not in known}
    rows = [_compared(path, value, given.get(path)) for path, value in known.items()]
    wrong = sum(1 for row in rows if row[0])
    table = page.table(("", "field", "known", "read"), rows)
    return (
        f"<details><summary>{escape(labelled.origin)}: {wrong} of {len(rows)} values otherwise</summary>"
        f'<div class="grid2"><pre>{escape(labelled.text)}</pre><div class="scroll">{table}</div></div></details>'
    )


def _compared(path: str, known: Value, given: Value) -> tuple[str, str, str, str]:
    same = equal(path, known, given) if known is not None and given is not None else known == given
    return ("" if same else "✗", path, _shown(known), _shown(given))


def _flat(truth: Truth) -> dict[str, Value]:
    lines = {
        cell_path(row, cell): value
        for row, line in enumerate(truth.lines or ())
        for cell, value in line.items()
    }
    return {**truth.values, **lines}


def _shown(value: Value) -> str:
    return "–" if value is None else str(value)


def _facts(facts: Mapping[str, Any]) -> str:
    rows = [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in facts.items()]
    return page.table(("", "value"), rows)


def _dataset_link(data: Mapping[str, Any]) -> str:
    """The way to the page of the prepared data, a copy of which lies beside this one."""
    if not data["page"]:
        return ""
    return f'<p><a href="{escape(data["page"])}">The page of dataset <code>{escape(data["version"])}</code></a></p>'


def _made_with(run: Mapping[str, Any]) -> dict[str, Any]:
    train, base = run["data"]["train"], run["base"]
    final = run["final"]
    return {
        "weights saved": f"of {run['saved']['why']}",
        "loss of the last step": "none"
        if final["loss"] is None
        else f"{final['loss']:.3f}, step {final['step']}",
        "training data": f"{train['path']} (SHA-256 {train['sha256'][:16]})",
        "dataset": run["data"]["version"]
        or "not known: there is no dataset.json that belongs to the training data",
        "base": f"{base['name']} (SHA-256 {(base['sha256'] or 'unknown')[:16]})",
        "synthetic documents": f"{train['synthetic']:,}, {train['replay']:g} for each of the others",
        "steps": f"{run['plan']['steps']:,} of {counted(run['plan']['documents_per_step'], 'document')}",
        "padding": f"{run['plan']['padding']:.1%}",
        **{name: f"{seconds:,.0f} s" for name, seconds in run["durations"].items()},
        "git commit": run["git_commit"] or "none",
        "python": run["python"],
        **run["hardware"],
        **run["packages"],
    }
