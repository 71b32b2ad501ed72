"""Where a run is, and the figures that it leaves behind. Light to import, for those who only look on."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a run is: what the live line shows and `metrics.jsonl` keeps, None for what was not measured."""

    step: int
    steps: int
    first_step: int
    """Where this process began: above 0 in a run that was resumed."""
    seconds: float
    loss: float | None = None
    learning_rate: float | None = None
    tokens_per_second: float | None = None
    documents_per_second: float | None = None
    memory_gb: float | None = None
    padding: float | None = None
    """Share of padding in the batches."""
    val_loss: float | None = None
    field_f1: float | None = None
    line_cell_f1: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the pace so far."""
        done = self.step - self.first_step
        return self.seconds / done * (self.steps - self.step) if done else None


class Laps:
    """How long the stages of something take, one after the other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def end(self, stage: str) -> None:
        """A stage is over, and the next begins."""
        now = time.monotonic()
        self.seconds[stage], self._since = now - self._since, now


def folder_beside(output: Path) -> Path:
    """The folder of an unfinished run, beside that of its model: checkpoints and figures."""
    return output.with_name(f".{output.name}.training")


def write_metrics(path: Path, moment: Moment) -> None:
    """Adds what is known of a moment to `metrics.jsonl`."""
    known = {name: value for name in Moment.__slots__ if (value := getattr(moment, name)) is not None}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(known) + "\n")


def forget_metrics(path: Path, *, after: int) -> None:
    """Takes back what was noted behind the checkpoint that a run goes on from; all of it for step 0."""
    kept = [line for line in read_metrics(path) if line["step"] <= after] if after else []
    path.write_text("".join(json.dumps(line) + "\n" for line in kept), "utf-8")


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The lines of a `metrics.jsonl`; a torn last one is left out."""
    found = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def peak_memory_gb() -> float:
    """The most memory used so far, in 10^9 bytes: the GPU's where there is one, else the process's."""
    import resource

    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
