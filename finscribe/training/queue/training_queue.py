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
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import zip_longest
from pathlib import Path

from finscribe.errors import QueueError
from finscribe.training.queue.erasure import log_without, pieces_without, queue_without
from finscribe.training.queue.group_commit import GroupCommit, Position
from finscribe.training.queue.index import Index, Place, is_damage, open_index
from finscribe.training.queue.journal import (
    Signature,
    append,
    cut,
    locked,
    mend,
    read_lines,
    replace,
    signature,
    sync_file,
    torn_file,
    write,
)
from finscribe.training.queue.json_lines import read_line
from finscribe.training.queue.record import ID_LENGTH, Correction
from finscribe.training.queue.stats import QueueStats, count
from finscribe.training.queue.stored import QueueFile, State, Stored, Tombstone, open_queue, read_entry

GENERAL = "training_queue.jsonl"
UNSLOTH = "unsloth_training_queue.jsonl"
REVIEWS = "active_learning.jsonl"
_LEAST_REFERENCE = 8  # characters of an id, when it is not given in full


class QueueWarning(UserWarning):
    """Something was set aside or taken in while the queue was mended."""


class TrainingQueue:
    """The queue in a folder, which is made when the first correction comes.

    Reading needs no lock and changes nothing. Methods raise `QueueError`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.general = folder / GENERAL
        self.unsloth = folder / UNSLOTH
        self.reviews = folder / REVIEWS
        self._files = (self.general, self.unsloth, self.reviews)
        self._orphaned = folder / f"{UNSLOTH}.orphaned"
        self._lock = folder / ".training_queue.lock"
        self._commits = GroupCommit(folder / ".training_queue.synced", self._files)

    @property
    def names(self) -> frozenset[str]:
        """The names of the queue's files in its folder."""
        return frozenset(path.name for path in self._files)

    # --- writing -------------------------------------------------------------------------------------

    def append(self, correction: Correction) -> bool:
        """Adds a correction and returns when it is on disk; False when it is its invoice's newest already."""
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
            if self._commits.commit(position, self._now, partial(self._take_back, position.epoch)):
                return new

    def _add(self, index: Index, correction: Correction, lines: Mapping[Path, bytes]) -> bool:
        place = self._place(index, correction)
        if place is Place.NEWEST:
            return False
        write(lines)
        if place is Place.LIVE:
            self._mend(index)  # back to an older correction: its former line goes
        else:
            # The correction is written; an index that did not take note of it is built anew next time.
            with suppress(sqlite3.Error):
                index.add(correction.id, correction.invoice_key, self._signatures())
        return True

    def _place(self, index: Index, correction: Correction) -> Place:
        try:
            return index.place(correction.id, correction.invoice_key)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            self._mend(index)  # builds it anew
            return index.place(correction.id, correction.invoice_key)

    def _position(self, index: Index) -> Position:
        known = (signature(path) for path in self._files)
        return Position(index.epoch(), tuple(found.size if found else 0 for found in known))

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
                raise QueueError(f"{reference!r} has been taken back already")
            append({self.general: b"".join(Tombstone(each.id).to_line(reviewer) for each in found)})
            self._mend(index)
        return tuple(found)

    def purge(self, reference: str) -> tuple[Correction, ...]:
        """Erases all that the queue's files hold of an id or an invoice, its tombstones and torn pieces too.

        The general queue comes last: as long as it knows the correction, a purge that was cut short can be
        repeated.
        """
        self._refuse_nothing(reference)
        with self._writing() as index:
            found = [stored.correction for stored in self.find(reference)]
            self._erase(found)
            self._mend(index)
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
        with locked(self._lock), self._index() as index:
            if verify or index.files() != self._signatures():
                told = self._mend(index)
            try:
                yield index
            finally:
                for message in told:
                    warnings.warn(message, QueueWarning, stacklevel=5)

    def _index(self) -> AbstractContextManager[Index]:
        return open_index(self.folder / ".training_queue.index")

    def _signatures(self) -> dict[str, Signature]:
        known = ((path.name, signature(path)) for path in self._files)
        return {name: found for name, found in known if found}

    # --- mending -------------------------------------------------------------------------------------

    def _mend(self, index: Index) -> list[str]:
        """Makes the files whole and the index true; says what was set aside or taken in."""
        known = index.files() or {}
        torn = [(path, end) for path in self._files if (end := mend(path))]
        told = [
            f"{path}: a torn end of {len(end):,} bytes is now in {torn_file(path).name}" for path, end in torn
        ]
        with open_queue(self.general) as queue:
            if self._in_step(queue):
                self._settle(queue, index, known)
                return told
            strangers, unreadable = self._strangers(queue)
        append({self.general: b"".join(strangers), self._orphaned: b"".join(unreadable)})
        with open_queue(self.general) as queue:
            replace(self.unsloth, _projection(queue))
            self._settle(queue, index, known)
        return told + self._told(len(strangers), len(unreadable))

    def _told(self, strangers: int, unreadable: int) -> list[str]:
        taken = _counted(strangers, "record of it was unknown and is", "records of it were unknown and are")
        orphaned = _counted(unreadable, "unreadable line is", "unreadable lines are")
        told = [f"{taken} now in {GENERAL}"] if strangers else []
        told += [f"{orphaned} now in {self._orphaned.name}"] if unreadable else []
        return [f"{self.unsloth}: {message}" for message in told]

    def _settle(self, queue: QueueFile, index: Index, known: Mapping[str, Signature]) -> None:
        """Completes the log and renews the index, when the two queues are in step."""
        self._log_late_ones(queue, known)
        self._log_tombstones(queue)
        for path in self._files:
            sync_file(path)
        index.reset(queue.survey.live, queue.survey.newest, self._signatures())

    def _in_step(self, queue: QueueFile) -> bool:
        pairs = zip_longest(read_lines(self.unsloth), _projection(queue))
        return all(there == expected for there, expected in pairs)

    def _strangers(self, queue: QueueFile) -> tuple[list[bytes], list[bytes]]:
        """What the projection has and the general queue has not: as general records, and what is unreadable."""
        lines = {hash(stored.correction.to_unsloth_line()) for stored in queue}
        unknown = [line for line in read_lines(self.unsloth) if line.strip() and hash(line) not in lines]
        if not unknown:
            return [], []
        meanings = {stored.correction.meaning for stored in queue}
        taken, unreadable = [], []
        for line in unknown:
            correction = read_entry(line)
            if not isinstance(correction, Correction):
                unreadable.append(line)
            elif correction.meaning not in meanings:
                meanings.add(correction.meaning)
                taken.append(correction.to_line())
        return taken, unreadable

    def _log_late_ones(self, queue: QueueFile, known: Mapping[str, Signature]) -> None:
        """Reviews of corrections that a crash kept out of the log: those behind what the index last knew."""
        if GENERAL not in known:
            return
        late = [each.correction for each in queue if each.end > known[GENERAL].size and each.state.live]
        logged = {_example_id(line) for line in read_lines(self.reviews)} if late else set()
        append({self.reviews: b"".join(each.to_review_line() for each in late if each.id not in logged)})

    def _log_tombstones(self, queue: QueueFile) -> None:
        """The log too says what was taken back: it may be learned from without the general queue."""
        missing = dict.fromkeys(queue.survey.tombstones)
        for line in read_lines(self.reviews) if missing else ():
            missing.pop(line, None)
        append({self.reviews: b"".join(missing)})

    def _erase(self, corrections: Collection[Correction]) -> None:
        ids = {correction.id for correction in corrections}
        with open_queue(self.general) as queue:
            left = {stored.correction.invoice_id for stored in queue if stored.correction.id not in ids}
            invoices = {correction.invoice_id for correction in corrections if correction.invoice_id} - left
            self._rewrite(self.reviews, log_without(read_lines(self.reviews), ids, invoices))
            for path in (*map(torn_file, self._files), self._orphaned):
                self._rewrite(path, pieces_without(read_lines(path), corrections))
            self._rewrite(self.unsloth, _projection(queue, without=ids))
        self._rewrite(self.general, queue_without(read_lines(self.general), ids))

    def _rewrite(self, path: Path, lines: Iterator[bytes]) -> None:
        if path.exists():
            replace(path, lines)

    # --- reading -------------------------------------------------------------------------------------

    def stored(self) -> Iterator[Stored]:
        """All corrections in the order of the file, with what became of them."""
        with open_queue(self.general) as queue:
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
        torn = sum(1 for path in self._files for _ in read_lines(torn_file(path)))
        orphaned = sum(1 for _ in read_lines(self._orphaned))
        with open_queue(self.general) as queue:
            return count(queue, torn=torn, orphaned=orphaned, in_step=self._in_step(queue))

    def _refuse_nothing(self, reference: str) -> None:
        """Raises before anything is made where there is nothing."""
        if not self.general.exists():
            raise self._unknown(reference)

    def _unknown(self, reference: str) -> QueueError:
        return QueueError(
            f"there is no correction or invoice {reference!r} in {self.general}",
            hint="`finscribe queue list` shows the ids.",
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _projection(queue: QueueFile, without: Collection[str] = ()) -> Iterator[bytes]:
    lines = (correction.to_unsloth_line() for correction in queue.live if correction.id not in without)
    return (line for line in lines if line)


def _example_id(line: bytes) -> str | None:
    try:
        return str(read_line(line).get("example_id"))
    except ValueError:
        return None


def _is_named(correction: Correction, reference: str) -> bool:
    is_id = re.fullmatch(f"[0-9a-f]{{{_LEAST_REFERENCE},{ID_LENGTH}}}", reference)
    return correction.invoice_id == reference or (bool(is_id) and correction.id.startswith(reference))
