"""What the stages of a run hand to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Encoded, Labelled
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.saving import Reproduction
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
    plan: Plan


@dataclass(frozen=True, slots=True)
class Trained:
    """A model in memory, the recipe that it was trained by in the end, and what it reads."""

    recipe: Recipe
    prepared: Prepared
    before: Validation | None
    after: Validation | None
    seconds: Mapping[str, float]
    """How long each stage took; that of training has its looks at validation documents in it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run wrote, and how it went."""

    folder: Path
    before: Validation | None
    after: Validation | None
    reproduction: Reproduction | None
    seconds: float
