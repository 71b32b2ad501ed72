"""The raw records of sources, counted as they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from finscribe.training.dataset.card import FileFacts, hash_file
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.retractions import Retractions, find_retractions
from finscribe.training.reading.sources import Sources, read_raw
from finscribe.training.records import Reject


class Reading:
    """All raw records in order; to iterate is to read, once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._counts: Counter[str] = Counter()

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
        """Inputs that are not there or were named twice."""
        return self._sources.warnings

    def retractions(self) -> Retractions:
        """What the files say was taken back, wherever in them."""
        files = (source for source in self._sources if source.path and source.kind in ("lines", "entries"))
        return find_retractions(raw for source in files for raw in read_raw(source))

    def facts(self) -> list[FileFacts]:
        """Each source with its count and its hash; standard input and folders have none."""
        return [
            FileFacts(
                source.name,
                self._counts[source.name],
                hash_file(source.path) if source.path and source.path.is_file() else None,
            )
            for source in self._sources
        ]
