"""Opening the database, and bringing it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from app.store.tables import Base
from finscribe.errors import FinScribeError, SettingsError
from finscribe.files import locked

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 7_306_451_120  # of PostgreSQL: any number that no other program takes
BUSY = 30  # seconds that a writer waits for another one on SQLite


class DatabaseUnavailable(FinScribeError):
    """A database that does not answer."""

    code = "database-unavailable"
    retryable = True


class Database:
    """A database with its connections: SQLite, or PostgreSQL where the address says so.

    `reading` and `writing` give a session; that of `writing` is committed at the end, or rolled back as a whole.
    Raises SettingsError for an address that is none.
    """

    def __init__(self, address: str) -> None:
        self.address = with_driver(address)
        self.is_sqlite = self.address.startswith("sqlite")
        self.engine = _engine(self.address)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with Session(self.engine.execution_options(reading=True)) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are all made at its end, or none."""
        with Session(self.engine) as session, session.begin():
            yield session

    def migrate(self, revision: str = "head") -> None:
        """Brings the tables up (or down, to "base") to a revision; raises DatabaseUnavailable."""
        path = make_url(self.address).database
        # SQLite takes no turns while it changes to a log.
        turn = locked(Path(f"{path}.lock")) if self.is_sqlite and path else nullcontext()
        try:
            with turn:
                if self.is_sqlite:
                    self._pragma("journal_mode=WAL")
                with self.engine.begin() as connection:
                    self._move(connection, revision)
        except OperationalError as error:
            raise unavailable(error) from error

    def _pragma(self, pragma: str) -> Any:
        """Runs a pragma of SQLite outside of a transaction, and returns the first value of its answer."""
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            answer = cursor.execute(f"PRAGMA {pragma}").fetchone()
            cursor.close()
        finally:
            connection.close()
        return answer[0]

    def _move(self, connection: Connection, revision: str) -> None:
        if not self.is_sqlite:  # SQLite's transactions keep other processes out by themselves
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        config = Config(attributes={"connection": connection, "metadata": Base.metadata})
        config.set_main_option("script_location", str(MIGRATIONS))
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)

    def scrub(self) -> None:
        """Erases what was deleted from the write-ahead log of SQLite too; raises OSError while others read it.

        PostgreSQL overwrites what was deleted when it is vacuumed.
        """
        if self.is_sqlite and self._pragma("wal_checkpoint(TRUNCATE)"):
            raise BlockingIOError("the log of the database is being read")

    def close(self) -> None:
        """Closes the connections."""
        self.engine.dispose()


def with_driver(address: str) -> str:
    """The address with the driver that is installed; raises SettingsError for one that is none of ours."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is not None and url.get_backend_name() == "sqlite":
        return address
    if url is not None and url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise SettingsError(
        "FINSCRIBE_DATABASE_URL is no address of an SQLite or PostgreSQL database",
        hint="Set it to postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE, or unset it for SQLite.",
    )


def unavailable(error: OperationalError) -> DatabaseUnavailable:
    """The error for a database that does not answer, without the statement and its values."""
    reason = str(error.orig).strip().partition("\n")[0]
    return DatabaseUnavailable(
        f"the database does not answer: {reason}",
        hint="Start it, or check FINSCRIBE_DATABASE_URL, the disk and its permissions.",
    )


def _engine(address: str) -> Engine:
    if not address.startswith("sqlite"):
        return create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = create_engine(address, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin as we say, not at the first change
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes its turn at once: one that has read before would be refused instead of made to wait.
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
