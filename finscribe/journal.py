"""Files of JSON Lines that lose nothing: synced appends to several at once, torn ends set aside.

Writers take turns by a lock, see `finscribe.files.locked`. Errors are those of the system, `OSError`, and name the
file, as those of writing and syncing alone do not; who uses these says what they mean.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from finscribe import files
from finscribe.json_lines import read_line


class Signature(NamedTuple):
    """What shows that a file is as it was left: its inode, bytes, and time of change in nanoseconds."""

    inode: int
    size: int
    changed: int


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Gives an `OSError` that names no file the name of this one."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def signature(path: Path) -> Signature | None:
    """What a file looks like from outside; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return Signature(stat.st_ino, stat.st_size, stat.st_mtime_ns)


def append(lines: Mapping[Path, bytes]) -> None:
    """Appends to several files and syncs them to disk; all of it or nothing."""
    with _all_or_nothing(lines) as before:
        _write(lines)
        for path in before:
            sync_file(path)
        if None in before.values():
            sync_folder(next(iter(before)).parent)


def write(lines: Mapping[Path, bytes]) -> None:
    """Appends to several files, in order, all of it or nothing, without a sync."""
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
            with named(path):
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
    """Writes a file anew, synced; a reader sees the old one or the new one, whole.

    The caller holds the lock.
    """
    with named(path):
        files.replace_file(path, lines)


def sync_file(path: Path) -> None:
    """Waits until all that was written to a file is on disk; nothing where there is none."""
    with named(path), suppress(FileNotFoundError), path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder last."""
    with named(folder):
        files.sync_folder(folder)


def read_lines(path: Path) -> Iterator[bytes]:
    """Every finished line; one that is being written, or was torn, has no line break yet."""
    with named(path), suppress(FileNotFoundError), path.open("rb") as file:
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
    with named(path), path.open("r+b") as file:
        file.truncate(start)
        os.fsync(file.fileno())
    return last


def _last_line(path: Path) -> tuple[int, bytes]:
    """Where the last line starts, and the line."""
    start, last = 0, b""
    with named(path), path.open("rb") as file:
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
