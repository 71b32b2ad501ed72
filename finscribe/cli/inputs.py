"""Arguments as values: the sources to read, the fields wanted."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import typer

from finscribe.batch.reading import SUFFIXES, Source
from finscribe.errors import DocumentError
from finscribe.settings import Settings

Format = Literal["table", "json", "jsonl", "csv"]
Grounding = Literal["grounded", "schema", "off"]

STANDARD_INPUT = "-"


def find_sources(arguments: Sequence[str], settings: Settings) -> list[Source]:
    """Files, the supported files of folders by name, standard input for `-`; raises DocumentError."""
    if arguments.count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("'-' (standard input) can be read once only.", param_hint="FILE")
    return [source for argument in arguments for source in _sources(argument, settings)]


def is_many(arguments: Sequence[str]) -> bool:
    """Whether the answer is a list: more than one argument, or a folder whatever it holds."""
    return len(arguments) > 1 or Path(arguments[0]).is_dir()


def _sources(argument: str, settings: Settings) -> list[Source]:
    if argument == STANDARD_INPUT:
        data = typer.get_binary_stream("stdin").read(settings.max_bytes + 1)
        return [Source("stdin", data)]
    path = Path(argument)
    files = _supported(path) if path.is_dir() else [path]
    return [Source(str(file), file) for file in files]


def _supported(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DocumentError(
            f"{folder}: the folder cannot be read ({error.strerror})", hint="Check its permissions."
        ) from error
    files = [path for path in entries if path.suffix.lower() in SUFFIXES and path.is_file()]
    files = [path for path in files if not path.name.startswith(".")]
    if not files:
        raise DocumentError(
            f"{folder}: no document in this folder",
            hint=f"Looked for {' '.join(sorted(SUFFIXES))}; folders inside it are not searched.",
        )
    return files


def chosen_fields(text: str | None) -> tuple[str, ...]:
    """The fields of a comma-separated list in their fixed order, a block's name meaning all of it."""
    from finscribe.invoice import ALL_FIELDS, in_order

    if text is None:
        return ALL_FIELDS
    names = [name for part in text.split(",") if (name := part.strip())]
    if not names:
        raise typer.BadParameter("no field is named.", param_hint="--fields")
    return in_order(path for name in names for path in _fields(name, ALL_FIELDS))


def _fields(name: str, known: Sequence[str]) -> list[str]:
    found = [path for path in known if path == name or path.startswith(f"{name}.")]
    if not found:
        blocks = {path.partition(".")[0] for path in known}
        near = get_close_matches(name, [*known, *blocks], n=1, cutoff=0.5)
        advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
        raise typer.BadParameter(f"there is no field {name!r}; {advice}", param_hint="--fields")
    return found
