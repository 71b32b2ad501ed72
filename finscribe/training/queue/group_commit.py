"""One sync for all writers that wait for one: while it runs, the others write, and the next sync is for all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from finscribe.training.queue.journal import locked, reported, sync_file, sync_folder

_LENGTH = 160  # bytes of the note of what is synced; always as many, so that it is overwritten at once


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

        `now` tells how far the files are written. A sync that fails raises, after `take_back` was called with
        the last position that is on disk (None: where this epoch began). Nobody has been told that what lies
        behind it is safe, and a second sync might not notice that the disk never took it.
        """
        with locked(self._lock):
            synced = self._synced()
            if synced and synced.covers(mine):
                return True
            current = now()
            if not current.covers(mine):
                return False
            known = synced if synced and synced.epoch == mine.epoch else None
            try:
                self._sync(current, first=known is None)
            except BaseException:
                take_back(known)
                raise
            return True

    def _sync(self, position: Position, *, first: bool) -> None:
        for path in self._files:
            sync_file(path)
        if first:
            sync_folder(self._lock.parent)
        note = json.dumps([position.epoch, *position.sizes]).ljust(_LENGTH).encode()
        with reported(self._lock), self._lock.open("r+b", buffering=0) as file:
            os.pwrite(file.fileno(), note, 0)

    def _synced(self) -> Position | None:
        try:
            epoch, *sizes = json.loads(self._lock.read_bytes())
        except (ValueError, TypeError):
            return None
        return Position(str(epoch), tuple(sizes))
