"""Work on chunks by several processes, results in the order of the chunks, memory bounded."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_WORTH_A_PROCESS = 8
"""Chunks from which starting processes pays."""
_AHEAD = 3
"""Chunks that wait for each process."""


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter."""
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk


def in_order(work: Callable[[Sequence[T]], R], stream: Iterator[list[T]], workers: int) -> Iterator[R]:
    """What `work` makes of each chunk; in this process where there are few chunks or one worker."""
    first = list(islice(stream, _WORTH_A_PROCESS))
    if workers < 2 or len(first) < _WORTH_A_PROCESS:
        yield from map(work, chain(first, stream))
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads of others
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[R]] = deque()
        for chunk in chain(first, stream):
            waiting.append(pool.submit(work, chunk))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
