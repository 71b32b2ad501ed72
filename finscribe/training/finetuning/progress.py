"""Where a run is, and the figures that it leaves behind. Light to import, for those who only look on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from finscribe.files import replace_file

Metrics: TypeAlias = Sequence[Mapping[str, Any]]
"""The lines of a `metrics.jsonl`."""

NOTED_EVERY = 10.0
"""Seconds of training after which what it took so far is noted, when a step ends."""


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
    looks_seconds: float = 0.0
    """Of `seconds`, what looks at validation documents took."""
    reading_left: float | None = None
    """Seconds that looks to come will take, and reading after the last step; None where nothing was read yet."""

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the pace so far, and for what is read until the end, where that is known."""
        done = self.step - self.first_step
        if not done:
            return None
        pace = (self.seconds - self.looks_seconds) / done
        return pace * (self.steps - self.step) + (self.reading_left or 0.0)


class Laps:
    """How long the stages of a run take, one after the other, in all processes that it took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()
        self._path: Path | None = None

    def keep_in(self, work: Path) -> None:
        """Counts on from what the processes before this one took, and notes in the folder what this one takes."""
        self._path = work / "seconds.json"
        with suppress(OSError, ValueError, TypeError):  # where the disk lost it, the others are not counted
            self.seconds = dict(json.loads(self._path.read_text("utf-8")))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage, which begins where the one before it ended; it counts, whatever becomes of it."""
        try:
            yield
        finally:
            self._add(name)

    def go_on(self, stage: str) -> None:
        """A stage goes on: what it took so far outlives a process that is killed in it."""
        if time.monotonic() - self._since >= NOTED_EVERY:
            self._add(stage)

    def _add(self, stage: str) -> None:
        now = time.monotonic()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now
        if self._path:
            with suppress(OSError):  # nothing that a full disk should end a run for
                replace_file(self._path, [json.dumps(self.seconds).encode()])


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
    replace_file(path, [f"{json.dumps(line)}\n".encode() for line in kept])


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
