"""What a later reader needs to reproduce a run: `run.json`."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from finscribe.files import file_hash
from finscribe.training.finetuning.progress import peak_memory_gb
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.stages import Finished, Prepared
from finscribe.training.finetuning.validation import Validation

PACKAGES = (
    "finscribe",
    "torch",
    "transformers",
    "trl",
    "peft",
    "datasets",
    "accelerate",
    "unsloth",
    "bitsandbytes",
)


def describe(recipe: Recipe, prepared: Prepared, finished: Finished) -> dict[str, Any]:
    """The recipe, the data, the base, the machine, and the figures at the end."""
    reproduction = finished.reproduction
    return {
        "recipe": recipe.to_record(),
        "engine": prepared.base.engine,
        "base": {"name": recipe.model_name, "sha256": folder_hash(Path(recipe.model_name))},
        "data": {
            "train": _data(recipe.train_data, prepared.train),
            "val": _data(recipe.val_data, prepared.val) if recipe.val_data else None,
            "version": _dataset_version(recipe.train_data),
        },
        "plan": asdict(prepared.plan),
        "before": figures(finished.before),
        "after": figures(finished.after),
        "reproduction": None
        if reproduction is None
        else {
            "values": reproduction.values,
            "agreement": reproduction.agreement,
            "faithful": reproduction.faithful,
            "differences": [asdict(difference) for difference in reproduction.differences],
        },
        "seconds": round(finished.seconds, 1),
        "peak_memory_gb": round(peak_memory_gb(), 2),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "git_commit": _git_commit(),
        "hardware": _hardware(),
    }


def figures(validation: Validation | None) -> dict[str, Any] | None:
    """Field F1 of a look at the validation set, all values and by field."""
    if validation is None:
        return None
    scores = validation.scores
    by_field = {**scores.fields, **{f"line_items.{cell}": found for cell, found in scores.cells.items()}}
    return {
        "documents": len(validation.extractions),
        "field_f1": validation.field_f1,
        "header_micro_f1": scores.micro.f1,
        "line_cell_f1": scores.line_cells.f1,
        "fields": {path: found.f1 for path, found in by_field.items() if found.support},
    }


def folder_hash(folder: Path) -> str | None:
    """One SHA-256 over the names and contents of a model folder; None for a name on a hub."""
    if not folder.is_dir():
        return None
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            total.update(path.name.encode())
            total.update(file_hash(path).encode())
    return total.hexdigest()


def _data(path: Path, encoded: Any) -> dict[str, Any]:
    return {
        "path": str(path),
        "sha256": file_hash(path),
        "examples": len(encoded.examples),
        "too_long": encoded.too_long,
        "nothing_to_learn": encoded.nothing_to_learn,
        "values_not_printed": encoded.unreachable,
    }


def _dataset_version(train_data: Path) -> str | None:
    """The version that preparation wrote beside its files; None where there is none."""
    try:
        return str(json.loads(train_data.with_name("dataset.json").read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git_commit() -> str | None:
    """The commit of the working folder, None outside of a repository."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def _hardware() -> dict[str, Any]:
    import os

    import torch

    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpus": gpus,
    }
