"""Where runs leave what they make, below the data folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.store.tables import RunKind, StoredRun
from finscribe.training.dataset.options import OUTPUT_NAME, VAL_OUTPUT_NAME
from finscribe.training.finetuning.progress import folder_beside, read_metrics

TRAIN, VAL, GATE = OUTPUT_NAME, VAL_OUTPUT_NAME, "unsloth_gate.jsonl"
PARTS = {"train": TRAIN, "val": VAL, "gate": GATE}
"""The files of a dataset."""
_FOLDERS = {
    RunKind.DATASET: "datasets",
    RunKind.TRAINING: "training-runs",
    RunKind.EVALUATION: "evaluations",
}
_PAGES = {
    RunKind.DATASET: "dataset.html",
    RunKind.TRAINING: "model/training.html",
    RunKind.EVALUATION: "evaluation.html",
}


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of the runs; their ids are ours, so that no name of a user becomes a path."""

    data_dir: Path

    @property
    def lock(self) -> Path:
        """What the process of a run holds as long as it lives."""
        return self.data_dir / ".learning.lock"

    def folder(self, kind: RunKind, run_id: str) -> Path:
        """Everything of a run."""
        return self.data_dir / _FOLDERS[kind] / run_id

    def log(self, run: StoredRun) -> Path:
        """What its command said."""
        return self.folder(run.kind, run.id) / "log.txt"

    def page(self, run: StoredRun) -> Path:
        """Its page for people, once it is done."""
        return self.folder(run.kind, run.id) / _PAGES[run.kind]

    def part(self, dataset_id: str, part: str) -> Path:
        """The records of a part of a dataset; not there where it has none."""
        return self.folder(RunKind.DATASET, dataset_id) / PARTS[part]

    def model(self, training_id: str) -> Path:
        """The model that a training run makes."""
        return self.folder(RunKind.TRAINING, training_id) / "model"

    def evaluation(self, evaluation_id: str) -> Path:
        """What an evaluation found."""
        return self.folder(RunKind.EVALUATION, evaluation_id) / "evaluation.json"

    def metrics(self, training_id: str) -> list[dict[str, Any]]:
        """The steps and looks of a training run so far."""
        model = self.model(training_id)
        working, finished = folder_beside(model) / "metrics.jsonl", model / "metrics.jsonl"
        return read_metrics(working) or read_metrics(finished)
