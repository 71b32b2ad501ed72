"""The command `models calibrate`: how sure a model may be, fitted to documents whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finscribe.calibration import FEWEST_OF_A_KIND, FEWEST_VALUES
from finscribe.errors import RegistryError, TrainingDataError
from finscribe.settings import Settings


def calibrate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the model.")],
    data: Annotated[
        Path,
        typer.Option(
            metavar="RECORDS", help="Prepared records that it was not trained on: data/unsloth_val.jsonl."
        ),
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="Read only so many of them.")] = None,
) -> None:
    """Fit the confidence of a model to what it reads right, and save it beside the weights."""
    from finscribe.decoding.loading import check_folder
    from finscribe.registry.store import Registry
    from finscribe.training.finetuning.calibrating import calibrate_folder
    from finscribe.training.finetuning.examples import read_labelled

    check_folder(folder)
    registry = Registry.of(Settings.from_environment())
    if registry.folder.resolve() in folder.resolve().parents:
        raise RegistryError(
            f"{folder} is a version in the registry, which never changes",
            hint="Calibrate the folder that training wrote, and promote that.",
        )
    documents = read_labelled(data)[:limit]
    fitted = calibrate_folder(folder, documents)
    if fitted is None:
        raise TrainingDataError(
            f"{data}: {len(documents)} documents are too few to calibrate by; it takes {FEWEST_VALUES} values, of "
            f"which at least {FEWEST_OF_A_KIND} are read right and as many wrong",
            hint="Give more documents, none of which the model was trained on.",
        )
    typer.echo(f"{folder}: confidence fitted to {fitted.values:,} values")
