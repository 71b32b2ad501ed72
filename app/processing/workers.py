"""Worker processes that read files, with limits of time and memory: no document can take the server down."""

import ctypes
import signal
import sys
import threading
from concurrent.futures import CancelledError, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from app.processing.reading import Reading, read_file
from finscribe.errors import DocumentTooLarge, UnreadableDocument
from finscribe.settings import Settings

MEMORY = 4 * 1024**3  # bytes of address space; reading a page of 50 million pixels takes about half of it
FILES_A_WORKER = 200  # then a fresh one takes its place, for libraries that lose memory
GRACE = 30  # seconds that a worker has beyond the limit that it keeps to by itself
LOOK = 0.2  # seconds between two looks whether to close

_PR_SET_PDEATHSIG = 1


class Reader(Protocol):
    """Reads files; what is asked of it when it is closed ends with CancelledError."""

    def read(self, path: Path, name: str) -> Reading:
        """The document in a file; raises DocumentError, MissingDependency, OSError."""
        ...

    def close(self) -> None:
        """Ends the work."""
        ...


class WorkerReader:
    """A reader whose files are read by `workers` processes of their own."""

    def __init__(
        self, settings: Settings, *, workers: int = 1, memory: int = MEMORY, grace: float = GRACE
    ) -> None:
        self._settings, self._workers, self._memory = settings, workers, memory
        self._seconds = settings.max_seconds + grace
        self._closed = threading.Event()
        self._lock = threading.Lock()  # held while the pool is replaced or closed
        self._pool = self._fresh_pool()

    def read(self, path: Path, name: str) -> Reading:
        """The document in a file; raises DocumentError, MissingDependency, OSError, CancelledError."""
        try:
            try:
                return self._result(path, name)
            except BrokenProcessPool:  # its process was killed before it took this document
                return self._result(path, name)
        except TimeoutError as error:
            raise _too_slow(name, self._seconds) from error
        except MemoryError as error:
            raise _too_large(name, self._memory) from error
        except (ProcessExpired, BrokenProcessPool) as error:
            self._go_on()  # a pool may break while it is being stopped
            raise _fatal(name) from error

    def close(self) -> None:
        """Ends the processes, whatever they are doing."""
        self._closed.set()
        with self._lock:
            _end(self._pool)

    def _result(self, path: Path, name: str) -> Reading:
        future = self._schedule(path, name)
        while not wait([future], LOOK).done:
            self._go_on()  # a pool that is stopped does not say so to everybody
        return future.result()

    def _schedule(self, path: Path, name: str) -> ProcessFuture[Reading]:
        with self._lock:
            self._go_on()
            if not self._pool.active:  # broken
                _end(self._pool)
                self._pool = self._fresh_pool()
            return self._pool.schedule(read_file, (path, name, self._settings), timeout=self._seconds)

    def _fresh_pool(self) -> ProcessPool:
        return ProcessPool(
            self._workers,
            max_tasks=FILES_A_WORKER,
            initializer=_confine,
            initargs=(self._memory,),
            context=get_context("spawn"),  # a fork would take the server's locks along
        )

    def _go_on(self) -> None:
        if self._closed.is_set():
            raise CancelledError


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _confine(memory: int) -> None:
    """In the worker: limits its memory, leaves Ctrl-C to the server, and ends with it however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _too_slow(name: str, seconds: float) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"{name}: takes longer than {seconds:g} seconds to read",
        hint="Split the file into its invoices, or raise FINSCRIBE_MAX_SECONDS.",
    )


def _too_large(name: str, memory: int) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"{name}: takes more than {memory / 1024**3:g} GiB of memory to read",
        hint="Split the file into its invoices, or save it with fewer pixels.",
    )


def _fatal(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: the process that read it ended", hint="Save the document as a new PDF, or scan it again."
    )
