"""What the stages of a run hand to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Encoded, Labelled
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.saving import SavedAsTrained
from finscribe.training.finetuning.trainer import Plan
from finscribe.training.finetuning.validation import Validation


@dataclass(frozen=True, slots=True)
class Data:
    """What a run learns from and is judged by."""

    train: Sequence[Labelled]
    val: Sequence[Labelled]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is ready to start."""

    base: Base
    train: Encoded
    val: Encoded
    watched: Sequence[Labelled]
    """Validation documents that are read at every look."""
    compared: Sequence[Labelled]
    """What the saved model is to read as the trained one does: those, else some of the training data."""
    plan: Plan


@dataclass(frozen=True, slots=True)
class Trained:
    """A model in memory, the recipe that it was trained by in the end, and what it reads."""

    recipe: Recipe
    prepared: Prepared
    before: Validation | None
    answers: Validation | None
    """What the first process reads in the documents that are compared."""
    seconds: Mapping[str, float]
    """How long each stage took; that of training has its looks at validation documents in it."""

    @property
    def after(self) -> Validation | None:
        """What it reads in validation documents; None where there are none."""
        return self.answers if self.prepared.watched else None

    def without_model(self) -> Trained:
        """The same without its weights, which memory is short of once they are saved."""
        return replace(self, prepared=replace(self.prepared, base=replace(self.prepared.base, model=None)))


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run wrote, and how it went."""

    folder: Path
    before: Validation | None
    after: Validation | None
    reproduction: SavedAsTrained
    seconds: float
