"""Batches out of what concurrent callers ask for: a queue, one worker thread, a future for each caller.

Nobody waits for a batch to fill up: a lone caller is answered at once, and those who come while a batch
is being answered make up the next one.
"""

import queue
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from finscribe.errors import FinScribeError

ModelT = TypeVar("ModelT")
OptionsT = TypeVar("OptionsT", bound=Hashable)
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class TooBusy(FinScribeError):
    """More callers waiting than can be answered in reasonable time."""

    code = "too-busy"
    retryable = True


@dataclass(eq=False, slots=True)
class _Job(Generic[OptionsT, ItemT, ResultT]):
    options: OptionsT
    item: ItemT
    future: "Future[ResultT]" = field(default_factory=Future)


class Batcher(Generic[ModelT, OptionsT, ItemT, ResultT]):
    """Answers items in batches of equal options, on a thread of its own, which starts with the first item.

    `prepare` gives the model before each batch; its error is everybody's. `run(model, options, items)` gives
    one result for each item, in order; where it fails for several at once, each is tried alone, so that an
    error reaches only the caller whose item causes it.
    """

    def __init__(
        self,
        prepare: Callable[[], ModelT],
        run: Callable[[ModelT, OptionsT, Sequence[ItemT]], Sequence[ResultT]],
        *,
        max_batch: int = 8,
        max_waiting: int = 512,
    ) -> None:
        self._prepare = prepare
        self._run = run
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[_Job[OptionsT, ItemT, ResultT] | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._ending: threading.Thread | None = None

    def submit(self, options: OptionsT, item: ItemT) -> "Future[ResultT]":
        """Puts an item into the queue; raises TooBusy where that is full."""
        job: _Job[OptionsT, ItemT, ResultT] = _Job(options, item)
        with self._lock:
            if self._queue.qsize() >= self._max_waiting:
                raise TooBusy(
                    f"{self._max_waiting} requests are waiting already",
                    hint="Try again in a moment, with fewer requests at a time.",
                )
            self._queue.put(job)
            if self._worker is None:
                self._worker = threading.Thread(
                    target=self._work, args=(self._queue,), name="finscribe-model", daemon=True
                )
                self._worker.start()
        return job.future

    def stop(self) -> None:
        """Lets the worker end when it has finished what is in the queue, without waiting for it."""
        with self._lock:
            if self._worker is None:
                return
            self._ending, self._worker = self._worker, None
            self._queue.put(None)
            self._queue = queue.SimpleQueue()

    def close(self, timeout: float = 5.0) -> None:
        """Stops the worker, waiting at most `timeout` seconds for what it has to finish."""
        self.stop()
        if self._ending is not None:
            self._ending.join(timeout)

    def _work(self, jobs: "queue.SimpleQueue[_Job[OptionsT, ItemT, ResultT] | None]") -> None:
        while self._answer_next(jobs):
            pass

    def _answer_next(self, jobs: "queue.SimpleQueue[_Job[OptionsT, ItemT, ResultT] | None]") -> bool:
        """Waits for a batch and answers it; whether there was one. An error in it holds the model, so none is kept."""
        if batch := self._take(jobs):
            self._answer([job for job in batch if job.future.set_running_or_notify_cancel()])
        return bool(batch)

    def _take(
        self, jobs: "queue.SimpleQueue[_Job[OptionsT, ItemT, ResultT] | None]"
    ) -> list[_Job[OptionsT, ItemT, ResultT]]:
        """What is waiting, at most a batch of it; nothing only when the queue was closed."""
        batch: list[_Job[OptionsT, ItemT, ResultT]] = []
        while len(batch) < self._max_batch:
            try:
                job = jobs.get(block=not batch)
            except queue.Empty:
                break
            if job is None:
                if batch:
                    jobs.put(None)  # for the next call
                break
            batch.append(job)
        return batch

    def _answer(self, batch: list[_Job[OptionsT, ItemT, ResultT]]) -> None:
        try:
            model = self._prepare()
        except BaseException as error:
            for job in batch:
                job.future.set_exception(_harmless(error))
            return
        alike: dict[OptionsT, list[_Job[OptionsT, ItemT, ResultT]]] = {}
        for job in batch:
            alike.setdefault(job.options, []).append(job)
        for options, jobs in alike.items():
            self._answer_alike(model, options, jobs)

    def _answer_alike(
        self, model: ModelT, options: OptionsT, jobs: list[_Job[OptionsT, ItemT, ResultT]]
    ) -> None:
        try:
            results = self._run(model, options, [job.item for job in jobs])
            answered = list(zip(jobs, results, strict=True))
        except BaseException as error:
            if len(jobs) == 1:
                jobs[0].future.set_exception(_harmless(error))
                return
            for job in jobs:
                self._answer_alike(model, options, [job])
        else:
            for job, result in answered:
                job.future.set_result(result)


def _harmless(error: BaseException) -> Exception:
    # A panic in a Rust library is a BaseException, which would end the worker here and the server up there.
    if isinstance(error, Exception):
        return error
    wrapped = RuntimeError(f"{type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped
