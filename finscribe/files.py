"""Files that survive crashes and other processes: hashed, locked, replaced as a whole, and on disk on return.

Errors are those of the system, `OSError`; who uses these says what they mean.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hash(folder: Path) -> str:
    """One SHA-256 over the names and contents of the files at the top of a folder, in hexadecimal."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            total.update(path.name.encode())
            total.update(file_hash(path).encode())
    return total.hexdigest()


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Writes a file anew, synced; a reader sees the old one or the new one, whole.

    Two writers at once have to take turns by a lock.
    """
    path = path.resolve()  # what a link stands for, and not the link
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def exchange(one: Path, other: Path) -> None:
    """Swaps the names of two files, folders or links in one step (Linux).

    Elsewhere it takes three, with a moment in which there is no `other`.
    """
    library = ctypes.CDLL(None, use_errno=True)
    swap = getattr(library, "renameat2", None)
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if swap and swap(here, os.fsencode(one), here, os.fsencode(other), both) == 0:
        return
    aside = one.with_name(f"{one.name}.old")
    os.replace(other, aside)
    os.replace(one, other)
    os.replace(aside, one)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds a lock that no other thread or process holds meanwhile; one that dies lets go of it.

    Makes the file and its folder where they are missing; who holds the lock may remove the file. Raises
    `BlockingIOError` where the lock is taken and `wait` is False, and `OSError` (ENOTSUP) on a system without
    `fcntl`, before anything is made.
    """
    try:
        import fcntl
    except ImportError as error:
        raise OSError(errno.ENOTSUP, "this system cannot lock files (there is no fcntl)") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    with _open_locked(path, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB) as file:
        try:
            yield
        finally:  # closing alone would leave the lock to a child process that was forked meanwhile
            fcntl.flock(file, fcntl.LOCK_UN)


def _open_locked(path: Path, operation: int) -> BinaryIO:
    """The file at a path, locked; where it was removed before the lock was had, the file that then is there."""
    import fcntl

    while True:
        with ExitStack() as closing:
            file = closing.enter_context(path.open("ab"))
            fcntl.flock(file, operation)
            if _is_at(path, file):
                closing.pop_all()  # it stays open
                return file


def _is_at(path: Path, file: BinaryIO) -> bool:
    """Whether an open file is the one that others find at a path."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False
