from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from app.store.database import Database, DatabaseUnavailable, with_driver
from app.store.tables import Base, StoredAudit, StoredDocument, StoredExtraction
from finscribe.errors import SettingsError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def names(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_migrations_go_up_and_down_again(empty: Database) -> None:
    empty.migrate()
    assert set(Base.metadata.tables) < names(empty)
    empty.migrate("base")
    assert names(empty) == {"alembic_version"}
    empty.migrate()
    empty.migrate()
    assert set(Base.metadata.tables) < names(empty)


def test_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_documents_of_before_electronic_invoices_were_kept_stay_as_they_were(empty: Database) -> None:
    empty.migrate("0004")
    document = {
        "id": "a", "sha256": "0", "name": "a.pdf", "media_type": "application/pdf", "size": 1, "state": "approved",
        "version": 3, "run": 1, "handed_over": True, "created_at": NOON, "changed_at": NOON, "search": "a.pdf",
        "new_vendor": False, "findings": 0, "worth": 0.5,
    }  # fmt: skip
    extraction = {
        "id": 1, "document_id": "a", "run": 1, "invoice": "{}", "evidence": "{}", "findings": "[]",
        "confidence": 0.5, "doubt": 0.5, "model": "m", "grounding": "grounded", "seconds": "{}",
        "forward_passes": 1, "complete": True, "created_at": NOON,
    }  # fmt: skip
    with empty.engine.begin() as connection:
        for table, row in (("documents", document), ("extractions", extraction)):
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)
    empty.migrate()
    with empty.reading() as session:
        kept = session.scalars(select(StoredDocument)).one()
        assert (kept.name, kept.version, kept.einvoice) == ("a.pdf", 3, None)
        assert session.scalars(select(StoredExtraction)).one().electronic_invoice is None
    empty.migrate("base")


def test_several_processes_may_migrate_at_once(empty: Database) -> None:
    databases = [Database(empty.address) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Database.migrate, databases))
    for database in databases:
        database.close()
    assert set(Base.metadata.tables) < names(empty)


def test_a_migration_that_fails_leaves_nothing_behind(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE requests (id INTEGER)"))  # in the way of the last table
    with pytest.raises(Exception, match="requests"):
        empty.migrate()
    left = names(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("DROP TABLE requests"))
    assert "documents" not in left


def test_json_keeps_its_digits_and_times_their_zone(database: Database) -> None:
    there = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        session.add(
            StoredAudit(action="a", at=there, detail={"total": Decimal("7.00"), "name": "Zoë \u0001"})
        )
    with database.reading() as session:
        found = session.scalars(select(StoredAudit)).one()
    assert str(found.detail["total"]) == "7.00"
    assert found.detail["name"] == "Zoë \u0001"
    assert found.at == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_writing_is_all_or_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(StoredAudit(action="a"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as session:
        assert session.scalars(select(StoredAudit)).all() == []


def test_writers_take_turns(database: Database) -> None:
    with database.writing() as session:
        session.add(StoredAudit(id=1, action="0"))

    def count(_: int) -> None:
        with database.writing() as session:
            row = session.get(StoredAudit, 1, with_for_update=True)
            row.action = str(int(row.action) + 1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(40)))
    with database.reading() as session:
        assert session.get(StoredAudit, 1).action == "40"


def test_rows_of_a_document_that_is_not_there_are_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO pages VALUES ('x', 1, 1, 1, 'pt', 'ocr', 0, 0, '', '[]', NULL)"))


def test_a_database_that_is_not_there_is_an_error_without_its_password(tmp_path: Path) -> None:
    database = Database(f"postgresql://me:secret@/nothing?host={tmp_path}")
    with pytest.raises(DatabaseUnavailable) as caught:
        database.migrate()
    assert "secret" not in str(caught.value) + caught.value.hint
    assert caught.value.retryable


def test_an_address_gets_the_driver_that_is_installed() -> None:
    assert with_driver("postgresql://me:pw@host/name") == "postgresql+psycopg://me:pw@host/name"
    assert with_driver("postgres://me@host/name") == "postgresql+psycopg://me@host/name"
    assert with_driver("sqlite:///a/b.sqlite3") == "sqlite:///a/b.sqlite3"


@pytest.mark.parametrize("address", ["mysql://host/name", "no address", ""])
def test_an_address_of_another_kind_is_an_error_of_the_setting(address: str) -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_DATABASE_URL"):
        with_driver(address)
