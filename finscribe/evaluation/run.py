"""THE MAIN PATH of evaluation: models and documents in, figures that can be believed out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO

from finscribe.evaluation.asking import Ask, desk
from finscribe.evaluation.cases import Case, TestSet, read_test_set
from finscribe.evaluation.comparing import Comparison, compare
from finscribe.evaluation.few_shot import NoExampleFits
from finscribe.evaluation.figures import sum_up
from finscribe.evaluation.judging import Judged
from finscribe.evaluation.notes import notes_on
from finscribe.evaluation.origins import check_leaks, find_training_data, notes_on_folder
from finscribe.evaluation.page import render_evaluation
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.predictions import Journal, open_journal
from finscribe.evaluation.readers import ReadingOptions
from finscribe.evaluation.results import Evaluation, Result, lines_of_json, prediction_line
from finscribe.evaluation.systems import System, enter
from finscribe.files import replace_file
from finscribe.metrics.paired import Clusters

Show = Callable[[str, int, int], None]
"""Told what is being done, how many documents of it are done, and of how many."""


def evaluate(plan: Plan, show: Show = lambda _what, _done, _total: None) -> Evaluation:
    """Lets every system read every document, and writes figures, predictions and a page.

    Raises `EvaluationError`, `ModelError`, `MissingDependency` and `SourcesError`. What was read until then is kept,
    and the same plan goes on there. No system ever stands in for another.
    """
    test = read_test_set(plan.test_data, plan.limit, plan.seed)
    folders = [plan.aliases.get(name, name) for name in plan.models]
    training = find_training_data(plan.train_data, folders)
    notes = [*check_leaks(test, training, allow=plan.allow_leak)]
    notes += [note for folder in folders for note in notes_on_folder(folder, test, plan.train_data)]
    examples = _apart_from(test, [case for data in training for case in data.cases])
    systems = enter(plan, examples)
    plan.output.parent.mkdir(parents=True, exist_ok=True)
    with open_journal(plan.partial) as journal, tempfile.TemporaryFile() as predictions:
        systems, left_out = read_all(systems, test, examples, plan, journal, show)
        judged = [judge(system, test, journal, predictions, show) for system in systems]
        evaluation = sum_up_all(plan, test, systems, judged, [*notes, *left_out])
        write(evaluation, journal, predictions)
    return evaluation


def _apart_from(test: TestSet, cases: Iterable[Case]) -> list[Case]:
    """Training records that are no test documents: only those may be shown as examples."""
    known = {case.key for case in test.cases}
    return [case for case in cases if case.key not in known]


# --- reading -----------------------------------------------------------------------------------------


def read_all(
    systems: Sequence[System],
    test: TestSet,
    examples: Sequence[Case],
    plan: Plan,
    journal: Journal,
    show: Show,
) -> tuple[list[System], list[str]]:
    """Every document by every system; the systems that could, and why an optional one could not."""
    able, notes = [], []
    with desk(systems, examples, ReadingOptions(plan.grounding, plan.batch_size, plan.seed)) as ask:
        for system in systems:
            try:
                read_documents(system, test, ask, plan.batch_size, journal, show)
            except NoExampleFits as error:
                if not system.optional:
                    raise
                notes.append(f"{system.name} is not in the table: {error.message}.")
            else:
                able.append(system)
    return able, notes


def read_documents(
    system: System, test: TestSet, ask: Ask, batch_size: int, journal: Journal, show: Show
) -> None:
    """What a system has not read yet, in batches of similar length, the longest first.

    So memory that does not last is found out at once, and the time left is rather overestimated.
    """
    texts = {case.digest: case.text for case in test.cases}
    missing = sorted(
        (digest for digest in texts if not journal.has(system, digest)), key=lambda each: -len(texts[each])
    )
    show(system.name, len(texts) - len(missing), len(texts))
    for start in range(0, len(missing), batch_size):
        batch = missing[start : start + batch_size]
        answers = ask(system, [texts[digest] for digest in batch])
        journal.add(system, zip(batch, answers, strict=True))
        show(system.name, len(texts) - len(missing) + start + len(batch), len(texts))


# --- judging -----------------------------------------------------------------------------------------


def judge(system: System, test: TestSet, journal: Journal, predictions: IO[bytes], show: Show) -> Judged:
    """All answers of a system against the truth; each goes to `predictions` as a line, with its verdicts."""
    judged = Judged.empty(len(test.cases))
    for index, case in enumerate(test.cases):
        prediction = journal.get(system, case.digest)
        verdicts = judged.add(index, case, prediction)
        predictions.write(prediction_line(system, case, prediction, verdicts) + b"\n")
        show(f"judging {system.name}", index + 1, len(test.cases))
    return judged


def sum_up_all(
    plan: Plan, test: TestSet, systems: Sequence[System], judged: Sequence[Judged], notes: Sequence[str]
) -> Evaluation:
    """The figures of each system, and the systems compared."""
    clusters = Clusters.by_name(test.families)
    results = tuple(
        Result(system, sum_up(each, clusters, plan.threshold, plan.seed), each)
        for system, each in zip(systems, judged, strict=True)
    )
    comparisons = tuple(_compare_all(results, clusters, plan.seed))
    more = notes_on(test, clusters, results)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Evaluation(plan, test, clusters, results, comparisons, (*notes, *more), created)


def _compare_all(results: Sequence[Result], clusters: Clusters, seed: int) -> Iterator[Comparison]:
    """Each model with the baseline, then with few-shot prompts, then the rules with the baseline."""
    baseline, *others = results
    models = [result for result in others if result.system.kind == "model"]
    few_shot = [result for result in others if result.system.kind == "few-shot"]
    rest = [result for result in others if result not in models]
    pairs = [
        *((baseline, model) for model in models),
        *((shown, model) for shown in few_shot for model in models),
        *((baseline, other) for other in rest),
    ]
    for one, other in pairs:
        yield compare((one.system.name, one.judged), (other.system.name, other.judged), clusters, seed)


# --- writing -----------------------------------------------------------------------------------------


def write(evaluation: Evaluation, journal: Journal, predictions: IO[bytes]) -> None:
    """The JSON and the page, each whole or not at all."""
    predictions.seek(0)
    lines = (line.rstrip(b"\n") for line in predictions)
    replace_file(evaluation.plan.output, lines_of_json(evaluation, lines))
    replace_file(evaluation.plan.page, [render_evaluation(evaluation, journal).encode()])
