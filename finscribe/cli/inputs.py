"""Arguments as values: the sources to read, the fields wanted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Found:
    """The sources that arguments lead to, folders that lead to none, and the endings of files that were left out."""

    sources: tuple[Source, ...] = ()
    empty: tuple[DocumentError, ...] = ()
    passed_over: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Found") -> "Found":
        passed_over = self.passed_over + other.passed_over
        return Found(self.sources + other.sources, self.empty + other.empty, passed_over)


def find_sources(arguments: Sequence[str], settings: Settings) -> Found:
    """Files, the supported files of folders by name, standard input for `-`."""
    if arguments.count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("'-' (standard input) can be read once only.", param_hint="FILE")
    return sum((_found(argument, settings) for argument in arguments), Found())


def is_many(arguments: Sequence[str]) -> bool:
    """Whether the answer is a list: more than one argument, or a folder whatever it holds."""
    return len(arguments) > 1 or Path(arguments[0]).is_dir()


def _found(argument: str, settings: Settings) -> Found:
    if argument == STANDARD_INPUT:
        data = typer.get_binary_stream("stdin").read(settings.max_bytes + 1)
        return Found((Source("stdin", data),))
    path = Path(argument)
    return _within(path) if path.is_dir() else Found((Source(str(path), path),))


def _within(folder: Path) -> Found:
    try:
        files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    except OSError as error:
        message = f"{folder}: the folder cannot be read ({error.strerror})"
        return Found(empty=(DocumentError(message, hint="Check its permissions."),))
    files = [path for path in files if not path.name.startswith(".")]
    documents = tuple(Source(str(path), path) for path in files if path.suffix.lower() in SUFFIXES)
    others = Counter(ending for path in files if (ending := path.suffix.lower()) not in SUFFIXES)
    hint = f"Looked for {' '.join(sorted(SUFFIXES))}; folders inside it are not searched."
    nothing = DocumentError(f"{folder}: no document in this folder", hint=hint)
    return Found(documents, () if documents else (nothing,), others)


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
