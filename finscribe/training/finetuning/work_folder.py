"""The folder of an unfinished run, beside its output: checkpoints, of which only whole ones count."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from finscribe.errors import TrainingError
from finscribe.training.finetuning.recipe import Recipe, RunOptions

LEAST_FREE_BYTES = 500_000_000


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


def last_checkpoint(work: Path) -> Path | None:
    """The newest whole checkpoint of a run: its `trainer_state.json` is written last."""
    found = [path.parent for path in work.glob("checkpoint-*/trainer_state.json") if _is_whole(path)]
    return max(found, key=lambda folder: int(folder.name.rpartition("-")[2]), default=None)


def _is_whole(state: Path) -> bool:
    try:
        return isinstance(json.loads(state.read_text("utf-8")), dict)
    except ValueError:
        return False
