"""What a model has seen: the vendors of its training and validation records, and of the models it was trained from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.files import file_hash
from finscribe.registry.hashes import hash_of

RUN = "run.json"
BUNDLED = ("finscribe", "starter", "finscribe-starter")
"""Where the starter lies in every installation; it saw synthetic documents only, and changes with the package."""
Finder = Callable[[str], Mapping[str, Any] | None]
"""From the hash of a model folder to its `run.json`, empty where it has none; None where no such model is known."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The vendor families that a model was trained on, those that checkpoints were chosen by, and what could not be
    checked, in sentences.
    """

    trained: frozenset[str] = frozenset()
    validated: frozenset[str] = frozenset()
    unchecked: tuple[str, ...] = ()

    @property
    def families(self) -> frozenset[str]:
        """The vendor families that it has seen at all."""
        return self.trained | self.validated

    def __add__(self, other: Lineage) -> Lineage:
        return Lineage(
            self.trained | other.trained,
            self.validated | other.validated,
            (*self.unchecked, *other.unchecked),
        )


def trace(folder: Path, find: Finder) -> Lineage:
    """Reads the records that the `run.json` of a model names, and those of the models that it was trained from.

    A model of a hub and the bundled starter end the line: what their makers trained on is not known here.
    """
    run = read_run(folder)
    if run is None:
        return Lineage(unchecked=(f"{folder} has no {RUN} that says what it was trained on",))
    return _seen_by(run, find)


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


# ------------------------------------------------------------------------------------------------------


def _seen_by(run: Mapping[str, Any], find: Finder) -> Lineage:
    train, val = get(run, "data", "train"), get(run, "data", "val")
    if not (train or val):
        return Lineage(unchecked=(f"{RUN} names no data",)) + _seen_before(get(run, "base"), find)
    (trained, lost), (validated, lost_too) = _families_in(train), _families_in(val)
    return Lineage(trained, validated, (*lost, *lost_too)) + _seen_before(get(run, "base"), find)


def _families_in(records: Any) -> tuple[frozenset[str], tuple[str, ...]]:
    """The vendors of a file of records, and why they are not known where it no longer is what was trained on."""
    if not records:
        return frozenset(), ()
    path = Path(str(get(records, "path")))
    if not path.is_file():
        return frozenset(), (f"{path} is gone",)
    if file_hash(path) != get(records, "sha256"):
        return frozenset(), (f"{path} has changed since training",)
    return families_of(path), ()


def families_of(path: Path) -> frozenset[str]:
    """The vendors of a file of records: as preparation named them, and as their truths do."""
    from finscribe.evaluation.cases import read_cases

    return frozenset[str]().union(*(case.vendor_names for case in read_cases(str(path))))


def _seen_before(base: Any, find: Finder) -> Lineage:
    """What the model that a run started from has seen; nothing for one of a hub, which has a revision."""
    name, sha256 = get(base, "name"), get(base, "sha256")
    if not name or not sha256 or get(base, "revision") or Path(name).parts[-3:] == BUNDLED:
        return Lineage()
    run = find(sha256)
    if run is None and hash_of(Path(name)) == sha256:
        run = read_run(Path(name)) or {}
    if run is None:
        return Lineage(unchecked=(f"{name}, from which it was trained, is gone or has changed",))
    return _seen_by(run, find) if run else Lineage()
