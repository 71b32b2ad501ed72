"""The commands `models ...`: which model answers, and what it is; those on its versions are in versions.py."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finscribe.cli import versions
from finscribe.cli.calibrate import calibrate
from finscribe.cli.convert import convert
from finscribe.cli.export import export
from finscribe.cli.messages import printable
from finscribe.cli.starter_name import with_starter
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.decoding import LanguageModel

app = typer.Typer(
    help="The models: which one answers, its versions, and the way back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("list")(versions.list_versions)
app.command("show")(versions.show_version)
app.command("promote")(versions.promote)
app.command("rollback")(versions.rollback)
app.command("diff")(versions.show_differences)
app.command("prune")(versions.prune)
app.command("card")(versions.show_card)
app.command("calibrate")(calibrate)
app.command("export")(export)
app.command("convert")(convert)

_STARTER = "the bundled starter"
_ORIGINS = {
    "model-dir": "UNSLOTH_MODEL_DIR or its default",
    "model-name": "UNSLOTH_MODEL_NAME or its default",
    "starter": _STARTER,
    "remote": "FINSCRIBE_REMOTE_URL",
}
_LONGEST_HEADER = 100_000_000  # bytes, as the safetensors format has it


@app.command("path")
def show_path() -> None:
    """Print the folder of the bundled starter model."""
    from finscribe import starter

    typer.echo(starter.path())


@app.command("info")
def show_info(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME_OR_DIR",
            callback=with_starter,
            help="A model, starter for the bundled one; without it, the one that is served.",
        ),
    ] = None,
) -> None:
    """Show what a model is: where it comes from, its size, its card. Loads it, so it is known to work."""
    settings = Settings.from_environment()
    loaded, origin, tried = _loaded(model, settings)
    rows = {"model": loaded.name, "origin": origin, "backend": loaded.backend}
    rows["context"] = f"{loaded.context_length:,} tokens"
    if loaded.window_tokens:
        rows["context"] += f", lines are read in windows of {loaded.window_tokens:,}"
    if tried:
        rows["passed over"] = "; ".join(tried)
    if folder := _folder(model, loaded.name, origin):
        rows |= describe_folder(folder)
    width = max(map(len, rows))
    for label, text in rows.items():
        typer.echo(f"{label:<{width}}  {printable(text)}")


def _loaded(name: str | None, settings: Settings) -> tuple[LanguageModel, str, tuple[str, ...]]:
    """The model, where it comes from, and what was passed over for it."""
    if name is not None:
        from finscribe.decoding import load_model

        return load_model(name, settings=settings), "named on the command line", ()
    from finscribe.serving import load_served_model

    served = load_served_model(settings)
    origin = _ORIGINS[served.origin]
    return served.model, f"{origin}, {served.standing}" if served.standing else origin, served.tried


def _folder(asked: str | None, name: str, origin: str) -> Path | None:
    """The folder of the model where it is on this machine and not in a cache."""
    if asked is None and origin == _STARTER:
        from finscribe import starter

        return starter.path()
    return next((path for text in (asked, name) if text and (path := Path(text)).is_dir()), None)


def describe_folder(folder: Path) -> dict[str, str]:
    """What the files of a model folder tell: parameters, sizes, and the first sentences of its card."""
    rows = {"folder": str(folder)}
    if count := count_parameters(folder):
        rows["parameters"] = f"{count:,}"
    files = sorted(path for path in folder.iterdir() if path.is_file())
    for path in files:
        rows[f"  {path.name}"] = _size(path.stat().st_size)
    if card := card_summary(folder):
        rows["card"] = card
    return rows


def count_parameters(folder: Path) -> int:
    """Parameters by the headers of the safetensors files; 0 where they are quantised, which hides them."""
    try:
        config = json.loads((folder / "config.json").read_text())
        if "quantization_config" in config:
            return 0
        return sum(math.prod(shape) for path in folder.glob("*.safetensors") for shape in _shapes(path))
    except (OSError, ValueError):
        return 0


def _shapes(path: Path) -> Iterator[list[int]]:
    """The shape of each tensor in a safetensors file."""
    with path.open("rb") as file:
        length = min(int.from_bytes(file.read(8), "little"), _LONGEST_HEADER)
        header = json.loads(file.read(length))
    yield from (entry["shape"] for name, entry in header.items() if name != "__metadata__")


def card_summary(folder: Path) -> str:
    """The first paragraph of the model card, without front matter and headings."""
    try:
        text = (folder / "README.md").read_text()
    except (OSError, ValueError):
        return ""
    if text.startswith("---\n"):
        text = text.partition("\n---\n")[2]
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return next((part for part in paragraphs if part and not part.startswith(("#", "|", "```", "!["))), "")


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
