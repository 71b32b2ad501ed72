"""What is in the queue, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from finscribe.training.queue.stored import QueueFile, State

UNKNOWN_VENDOR = "(unknown)"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStats:
    """Counts of a queue; every correction is live or retracted or repeated, every live one current or superseded.

    `by_field`, `by_vendor` and `by_day` count live corrections; a field counts once for every change of it.
    `torn` and `orphaned` count the pieces set aside; `in_step` says whether the Unsloth file is the projection
    of the general queue.
    """

    states: Mapping[State, int]
    unreadable: int
    tombstones: int
    by_field: Mapping[str, int]
    by_vendor: Mapping[str, int]
    by_day: Mapping[date, int]
    first: datetime | None
    last: datetime | None
    torn: int
    orphaned: int
    in_step: bool

    @property
    def total(self) -> int:
        """All corrections."""
        return sum(self.states.values())

    @property
    def live(self) -> int:
        """The corrections that were not taken back or repeated."""
        return sum(count for state, count in self.states.items() if state.live)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, times as ISO 8601."""
        return {
            "total": self.total,
            "live": self.live,
            **{str(state): self.states.get(state, 0) for state in State},
            "unreadable": self.unreadable,
            "tombstones": self.tombstones,
            "by_field": dict(self.by_field),
            "by_vendor": dict(self.by_vendor),
            "by_day": {day.isoformat(): count for day, count in self.by_day.items()},
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
            "torn": self.torn,
            "orphaned": self.orphaned,
            "in_step": self.in_step,
        }


def count(queue: QueueFile, *, torn: int, orphaned: int, in_step: bool) -> QueueStats:
    """The counts of an open queue, commonest fields and vendors first."""
    states: Counter[State] = Counter(queue.survey.states.values())
    fields: Counter[str] = Counter()
    vendors: Counter[str] = Counter()
    times: list[datetime] = []
    for correction in queue.live:
        fields.update(change.field for change in correction.changes or ())
        vendors[str(correction.truth.values.get("vendor.name") or UNKNOWN_VENDOR)] += 1
        times += [correction.timestamp] if correction.timestamp else []
    return QueueStats(
        states=states,
        unreadable=len(queue.survey.unreadable),
        tombstones=len(queue.survey.tombstones),
        by_field=dict(fields.most_common()),
        by_vendor=dict(vendors.most_common()),
        by_day=dict(sorted(Counter(time.date() for time in times).items())),
        first=min(times, default=None),
        last=max(times, default=None),
        torn=torn,
        orphaned=orphaned,
        in_step=in_step,
    )
