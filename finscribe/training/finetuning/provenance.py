"""What a later reader needs to reproduce a run: `run.json`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from finscribe.files import folder_hash
from finscribe.processors import processor_name
from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Encoded
from finscribe.training.finetuning.origin import found_in, from_anywhere, revision_of
from finscribe.training.finetuning.progress import Metrics, peak_memory_gb
from finscribe.training.finetuning.saving import SavedAsTrained
from finscribe.training.finetuning.stages import Chosen, Data, Finished, Prepared, Trained
from finscribe.training.finetuning.validation import Reading

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


def describe(trained: Trained, data: Data, finished: Finished, metrics: Metrics) -> dict[str, Any]:
    """The recipe, the data, the base, the machine, and the figures at the end; plain JSON values."""
    recipe, prepared = trained.recipe, trained.prepared
    return {
        "recipe": recipe.to_record(),
        "engine": prepared.base.engine,
        "base": _base(prepared.base, recipe.model_name),
        "data": {
            "train": {
                "documents": prepared.documents,
                "synthetic": prepared.synthetic,
                "replay": prepared.replay,
                **_data(recipe.train_data, data.train_sha256, prepared.train),
            },
            "val": _data(recipe.val_data, data.val_sha256, prepared.val) if recipe.val_data else None,
            "version": dataset_version(recipe.train_data, data.train_sha256),
        },
        "plan": prepared.plan.to_record(),
        "before": figures(finished.before),
        "after": figures(finished.after),
        "saved": _saved(trained.chosen, metrics),
        "final": _final(metrics),
        "reproduction": _reproduction(finished.reproduction, prepared),
        "seconds": round(finished.seconds, 1),
        "durations": {name: round(seconds, 1) for name, seconds in finished.durations.items()},
        "resumed_at": sorted({line["first_step"] for line in metrics} - {0}),
        "peak_memory_gb": round(max([peak_memory_gb(), *_each(metrics, "memory_gb")]), 2),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "git_commit": _git_commit(),
        "hardware": _hardware(),
    }


def _base(base: Base, name: str) -> dict[str, Any]:
    """Where the run began: the revision is that of a hub, the hash that of the files."""
    folder = found_in(name)
    return {
        "name": from_anywhere(name),
        "revision": revision_of(name),
        "sha256": folder_hash(folder) if folder else None,
        "quantised": base.quantised,
    }


def _saved(chosen: Chosen, metrics: Metrics) -> dict[str, Any]:
    """The step whose weights were saved, why that one, and what was found of it."""
    looks = [line for line in metrics if line["step"] == chosen.step and "field_f1" in line]
    found = looks[-1] if looks else {}
    return {
        "step": chosen.step,
        "why": str(chosen),
        "field_f1": found.get("field_f1"),
        "val_loss": found.get("val_loss"),
    }


def _final(metrics: Metrics) -> dict[str, Any]:
    """The losses of the last step and of the last look, which need not be those of the weights that were saved."""
    last = {name: line[name] for line in metrics for name in ("step", "loss", "val_loss") if name in line}
    return {"step": None, "loss": None, "val_loss": None, **last}


def _each(metrics: Metrics, name: str) -> list[Any]:
    return [line[name] for line in metrics if name in line]


def _reproduction(found: SavedAsTrained, prepared: Prepared) -> dict[str, Any]:
    return {
        "read": "validation documents" if prepared.watched else "training documents",
        "documents": len(prepared.compared),
        "values": found.values,
        "agreement": found.agreement,
        "faithful": found.faithful,
        "differences": [asdict(difference) for difference in found.differences],
    }


def figures(reading: Reading | None) -> dict[str, Any] | None:
    """Field F1 of a look at the validation set, all values and by field."""
    if reading is None:
        return None
    scores = reading.scores
    by_field = {**scores.fields, **scores.cells}
    return {
        "documents": reading.documents,
        "field_f1": reading.field_f1,
        "header_micro_f1": scores.micro.f1,
        "line_cell_f1": scores.line_cells.f1,
        "fields": {path: found.f1 for path, found in by_field.items() if found.support},
    }


def _data(path: Path, sha256: str | None, encoded: Encoded) -> dict[str, Any]:
    return {
        "path": str(path),
        "sha256": sha256,
        "examples": len(encoded.examples),
        "windowed": encoded.windowed,
        "too_long": encoded.too_long,
        "nothing_to_learn": encoded.nothing_to_learn,
        "values_not_printed": encoded.unreachable,
        "values_in_no_window": encoded.not_in_a_window,
    }


def dataset_version(train_data: Path, sha256: str) -> str | None:
    """The version that preparation wrote beside its files; None where there is none, or it is of other content."""
    try:
        card = json.loads(train_data.with_name("dataset.json").read_text("utf-8"))
        same = card["files"]["train"]["sha256"] == sha256
        return str(card["version"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git_commit() -> str | None:
    """The commit of this code, and whether it was changed since; None outside of a checkout."""
    try:
        _git("ls-files", "--error-unmatch", Path(__file__).name)
        changed = _git("status", "--porcelain", "--untracked-files=no")
        return _git("rev-parse", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def _hardware() -> dict[str, Any]:
    import torch

    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {
        "platform": platform.platform(),
        "cpu": processor_name(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "gpus": gpus,
    }
