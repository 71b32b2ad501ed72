"""Every document read by every system, into the journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from finscribe.evaluation.asking import Ask, desk
from finscribe.evaluation.cases import TestSet
from finscribe.evaluation.few_shot import NoExampleFits
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.predictions import Journal
from finscribe.evaluation.preparing import Prepared
from finscribe.evaluation.readers import ReadingOptions
from finscribe.evaluation.systems import System

Show: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how many documents of it are done, and of how many."""

MOST_BATCHES = 8
"""Batches that are read at most before they are written down; where a document is done, the next takes its place."""
QUICK, SLOW = 15.0, 60.0
"""Seconds for what is read at once: below there may be more of it, above there should be less to lose."""


def read_all(prepared: Prepared, plan: Plan, journal: Journal, show: Show) -> tuple[list[System], list[str]]:
    """The systems that have read everything, and why one that nobody asked for could not.

    Raises `EvaluationError`, `ModelError` and `MissingDependency`.
    """
    able, notes = [], []
    options = ReadingOptions(plan.grounding, plan.batch_size, plan.seed, plan.arithmetic)
    with desk(prepared.systems, prepared.examples, options) as ask:
        for system in prepared.systems:
            try:
                read_documents(system, prepared.test, ask, plan.batch_size, journal, show)
            except NoExampleFits as error:
                if not system.optional:
                    raise
                notes.append(f"{system.name} is not in the table: {error.message}.")
            else:
                able.append(system)
    return able, notes


def read_documents(
    system: System, test: TestSet, ask: Ask, batch_size: int, journal: Journal, show: Show
) -> None:
    """What a system has not read yet, some batches of similar length at a time, the longest first.

    So memory that does not last is found out at once, and the time left is rather overestimated.
    """
    texts = {case.digest: case.text for case in test.cases}
    missing = sorted(
        (digest for digest in texts if not journal.has(system, digest)), key=lambda each: len(texts[each])
    )
    size = batch_size
    while True:
        show(system.name, len(texts) - len(missing), len(texts))
        some = [missing.pop() for _ in range(min(size, len(missing)))]
        if not some:
            return
        started = time.monotonic()
        answers = ask(system, [texts[digest] for digest in some])
        journal.add(system, zip(some, answers, strict=True))
        size = next_size(size, batch_size, time.monotonic() - started)


def next_size(size: int, batch_size: int, seconds: float) -> int:
    """How many documents to read at once after `size` of them took so long; single documents stay single."""
    if batch_size > 1 and seconds < QUICK:
        return min(size * 2, MOST_BATCHES * batch_size)
    return max(size // 2, batch_size) if seconds > SLOW else size
