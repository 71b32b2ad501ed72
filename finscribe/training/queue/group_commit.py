"""One sync for all writers that wait for one: while it runs, the others write, and the next sync is for all of them.

How far the disk has come stands in a note, which writers look at while they wait. Who finds that it does not reach
his bytes yet, and that nobody is syncing, syncs for everybody.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from finscribe.files import locked
from finscribe.journal import named, sync_file, sync_folder

_LENGTH = 160  # bytes of the note of what is synced; always as many, so that it is overwritten at once
_LOOK_AGAIN = 0.001
"""Seconds between two looks at the note: a sync takes several times as long."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the files were written, in bytes each; an epoch ends when they are mended or rewritten."""

    epoch: str
    sizes: tuple[int, ...]

    def covers(self, other: Position) -> bool:
        """Whether what was written up to the other position was written up to this one."""
        pairs = zip(self.sizes, other.sizes, strict=True)
        return self.epoch == other.epoch and all(mine >= theirs for mine, theirs in pairs)


class GroupCommit:
    """Syncs files up to a position, unless another writer just did. Its lock is taken before that of the files."""

    def __init__(self, lock: Path, files: Sequence[Path]) -> None:
        self._lock = lock
        self._files = files

    def commit(
        self, mine: Position, now: Callable[[], Position], take_back: Callable[[Position | None], None]
    ) -> bool:
        """Whether everything up to `mine` is on disk; False when it may be gone: its writer has to begin anew.

        `now` tells how far the files are written. A sync that fails raises `OSError`, after `take_back` was called with
        the last position that is on disk (None: where this epoch began). Nobody has been told that what lies
        behind it is safe, and a second sync might not notice that the disk never took it.
        """
        while not self._has_synced(mine):
            with _attempted(self._lock) as ours:
                if ours:
                    return self._has_synced(mine) or self._sync_for_all(mine, now, take_back)
            time.sleep(_LOOK_AGAIN)
        return True

    def _has_synced(self, mine: Position) -> bool:
        synced = self._synced()
        return synced is not None and synced.covers(mine)

    def _sync_for_all(
        self, mine: Position, now: Callable[[], Position], take_back: Callable[[Position | None], None]
    ) -> bool:
        current = now()
        if not current.covers(mine):
            return False
        synced = self._synced()
        known = synced if synced and synced.epoch == mine.epoch else None
        try:
            self._sync(current, first=known is None)
        except BaseException:
            take_back(known)
            raise
        return True

    def _sync(self, position: Position, *, first: bool) -> None:
        """The first file, then the others together: their syncs are one to the disk."""
        sync_file(self._files[0])
        list(_helpers(os.getpid()).map(sync_file, self._files[1:]))
        if first:
            sync_folder(self._lock.parent)
        with named(self._lock), self._lock.open("r+b", buffering=0) as file:
            os.pwrite(file.fileno(), _write_note(position), 0)

    def _synced(self) -> Position | None:
        """What the note says; it may be read while it is written, and then says nothing."""
        with named(self._lock), suppress(FileNotFoundError):
            return _read_note(self._lock.read_bytes())
        return None


@contextmanager
def _attempted(path: Path) -> Iterator[bool]:
    """Whether the lock is ours, without waiting for it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(path, wait=False))
            ours = True
        except BlockingIOError:
            ours = False
        yield ours


@lru_cache(maxsize=1)
def _helpers(_process: int) -> ThreadPoolExecutor:
    """Threads that sync; a process that was forked has none of those of its parent."""
    return ThreadPoolExecutor(2, "queue-sync")


def _write_note(position: Position) -> bytes:
    note = json.dumps([position.epoch, *position.sizes])
    return f"{crc32(note.encode()):08x} {note}".ljust(_LENGTH).encode()


def _read_note(note: bytes) -> Position | None:
    try:
        check, content = note[:8], note[9:].rstrip()
        if int(check, 16) != crc32(content):
            return None
        epoch, *sizes = json.loads(content)
    except (ValueError, TypeError):
        return None
    return Position(str(epoch), tuple(sizes))
