"""Examples that were taken back: which ids, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from finscribe.errors import FinScribeError, RecordError
from finscribe.training.names import objects_of
from finscribe.training.queue.record import read_correction
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.shapes.queued import RETRACTED
from finscribe.training.reading.strict_json import parse_object
from finscribe.training.records import Reject
from finscribe.training.times import read_time

TOMBSTONE_KEY = '"tombstone"'
"""What a record holds that takes an example back."""
_LAST = datetime.max.replace(tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Retractions:
    """The last time at which each example, by its id in the queue, was taken back."""

    times: Mapping[str, datetime]

    def check(self, raw: Mapping[str, Any]) -> None:
        """Raises `RecordError` (retracted) for an example taken back after it was made, also one inside of another."""
        if not self.times or "tombstone" in raw:
            return
        for each in objects_of(raw):
            made = read_time(each) or read_time(raw) or _FIRST
            for id in _ids(each):
                if id in self.times and made <= self.times[id]:
                    raise RecordError(
                        f"the example {id} was taken back",
                        reason=RETRACTED,
                        hint="Export the correction again if it is right after all.",
                    )


NO_RETRACTIONS = Retractions({})


def find_retractions(found: Iterable[Raw | Reject]) -> Retractions:
    """The tombstones among raw records."""
    times: dict[str, datetime] = {}
    for each in found:
        if isinstance(each, Raw) and TOMBSTONE_KEY in each.content:
            with suppress(RecordError, KeyError):
                raw = parse_object(each.content)
                id = str(raw["tombstone"])
                times[id] = max(times.get(id, _FIRST), read_time(raw) or _LAST)
    return Retractions(times)


def _ids(raw: Mapping[str, Any]) -> set[str]:
    """What an example is known by: the id that it was written with, else the hash of what it says."""
    written = {value for key in ("id", "example_id") if isinstance(value := raw.get(key), str)}
    if written or not {"input", "output"} <= raw.keys():
        return written
    with suppress(FinScribeError, TypeError, KeyError, ValueError, ArithmeticError):
        return {read_correction(raw).id}
    return set()
