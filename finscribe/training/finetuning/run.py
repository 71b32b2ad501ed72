"""THE MAIN PATH of fine-tuning: prepared records and a base model in, a model folder that reproduces it out."""

from __future__ import annotations

import json
import logging
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from finscribe.errors import TrainingError
from finscribe.training.finetuning import provenance, saving
from finscribe.training.finetuning.base import Base, load_base
from finscribe.training.finetuning.examples import (
    STARTER_MARK,
    Encoded,
    Labelled,
    encode_all,
    read_labelled,
    refuse_leaks,
    replayed,
)
from finscribe.training.finetuning.progress import Moment, read_metrics
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.report import render_training
from finscribe.training.finetuning.trainer import Plan, build_trainer, plan
from finscribe.training.finetuning.validation import Validation, as_served, validate_model

logger = logging.getLogger(__name__)

LEAST_FREE_BYTES = 500_000_000
STARTER_REPLAY = 0.3


@dataclass(frozen=True, slots=True)
class Data:
    """What a run learns from and is judged by."""

    train: Sequence[Labelled]
    val: Sequence[Labelled]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is ready to start."""

    base: Base
    train: Encoded
    val: Encoded
    watched: Sequence[Labelled]
    """Validation documents that are read at every look."""
    plan: Plan


@dataclass(frozen=True, slots=True)
class Trained:
    """A model in memory, the recipe that it was trained by in the end, and what it reads."""

    recipe: Recipe
    prepared: Prepared
    before: Validation | None
    after: Validation | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run wrote, and how it went."""

    folder: Path
    before: Validation | None
    after: Validation | None
    reproduction: saving.Reproduction | None
    seconds: float


def finetune(recipe: Recipe, options: RunOptions, show: Callable[[Moment], None]) -> Finished:
    """Trains, saves, checks and publishes; raises `TrainingDataError`, `TrainingError` and `ModelError`.

    `show` is told of every step.
    """
    started = time.monotonic()
    data = read_data(recipe)
    work = work_folder(recipe, options)
    trained = _train(recipe, data, work, show, resume=options.resume)
    staging, reproduction = _save(trained, work)
    finished = Finished(
        recipe.output_dir, trained.before, trained.after, reproduction, time.monotonic() - started
    )
    _write_reports(trained, finished, work, staging)
    _refuse_unfaithful(reproduction, staging)
    saving.publish(staging, recipe.output_dir)
    shutil.rmtree(work)
    return finished


def work_folder(recipe: Recipe, options: RunOptions) -> Path:
    """The folder beside the output for checkpoints; raises `TrainingError` where a run would destroy another."""
    output = recipe.output_dir
    work = output.with_name(f".{output.name}.training")
    if output.is_symlink():
        raise TrainingError(
            f"{output} is a link to a model that is served, which training never writes to",
            hint="Give another --output_dir, and promote what comes out.",
        )
    if options.resume and not last_checkpoint(work):
        raise TrainingError(f"{work} holds no checkpoint", hint="Start the run without --resume.")
    if last_checkpoint(work) and not (options.resume or options.overwrite):
        raise TrainingError(
            f"{work} holds checkpoints of an unfinished run",
            hint="Give --resume to go on from the last one, or --overwrite to start anew.",
        )
    if output.exists() and not (options.overwrite or options.resume):
        raise TrainingError(
            f"{output} already holds a model",
            hint="Give --overwrite to replace it once the new one is finished, or another --output_dir.",
        )
    _require_space(work.parent)
    if work.exists() and not options.resume:
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    return work


def _require_space(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise TrainingError(
            f"{folder} has {free / 1e9:.1f} GB free, a run needs {LEAST_FREE_BYTES / 1e9:.1f} GB at least",
            hint="Free some space, or give an --output_dir on another disk.",
        )


def read_data(recipe: Recipe) -> Data:
    """The records of the recipe; raises `TrainingDataError`, also for validation documents that are trained on."""
    train = read_labelled(recipe.train_data)
    val = read_labelled(recipe.val_data) if recipe.val_data else []
    if not recipe.allow_leak:
        refuse_leaks(train, val)
    return Data(train, val)


def prepare(recipe: Recipe, data: Data) -> Prepared:
    """Loads the base and encodes the data for it; raises `ModelError` and `TrainingError`."""
    base = load_base(recipe)
    count = round(_replay_share(recipe, base) * len(data.train))
    train = encode_all(base.tokenizer, [*data.train, *replayed(count, recipe.seed)], recipe.max_seq_length)
    if not train.examples:
        raise TrainingError(
            f"nothing to learn: {train.too_long} of {len(data.train)} documents are longer than "
            f"{recipe.max_seq_length} tokens, of {train.nothing_to_learn} the truth is not printed on the page",
            hint="Raise --max_seq_length, or prepare other records.",
        )
    val = encode_all(base.tokenizer, data.val, recipe.max_seq_length)
    watched = random.Random(recipe.seed).sample(data.val, min(len(data.val), recipe.eval_documents))
    return Prepared(base, train, val, watched, plan(train.examples, recipe))


def last_checkpoint(work: Path) -> Path | None:
    """The newest whole checkpoint of a run: its `trainer_state.json` is written last."""
    found = [path.parent for path in work.glob("checkpoint-*/trainer_state.json") if _is_whole(path)]
    return max(found, key=lambda folder: int(folder.name.rpartition("-")[2]), default=None)


def _is_whole(state: Path) -> bool:
    try:
        return isinstance(json.loads(state.read_text("utf-8")), dict)
    except ValueError:
        return False


def _replay_share(recipe: Recipe, base: Base) -> float:
    """Synthetic documents for each real one: as asked, else some for models that come from the starter."""
    if recipe.replay is not None:
        return recipe.replay
    return STARTER_REPLAY if getattr(base.model.config, STARTER_MARK, False) else 0.0


def _validated(prepared: Prepared, recipe: Recipe) -> Validation | None:
    if not prepared.watched:
        return None
    base = prepared.base
    with as_served(base.model, base.tokenizer, recipe.model_name, base.engine) as model:
        return validate_model(model, prepared.watched)


def _train(
    recipe: Recipe, data: Data, work: Path, show: Callable[[Moment], None], *, resume: bool
) -> Trained:
    """Trains to the end; out of memory, the batch is halved and accumulated twice as often instead."""
    prepared = prepare(recipe, data)
    before = _validated(prepared, recipe)
    while not _fits(recipe, prepared, before, work, show, resume=resume):
        recipe = _halved(recipe)
        del prepared  # before the next one is loaded: memory is what there is too little of
        _release_memory()
        prepared, resume = prepare(recipe, data), True
    return Trained(recipe, prepared, before, _validated(prepared, recipe))


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
        _train_once(recipe, prepared, before, work, show, resume=resume)
    except torch.OutOfMemoryError:
        return False
    return True


def _release_memory() -> None:
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _train_once(
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
    watch = Watch(work, show, before, partial(_validated, prepared, recipe))
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


def _halved(recipe: Recipe) -> Recipe:
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


def _save(trained: Trained, work: Path) -> tuple[Path, saving.Reproduction | None]:
    """Writes the model aside, and reads with it what the trained one read."""
    staging, base = work / "model", trained.prepared.base
    shutil.rmtree(staging, ignore_errors=True)
    saving.save_model(base, trained.recipe, saving.choose_method(trained.recipe, base), staging)
    if trained.after is None:
        return staging, None
    return staging, saving.compare_with_saved(trained.after, staging, trained.prepared.watched)


def _write_reports(trained: Trained, finished: Finished, work: Path, staging: Path) -> None:
    """`metrics.jsonl`, `run.json` and `training.html`, into the folder that is published."""
    shutil.copy(work / "metrics.jsonl", staging / "metrics.jsonl")
    described = provenance.describe(trained.recipe, trained.prepared, finished)
    saving.write_json(staging / "run.json", described)
    metrics = read_metrics(staging / "metrics.jsonl")
    page = render_training(described, metrics, trained.prepared.watched, trained.after)
    (staging / "training.html").write_text(page, "utf-8")


def _refuse_unfaithful(reproduction: saving.Reproduction | None, staging: Path) -> None:
    """Raises `TrainingError` where what was saved is not what was trained."""
    if reproduction is None or reproduction.faithful:
        return
    first = reproduction.differences[0]
    raise TrainingError(
        f"the saved model reads {len(reproduction.differences)} of {reproduction.values} values otherwise than "
        f"the trained one, {first.path} of {first.origin} as {first.saved!r} instead of {first.trained!r}",
        hint=f"It was not published and lies in {staging}; try another --save_method.",
    )
