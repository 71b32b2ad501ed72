"""THE MAIN PATH of evaluation: models and documents in, figures that can be believed out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import TestSet
from finscribe.evaluation.comparing import Comparison, compare
from finscribe.evaluation.figures import sum_up
from finscribe.evaluation.judging import Judged
from finscribe.evaluation.notes import notes_on
from finscribe.evaluation.page import render_evaluation
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.predictions import Journal, open_journal
from finscribe.evaluation.preparing import prepare
from finscribe.evaluation.reading import Show, read_all
from finscribe.evaluation.results import Evaluation, Result, lines_of_json, prediction_line
from finscribe.evaluation.runs import Finder, nowhere
from finscribe.evaluation.systems import System
from finscribe.files import replace_file
from finscribe.metrics.paired import Clusters


def evaluate(
    plan: Plan, show: Show = lambda _what, _done, _total: None, find: Finder = nowhere
) -> Evaluation:
    """Lets every system read every document, and writes figures, predictions and a page.

    `find` knows the models before a folder that are elsewhere now.

    Raises `EvaluationError`, `ModelError`, `MissingDependency` and `SourcesError`. What was read until then is kept,
    and the same plan goes on there. No system ever stands in for another.
    """
    prepared = prepare(plan, find)
    _make_room(plan.output.parent)
    with open_journal(plan.partial) as journal, tempfile.TemporaryFile(dir=plan.output.parent) as predictions:
        systems, left_out = read_all(prepared, plan, journal, show)
        clusters = Clusters.by_name(prepared.test.families)
        results = [
            Result(system, sum_up(judged, clusters, plan.threshold, plan.seed), judged)
            for system in systems
            for judged in [judge(system, prepared.test, journal, predictions, show)]
        ]
        evaluation = Evaluation(
            plan,
            prepared.test,
            clusters,
            tuple(results),
            tuple(compare_all(results, clusters, plan.seed)),
            (*prepared.notes, *left_out, *notes_on(prepared.test, clusters, results)),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        write(evaluation, journal, predictions)
    return evaluation


def _make_room(folder: Path) -> None:
    """Makes a folder that may be written to; raises `EvaluationError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise EvaluationError(
            f"{folder} cannot be written to: {error.strerror or error}",
            hint="Give an --output in another folder, or make room there.",
        ) from error


def judge(system: System, test: TestSet, journal: Journal, predictions: IO[bytes], show: Show) -> Judged:
    """All answers of a system against the truth; each goes to `predictions` as a line, with its verdicts."""
    judged = Judged.empty(len(test.cases))
    for index, case in enumerate(test.cases):
        prediction = journal.get(system, case.digest)
        verdicts = judged.add(index, case, prediction)
        predictions.write(prediction_line(system, case, prediction, verdicts) + b"\n")
        show(f"judging {system.name}", index + 1, len(test.cases))
    return judged


def compare_all(results: Sequence[Result], clusters: Clusters, seed: int) -> Iterator[Comparison]:
    """Each model with the baseline, then with few-shot prompts, then everything else with the baseline."""
    baseline, *others = results
    models = [result for result in others if result.system.kind == "model"]
    few_shot = [result for result in others if result.system.kind == "few-shot"]
    rest = [result for result in others if result.system.kind != "model"]
    pairs = [
        *((baseline, model) for model in models),
        *((shown, model) for shown in few_shot for model in models),
        *((baseline, other) for other in rest),
    ]
    for one, other in pairs:
        yield compare((one.system.name, one.judged), (other.system.name, other.judged), clusters, seed)


def write(evaluation: Evaluation, journal: Journal, predictions: IO[bytes]) -> None:
    """The JSON and the page, each whole or not at all."""
    predictions.seek(0)
    lines = (line.rstrip(b"\n") for line in predictions)
    replace_file(evaluation.plan.output, lines_of_json(evaluation, lines))
    replace_file(evaluation.plan.page, [render_evaluation(evaluation, journal).encode()])
