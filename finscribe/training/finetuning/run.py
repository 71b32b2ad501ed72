"""THE MAIN PATH of fine-tuning: prepared records and a base model in, a model folder that reproduces it out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from finscribe.decoding.loading import release_memory
from finscribe.errors import NotReproduced
from finscribe.reports.pictures import draw_charts
from finscribe.training.finetuning import provenance, saving
from finscribe.training.finetuning.base import hub_or_cache
from finscribe.training.finetuning.calibrating import fit_confidence
from finscribe.training.finetuning.card import write_cards
from finscribe.training.finetuning.curves import curves
from finscribe.training.finetuning.fitting import fit
from finscribe.training.finetuning.memory import MERGING_HINT, TRAINED_HINT, out_of_memory_is_said
from finscribe.training.finetuning.preparing import read_data, require_possible
from finscribe.training.finetuning.processes import meet
from finscribe.training.finetuning.progress import Laps, Moment, folder_beside, read_metrics
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.report import render_training, title_of
from finscribe.training.finetuning.stages import Data, Finished, Prepared, Run, Trained, say_nothing
from finscribe.training.finetuning.work_folder import only_one, require_place, work_folder


def finetune(
    recipe: Recipe,
    options: RunOptions,
    show: Callable[[Moment], None],
    ready: Callable[[Prepared], None] = say_nothing,
) -> Finished:
    """Trains, saves, checks and publishes; raises `TrainingDataError`, `TrainingError` and `ModelError`.

    `ready` is told once what the run is going to do, `show` of every step.
    """
    laps = Laps()
    require_possible(recipe)
    data = read_data(recipe)
    require_place(recipe, options)
    with hub_or_cache(recipe.model_name), only_one(recipe.output_dir):
        work = work_folder(recipe, options)
        laps.keep_in(work)
        trained = fit(recipe, data, Run(work, laps, options.resume, ready, show))
        with laps.stage("saving"):
            staging = _save(trained, work)
            trained = trained.without_model()
            release_memory()  # for the model that is loaded now
        with laps.stage("comparing"):
            reproduction = _compare(trained, staging)
            _write_confidence(trained, staging)
        finished = _finished(trained, reproduction, laps)
        _write_reports(trained, data, finished, work, staging)
        _refuse_unfaithful(reproduction, staging)
        saving.publish(staging, recipe.output_dir)
        shutil.rmtree(work)
    return finished


def assist(recipe: Recipe, options: RunOptions) -> None:
    """What every process but the first does: it learns its share of each step, and says and writes nothing."""
    meet()
    run = Run(folder_beside(recipe.output_dir), Laps(), options.resume)
    fit(recipe, read_data(recipe), run)


def _save(trained: Trained, work: Path) -> Path:
    """Writes the model aside; raises `TrainingError`."""
    staging, base, recipe = work / "model", trained.prepared.base, trained.recipe
    shutil.rmtree(staging, ignore_errors=True)
    method = saving.choose_method(recipe, base)
    merges = method != "lora" and not recipe.full_finetuning
    with out_of_memory_is_said("saving", MERGING_HINT if merges else TRAINED_HINT):
        saving.save_model(base, recipe, method, staging)
    return staging


def _compare(trained: Trained, staging: Path) -> saving.SavedAsTrained:
    """Reads with what was saved what the trained model read."""
    assert trained.answers is not None  # the first process has read
    return saving.compare_with_saved(trained.answers, staging, trained.prepared.compared)


def _write_confidence(trained: Trained, staging: Path) -> None:
    """The confidence of the model, fitted to validation documents; nothing where they are too few."""
    if trained.after and (fitted := fit_confidence(trained.after, trained.prepared.watched)):
        fitted.write(staging)


def _finished(trained: Trained, reproduction: saving.SavedAsTrained, laps: Laps) -> Finished:
    return Finished(
        trained.recipe.output_dir,
        trained.chosen,
        trained.before,
        trained.after.reading if trained.after else None,
        reproduction,
        laps.seconds,
    )


def _write_reports(trained: Trained, data: Data, finished: Finished, work: Path, staging: Path) -> None:
    """`metrics.jsonl`, `run.json`, `training.html`, `training.png` and model cards, into what is published."""
    shutil.copy(work / "metrics.jsonl", staging / "metrics.jsonl")
    metrics = read_metrics(staging / "metrics.jsonl")
    described = provenance.describe(trained, data, finished, metrics)
    described["data"]["page"] = _copy_dataset_page(
        trained.recipe.train_data, described["data"]["version"], staging
    )
    saving.write_json(staging / "run.json", described)
    write_cards(described, staging)
    page = render_training(described, metrics, trained.prepared.watched, trained.after)
    (staging / "training.html").write_text(page, "utf-8")
    draw_charts(*title_of(described), curves(metrics)).save(staging / "training.png", optimize=True)


def _copy_dataset_page(train_data: Path, version: str | None, staging: Path) -> str | None:
    """The page of the prepared data under a name with its hash, for `training.html` to link; None without one."""
    page = train_data.with_name("dataset.html")
    if version is None or not page.is_file():
        return None
    return Path(shutil.copy(page, staging / f"dataset-{version[:16]}.html")).name


def _refuse_unfaithful(reproduction: saving.SavedAsTrained, staging: Path) -> None:
    """Raises `NotReproduced` where what was saved is not what was trained."""
    if reproduction.faithful:
        return
    first = reproduction.differences[0]
    raise NotReproduced(
        f"the saved model reads {len(reproduction.differences)} of {reproduction.values} values otherwise than "
        f"the trained one, {first.path} of {first.origin} as {first.saved!r} instead of {first.trained!r}",
        hint=f"It was not published and lies in {staging}; try another --save_method.",
    )
