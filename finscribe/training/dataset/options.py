"""What a preparation is asked to do, checked before anything is read."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from finscribe.errors import SettingsError
from finscribe.training.dataset.ledger import ledger_path

INPUT_NAMES = ("active_learning.jsonl", "training_queue.jsonl")
OUTPUT_NAME = "unsloth_train.jsonl"
VAL_OUTPUT_NAME = "unsloth_val.jsonl"
"""What is read and written in the data folder where nothing else is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareOptions:
    """Inputs, outputs and how to divide them; raises SettingsError for what makes no sense.

    Without `split` everything goes to `output`. Without `gate_output` there is no gate. Without `tokenizer` (a
    folder or a name) tokens are not counted. Without `align` targets are the truths as they are known, which a grounded
    decoder may not be able to write.
    """

    inputs: tuple[str, ...]
    output: Path
    val_output: Path | None = None
    gate_output: Path | None = None
    split: bool = False
    val_ratio: float = 0.1
    gate_ratio: float = 0.1
    max_seq_length: int | None = 2048
    tokenizer: str | None = None
    strict: bool = False
    align: bool = True
    seed: int = 0
    workers: int = 2

    def __post_init__(self) -> None:
        _check_ratio("val_ratio", self.val_ratio)
        _check_ratio("gate_ratio", self.gate_ratio)
        if sum(self.ratios.values()) >= 1:
            raise SettingsError(
                f"val_ratio {self.val_ratio} and gate_ratio {self.gate_ratio} leave nothing to train on",
                hint="Their sum has to be below 1.",
            )
        if self.gate_output and not self.split:
            raise SettingsError(
                f"nothing would be kept for {self.gate_output}: the records are not split",
                hint="Add --split, or leave --gate_output out.",
            )
        for path in self.outputs.values():  # before the files beside them: `.` has no name to make theirs of
            _check_is_no_folder(path)
        for path in self.written:
            _check_is_no_folder(path)
        if len({path.resolve() for path in self.written}) < len(self.written):
            raise SettingsError(
                "two of the files to write are the same file: " + ", ".join(map(str, self.written)),
                hint="Give each of the outputs its own name.",
            )

    @property
    def outputs(self) -> Mapping[int, Path]:
        """The file of each part, by its position in `PARTS`."""
        given = (self.output, self.val_output, self.gate_output) if self.split else (self.output,)
        return {part: path for part, path in enumerate(given) if path is not None}

    @property
    def ratios(self) -> Mapping[int, float]:
        """The share of each part but train's, by its position in `PARTS`."""
        given = {1: self.val_ratio, 2: self.gate_ratio}
        return {part: given[part] for part in self.outputs if part in given}

    @property
    def rejects(self) -> Path:
        """Where records that are not used go."""
        return self.output.with_name(f"{self.output.stem}.rejects.jsonl")

    @property
    def ledger(self) -> Path:
        """Where it is remembered which record went to which part."""
        return ledger_path(self.output)

    @property
    def card(self) -> Path:
        """Where the dataset's card goes."""
        return self.output.with_name("dataset.json")

    @property
    def page(self) -> Path:
        """Where the dataset's page goes."""
        return self.output.with_name("dataset.html")

    @property
    def written(self) -> tuple[Path, ...]:
        """All files that a preparation writes."""
        return (*self.outputs.values(), self.rejects, self.ledger, self.card, self.page)

    def check_inputs(self, paths: Iterable[Path]) -> None:
        """Raises SettingsError where a file to read is one that will be written."""
        written = {path.resolve() for path in self.written}
        for path in paths:
            if path.resolve() in written:
                raise SettingsError(
                    f"{path} is an input and an output at once",
                    hint="Name the files to read one by one, or write the outputs to another folder.",
                )


def _check_is_no_folder(path: Path) -> None:
    if os.path.isdir(path):  # unlike Path.is_dir, it takes any name
        raise SettingsError(f"{path} is a folder", hint=f"Name a file, such as {path / OUTPUT_NAME}.")


def _check_ratio(name: str, ratio: float) -> None:
    if not (math.isfinite(ratio) and 0 <= ratio < 1):
        raise SettingsError(
            f"{name} is {ratio}, which is no share from 0 to below 1",
            hint=f"Give {name} 0.1 for every tenth record, or 0 for none.",
        )
