"""What happens while a model trains: figures to a file and to the user, looks at the validation set, interruptions."""

from __future__ import annotations

import logging
import math
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from transformers import EarlyStoppingCallback, TrainerCallback

from finscribe.training.finetuning.processes import count_processes, from_first, in_any, is_first
from finscribe.training.finetuning.progress import (
    Laps,
    Moment,
    forget_metrics,
    peak_memory_gb,
    write_metrics,
)
from finscribe.training.finetuning.trainer import BEST_BY, Plan
from finscribe.training.finetuning.validation import Reading, Validation

logger = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 600.0
"""The most that is lost of a run that is killed, but for the step under way."""
READ_AFTER = 2
"""How often documents are read after the last look: with the trained model, and with what was saved of it."""


class Watch(TrainerCallback):  # type: ignore[misc]
    """Notes every step in `metrics.jsonl`, and at each look reads validation documents to judge the model by."""

    def __init__(
        self,
        folder: Path,
        show: Callable[[Moment], None],
        before: Reading | None,
        read: Callable[[], Validation | None],
        plan: Plan,
        laps: Laps,
    ) -> None:
        self.path, self.show, self.before, self.read = folder / "metrics.jsonl", show, before, read
        self.plan, self.laps = plan, laps
        self.started = time.monotonic()
        self.first_step = self.first_tokens = 0
        self.looks_seconds = 0.0
        reading = laps.seconds.get("reading before", 0.0) if before else None
        self.reading_seconds = self.look_seconds = reading

    def on_train_begin(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Forgets what was noted behind the checkpoint, and notes how the model read before it learned."""
        self.started, self.first_step = time.monotonic(), state.global_step
        self.first_tokens = state.num_input_tokens_seen
        best = self.path.parent / f"checkpoint-{state.best_global_step}"
        if best.is_dir():  # as it is called from here: the process that took it may have run elsewhere
            state.best_model_checkpoint = str(best)
        if not state.is_world_process_zero:
            return
        forget_metrics(self.path, after=state.global_step)
        if self.before and not state.global_step:
            self._note_reading(state, self.before)

    def on_log(self, _args: Any, state: Any, _control: Any, logs: dict[str, Any], **_: Any) -> None:
        """Notes the figures of a step."""
        if "loss" not in logs or not state.is_world_process_zero:
            return
        seconds = time.monotonic() - self.started - self.looks_seconds
        tokens = state.num_input_tokens_seen - self.first_tokens
        documents = self.plan.documents_at(state.global_step) - self.plan.documents_at(self.first_step)
        self._note(
            state,
            loss=float(logs["loss"]),
            learning_rate=float(logs["learning_rate"]),
            tokens_per_second=tokens / seconds,
            documents_per_second=documents / seconds,
            memory_gb=peak_memory_gb(),
            padding=self.plan.padding,
            reading_left=self._reading_left(self.plan.looks_until(state.global_step - 1)),
        )

    def on_evaluate(self, _args: Any, state: Any, _control: Any, metrics: dict[str, float], **_: Any) -> None:
        """Adds the field F1 to the figures by which the trainer then chooses the best checkpoint."""
        began = time.monotonic()
        found = self.read()
        field_f1 = from_first(found.reading.field_f1 if found else None)
        if field_f1 is not None:
            metrics[f"eval_{BEST_BY}"] = field_f1
            if _is_as_good_and_not_less_sure(field_f1, metrics, state):
                state.best_metric = None  # this one takes the place of the best
        self.reading_seconds = time.monotonic() - began
        self.look_seconds = self.reading_seconds + metrics.get("eval_runtime", 0.0)
        self.looks_seconds += self.look_seconds
        if found:
            self._note_reading(state, found.reading, val_loss=metrics.get("eval_loss"))

    def _note_reading(self, state: Any, found: Reading, val_loss: float | None = None) -> None:
        self._note(
            state,
            val_loss=val_loss,
            field_f1=found.field_f1,
            line_cell_f1=found.scores.line_cells.f1,
            reading_left=self._reading_left(self.plan.looks_until(state.global_step)),
        )

    def _reading_left(self, looked: int) -> float | None:
        """Seconds of the looks to come after so many, and of reading with the trained and with the saved model."""
        if self.look_seconds is None or self.reading_seconds is None:
            return None
        return self.look_seconds * (self.plan.looks - looked) + self.reading_seconds * READ_AFTER

    def _note(self, state: Any, **figures: float | None) -> None:
        seconds = time.monotonic() - self.started
        moment = Moment(
            state.global_step,
            state.max_steps,
            self.first_step,
            seconds,
            looks_seconds=self.looks_seconds,
            **figures,
        )
        write_metrics(self.path, moment)
        self.laps.go_on("training")
        self.show(moment)


def _is_as_good_and_not_less_sure(field_f1: float, metrics: Mapping[str, float], state: Any) -> bool:
    """Whether a look has the field F1 of the best one so far, and no higher loss on the validation set."""
    if field_f1 != state.best_metric:
        return False
    losses = {line["step"]: line["eval_loss"] for line in state.log_history if "eval_loss" in line}
    return bool(metrics["eval_loss"] <= losses.get(state.best_global_step, math.inf))


class EarlyStopping(EarlyStoppingCallback):  # type: ignore[misc]
    """Ends a run whose looks find nothing better, also over several processes, as often as each says."""

    def on_train_begin(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Counts on from the checkpoint that a run goes on from."""
        super().on_train_begin(args, state, control, **options)
        noted = state.stateful_callbacks.get(type(self).__name__, {})
        self.early_stopping_patience_counter = noted.get("attributes", {}).get(
            "early_stopping_patience_counter", 0
        )

    def on_step_end(self, _args: Any, _state: Any, control: Any, **_: Any) -> None:
        """A run that had ended, and goes on because what came after training failed, ends with its first step."""
        if self.early_stopping_patience_counter >= self.early_stopping_patience:
            control.should_training_stop = True


class SaveByTime(TrainerCallback):  # type: ignore[misc]
    """A checkpoint at least every so many seconds, beside those of the looks, which may be hours apart."""

    def __init__(self, seconds: float = CHECKPOINT_SECONDS) -> None:
        self._seconds, self._last = seconds, time.monotonic()

    def on_step_end(self, _args: Any, _state: Any, control: Any, **_: Any) -> Any:
        """Asks for one, in all processes, where the last is too old."""
        if in_any(time.monotonic() - self._last >= self._seconds):
            control.should_save = True
        return control

    def on_save(self, _args: Any, _state: Any, _control: Any, **_: Any) -> None:
        """Counts from this one on."""
        self._last = time.monotonic()


class StopOnSignal(TrainerCallback):  # type: ignore[misc]
    """Lets the step or look under way finish, in all processes, saves a checkpoint and ends the run."""

    def __init__(self) -> None:
        self.asked = False

    def on_step_end(self, _args: Any, _state: Any, control: Any, **_: Any) -> Any:
        """Ends the run after this step where any process was asked to."""
        if in_any(self.asked):
            control.should_save = control.should_training_stop = True
        return control

    on_evaluate = on_step_end

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes SIGINT and SIGTERM as a wish to stop; a SIGINT after that stops a process that is alone at once.

        What ends all processes of a job signals each, and torchrun passes on the signal that it got itself: the second
        one means nothing.
        """

        def ask(number: int, _frame: Any) -> None:
            if self.asked and number == signal.SIGINT and count_processes() == 1:
                raise KeyboardInterrupt
            if not self.asked and is_first():
                again = "; Ctrl-C again stops at once" if count_processes() == 1 else ""
                logger.warning("Stopping after this step or look, with a checkpoint%s.", again)
            self.asked = True

        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
