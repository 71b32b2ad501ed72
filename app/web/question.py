"""Whether a document is to be approved although checks fail: no browser in it."""

from collections.abc import Callable, Iterable
from time import monotonic

from finscribe.validate import Finding

READING = 0.5
"""Seconds that nobody needs less of to read a question: what comes sooner is a key that was pressed twice."""


class Question:
    """A question that is put once about the same checks, and answered by approving again."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._put = clock, 0.0
        self._about: frozenset[Finding] = frozenset()

    def is_settled(self, failing: Iterable[Finding]) -> bool:
        """Whether an approval goes on: nothing fails, or nothing that was not asked about before."""
        failed = frozenset(failing)
        if failed <= self._about:
            return not failed or self._clock() - self._put >= READING
        self._about, self._put = failed, self._clock()
        return False
