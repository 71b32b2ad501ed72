"""Training to the end: looks at the validation set, smaller batches where memory does not last, interruptions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from finscribe.errors import TrainingError
from finscribe.training.finetuning.preparing import prepare
from finscribe.training.finetuning.progress import Moment
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.stages import Data, Prepared, Trained
from finscribe.training.finetuning.trainer import build_trainer
from finscribe.training.finetuning.validation import Validation, as_served, validate_model
from finscribe.training.finetuning.work_folder import last_checkpoint

logger = logging.getLogger(__name__)


def fit(recipe: Recipe, data: Data, work: Path, show: Callable[[Moment], None], *, resume: bool) -> Trained:
    """Trains to the end; out of memory, the batch is halved and accumulated twice as often instead.

    Raises `TrainingError` where nothing is left to halve, and where the run is stopped by a signal.
    """
    prepared = prepare(recipe, data)
    before = validated(prepared, recipe)
    while not _fits(recipe, prepared, before, work, show, resume=resume):
        recipe = halved(recipe)
        del prepared  # before the next one is loaded: memory is what there is too little of
        _release_memory()
        prepared, resume = prepare(recipe, data), True
    return Trained(recipe, prepared, before, validated(prepared, recipe))


def validated(prepared: Prepared, recipe: Recipe) -> Validation | None:
    """What the model reads now in the validation documents that are watched; None without any."""
    if not prepared.watched:
        return None
    base = prepared.base
    with as_served(base.model, base.tokenizer, recipe.model_name, base.engine) as model:
        return validate_model(model, prepared.watched)


def halved(recipe: Recipe) -> Recipe:
    """The same effective batch in smaller parts; raises `TrainingError` where it is one document already."""
    if recipe.batch_size == 1:
        raise TrainingError(
            "out of memory with one document at a time",
            hint="Give --batch_size 1 --gradient_accumulation_steps 8 with a shorter --max_seq_length, "
            "--load_in_4bit, or a smaller model.",
        )
    batch, steps = recipe.batch_size // 2, recipe.gradient_accumulation_steps * 2
    logger.warning(
        "Out of memory: going on with --batch_size %d --gradient_accumulation_steps %d.", batch, steps
    )
    return replace(recipe, batch_size=batch, gradient_accumulation_steps=steps)


def _fits(
    recipe: Recipe,
    prepared: Prepared,
    before: Validation | None,
    work: Path,
    show: Callable[[Moment], None],
    *,
    resume: bool,
) -> bool:
    """Trains; False when the memory did not last. The error, which holds on to the model, does not leave this."""
    import torch

    try:
        _train(recipe, prepared, before, work, show, resume=resume)
    except torch.OutOfMemoryError:
        return False
    return True


def _release_memory() -> None:
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _train(
    recipe: Recipe,
    prepared: Prepared,
    before: Validation | None,
    work: Path,
    show: Callable[[Moment], None],
    *,
    resume: bool,
) -> None:
    from finscribe.training.finetuning.watching import StopOnSignal, Watch

    stop = StopOnSignal()
    watch = Watch(work, show, before, partial(validated, prepared, recipe))
    trainer = build_trainer(
        prepared.base,
        prepared.train.examples,
        prepared.val.examples,
        recipe,
        work,
        [watch, stop, *_early_stopping(recipe, prepared)],
    )
    checkpoint = last_checkpoint(work) if resume else None
    with stop.listening():
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    if stop.asked:
        raise TrainingError(
            f"stopped at step {trainer.state.global_step} of {trainer.state.max_steps}; its checkpoint is kept",
            hint="Go on with the same command and --resume.",
        )


def _early_stopping(recipe: Recipe, prepared: Prepared) -> list[Any]:
    from transformers import EarlyStoppingCallback

    patience = recipe.early_stopping_patience
    return [EarlyStoppingCallback(patience)] if patience and prepared.watched else []
