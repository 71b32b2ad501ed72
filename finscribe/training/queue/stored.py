"""The general queue as it stands on disk: its corrections, which of them still count, and its tombstones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from finscribe.errors import FinScribeError
from finscribe.json_lines import read_line, write_line
from finscribe.training.queue.index import Entry
from finscribe.training.queue.record import Correction, read_correction

TOMBSTONE = "tombstone"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class State(StrEnum):
    """What became of a correction: only the current ones are learned from."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    REPEATED = "repeated"

    @property
    def live(self) -> bool:
        """Whether the correction counts: current, or followed by a newer one."""
        return self in (State.CURRENT, State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Stored:
    """A correction in the general queue: its line (from 1), the byte after it, and what became of it."""

    line: int
    end: int
    state: State
    correction: Correction


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The record that takes a correction back."""

    id: str

    def to_line(self, reviewer: str | None = None) -> bytes:
        """The record in the general queue, at this time."""
        record = {TOMBSTONE: self.id, "timestamp": datetime.now(UTC).isoformat()}
        return write_line(record | ({"reviewer": reviewer} if reviewer else {}))


class _Note(NamedTuple):
    """What has to be remembered of a line to tell what becomes of it."""

    when: datetime
    line: int
    id: str
    invoice_id: str | None
    input_hash: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What became of the corrections by line, the numbers of lines that hold nothing, and the tombstones as written.

    `live` are the ids of what was neither taken back nor repeated, `current` is what nothing newer supersedes.
    """

    states: Mapping[int, State]
    live: tuple[str, ...]
    current: tuple[Entry, ...]
    unreadable: tuple[int, ...]
    tombstones: tuple[bytes, ...]


class QueueFile:
    """The general queue, open: a survey of it, and its corrections in the order of the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.survey = _survey(_lines(file))

    def __iter__(self) -> Iterator[Stored]:
        self._file.seek(0)
        end = 0
        for number, line in _lines(self._file):
            end += len(line)
            if number in self.survey.states and isinstance(correction := read_entry(line), Correction):
                yield Stored(number, end, self.survey.states[number], correction)

    @property
    def live(self) -> Iterator[Correction]:
        """The corrections that were not taken back or repeated."""
        return (stored.correction for stored in self if stored.state.live)

    def projection(self, without: Collection[str] = ()) -> Iterator[bytes]:
        """The lines that the Unsloth file has to have, without the corrections of some ids."""
        lines = (correction.to_unsloth_line() for correction in self.live if correction.id not in without)
        return (line for line in lines if line)


@contextmanager
def open_queue(path: Path) -> Iterator[QueueFile]:
    """The general queue as it is now, even while others write; an empty one where there is no file.

    Raises `OSError`.
    """
    try:
        file: BinaryIO = path.open("rb")
    except FileNotFoundError:
        file = BytesIO()
    with file:
        yield QueueFile(file)


def read_entry(line: bytes) -> Correction | Tombstone | None:
    """What a line of the general queue holds; None for anything else, a correction without a text for one."""
    try:
        record = read_line(line)
        if TOMBSTONE in record:
            return Tombstone(str(record[TOMBSTONE]))
        correction = read_correction(record)
        return correction if correction.text else None
    except (FinScribeError, ValueError, TypeError, ArithmeticError):
        return None


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The finished lines with their numbers; one that is being written has no line break yet."""
    return ((number, line) for number, line in enumerate(file, start=1) if line.endswith(b"\n"))


def _survey(lines: Iterator[tuple[int, bytes]]) -> Survey:
    states: dict[int, State] = {}
    live: dict[str, _Note] = {}
    unreadable, tombstones = [], []
    for number, line in lines:
        match read_entry(line):
            case Tombstone(id=taken):
                tombstones.append(line)
                if taken in live:
                    states[live.pop(taken).line] = State.RETRACTED
            case Correction() as correction:
                if correction.id in live:  # somebody went back to it, after another correction
                    states[live.pop(correction.id).line] = State.REPEATED
                live[correction.id] = _note(number, correction)
            case _ if line.strip():
                unreadable.append(number)
    ordered = sorted(live.values())
    states |= _supersede(reversed(ordered))
    notes = (note for note in ordered if states[note.line] is State.CURRENT)
    current = tuple(Entry(note.id, note.invoice_id, note.input_hash) for note in notes)
    return Survey(states, tuple(live), current, tuple(unreadable), tuple(tombstones))


def _note(line: int, correction: Correction) -> _Note:
    when = correction.timestamp or _EARLIEST
    return _Note(when, line, correction.id, correction.invoice_id, correction.input_hash)


def _supersede(newest_first: Iterable[_Note]) -> Iterator[tuple[int, State]]:
    """The newest correction of an invoice is current; without an id, the input says which invoice it is."""
    invoices: set[str] = set()
    inputs: set[str] = set()
    nameless: set[str] = set()
    for note in newest_first:
        if note.invoice_id is None:
            newer = note.input_hash in inputs
            nameless.add(note.input_hash)
        else:
            newer = note.invoice_id in invoices or note.input_hash in nameless
            invoices.add(note.invoice_id)
        inputs.add(note.input_hash)
        yield note.line, State.SUPERSEDED if newer else State.CURRENT
