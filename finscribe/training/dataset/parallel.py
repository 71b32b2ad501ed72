"""Work on chunks by several processes, results in the order of the chunks, memory bounded."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from typing import TypeVar

from finscribe.errors import WorkerLost

T = TypeVar("T")
R = TypeVar("R")

_WORTH_A_PROCESS = 8
"""Chunks from which starting processes pays."""
_AHEAD = 3
"""Chunks that wait for each process."""


def chunks(
    items: Iterable[T], size: int, weigh: Callable[[T], int] = lambda _item: 0, heaviest: int = 1
) -> Iterator[list[T]]:
    """Lists of at most `size` items; one is full, too, where its items together weigh `heaviest`."""
    chunk: list[T] = []
    weight = 0
    for item in items:
        chunk.append(item)
        weight += weigh(item)
        if len(chunk) == size or weight >= heaviest:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk


def in_order(work: Callable[[Sequence[T]], R], stream: Iterator[list[T]], workers: int) -> Iterator[R]:
    """What `work` makes of each chunk; in this process where there are few chunks or one worker.

    Raises `WorkerLost` when the system ends a process.
    """
    first = list(islice(stream, _WORTH_A_PROCESS))
    if workers < 2 or len(first) < _WORTH_A_PROCESS:
        yield from map(work, chain(first, stream))
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads of others
    with _losses_are_said(), ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[R]] = deque()
        for chunk in chain(first, stream):
            waiting.append(pool.submit(work, chunk))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _losses_are_said() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerLost(
            "a process that prepared records was ended from outside, as systems do when the memory is full",
            hint="Close other programs, or give the container more memory, and run the command again. "
            "The files of the last preparation are whole.",
        ) from error
