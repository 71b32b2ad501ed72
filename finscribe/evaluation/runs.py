"""How a model was made: its `run.json`, and those of the models that it was trained from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from finscribe.files import folder_hash

RUN = "run.json"
BUNDLED = ("finscribe", "starter", "finscribe-starter")
"""Where the starter lies in every installation; it saw synthetic documents only, and changes with the package."""
Finder: TypeAlias = Callable[[str], Mapping[str, Any] | None]
"""From the hash of a model folder to its `run.json`, empty where it has none; None where no such model is known."""


def nowhere(_: str) -> None:
    """A finder that knows no models."""


def read_run(folder: Path) -> dict[str, Any] | None:
    """The `run.json` of a model folder; None where there is none that can be read."""
    try:
        found = json.loads((folder / RUN).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def get(record: Any, *keys: str) -> Any:
    """What stands under nested keys; None where one of them is missing."""
    for key in keys:
        record = record.get(key) if isinstance(record, Mapping) else None
    return record


@dataclass(frozen=True, slots=True)
class Descent:
    """The runs that made a model, the last one first, and the name of the model at which the line is lost, if it is."""

    runs: tuple[Mapping[str, Any], ...]
    lost: str | None = None


def descent(run: Mapping[str, Any], find: Finder) -> Descent:
    """Follows a run to the models that it started from, by their hash.

    A model of a hub, which has a revision, and the bundled starter end the line: what their makers trained on is not
    known here.
    """
    runs = [run]
    while base := _base(runs[-1]):
        name, sha256 = base
        found = find(sha256)
        if found is None and Path(name).is_dir() and folder_hash(Path(name)) == sha256:
            found = read_run(Path(name)) or {}
        if found is None:
            return Descent(tuple(runs), name)
        if not found:
            break
        runs.append(found)
    return Descent(tuple(runs))


def descent_of(folder: Path, find: Finder) -> Descent:
    """The runs that made a folder; none where it does not say."""
    run = read_run(folder)
    return Descent(()) if run is None else descent(run, find)


def _base(run: Mapping[str, Any]) -> tuple[str, str] | None:
    name, sha256 = get(run, "base", "name"), get(run, "base", "sha256")
    if not name or not sha256 or get(run, "base", "revision") or Path(name).parts[-3:] == BUNDLED:
        return None
    return name, sha256
