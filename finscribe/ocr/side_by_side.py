"""Jobs done several at a time, their results in order: the pages of a document, while memory suffices."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def side_by_side(jobs: Iterable[tuple[int, Callable[[], T]]], *, at_once: int, heaviest: int) -> Iterator[T]:
    """The results in the order of the jobs, of which each has a weight; `at_once` are under way, and the next waits.

    Those together weigh at most `heaviest`; what is heavier is done alone. What a job raises is raised in its place.
    """
    under_way: deque[tuple[int, Future[T]]] = deque()
    with ThreadPoolExecutor(at_once, "page") as pool:
        try:
            for weight, job in jobs:
                while under_way and (
                    len(under_way) > at_once or weight + sum(each for each, _ in under_way) > heaviest
                ):
                    yield under_way.popleft()[1].result()
                under_way.append((weight, pool.submit(job)))
            while under_way:
                yield under_way.popleft()[1].result()
        finally:
            for _, unwanted in under_way:
                unwanted.cancel()
