"""Many tasks within a time limit: some batches at a time, and a look at the clock between them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.decoder import decode
from finscribe.decoding.model import LanguageModel
from finscribe.errors import DocumentTooLarge

BATCHES = 4
"""How many batches are read between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Work:
    """How answers are decoded, and that it may take so many seconds from when it `started` (`time.monotonic`)."""

    model: LanguageModel
    batch_size: int
    drafting: bool
    seconds: float
    started: float

    def decode(self, tasks: Sequence[Task]) -> list[Answer]:
        """The answers to all tasks; raises DocumentTooLarge where the time is up before."""
        answers = self._decode(tasks[: self._at_once])
        answers += self.decode_in_time(tasks[self._at_once :])
        if len(answers) < len(tasks):
            raise DocumentTooLarge(
                f"{len(answers)} of {len(tasks)} windows of text took longer than {self.seconds:g} seconds to read",
                hint="Send one invoice at a time, or raise FINSCRIBE_MAX_SECONDS.",
            )
        return answers

    def decode_in_time(self, tasks: Sequence[Task]) -> list[Answer]:
        """The answers to as many tasks as there is time for; no more are begun when it is up."""
        answers: list[Answer] = []
        while len(answers) < len(tasks) and time.monotonic() < self.started + self.seconds:
            answers += self._decode(tasks[len(answers) : len(answers) + self._at_once])
        return answers

    def _decode(self, tasks: Sequence[Task]) -> list[Answer]:
        return decode(self.model, tasks, batch_size=self.batch_size, drafting=self.drafting)

    @property
    def _at_once(self) -> int:
        return BATCHES * self.batch_size
