"""Training to the end: looks at the validation set, smaller batches where memory does not last, interruptions."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from finscribe.decoding.loading import release_memory
from finscribe.errors import FinScribeError, TrainingError, TrainingStopped
from finscribe.training.finetuning.baseline import baseline
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.memory import (
    OUT_OF_MEMORY_HINT,
    after_training,
    is_out_of_memory,
    out_of_memory_is_said,
)
from finscribe.training.finetuning.preparing import prepare
from finscribe.training.finetuning.processes import count_processes, in_any, is_first, meet
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.stages import Chosen, Data, Prepared, Run, Trained
from finscribe.training.finetuning.trainer import build_trainer
from finscribe.training.finetuning.validation import Reading, Validation, as_served, validate_model
from finscribe.training.finetuning.work_folder import (
    bytes_to_write,
    first_batch_size,
    last_checkpoint,
    require_space,
    step_of,
)

logger = logging.getLogger(__name__)


def fit(recipe: Recipe, data: Data, run: Run) -> Trained:
    """Trains to the end; out of memory, the batch is halved and accumulated twice as often instead.

    Raises `TrainingError` where nothing is left to halve, and `TrainingStopped` where a signal stops the run.
    """
    group = first_batch_size(run.work)
    with run.laps.stage("preparing"):
        prepared = prepare(recipe, data, group=group)
        require_space(run.work, bytes_to_write(recipe, prepared.base))
        run.ready(prepared)
    if is_first():
        meet()  # what is wrong with model or data has been said: the others can begin
    with run.laps.stage("reading before"):
        before = baseline(run.work, _look(prepared, recipe))
    with run.laps.stage("training"):
        while (chosen := _train_if_it_fits(recipe, prepared, before, run)) is None:
            recipe = halved(recipe)
            del prepared  # before the next one is loaded: memory is what there is too little of
            release_memory()
            prepared, run = prepare(recipe, data, group=group), replace(run, resume=True)
    with run.laps.stage("reading after"), after_training():
        answers = validated(prepared, recipe, prepared.compared)
    return Trained(recipe, prepared, chosen, before, answers)


def validated(prepared: Prepared, recipe: Recipe, documents: Sequence[Labelled]) -> Validation | None:
    """What the model reads now in the documents, if any; the first process reads, not others.

    Reading does not come on top of what the steps before it left behind, nor the steps after it on top of reading.
    """
    if not documents or not is_first():
        return None
    base = prepared.base
    release_memory()
    with (
        out_of_memory_is_said("reading documents"),
        as_served(base.model, base.tokenizer, recipe.model_name, base.engine) as model,
    ):
        found = validate_model(model, documents)
    release_memory()
    return found


def _look(prepared: Prepared, recipe: Recipe) -> Callable[[], Validation | None]:
    """What reads the watched documents, with the model as it is by then."""
    return partial(validated, prepared, recipe, prepared.watched)


def halved(recipe: Recipe) -> Recipe:
    """The same effective batch in smaller parts; raises `TrainingError` where it is one document already."""
    if recipe.batch_size == 1:
        raise TrainingError(
            "out of memory with one document at a time",
            hint=OUT_OF_MEMORY_HINT,
        )
    together = recipe.batch_size * recipe.gradient_accumulation_steps
    batch = max(size for size in range(1, recipe.batch_size // 2 + 1) if together % size == 0)
    steps = together // batch
    logger.warning(
        "Out of memory: going on with --batch_size %d --gradient_accumulation_steps %d.", batch, steps
    )
    return replace(recipe, batch_size=batch, gradient_accumulation_steps=steps)


def _train_if_it_fits(recipe: Recipe, prepared: Prepared, before: Reading | None, run: Run) -> Chosen | None:
    """Trains; None when the memory did not last. The error, which holds on to the model, does not leave this."""
    try:
        return _train(recipe, prepared, before, run)
    except FinScribeError:  # has been said
        raise
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        if count_processes() == 1:
            return None
        raise TrainingError(  # the others are in the middle of the step, and cannot be told
            f"out of memory in one of {count_processes()} processes: {error}", hint=OUT_OF_MEMORY_HINT
        ) from error


def _train(recipe: Recipe, prepared: Prepared, before: Reading | None, run: Run) -> Chosen:
    from finscribe.training.finetuning.watching import SaveByTime, StopOnSignal, Watch

    stop = StopOnSignal()
    watch = Watch(run.work, run.show, before, _look(prepared, recipe), prepared.plan, run.laps)
    trainer = build_trainer(
        prepared.base,
        prepared.train.examples,
        prepared.val.examples,
        recipe,
        run.work,
        [watch, stop, SaveByTime(), *_early_stopping(recipe, prepared)],
        prepared.plan,
    )
    checkpoint = last_checkpoint(run.work) if run.resume else None
    with stop.listening(), _a_full_disk_is_said(run.work):
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        stopped = in_any(stop.asked)
    if stopped and is_first():  # the others have nothing to add
        raise TrainingStopped(
            f"stopped at step {trainer.state.global_step} of {trainer.state.max_steps}; its checkpoint is kept",
            hint="Go on with the same command and --resume.",
        )
    return _chosen(trainer.state)


def _chosen(state: Any) -> Chosen:
    """The step of the checkpoint that was loaded at the end, else the last one."""
    best = state.best_model_checkpoint
    step = step_of(Path(best)) if best else state.global_step
    return Chosen(step, state.global_step, by_looks=bool(best))


@contextmanager
def _a_full_disk_is_said(work: Path) -> Iterator[None]:
    """Raises `TrainingError` where there was no room for a checkpoint, which several libraries say in their way."""
    try:
        yield
    except FinScribeError:
        raise
    except Exception as error:
        full = shutil.disk_usage(work).free < 1_000_000
        if not full and "No space left" not in str(error):
            raise
        raise TrainingError(
            f"no room left in {work} for a checkpoint: {error}",
            hint="Free some space, and go on with the same command and --resume.",
        ) from error


def _early_stopping(recipe: Recipe, prepared: Prepared) -> list[Any]:
    from finscribe.training.finetuning.watching import EarlyStopping

    patience = recipe.early_stopping_patience
    return [EarlyStopping(patience)] if patience and prepared.watched else []
