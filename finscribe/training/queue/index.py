"""Which corrections the queue holds, so that an append need not read it: a small database beside the files.

The files are the truth. The index vouches for how it left them; where they look different, or after a restart of
the machine, it is not believed and is built anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from enum import Enum
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from finscribe.errors import QueueError
from finscribe.journal import Signature

_VERSION = 2
_TABLES = f"""
BEGIN;
CREATE TABLE live (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE current (id TEXT PRIMARY KEY, invoice TEXT, input TEXT) WITHOUT ROWID;
CREATE INDEX current_invoice ON current (invoice);
CREATE INDEX current_input ON current (input);
CREATE TABLE files (name TEXT PRIMARY KEY, inode INTEGER, size INTEGER, changed INTEGER);
CREATE TABLE epoch (boot TEXT, id TEXT);
CREATE TABLE start (name TEXT PRIMARY KEY, size INTEGER);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
"""Tables of an earlier version are in the way, which counts as damage: the index is made anew."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")

_SUPERSEDE = """
DELETE FROM current WHERE invoice = :invoice OR (input = :input AND (invoice IS NULL OR :invoice IS NULL))
"""
"""What a newer correction supersedes, as `stored.py` says it."""

Files = Mapping[str, Signature]


class Entry(NamedTuple):
    """A correction by its id, its invoice's id (None: it has none) and the hash of its input."""

    id: str
    invoice: str | None
    input: str


@contextmanager
def open_index(path: Path) -> Iterator[Index]:
    """The index in a file, made where there is none or only a broken one; raises `QueueError`.

    Where damage shows later, `Index.reset` makes a new one. The caller holds the queue's lock.
    """
    try:
        with closing(Index(path)) as index:
            yield index
    except sqlite3.Error as error:
        raise QueueError(
            f"{path}: {error}",
            hint="Check that the folder can be written to and the disk has space, then try again.",
        ) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the index is broken, and not the disk full or the folder closed, which is an `OperationalError`."""
    return not isinstance(error, sqlite3.OperationalError) or error.sqlite_errorcode == sqlite3.SQLITE_ERROR


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _prepared(path)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return _anew(path)


def _anew(path: Path) -> sqlite3.Connection:
    for each in (path, path.with_name(f"{path.name}-journal")):  # which would be played back into the new one
        each.unlink(missing_ok=True)
    return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # A power cut is noticed by the machine's boot id, so that the index itself need not be synced.
        connection.execute(f"PRAGMA synchronous = {'OFF' if _boot_id() else 'FULL'}")
        # Making and deleting a journal each time would burden the syncs of the queue's own files.
        connection.execute("PRAGMA journal_mode = PERSIST")
        if connection.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            connection.executescript(_TABLES)
    except BaseException:
        connection.close()
        raise
    return connection


def _boot_id() -> str:
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""


class Place(Enum):
    """Where a correction stands: live ones are in the queue, and those are current that none supersedes."""

    UNKNOWN = "unknown"
    LIVE = "live"
    CURRENT = "current"


class Index:
    """The live corrections by id, and what the files looked like when the index last knew them.

    Methods raise `sqlite3.Error`; see `is_damage`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = _connect(path)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def files(self) -> dict[str, Signature] | None:
        """The files as they were left; None when that is not known."""
        try:
            if self._first("SELECT boot FROM epoch") != _boot_id():
                return None
            rows = self._connection.execute("SELECT name, inode, size, changed FROM files")
            return {name: Signature(*known) for name, *known in rows}
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            return None

    def place(self, correction: str) -> Place:
        """What the index knows of a correction, by its id."""
        if self._first("SELECT id FROM current WHERE id = ?", correction):
            return Place.CURRENT
        return Place.LIVE if self._first("SELECT id FROM live WHERE id = ?", correction) else Place.UNKNOWN

    def epoch(self) -> str:
        """What is renewed whenever the index is built anew; empty when it never was."""
        return self._first("SELECT id FROM epoch") or ""

    def start(self) -> dict[str, int]:
        """The bytes of the files when the epoch began."""
        return dict(self._connection.execute("SELECT name, size FROM start"))

    def add(self, entry: Entry, files: Files) -> None:
        """One more correction, newer than all others, and the files as they are now."""
        with self._transaction():
            self._connection.execute("INSERT INTO live VALUES (?)", (entry.id,))
            self._connection.execute(_SUPERSEDE, entry._asdict())
            self._connection.execute("INSERT INTO current VALUES (?, ?, ?)", entry)
            self._vouch(files)

    def reset(self, live: Collection[str], current: Collection[Entry], files: Files) -> None:
        """All the live corrections, the current ones, and the files as they are now; mends the index."""
        try:
            self._fill(live, current, files)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            self.close()
            self._connection = _anew(self._path)
            self._fill(live, current, files)

    def _fill(self, live: Collection[str], current: Collection[Entry], files: Files) -> None:
        with self._transaction():
            for table in ("live", "current", "files", "epoch", "start"):
                self._connection.execute(f"DELETE FROM {table}")
            self._connection.executemany("INSERT INTO live VALUES (?)", ((each,) for each in live))
            self._connection.executemany("INSERT INTO current VALUES (?, ?, ?)", current)
            self._connection.execute("INSERT INTO epoch VALUES (?, ?)", (_boot_id(), uuid4().hex))
            sizes = ((name, known.size) for name, known in files.items())
            self._connection.executemany("INSERT INTO start VALUES (?, ?)", sizes)
            self._vouch(files)

    def _first(self, query: str, *known: str) -> str | None:
        found = self._connection.execute(query, known).fetchone()
        return str(found[0]) if found else None

    def _vouch(self, files: Files) -> None:
        rows = ((name, *known) for name, known in files.items())
        self._connection.executemany("REPLACE INTO files VALUES (?, ?, ?, ?)", rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
