"""Files that appear all at once: written beside their place, synced, and only then put into it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from finscribe.errors import OutputError
from finscribe.files import sync_folder

UNWRITABLE = "backslashreplace"
"""How file names that are no Unicode (half surrogates in Python) are encoded: inside JSON that is an escape."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Staging:
    """Files being written; until `publish` those of the same names stay as they are."""

    def __init__(self) -> None:
        self._streams: dict[Path, TextIO] = {}
        self._removed: list[Path] = []

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path, stream in self._streams.items():
            with suppress(OSError):  # what could not be written cannot be closed; the first error is said
                stream.close()
            _staged(path).unlink(missing_ok=True)

    def open(self, path: Path) -> TextIO:
        """A stream to what will be the file at `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._streams[path] = _staged(path).open("w", encoding="utf-8", errors=UNWRITABLE, newline="\n")
        return self._streams[path]

    def seal(self) -> None:
        """Close every stream, with all it holds on the disk."""
        for stream in self._streams.values():
            if not stream.closed:
                stream.flush()
                os.fsync(stream.fileno())
                stream.close()

    def publish(self) -> None:
        """Put every file into its place, in the order in which they were opened, and remove what has to go."""
        self.seal()
        for path in self._streams:
            _staged(path).replace(path)
        for path in self._removed:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in (*self._streams, *self._removed)}:
            sync_folder(folder)
        self._streams.clear()

    def remove(self, path: Path) -> None:
        """Take back a file that was opened: there will be none in its place."""
        self._streams.pop(path).close()
        _staged(path).unlink()
        self._removed.append(path)


def _staged(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


@contextmanager
def failed_writes_are_said(folder: Path) -> Iterator[None]:
    """Turns every error of the disk into an OutputError: a full one, a folder that is not to be written to."""
    try:
        yield
    except OSError as error:
        place, why = error.filename or folder, error.strerror or error
        if error.errno not in _NO_ROOM:
            raise OutputError(
                f"{place} cannot be written: {why}",
                hint="Name a place that you may write to, or change its permissions.",
            ) from error
        raise OutputError(
            f"no room left while writing to {folder}: {why}",
            hint="Free about three times the size of the inputs there. The files of the last preparation are whole.",
        ) from error
