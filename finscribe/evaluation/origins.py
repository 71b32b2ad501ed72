"""What a fine-tuned folder says it was made of, and whether the test documents were among it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import Case, TestSet, read_cases
from finscribe.evaluation.runs import Descent, get, read_run
from finscribe.files import file_hash

_NOT_CHECKED = (
    "whether test documents are among it was not checked. Name the file, as it was then, with --train_data."
)


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """What a `run.json` tells: the model that was trained and its files of records."""

    base: str | None
    train: Path | None
    train_sha256: str | None
    val_sha256: str | None

    @classmethod
    def of(cls, run: Mapping[str, Any]) -> TrainedOn:
        """What is no text counts as not told."""
        train = _text(run, "data", "train", "path")
        return cls(
            _text(run, "base", "name"),
            Path(train) if train else None,
            _text(run, "data", "train", "sha256"),
            _text(run, "data", "val", "sha256"),
        )

    @classmethod
    def read(cls, folder: str | Path) -> TrainedOn | None:
        """None where there is no readable `run.json`."""
        run = read_run(Path(folder))
        return None if run is None else cls.of(run)

    def records(self, named: str | None) -> str | None:
        """The file that was trained on, where it was or as `named`; None where it is gone or has changed."""
        for path in (self.train, Path(named) if named else None):
            if path and path.is_file() and file_hash(path) == self.train_sha256:
                return str(path)
        return None


def _text(run: Mapping[str, Any], *keys: str) -> str | None:
    found = get(run, *keys)
    return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Records that a model learned from, and who says so."""

    source: str
    cases: Sequence[Case]


def find_training_data(train_data: str | None, lines: Iterable[Descent]) -> list[TrainingData]:
    """The training records that are known: those named, and those of the runs that made the models."""
    told = [TrainedOn.of(run).records(train_data) for line in lines for run in line.runs]
    paths = [*([train_data] if train_data else []), *sorted(path for path in told if path)]
    once: dict[Path, str] = {}
    for path in paths:
        once.setdefault(Path(path).resolve(), path)
    return [TrainingData(path, read_cases(path)) for path in once.values()]


def check_leaks(test: TestSet, training: Sequence[TrainingData], *, allow: bool) -> Iterator[str]:
    """Notes on what test and training share; raises `EvaluationError` for test documents that were trained on."""
    for data in training:
        seen = {case.key: case.origin for case in data.cases}
        leaks = [case for case in test.cases if case.key in seen]
        if leaks:
            said = (
                f"{len(leaks)} of {len(test.cases)} test documents are in the training data {data.source}, "
                f"{leaks[0].origin} as {seen[leaks[0].key]}"
            )
            if not allow:
                raise EvaluationError(
                    said, hint="Split with finscribe prepare --split, or give --allow_leak."
                )
            yield f"{said}: their answers may be learned by heart."
        yield from _shared_vendors(test, data)


def _shared_vendors(test: TestSet, data: TrainingData) -> Iterator[str]:
    vendors = set(test.families)
    seen = frozenset[str]().union(*(case.vendor_names for case in data.cases))
    shared = {case.family for case in test.cases if case.vendor_names & seen}
    if shared:
        yield (
            f"{len(shared)} of {len(vendors)} test vendors are also in the training data {data.source}: "
            "on vendors never seen, the fine-tuned model may read less well."
        )


def notes_on_folder(folder: str, line: Descent, test: TestSet, train_data: str | None) -> Iterator[str]:
    """What the runs that made a fine-tuned folder mean for how far its figures can be believed."""
    origins = [TrainedOn.of(run) for run in line.runs]
    if origins and origins[0].val_sha256 and origins[0].val_sha256 == test.sha256:
        yield f"{folder} chose its best checkpoint on this very test file: its figures are a little too good."
    for origin in origins:
        if not origin.records(train_data):
            yield f"{folder} was trained on {origin.train}, which is gone or has changed: {_NOT_CHECKED}"
    if line.lost:
        yield f"{folder} was trained from {line.lost}, which is gone or has changed: {_NOT_CHECKED}"
