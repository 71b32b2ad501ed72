"""The three files of a queue, what was set aside from them, and what they look like from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from finscribe.journal import Signature, signature, torn_file

GENERAL = "training_queue.jsonl"
UNSLOTH = "unsloth_training_queue.jsonl"
REVIEWS = "active_learning.jsonl"


@dataclass(frozen=True, slots=True)
class ThreeFiles:
    """The general queue, its projection and the review log in a folder, in the order in which they are written."""

    folder: Path

    @property
    def general(self) -> Path:
        """The truth: one record a correction, and tombstones."""
        return self.folder / GENERAL

    @property
    def unsloth(self) -> Path:
        """The projection of the general queue."""
        return self.folder / UNSLOTH

    @property
    def reviews(self) -> Path:
        """The review log."""
        return self.folder / REVIEWS

    @property
    def orphaned(self) -> Path:
        """Unreadable lines of the projection that the general queue has not."""
        return self.folder / f"{UNSLOTH}.orphaned"

    @property
    def torn(self) -> tuple[Path, ...]:
        """Where the torn ends of the three are kept."""
        return tuple(map(torn_file, self))

    def __iter__(self) -> Iterator[Path]:
        yield from (self.general, self.unsloth, self.reviews)

    def signatures(self) -> dict[str, Signature]:
        """What those that are there look like, by name."""
        known = ((path.name, signature(path)) for path in self)
        return {name: found for name, found in known if found}

    def sizes(self) -> tuple[int, ...]:
        """Bytes of each, 0 for one that is not there."""
        known = self.signatures()
        return tuple(known[path.name].size if path.name in known else 0 for path in self)
