"""How often a caller may do something."""

import threading
from collections.abc import Callable
from time import monotonic

from finscribe.errors import FinScribeError

MANY = 10_000  # callers to remember before those are forgotten who have all of their allowance again


class RateLimited(FinScribeError):
    """A caller who asks too often; `wait` is the number of seconds until they may again."""

    code = "rate-limited"

    def __init__(self, message: str, wait: float, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.wait = wait


class Allowance:
    """`most` times at once, and as many again in every `seconds` (the generic cell rate algorithm, ITU-T I.371)."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds, self._each, self._clock = seconds, seconds / most, clock
        self._lock = threading.Lock()
        self._full: dict[str, float] = {}  # when a caller has all of it again

    def take(self, caller: str) -> float:
        """Takes one and returns 0, or the number of seconds until there is one to take."""
        with self._lock:
            now = self._clock()
            full = max(self._full.get(caller, now), now) + self._each
            if (wait := full - now - self._seconds) > 1e-9:
                return wait
            if len(self._full) >= MANY:
                self._full = {name: when for name, when in self._full.items() if when > now}
            self._full[caller] = full
            return 0.0

    def give_back(self, caller: str) -> None:
        """Gives a caller all of it."""
        with self._lock:
            self._full.pop(caller, None)
