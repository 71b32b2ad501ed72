"""The command `models convert`: weights in pickles, which are never loaded, as safetensors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finscribe.cli.messages import printable


def convert(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A model whose weights are in pytorch_model.bin or its parts."),
    ],
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder; by default models/NAME-safetensors.")
    ] = None,
) -> None:
    """Write a model with pickled weights anew with safetensors. No code that a pickle may hold is run."""
    from finscribe.decoding.conversion import convert as convert_model

    target = output or Path("models") / f"{folder.resolve().name}-safetensors"
    made = convert_model(folder, target)
    typer.echo(f"{printable(str(folder))} is converted to {printable(str(made))}")
