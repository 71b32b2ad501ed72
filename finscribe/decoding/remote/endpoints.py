"""The servers that are asked: taken in turn, one that fails set aside for a while."""

from __future__ import annotations

import math
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from finscribe.decoding.remote.dialects import Dialect

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds that a server is set aside for after its first failure in a row, and at most; each one doubles them."""


class NoneFree(Exception):
    """All servers are set aside for longer than there is time."""


@dataclass(eq=False, slots=True)
class Endpoint:
    """One server: the dialects that it may take, the best first, once it is known which; those that it has taken."""

    url: str
    dialects: tuple[Dialect, ...] = ()
    proven: set[Dialect] = field(default_factory=set)
    failures: int = 0
    free_at: float = 0.0
    problem: str = ""


@dataclass(slots=True)
class Pace:
    """The clock that pauses go by, in seconds; another one in tests."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class Endpoints:
    """Servers of one model; safe to use from many threads."""

    all: Sequence[Endpoint]
    pace: Pace
    answered_at: float = -math.inf
    """When one of them has answered last."""
    _ring: deque[Endpoint] = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._ring = deque(self.all)

    def take(self, until: float) -> Endpoint:
        """The next one in turn that is not set aside, waiting for one; raises NoneFree where that takes too long."""
        while True:
            with self._lock:
                now = self.pace.now()
                free = next((each for each in self._ring if each.free_at <= now), None)
                if free:
                    self._ring.remove(free)
                    self._ring.append(free)
                    return free
                soonest = min(each.free_at for each in self._ring)
            if soonest > until:
                raise NoneFree
            self.pace.sleep(soonest - now)

    def failed(self, endpoint: Endpoint, why: str, at_least: float = 0.0) -> None:
        """Sets one aside: for `at_least` so many seconds, and longer with each failure in a row."""
        with self._lock:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**endpoint.failures)
            pause *= (1 + self.pace.chance()) / 2  # so that those who wait do not all come back at once
            endpoint.failures += 1
            endpoint.problem = why
            endpoint.free_at = self.pace.now() + max(pause, at_least)

    def worked(self, endpoint: Endpoint) -> None:
        """Takes one as well again."""
        with self._lock:
            self.answered_at = self.pace.now()
            endpoint.failures, endpoint.free_at, endpoint.problem = 0, 0.0, ""


def retry_after(text: str | None) -> float:
    """The seconds of a Retry-After header, given as such or as a date; 0 where there is none that can be read."""
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(text or "")
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
