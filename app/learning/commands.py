"""From a run to its command line: the documented scripts, as anybody would call them."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.learning.places import GATE, TRAIN, VAL, Places
from app.store.tables import RunKind, StoredRun
from finscribe.training.finetuning.recipe import shipped_recipes
from finscribe.training.queue.three_files import GENERAL

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "unsloth"


def command(run: StoredRun, places: Places) -> list[str]:
    """The command of a run; the same one goes on where it was cut off."""
    return [sys.executable, *_COMMANDS[run.kind](run, places)]


def recipes() -> list[str]:
    """The recipes that a training run may start from."""
    return list(shipped_recipes())


def _prepare(run: StoredRun, places: Places) -> list[str]:
    """Into the data folder, where the ledger of the split is; what came of it is then kept by `outcomes`."""
    data = places.data_dir
    files = {"output": TRAIN, "val_output": VAL, "gate_output": GATE}
    return [
        str(SCRIPTS / "prepare_training_data.py"),
        "--input",
        str(data / GENERAL),
        "--split",
        *(word for name, file in files.items() for word in (f"--{name}", str(data / file))),
        *_flags(run.options),
    ]


def _train(run: StoredRun, places: Places) -> list[str]:
    options = dict(run.options)
    dataset, recipe = options.pop("dataset"), options.pop("recipe", None)
    val = places.part(dataset, "val")
    return [
        str(SCRIPTS / "train_unsloth_fast.py"),
        *(["--config", str(shipped_recipes()[recipe])] if recipe else []),
        "--train_data",
        str(places.part(dataset, "train")),
        *(["--val_data", str(val)] if val.exists() else []),
        "--output_dir",
        str(places.model(run.id)),
        "--resume",
        *_flags(options),
    ]


def _evaluate(run: StoredRun, places: Places) -> list[str]:
    options = dict(run.options)
    test = places.part(options.pop("dataset"), options.pop("part"))
    return [
        str(SCRIPTS / "evaluate_unsloth.py"),
        "--test_data",
        str(test),
        "--output",
        str(places.evaluation(run.id)),
        "--no_few_shot",
        *_flags(options),
    ]


_COMMANDS = {RunKind.DATASET: _prepare, RunKind.TRAINING: _train, RunKind.EVALUATION: _evaluate}


def _flags(options: Mapping[str, Any]) -> Iterator[str]:
    """Options as flags of the same name; `False` for what is on otherwise is said with `--no-`."""
    for name, value in options.items():
        if value is True:
            yield f"--{name}"
        elif value is False:
            yield f"--no-{name}"
        elif value is not None:
            yield from (f"--{name}", str(value))
