"""Which examples the queue holds, so that an append need not read it: a small database beside the files.

The files are the truth. The index vouches for how it left them; where they look different, or after a restart of
the machine, it is not believed and is built anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from finscribe.errors import QueueError
from finscribe.training.queue.journal import Signature

_VERSION = 1
_TABLES = f"""
BEGIN;
CREATE TABLE IF NOT EXISTS live (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS newest (invoice TEXT PRIMARY KEY, id TEXT);
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, inode INTEGER, size INTEGER, changed INTEGER);
CREATE TABLE IF NOT EXISTS epoch (boot TEXT, id TEXT);
CREATE TABLE IF NOT EXISTS start (name TEXT PRIMARY KEY, size INTEGER);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_BOOT = Path("/proc/sys/kernel/random/boot_id")

Files = Mapping[str, Signature]


@contextmanager
def open_index(path: Path) -> Iterator[Index]:
    """The index in a file, made where there is none or only a broken one; raises `QueueError`.

    The caller holds the queue's lock.
    """
    try:
        connection = _connect(path)
    except sqlite3.Error as error:
        raise QueueError(
            f"{path}: {error}", hint="Check that the folder can be written to and the disk has space."
        ) from error
    with closing(connection):
        yield Index(connection)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        path.unlink()  # not a database: whatever it held is in the files
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


class Index:
    """The live examples by id, and what the files looked like when the index last knew them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def files(self) -> dict[str, Signature] | None:
        """The files as they were left; None when that is not known."""
        if self._connection.execute("SELECT boot FROM epoch").fetchone() != (_boot_id(),):
            return None
        rows = self._connection.execute("SELECT name, inode, size, changed FROM files")
        return {name: Signature(*known) for name, *known in rows}

    def __contains__(self, example: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM live WHERE id = ?", (example,))
        return found.fetchone() is not None

    def epoch(self) -> str:
        """What is renewed whenever the index is built anew; empty when it never was."""
        found = self._connection.execute("SELECT id FROM epoch").fetchone()
        return str(found[0]) if found else ""

    def start(self) -> dict[str, int]:
        """The bytes of the files when the epoch began."""
        return dict(self._connection.execute("SELECT name, size FROM start"))

    def newest(self, invoice: str) -> str | None:
        """The id of the newest example of an invoice, by its key."""
        found = self._connection.execute("SELECT id FROM newest WHERE invoice = ?", (invoice,)).fetchone()
        return str(found[0]) if found else None

    def add(self, example: str, invoice: str, files: Files) -> None:
        """One more example, the newest of its invoice, and the files as they are now."""
        with self._transaction():
            self._connection.execute("INSERT INTO live VALUES (?)", (example,))
            self._connection.execute("REPLACE INTO newest VALUES (?, ?)", (invoice, example))
            self._vouch(files)

    def reset(self, live: Iterable[str], newest: Mapping[str, str], files: Files) -> None:
        """All the live examples, the newest of each invoice, and the files as they are now."""
        with self._transaction():
            for table in ("live", "newest", "files", "epoch", "start"):
                self._connection.execute(f"DELETE FROM {table}")
            self._connection.executemany("INSERT INTO live VALUES (?)", ((each,) for each in live))
            self._connection.executemany("INSERT INTO newest VALUES (?, ?)", newest.items())
            self._connection.execute("INSERT INTO epoch VALUES (?, ?)", (_boot_id(), uuid4().hex))
            sizes = ((name, known.size) for name, known in files.items())
            self._connection.executemany("INSERT INTO start VALUES (?, ?)", sizes)
            self._vouch(files)

    def _vouch(self, files: Files) -> None:
        rows = ((name, *known) for name, known in files.items())
        self._connection.executemany("REPLACE INTO files VALUES (?, ?, ?, ?)", rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
