"""THE MAIN PATH: many documents in, one row for each on disk, and none of them twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeAlias

from finscribe.batch.ledger import Ledger
from finscribe.batch.reading import BATCH
from finscribe.batch.rows import Fate, Keys, Row
from finscribe.batch.sources import Place
from finscribe.batch.worker import rejected
from finscribe.errors import DocumentLost

SEGMENT = 100_000
"""Documents whose names are in memory at once; the processes that read start anew for each such lot."""

LEAST_PARTS = 16

Part: TypeAlias = Sequence[Place]
"""Documents that one process reads at once, and again where it dies meanwhile."""

Show: TypeAlias = Callable[["Tally"], None]


class Work(Protocol):
    """Reads parts, in any order and several at once."""

    def __call__(self, parts: Sequence[Part], known: Keys) -> Iterator[tuple[int, list[Row]]]:
        """The number of each part with its rows; a part that ended every process that tried it is left out."""
        ...


@dataclass(slots=True)
class Tally:
    """How many documents there were and what became of them; `seconds` since the start, and when the first was read."""

    inputs: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    first: float | None = None
    among_the_first: int = 0

    def count(self, fates: Counter[Fate]) -> None:
        """Adds what became of some documents just now."""
        self.fates += fates
        self.seconds = time.monotonic() - self.started
        if self.first is None and self.read:
            self.first, self.among_the_first = self.seconds, self.read

    @property
    def read(self) -> int:
        """Documents that were read now, those rejected included."""
        return self.fates["done"] + self.fates["rejected"]

    @property
    def rate(self) -> float:
        """Documents a second once the first were read, as starting takes as long for a few as for a million."""
        if self.first is None or self.seconds <= self.first:
            return 0.0
        return (self.read - self.among_the_first) / (self.seconds - self.first)


def run(places: Iterator[Place], work: Work, ledger: Ledger, show: Show) -> Tally:
    """Reads what has no row yet; what stops it leaves all rows that were appended, and another run goes on."""
    tally = Tally()
    while segment := list(islice(places, SEGMENT)):
        tally.inputs += len(segment)
        show(tally)
        lost = _read(_parts(segment), work, ledger, tally, show)
        alone = [[place] for part in lost for place in part]
        for part in _read(alone, work, ledger, tally, show):
            tally.count(ledger.add([rejected(place, _lost(place)) for place in part]))
            show(tally)
    return tally


def _read(parts: Sequence[Part], work: Work, ledger: Ledger, tally: Tally, show: Show) -> list[Part]:
    """Reads parts and returns those that did not come back."""
    missing = set(range(len(parts)))
    for number, rows in work(parts, ledger.known()) if parts else ():
        missing.discard(number)
        tally.count(ledger.add(rows))
        show(tally)
    return [parts[number] for number in sorted(missing)]


def _parts(segment: Sequence[Place]) -> list[Part]:
    """As many documents in each as the model reads at once; fewer where there would be too few parts to share out."""
    size = min(BATCH, max(1, len(segment) // LEAST_PARTS))
    return [segment[start : start + size] for start in range(0, len(segment), size)]


def _lost(place: Place) -> DocumentLost:
    return DocumentLost(
        f"{place.source}: every process that read it was ended, mostly for want of memory",
        hint="Give workers more memory, or fewer of them, and try again with --retry-rejects.",
    )
