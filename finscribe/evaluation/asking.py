"""Asking systems about texts: in batches, one model after the other, each in a process of its own where it must be."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeAlias

from finscribe.decoding import LanguageModel, load_model
from finscribe.decoding.loading import choose_backend, release_memory
from finscribe.documents import Document
from finscribe.errors import EvaluationError, FinScribeError, MissingDependency, ModelError
from finscribe.evaluation.cases import Case
from finscribe.evaluation.predictions import Prediction
from finscribe.evaluation.readers import Reader, ReadingOptions, open_reader
from finscribe.evaluation.systems import System
from finscribe.settings import Settings

Ask: TypeAlias = Callable[[System, Sequence[str]], list[Prediction]]
"""What a system says of each of some texts."""


@contextmanager
def desk(systems: Sequence[System], examples: Sequence[Case], options: ReadingOptions) -> Iterator[Ask]:
    """Where systems are asked. They come one model after the other; one model at a time is in memory.

    Unsloth patches transformers for a whole process, so with it every model has a process to itself.
    """
    if _must_part(systems):
        with _OwnProcesses(examples, options) as ask:
            yield ask
        return
    here = Desk(examples, options)
    try:
        yield here.ask
    finally:
        here.forget()


def _must_part(systems: Sequence[System]) -> bool:
    sources = {system.source for system in systems if system.source}
    return len(sources) > 1 and choose_backend(Settings.from_environment()) == "unsloth"


class Desk:
    """Asks systems in this process; holds the model and the reader that were used last."""

    def __init__(self, examples: Sequence[Case], options: ReadingOptions) -> None:
        self._examples, self._options = examples, options
        self._model: tuple[str, LanguageModel] | None = None
        self._reader: tuple[System, Reader] | None = None

    def ask(self, system: System, texts: Sequence[str]) -> list[Prediction]:
        """Raises `ModelError`, and `EvaluationError` where the system dies over a text."""
        reader = self._open(system)
        try:
            return _read(reader, texts, self._options.batch_size if system.source else 1)
        except FinScribeError:
            raise
        except Exception as error:
            raise _died(system, f"{type(error).__name__}: {error}") from error

    def forget(self) -> None:
        """Lets go of the model and its memory."""
        self._reader = None
        if self._model is not None:
            self._model = None
            release_memory()

    def _open(self, system: System) -> Reader:
        if self._reader is None or self._reader[0] != system:
            self._reader = None
            self._reader = system, open_reader(system, self._examples, self._options, self._load)
        return self._reader[1]

    def _load(self, source: str) -> LanguageModel:
        if self._model is None or self._model[0] != source:
            self.forget()  # before the next one is loaded
            self._model = source, load_model(source)
        return self._model[1]


def _read(reader: Reader, texts: Sequence[str], at_once: int) -> list[Prediction]:
    """One prediction a text; where some fail together, they are read one by one to see which of them it was.

    With `at_once` documents in the works at any time, each stays for that many shares of the time (Little's law).
    """
    started = time.perf_counter()
    try:
        found = reader.read([Document.from_text(text) for text in texts])
    except (ModelError, MissingDependency):
        raise
    except FinScribeError as error:
        if len(texts) > 1:
            return [prediction for text in texts for prediction in _read(reader, [text], 1)]
        return [Prediction.failed(error, time.perf_counter() - started)]
    seconds = (time.perf_counter() - started) / len(texts)
    latency = seconds * min(at_once, len(texts))
    return [Prediction.of(extraction, seconds, latency) for extraction in found]


def _died(system: System, said: str) -> EvaluationError:
    return EvaluationError(
        f"{system.name} died while it read: {said[:500]}",
        hint="What was read is kept: the same command goes on there. Out of memory, give a smaller --batch_size.",
    )


# --- processes of their own --------------------------------------------------------------------------


class _OwnProcesses:
    """Asks each model in a process of its own, which ends before the next one starts."""

    def __init__(self, examples: Sequence[Case], options: ReadingOptions) -> None:
        self._arguments = (examples, options)
        self._source: str | None = None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Ask:
        return self._ask

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _ask(self, system: System, texts: Sequence[str]) -> list[Prediction]:
        if self._pool is None or system.source != self._source:
            self.__exit__()
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, context, _begin, self._arguments)
            self._source = system.source
        try:
            return self._pool.submit(_ask_here, system, texts).result()
        except BrokenProcessPool as error:
            raise _died(system, "its process ended, perhaps for want of memory") from error


_desk: Desk | None = None


def _begin(examples: Sequence[Case], options: ReadingOptions) -> None:
    global _desk
    _desk = Desk(examples, options)


def _ask_here(system: System, texts: Sequence[str]) -> list[Prediction]:
    if _desk is None:
        raise AssertionError("a process is asked before it has begun")
    return _desk.ask(system, texts)
