"""A run tried for two batches: how long all of it would take, and how much memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from finscribe.errors import TrainingError
from finscribe.training.finetuning.examples import Example
from finscribe.training.finetuning.memory import OUT_OF_MEMORY_HINT, is_out_of_memory
from finscribe.training.finetuning.progress import peak_memory_gb
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.stages import Prepared
from finscribe.training.finetuning.trainer import build_trainer, padded_to
from finscribe.training.finetuning.validation import as_served, validate_model

DOCUMENTS_READ = 2


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would take: seconds of training and of reading validation documents, memory in 10^9 bytes."""

    training_seconds: float
    reading_seconds: float
    memory_gb: float


def rehearse(recipe: Recipe, prepared: Prepared) -> Rehearsal:
    """Learns the longest batch and a usual one, and reads two documents; the model is used up.

    The first step makes what is made once, and needs the most memory; the time is that of the second, by tokens.
    Raises `TrainingError` where the longest batch does not fit into memory.
    """
    batches = _longest_and_usual(prepared, recipe.batch_size)
    clock = _Clock()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _learn(recipe, prepared, [example for batch in batches for example in batch], Path(folder), clock)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise TrainingError(
            f"a batch of {recipe.batch_size} documents does not fit into memory", hint=OUT_OF_MEMORY_HINT
        ) from None
    seconds_a_token = clock.seconds[-1] / _room(batches[-1], padded=not prepared.plan.padding_free)
    tokens = prepared.plan.tokens / (1 - prepared.plan.padding)
    return Rehearsal(tokens * seconds_a_token, _reading_seconds(recipe, prepared), peak_memory_gb())


class _Clock(TrainerCallback):  # type: ignore[misc]
    """The seconds of each step; nothing is saved."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._began = 0.0

    def on_step_begin(self, _args: Any, _state: Any, _control: Any, **_: Any) -> None:
        self._began = time.monotonic()

    def on_step_end(self, _args: Any, _state: Any, control: Any, **_: Any) -> Any:
        import torch

        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.seconds.append(time.monotonic() - self._began)
        control.should_save = False
        return control


def _longest_and_usual(prepared: Prepared, size: int) -> list[list[Example]]:
    """The first batch of the run, which holds the longest example, and the one of median length."""
    ordered = [prepared.train.examples[position] for position in prepared.plan.order]
    batches = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    whole = [batch for batch in batches if len(batch) == len(batches[0])]
    return [batches[0], sorted(whole, key=lambda batch: _room(batch, padded=True))[len(whole) // 2]]


def _room(batch: Sequence[Example], *, padded: bool) -> int:
    lengths = [len(example.ids) for example in batch]
    return len(lengths) * padded_to(max(lengths)) if padded else sum(lengths)


def _learn(
    recipe: Recipe, prepared: Prepared, examples: Sequence[Example], folder: Path, clock: _Clock
) -> None:
    once = replace(recipe, gradient_accumulation_steps=1, num_epochs=1, report_to="none")
    planned = replace(prepared.plan, order=range(len(examples)), steps=2, warmup_steps=0)
    build_trainer(prepared.base, examples, [], once, folder, [clock], planned).train()


def _reading_seconds(recipe: Recipe, prepared: Prepared) -> float:
    """Documents are read before, at every look, at the end, and with the saved model; else at the end only."""
    some = prepared.compared[:DOCUMENTS_READ]
    base = prepared.base
    started = time.monotonic()
    with as_served(base.model, base.tokenizer, recipe.model_name, base.engine) as model:
        validate_model(model, some)
    seconds = (time.monotonic() - started) / len(some)
    return seconds * len(prepared.compared) * (prepared.plan.looks + 3 if prepared.watched else 2)
