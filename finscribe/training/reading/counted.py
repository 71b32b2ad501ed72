"""THE MAIN PATH: the raw records of sources, one after the other, counted, with the facts of each file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from finscribe.training.reading.lines import Raw, may_hold
from finscribe.training.reading.retractions import TOMBSTONE_KEY, Retractions, find_retractions
from finscribe.training.reading.sources import Source, Sources, read_raw
from finscribe.training.records import Reject

_State: TypeAlias = tuple[int, int] | None
"""Size and time of the last change of a file; None where there is none."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file: its path as the user named it, how many records it holds, its SHA-256 where it has one.

    Standard input and folders have none, and neither has a file that changed while it was read.
    """

    path: str
    records: int
    sha256: str | None


class Reading:
    """All raw records in order; to iterate is to read, once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._counts: Counter[str] = Counter()
        self._states = {source: _state(source) for source in sources}

    def __iter__(self) -> Iterator[Raw | Reject]:
        for source in self._sources:
            for raw in read_raw(source):
                self._counts[source.name] += 1
                yield raw

    @property
    def total(self) -> int:
        """How many were read."""
        return self._counts.total()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Inputs that are not there, were named twice, or are not what they were when reading began."""
        changed = (source.name for source in self._sources if self._has_changed(source))
        notes = (f"{name}: changed while it was read; it is listed without its hash" for name in changed)
        return (*self._sources.warnings, *notes)

    def retractions(self) -> Retractions:
        """What the files say was taken back, wherever in them; standard input can be read only once."""
        files = (
            source
            for source in self._sources
            if source.kind in ("lines", "entries") and source.path and may_hold(source.path, TOMBSTONE_KEY)
        )
        return find_retractions(raw for source in files for raw in read_raw(source))

    def facts(self) -> list[FileFacts]:
        """Each source with its count and its hash."""
        return [
            FileFacts(source.name, self._counts[source.name], self._hash(source)) for source in self._sources
        ]

    def _hash(self, source: Source) -> str | None:
        if source.path and self._states[source] and not self._has_changed(source):
            with suppress(OSError):  # a file that cannot be read is a reject already
                return hash_file(source.path)
        return None

    def _has_changed(self, source: Source) -> bool:
        return _state(source) != self._states[source]


def hash_file(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _state(source: Source) -> _State:
    if source.path is None or not source.path.is_file():
        return None
    found = source.path.stat()
    return found.st_size, found.st_mtime_ns
