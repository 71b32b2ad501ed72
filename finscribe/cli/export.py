"""The command `models export`: a model in the format of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finscribe.cli.messages import printable
from finscribe.cli.starter_name import with_starter
from finscribe.settings import Settings


def export(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[DIR_OR_VERSION]",
            callback=with_starter,
            help="A model, starter for the bundled one; without it, the one that is served.",
        ),
    ] = None,
    onnx: Annotated[
        bool, typer.Option("--onnx", help="Decoder with its cache for ONNX Runtime, float32.")
    ] = False,
    rows: Annotated[int, typer.Option(min=1, help="Sequences that are computed together.")] = 1,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder; by default models/NAME-onnx.")
    ] = None,
) -> None:
    """Write a model for other programs: a graph, its weights, its tokenizer. FinScribe itself needs no export."""
    from finscribe.decoding.onnx.export import export_onnx

    if not onnx:
        raise typer.BadParameter("say in which format: --onnx", param_hint="--onnx")
    folder = _folder(model)
    target = output or Path("models") / f"{folder.resolve().name}-onnx"
    graph = export_onnx(folder, target, rows=rows)
    typer.echo(f"{printable(str(folder))} is exported to {printable(str(graph))}")


def _folder(model: str | None) -> Path:
    """The folder that is named, or that of the version that is, or that of what is served."""
    settings = Settings.from_environment()
    if model is None:
        from finscribe.doctor.models import find_model

        return Path(find_model(settings).location)
    if Path(model).exists():
        return Path(model)
    from finscribe.registry.store import Registry

    registry = Registry.of(settings)
    return registry.folder_of(registry.find(model))
