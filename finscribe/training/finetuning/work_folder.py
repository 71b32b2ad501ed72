"""The folder of an unfinished run, beside its output: what it was started with, and its checkpoints.

A checkpoint counts only when it is whole; at most three lie there at a time (the best, the last, the one being
written).
"""

from __future__ import annotations

import errno
import json
import logging
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from finscribe.errors import TrainingError
from finscribe.files import file_hash, locked
from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.processes import count_processes
from finscribe.training.finetuning.progress import folder_beside
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.saving import choose_method, require_replaceable, write_json
from finscribe.training.finetuning.trainer import CHECKPOINTS_KEPT

logger = logging.getLogger(__name__)

LEAST_FREE_BYTES = 500_000_000
NO_LOCKS = frozenset({errno.ENOTSUP, errno.ENOSYS, errno.ENOLCK})
"""What Windows says where a file is to be locked, and file systems of clusters that were mounted without locks."""
MAY_CHANGE = frozenset(
    {
        "train_data",  # their content counts
        "val_data",
        "output_dir",
        "batch_size",  # their product counts
        "gradient_accumulation_steps",
        "evaluations",
        "early_stopping_patience",
        "save_method",
        "engine",
        "report_to",
        "allow_leak",
    }
)
"""What of a recipe may be another when a run goes on: the rest decides what is learned, in which order, and by which
documents the best step is chosen."""
WHOLE = ("*.safetensors", "optimizer.pt", "scheduler.pt")
"""What the first process writes of a checkpoint before its `trainer_state.json`."""
OF_EACH = "rng_state*.pth"
"""What each process writes of a checkpoint, perhaps after `trainer_state.json`."""


def work_folder(recipe: Recipe, options: RunOptions) -> Path:
    """The folder beside the output for checkpoints; raises `TrainingError` where a run would destroy another."""
    require_place(recipe, options)
    work = folder_beside(recipe.output_dir)
    require_space(work.parent, LEAST_FREE_BYTES)
    if options.resume and last_checkpoint(work):
        _refuse_another_run(work, recipe)
        return work
    if options.resume:
        logger.warning("There is no checkpoint yet: starting from the beginning.")
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    write_json(work / "started.json", _decisive(recipe))
    return work


@contextmanager
def only_one(output: Path) -> Iterator[None]:
    """Keeps other runs away from an output; raises `TrainingError` where one is training into it already.

    A process that dies lets go of it. Where files cannot be locked no run is kept away.
    """
    require_space(output.parent, LEAST_FREE_BYTES)
    lock = output.with_name(f"{folder_beside(output).name}.lock")
    with ExitStack() as held:
        try:
            held.enter_context(locked(lock, wait=False))
        except BlockingIOError as error:
            raise TrainingError(
                f"another run is training into {output}",
                hint="Wait until it has ended, or give another --output_dir.",
            ) from error
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise TrainingError(
                    f"{output.parent} cannot be written to: {error.strerror}",
                    hint="Give an --output_dir that may be written to.",
                ) from error
        held.callback(lock.unlink, missing_ok=True)  # while it is still held
        yield


def require_place(recipe: Recipe, options: RunOptions) -> None:
    """Raises `TrainingError` where a run would destroy another, a model, or anything else."""
    output = recipe.output_dir
    if not output.name:
        raise TrainingError(
            f"{str(output)!r} is no folder that a run could make",
            hint="Give an --output_dir with a name, such as models/mine.",
        )
    work = folder_beside(output)
    if options.resume and options.overwrite:
        raise TrainingError(
            "--resume goes on with a run, --overwrite starts anew: one of them",
            hint="Give --resume alone to keep what was learned.",
        )
    _refuse_files(output)
    if output.is_symlink():
        raise TrainingError(
            f"{output} is a link to a model that is served, which training never writes to",
            hint="Give another --output_dir, and promote what comes out.",
        )
    if last_checkpoint(work) and not (options.resume or options.overwrite):
        raise TrainingError(
            f"{work} holds checkpoints of an unfinished run",
            hint="Give --resume to go on from the last one, or --overwrite to start anew.",
        )
    require_replaceable(output)
    holds_model = output.exists() and any(output.iterdir())
    if holds_model and not (options.overwrite or (options.resume and work.exists())):
        raise TrainingError(
            f"{output} already holds a model"
            + (" and no unfinished run is beside it" if options.resume else ""),
            hint="Give --overwrite to replace it once the new one is finished, or another --output_dir.",
        )


def _refuse_files(output: Path) -> None:
    """Raises `TrainingError` where a file stands where a folder has to be."""
    for path in (output, *output.parents):
        if path.is_file():
            raise TrainingError(
                f"{path} is a file, so that no model can be written to {output}",
                hint="Give another --output_dir: a folder, which need not exist yet.",
            )


def require_space(folder: Path, needed: int) -> None:
    """Raises `TrainingError` where a folder has not so many bytes left, or cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(
            f"{folder} cannot be made: {error.strerror}", hint="Give an --output_dir that may be written to."
        ) from error
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise TrainingError(
            f"{folder} has {free / 1e9:.1f} GB free, the run needs about {needed / 1e9:.1f} GB",
            hint="Free some space, or give an --output_dir on another disk.",
        )


def bytes_to_write(recipe: Recipe, base: Base) -> int:
    """Room for checkpoints (weights and two moments of what is trained, in 32 bits) and for the finished model."""
    weights = list(base.model.parameters())
    trained = sum(int(weight.numel()) for weight in weights if weight.requires_grad)
    merged = sum(int(weight.numel()) for weight in weights)
    model = 4 * trained if choose_method(recipe, base) == "lora" else 2 * merged
    return 12 * trained * (CHECKPOINTS_KEPT + 1) + model


# --- going on -----------------------------------------------------------------------------------------


def last_checkpoint(work: Path) -> Path | None:
    """The newest whole checkpoint of a run."""
    processes = _processes(work)
    found = [path for path in work.glob("checkpoint-*") if _is_whole(path, processes)]
    return max(found, key=step_of, default=None)


def step_of(checkpoint: Path) -> int:
    """The step that a checkpoint was taken after."""
    return int(checkpoint.name.rpartition("-")[2])


def first_batch_size(work: Path) -> int:
    """The batch size that a run was started with, by which its examples are grouped."""
    return int(_started(work)["batch_size"])


def _is_whole(checkpoint: Path, processes: int) -> bool:
    try:
        state = json.loads((checkpoint / "trainer_state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    of_each = list(checkpoint.glob(OF_EACH))
    torn = [path for path in (*checkpoint.glob("*.pt"), *of_each) if not zipfile.is_zipfile(path)]
    whole = all(any(checkpoint.glob(pattern)) for pattern in WHOLE) and len(of_each) >= processes
    return isinstance(state, dict) and whole and not torn


def _refuse_another_run(work: Path, recipe: Recipe) -> None:
    """Raises `TrainingError` where the checkpoints are those of a run that learns something else.

    What an earlier version did not note of a run cannot be compared.
    """
    before, now = _started(work), _decisive(recipe)
    for name, value in now.items():
        if name not in MAY_CHANGE and name in before and before[name] != value:
            raise TrainingError(
                f"the run in {work} was started with {name} {_said(before[name])}, not {_said(value)}",
                hint="Give --resume with what it was started with, or --overwrite to start anew.",
            )


def _said(value: Any) -> str:
    return "left open" if value is None else repr(value)


def _decisive(recipe: Recipe) -> dict[str, Any]:
    return {
        **recipe.to_record(),
        "content of the training data": file_hash(recipe.train_data),
        "content of the validation data": recipe.val_data and file_hash(recipe.val_data),
        "documents a step": recipe.batch_size * recipe.gradient_accumulation_steps,
        "processes": count_processes(),
    }


def _processes(work: Path) -> int:
    """How many processes a run was started with; 1 where it does not say."""
    try:
        return int(_started(work).get("processes", 1))
    except TrainingError:
        return 1


def _started(work: Path) -> dict[str, Any]:
    try:
        found = json.loads((work / "started.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"{work} does not say what it was started with: {error}",
            hint="Give --overwrite to start anew.",
        ) from error
    return dict(found)
