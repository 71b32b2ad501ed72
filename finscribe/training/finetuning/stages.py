"""What the stages of a run hand to one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Encoded, Labelled
from finscribe.training.finetuning.progress import Laps, Moment
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.saving import SavedAsTrained
from finscribe.training.finetuning.trainer import Plan
from finscribe.training.finetuning.validation import Reading, Validation


def say_nothing(_: object) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run works, whether it goes on with one before it, and whom it tells of itself."""

    work: Path
    """The folder beside its output: checkpoints and figures."""
    laps: Laps
    resume: bool
    """Whether it goes on from the last checkpoint, if there is one."""
    ready: Callable[[Prepared], None] = say_nothing
    """Told once what the run is going to do."""
    show: Callable[[Moment], None] = say_nothing
    """Told of every step and every look."""


@dataclass(frozen=True, slots=True)
class Data:
    """What a run learns from and is judged by."""

    train: Sequence[Labelled]
    val: Sequence[Labelled]
    train_sha256: str
    """Of the file as it was read: by the end of the run another may stand in its place."""
    val_sha256: str | None


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
    documents: int
    """Documents of the training data, of which some may have become no example and some several."""
    synthetic: int
    """Synthetic documents that are learned beside them."""
    replay: float
    """Synthetic documents for each of the others, as asked for or by default."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The step whose weights are saved."""

    step: int
    last: int
    """The step that training ended with."""
    by_looks: bool
    """Whether it is the one whose field F1 was best, else simply the last."""

    def __str__(self) -> str:
        best = "where field F1 was best"
        if not self.by_looks:
            return f"step {self.last}, the last one"
        if self.step == self.last:
            return f"step {self.last}, the last one, {best}"
        return f"step {self.step} of {self.last}, {best}"


@dataclass(frozen=True, slots=True)
class Trained:
    """A model in memory, the recipe that it was trained by in the end, and what it reads."""

    recipe: Recipe
    prepared: Prepared
    chosen: Chosen
    before: Reading | None
    answers: Validation | None
    """What the first process reads in the documents that are compared."""

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
    chosen: Chosen
    before: Reading | None
    after: Reading | None
    reproduction: SavedAsTrained
    durations: Mapping[str, float]
    """Seconds of each stage, in all processes of the run; those of training have its looks in them."""

    @property
    def seconds(self) -> float:
        """How long the run took, in all processes."""
        return sum(self.durations.values())
