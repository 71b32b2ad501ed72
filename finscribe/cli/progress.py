"""What is being done, on standard error and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from finscribe.cli.messages import printable

if TYPE_CHECKING:
    from rich.progress import Progress

RECORDS_APART = 64
"""Records between two changes of their bar."""


class Watch:
    """A spinner, what is being done and how many documents are done.

    Silent where standard error is not a terminal.
    """

    def __init__(self, total: int) -> None:
        self._progress = _progress(total) if sys.stderr.isatty() else None

    def __enter__(self) -> Watch:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()

    def doing(self, what: str) -> None:
        """Say what is being done now."""
        for task in self._progress.tasks if self._progress else ():
            task.description = printable(what)

    @contextmanager
    def done(self) -> Iterator[None]:
        """Count a document, and make room for what is printed about it."""
        if self._progress is None:
            yield
            return
        for task in self._progress.tasks:
            self._progress.advance(task.id)
        self._progress.stop()
        yield
        self._progress.start()


def _progress(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    counting = (BarColumn(), MofNCompleteColumn()) if total > 1 else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *counting)
    progress = Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    progress.add_task("starting", total=total)
    return progress


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each thing that is done; it is told what that is, how much of it is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as progress:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield show


@contextmanager
def bar_of_records() -> Iterator[Callable[[str, int], None]]:
    """One bar for what is done to records one after the other; how many they are shows when they have been read."""
    if not sys.stderr.isatty():
        yield lambda _what, _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counted = TextColumn("{task.completed:,.0f} records")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), counted, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task, total = progress.add_task("reading", total=None), 0

        def show(what: str, done: int) -> None:
            nonlocal total
            reading = what == "reading"
            total = max(total, done) if reading else total
            if done % RECORDS_APART == 0 or reading:
                progress.update(task, description=what, completed=done, total=None if reading else total)

        yield show
