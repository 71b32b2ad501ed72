"""What is being done, on standard error and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from finscribe.cli.messages import printable

if TYPE_CHECKING:
    from rich.progress import Progress


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
