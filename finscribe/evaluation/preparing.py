"""What an evaluation needs before anything is read: documents, systems, and what to keep in mind about both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from finscribe.evaluation.cases import Case, TestSet, read_test_set
from finscribe.evaluation.origins import TrainingData, check_leaks, find_training_data, notes_on_folder
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.runs import Finder, descent_of
from finscribe.evaluation.systems import System, enter


@dataclass(frozen=True, slots=True)
class Prepared:
    """The documents, the systems in the order of the table, the training records they may be shown, and notes."""

    test: TestSet
    systems: tuple[System, ...]
    examples: tuple[Case, ...]
    notes: tuple[str, ...]


def prepare(plan: Plan, find: Finder) -> Prepared:
    """Finds out what is wrong with a plan before any time is spent on it.

    Raises `EvaluationError` for documents that were trained on or cannot be scored, `SourcesError`, `ModelError`.
    """
    test = read_test_set(plan.test_data, plan.limit, plan.seed)
    folders = [plan.aliases.get(name, name) for name in plan.models]
    lines = {folder: descent_of(Path(folder), find) for folder in folders}
    training = find_training_data(plan.train_data, lines.values())
    notes = [
        *check_leaks(test, training, allow=plan.allow_leak),
        *(
            note
            for folder, line in lines.items()
            for note in notes_on_folder(folder, line, test, plan.train_data)
        ),
    ]
    shown = training[:1] if plan.train_data else training
    examples = tuple(_that_may_be_shown(shown, test))
    return Prepared(test, tuple(enter(plan, examples)), examples, tuple(notes))


def _that_may_be_shown(training: Sequence[TrainingData], test: TestSet) -> Iterator[Case]:
    """Training records that are no test documents."""
    known = {case.key for case in test.cases}
    for data in training:
        yield from (case for case in data.cases if case.key not in known)
