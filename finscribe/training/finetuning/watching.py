"""What happens while a model trains: figures to a file and to the user, looks at the validation set, interruptions."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from finscribe.training.finetuning.trainer import BEST_BY
from finscribe.training.finetuning.validation import Validation


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a run is: what the live line shows and `metrics.jsonl` keeps, None for what was not measured."""

    step: int
    steps: int
    seconds: float
    loss: float | None = None
    learning_rate: float | None = None
    tokens_per_second: float | None = None
    documents_per_second: float | None = None
    memory_gb: float | None = None
    val_loss: float | None = None
    field_f1: float | None = None
    line_cell_f1: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the pace so far."""
        return self.seconds / self.step * (self.steps - self.step) if self.step else None


class Watch(TrainerCallback):  # type: ignore[misc]
    """Notes every step in `metrics.jsonl`, and at each look reads validation documents to judge the model by."""

    def __init__(
        self, folder: Path, show: Callable[[Moment], None], read: Callable[[], Validation | None]
    ) -> None:
        self.path, self.show, self.read = folder / "metrics.jsonl", show, read
        self.started = time.monotonic()
        self.first_step = 0

    def on_train_begin(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        self.started, self.first_step = time.monotonic(), state.global_step
        self._forget_after(state.global_step)

    def on_log(self, args: Any, state: Any, _control: Any, logs: dict[str, Any], **_: Any) -> None:
        if "loss" not in logs or not state.is_world_process_zero:
            return
        seconds = time.monotonic() - self.started
        tokens = float(logs.get("num_tokens", 0))
        documents = (
            (state.global_step - self.first_step) * args.train_batch_size * args.gradient_accumulation_steps
        )
        self._note(
            state,
            loss=float(logs["loss"]),
            learning_rate=float(logs["learning_rate"]),
            tokens_per_second=tokens / seconds,
            documents_per_second=documents / seconds,
            memory_gb=peak_memory_gb(),
        )

    def on_evaluate(self, _args: Any, state: Any, _control: Any, metrics: dict[str, float], **_: Any) -> None:
        """Adds the field F1 to the figures by which the trainer then chooses the best checkpoint."""
        if (found := self.read()) is None:
            return
        metrics[f"eval_{BEST_BY}"] = found.field_f1
        if state.is_world_process_zero:
            self._note(
                state,
                val_loss=metrics.get("eval_loss"),
                field_f1=found.field_f1,
                line_cell_f1=found.scores.line_cells.f1,
            )

    def _note(self, state: Any, **figures: float | None) -> None:
        moment = Moment(state.global_step, state.max_steps, time.monotonic() - self.started, **figures)
        known = {
            name: getattr(moment, name) for name in Moment.__slots__ if getattr(moment, name) is not None
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(known) + "\n")
        self.show(moment)

    def _forget_after(self, step: int) -> None:
        """Takes back what was noted behind the checkpoint that a run goes on from."""
        kept = [line for line in read_metrics(self.path) if line["step"] <= step] if step else []
        self.path.write_text("".join(json.dumps(line) + "\n" for line in kept), "utf-8")


class StopOnSignal(TrainerCallback):  # type: ignore[misc]
    """Lets the step under way finish, saves a checkpoint and ends the run."""

    def __init__(self) -> None:
        self.asked = False

    def on_step_end(self, _args: Any, _state: Any, control: Any, **_: Any) -> Any:
        if self.asked:
            control.should_save = control.should_training_stop = True
        return control

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes SIGINT and SIGTERM as a wish to stop; a second SIGINT stops at once."""

        def ask(_number: int, _frame: Any) -> None:
            if self.asked:
                raise KeyboardInterrupt
            self.asked = True

        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


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
