"""Files of JSON Lines that lose nothing: a lock for all processes, synced appends, torn ends set aside."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from finscribe import files
from finscribe.errors import QueueError
from finscribe.training.queue.json_lines import read_line


class Signature(NamedTuple):
    """What shows that a file is as it was left: its inode, bytes, and time of change in nanoseconds."""

    inode: int
    size: int
    changed: int


_HINTS = {
    errno.ENOSPC: "Free some space and try again: what was not acknowledged was taken back.",
    errno.EDQUOT: "Free some space and try again: what was not acknowledged was taken back.",
    errno.EACCES: "Allow writing there, or set FINSCRIBE_DATA_DIR to another folder.",
    errno.EPERM: "Allow writing there, or set FINSCRIBE_DATA_DIR to another folder.",
    errno.EROFS: "Allow writing there, or set FINSCRIBE_DATA_DIR to another folder.",
    errno.EISDIR: "A folder stands where the file should be: move it away.",
    errno.ENOTDIR: "A file stands where the folder should be: move it away, or set FINSCRIBE_DATA_DIR.",
    errno.ENOTSUP: "Keep the queue where files can be locked: Linux, macOS or WSL. Reading works everywhere.",
    errno.EEXIST: "A file stands where the folder should be: move it away, or set FINSCRIBE_DATA_DIR.",
}


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turns an `OSError` into a `QueueError` that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        raise QueueError(
            f"{error.filename or path}: {error.strerror or error}",
            hint=_HINTS.get(error.errno or 0, "Check the disk, and that the folder can be written to."),
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until no other thread or process holds the lock; one that dies lets go of it.

    Raises `QueueError`, on a system without `fcntl` (Windows) too, where nothing could be promised.
    """
    with ExitStack() as stack:
        with reported(path):
            stack.enter_context(files.locked(path))
        yield


@contextmanager
def attempted(path: Path) -> Iterator[bool]:
    """Whether the lock is ours, without waiting for it; raises `QueueError` as `locked` does."""
    with ExitStack() as stack:
        with reported(path):
            try:
                stack.enter_context(files.locked(path, wait=False))
                ours = True
            except BlockingIOError:
                ours = False
        yield ours


def signature(path: Path) -> Signature | None:
    """What a file looks like from outside; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return Signature(stat.st_ino, stat.st_size, stat.st_mtime_ns)


def append(lines: Mapping[Path, bytes]) -> None:
    """Appends to several files and syncs them to disk; all of it or nothing. Raises `QueueError`."""
    with _all_or_nothing(lines) as before:
        _write(lines)
        for path in before:
            sync_file(path)
        if None in before.values():
            sync_folder(next(iter(before)).parent)


def write(lines: Mapping[Path, bytes]) -> None:
    """Appends to several files, in order, all of it or nothing, without a sync. Raises `QueueError`."""
    with _all_or_nothing(lines):
        _write(lines)


@contextmanager
def _all_or_nothing(lines: Mapping[Path, bytes]) -> Iterator[Mapping[Path, Signature | None]]:
    before = {path: signature(path) for path, data in lines.items() if data}
    try:
        yield before
    except BaseException:
        for path, known in before.items():
            cut(path, known.size if known else 0)
        raise


def _write(lines: Mapping[Path, bytes]) -> None:
    for path, data in lines.items():
        if data:
            with reported(path):
                _append(path, data)


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def cut(path: Path, size: int) -> None:
    """Shortens a file to what it was, as far as that can be done; one that was not there goes."""
    # Where even this fails, the next append finds the torn end.
    with suppress(OSError):
        if size == 0:
            path.unlink(missing_ok=True)
        elif path.stat().st_size > size:
            os.truncate(path, size)


def replace(path: Path, lines: Iterable[bytes]) -> None:
    """Writes a file anew, synced; a reader sees the old one or the new one, whole. Raises `QueueError`.

    The caller holds the lock.
    """
    with reported(path):
        files.replace_file(path, lines)


def sync_file(path: Path) -> None:
    """Waits until all that was written to a file is on disk; nothing where there is none."""
    with reported(path), suppress(FileNotFoundError), path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder last."""
    with reported(folder):
        files.sync_folder(folder)


def read_lines(path: Path) -> Iterator[bytes]:
    """Every finished line; one that is being written, or was torn, has no line break yet. Raises `QueueError`."""
    with reported(path), suppress(FileNotFoundError), path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line


def torn_file(path: Path) -> Path:
    """Where the torn ends of a file are kept, one a line."""
    return path.with_name(f"{path.name}.torn")


def mend(path: Path) -> bytes:
    """Ends a file with a whole record: a torn end moves to its `.torn` file and is returned.

    A record that only lacks its line break gets it.
    """
    if not path.exists():
        return b""
    start, last = _last_line(path)
    whole = not last.strip() or _is_record(last)
    if whole and (not last or last.endswith(b"\n")):
        return b""
    if whole:
        append({path: b"\n"})
        return b""
    append({torn_file(path): last.rstrip(b"\n") + b"\n"})
    with reported(path), path.open("r+b") as file:
        file.truncate(start)
        os.fsync(file.fileno())
    return last


def _last_line(path: Path) -> tuple[int, bytes]:
    """Where the last line starts, and the line."""
    start, last = 0, b""
    with reported(path), path.open("rb") as file:
        for line in file:
            start += len(last)
            last = line
    return start, last


def _is_record(line: bytes) -> bool:
    try:
        read_line(line)
    except ValueError:
        return False
    return True
