"""Databases for the tests: SQLite always, PostgreSQL where its programs are installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.database import Database
from tests.app import postgres


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    sqlite = f"sqlite:///{tmp_path}/finscribe.sqlite3"
    address = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_address")
    database = Database(address)
    yield database
    if not database.is_sqlite:
        database.migrate("base")
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    """A database of today."""
    empty.migrate()
    return empty
