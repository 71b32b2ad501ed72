"""What a model has seen: the vendors of its training and validation records, and of the models it was trained from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.evaluation.runs import RUN, Finder, descent, get, read_run
from finscribe.files import file_hash


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

    A model of a hub and the bundled starter end the line.
    """
    run = read_run(folder)
    if run is None:
        return Lineage(unchecked=(f"{folder} has no {RUN} that says what it was trained on",))
    line = descent(run, find)
    seen = sum(map(_seen_by, line.runs), Lineage())
    if line.lost:
        seen += Lineage(unchecked=(f"{line.lost}, from which it was trained, is gone or has changed",))
    return seen


# ------------------------------------------------------------------------------------------------------


def _seen_by(run: Mapping[str, Any]) -> Lineage:
    train, val = get(run, "data", "train"), get(run, "data", "val")
    if not (train or val):
        return Lineage(unchecked=(f"{RUN} names no data",))
    (trained, lost), (validated, lost_too) = _families_in(train), _families_in(val)
    return Lineage(trained, validated, (*lost, *lost_too))


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
