"""The queue of corrections: every correction once, in three files that cannot drift apart.

    training_queue.jsonl          the truth: one record a correction, a tombstone for one taken back
    unsloth_training_queue.jsonl  its projection {"input", "output"}, in the same order
    active_learning.jsonl         the review log, one record a correction, and the tombstones too

An append is acknowledged when all three are on disk. Writers, threads or processes, take turns by one lock. What
a crash or another program left behind is mended before the next append: see `TrainingQueue.repair`.
"""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path

from finscribe.errors import QueueError
from finscribe.files import locked
from finscribe.journal import append, cut, read_lines, write
from finscribe.training.queue.disk import reported
from finscribe.training.queue.erasure import erase
from finscribe.training.queue.group_commit import GroupCommit, Position
from finscribe.training.queue.index import Entry, Index, Place, is_damage, open_index
from finscribe.training.queue.mending import in_step, make_whole
from finscribe.training.queue.record import ID_LENGTH, Correction
from finscribe.training.queue.stats import QueueStats, count
from finscribe.training.queue.stored import State, Stored, Tombstone, open_queue
from finscribe.training.queue.three_files import ThreeFiles

_LEAST_REFERENCE = 8  # characters of an id, when it is not given in full


class QueueWarning(UserWarning):
    """Something was set aside or taken in while the queue was mended."""


class TrainingQueue:
    """The queue in a folder, which is made when the first correction comes.

    Reading needs no lock and changes nothing. Methods raise `QueueError`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = ThreeFiles(folder)
        self._lock = folder / ".training_queue.lock"
        self._commits = GroupCommit(folder / ".training_queue.synced", tuple(self._files))

    @property
    def general(self) -> Path:
        """The general queue, which is the truth."""
        return self._files.general

    @property
    def unsloth(self) -> Path:
        """The projection that Unsloth learns from."""
        return self._files.unsloth

    @property
    def reviews(self) -> Path:
        """The review log."""
        return self._files.reviews

    @property
    def names(self) -> frozenset[str]:
        """The names of the queue's files in its folder."""
        return frozenset(path.name for path in self._files)

    # --- writing -------------------------------------------------------------------------------------

    def append(self, correction: Correction) -> bool:
        """Adds a correction and returns when it is on disk; False when it is current already."""
        lines = {
            self.general: correction.to_line(),
            self.unsloth: correction.to_unsloth_line(),
            self.reviews: correction.to_review_line(),
        }
        new = False
        while True:
            with self._writing() as index:
                new = self._add(index, correction, lines) or new
                position = self._position(index)
            with reported(self.folder):
                if self._commits.commit(position, self._now, partial(self._take_back, position.epoch)):
                    return new

    def _add(self, index: Index, correction: Correction, lines: Mapping[Path, bytes]) -> bool:
        place = self._place(index, correction)
        if place is Place.CURRENT:
            return False
        write(lines)
        if place is Place.LIVE:
            make_whole(self._files, index)  # back to an older correction: its former line goes
        else:
            # The correction is written; an index that did not take note of it is built anew next time.
            with suppress(sqlite3.Error):
                entry = Entry(correction.id, correction.invoice_id, correction.input_hash)
                index.add(entry, self._files.signatures())
        return True

    def _place(self, index: Index, correction: Correction) -> Place:
        try:
            return index.place(correction.id)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            make_whole(self._files, index)  # builds it anew
            return index.place(correction.id)

    def _position(self, index: Index) -> Position:
        return Position(index.epoch(), self._files.sizes())

    def _now(self) -> Position:
        with locked(self._lock), self._index() as index:
            return self._position(index)

    def _take_back(self, epoch: str, synced: Position | None) -> None:
        """Cuts off what no writer was told to be on disk; those that wait for it begin anew."""
        with locked(self._lock), self._index() as index:
            if index.epoch() != epoch:  # mended meanwhile, and synced with it
                return
            start = index.start()
            sizes = synced.sizes if synced else [start.get(path.name, 0) for path in self._files]
            for path, size in zip(self._files, sizes, strict=True):
                cut(path, size)

    def retract(self, reference: str, reviewer: str | None = None) -> tuple[Correction, ...]:
        """Takes back the live corrections of an id or an invoice: tombstones say so, the projection lacks them."""
        self._refuse_nothing(reference)
        with self._writing() as index:
            found = [stored.correction for stored in self.find(reference) if stored.state.live]
            if not found:
                raise QueueError(
                    f"{reference!r} has been taken back already",
                    hint="`finscribe queue list --all` shows what was taken back, `queue purge` erases it.",
                )
            append({self.general: b"".join(Tombstone(each.id).to_line(reviewer) for each in found)})
            make_whole(self._files, index)
        return tuple(found)

    def purge(self, reference: str) -> tuple[Correction, ...]:
        """Erases all that the queue's files hold of an id or an invoice, its tombstones and torn pieces too."""
        self._refuse_nothing(reference)
        with self._writing() as index:
            found = [stored.correction for stored in self.find(reference)]
            erase(self._files, found)
            make_whole(self._files, index)
        return tuple(found)

    def repair(self) -> None:
        """Verifies everything and mends it; what had to be set aside or taken in is told by a `QueueWarning`.

        Torn ends move to `.torn` files. The projection is written anew where it differs. A record that only
        the projection has is taken into the general queue, or set aside as orphaned when it is not readable.
        """
        if any(path.exists() for path in self._files):
            with self._writing(verify=True):
                pass

    @contextmanager
    def _writing(self, *, verify: bool = False) -> Iterator[Index]:
        """The lock, and the index of files that are whole."""
        told: list[str] = []
        with reported(self._lock), locked(self._lock), self._index() as index:
            if verify or index.files() != self._files.signatures():
                told = make_whole(self._files, index)
            try:
                yield index
            finally:
                for message in told:
                    warnings.warn(message, QueueWarning, stacklevel=5)

    def _index(self) -> AbstractContextManager[Index]:
        return open_index(self.folder / ".training_queue.index")

    # --- reading -------------------------------------------------------------------------------------

    def stored(self) -> Iterator[Stored]:
        """All corrections in the order of the file, with what became of them."""
        with reported(self.general), open_queue(self.general) as queue:
            yield from queue

    def corrections(self) -> Iterator[Correction]:
        """The corrections that were not taken back, superseded ones included."""
        return (stored.correction for stored in self.stored() if stored.state.live)

    def current(self) -> Iterator[Correction]:
        """The newest correction of each invoice."""
        return (stored.correction for stored in self.stored() if stored.state is State.CURRENT)

    def find(self, reference: str) -> list[Stored]:
        """The corrections of an invoice id, or the one of an id or its first characters, retracted ones included."""
        found = [each for each in self.stored() if _is_named(each.correction, reference)]
        of_invoice = [each for each in found if each.correction.invoice_id == reference]
        if not of_invoice and len({each.correction.id for each in found}) > 1:
            raise QueueError(f"several ids begin with {reference!r}", hint="Give more characters of the id.")
        if not found:
            raise self._unknown(reference)
        return of_invoice or found

    def stats(self) -> QueueStats:
        """Counts of everything, with a full comparison of the two queues; mends nothing."""
        with reported(self.folder), open_queue(self.general) as queue:
            torn = sum(1 for path in self._files.torn for _ in read_lines(path))
            orphaned = sum(1 for _ in read_lines(self._files.orphaned))
            return count(queue, torn=torn, orphaned=orphaned, in_step=in_step(self._files, queue))

    def _refuse_nothing(self, reference: str) -> None:
        """Raises before anything is made where there is nothing."""
        if not self.general.exists():
            raise self._unknown(reference)

    def _unknown(self, reference: str) -> QueueError:
        return QueueError(
            f"there is no correction or invoice {reference!r} in {self.general}",
            hint="`finscribe queue list` shows the ids.",
        )


def _is_named(correction: Correction, reference: str) -> bool:
    is_id = re.fullmatch(f"[0-9a-f]{{{_LEAST_REFERENCE},{ID_LENGTH}}}", reference)
    return correction.invoice_id == reference or (bool(is_id) and correction.id.startswith(reference))
