"""What a fine-tuned folder says it was made of, and whether the test documents were among it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import Case, TestSet, read_cases
from finscribe.files import file_hash

RUN = "run.json"


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """What the `run.json` of a model folder tells: the model it was trained from and its files of records."""

    base: str | None
    train: Path | None
    train_sha256: str | None
    val_sha256: str | None

    @classmethod
    def read(cls, folder: str | Path) -> TrainedOn | None:
        """None where there is no readable `run.json`."""
        try:
            run = json.loads((Path(folder) / RUN).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        train = _get(run, "data", "train", "path")
        return cls(
            _get(run, "base", "name"),
            Path(train) if train else None,
            _get(run, "data", "train", "sha256"),
            _get(run, "data", "val", "sha256"),
        )

    @property
    def train_is_there(self) -> bool:
        """Whether the file that was trained on still is where it was, unchanged."""
        return bool(self.train and self.train.is_file() and file_hash(self.train) == self.train_sha256)


def _get(record: Any, *keys: str) -> str | None:
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record if isinstance(record, str) else None


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Records that a model learned from, and who says so."""

    source: str
    cases: Sequence[Case]


def find_training_data(train_data: str | None, folders: Sequence[str]) -> list[TrainingData]:
    """The training records that are known: those named, else those that the folders' `run.json` names."""
    if train_data:
        return [TrainingData(train_data, read_cases(train_data))]
    known = {str(origin.train) for origin in map(TrainedOn.read, folders) if origin and origin.train_is_there}
    return [TrainingData(path, read_cases(path)) for path in sorted(known)]


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


def notes_on_folder(folder: str, test: TestSet, train_data: str | None) -> Iterator[str]:
    """What its `run.json` means for how far the figures of a fine-tuned folder can be believed."""
    origin = TrainedOn.read(folder)
    if origin is None:
        return
    if origin.val_sha256 and origin.val_sha256 == test.sha256:
        yield f"{folder} chose its best checkpoint on this very test file: its figures are a little too good."
    if not train_data and not origin.train_is_there:
        yield (
            f"{folder} was trained on {origin.train}, which is gone or has changed: "
            "whether test documents are among it was not checked. Name the file with --train_data."
        )
