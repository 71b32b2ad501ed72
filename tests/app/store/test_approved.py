from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.store import approved, reviews
from app.store.approved import Approved
from app.store.database import Database
from app.store.reviews import Verdict
from app.store.tables import StoredDocument
from tests.app.store import steps

DAY = datetime(2026, 5, 1, 23, 59, 59, 999_999, UTC)


def approve(database: Database, at: datetime, number: str) -> str:
    document_id = steps.to_review(database)
    with database.writing() as session:
        verdict = Verdict(version=2, invoice={"invoice_number": number}, reviewer="ann")
        reviews.approve(session, document_id, verdict)
    with database.writing() as session:
        mine = update(StoredDocument).where(StoredDocument.id == document_id)
        session.execute(mine.values(created_at=at, changed_at=at))
    return document_id


def numbers(database: Database, since: datetime | None = None) -> list[str | None]:
    return [each.invoice.invoice_number for each in approved.approved(database, since)]


def test_documents_come_oldest_first_a_few_at_a_time_each_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approved, "SOME", 2)
    for days in (3, 1, 2):
        approve(database, DAY + timedelta(days=days), f"INV-{days}")
    same_moment = sorted((approve(database, DAY, f"INV-0{place}"), f"INV-0{place}") for place in range(3))
    expected = [number for _, number in same_moment]
    assert numbers(database) == [*expected, "INV-1", "INV-2", "INV-3"]
    assert numbers(database, DAY + timedelta(days=2)) == ["INV-2", "INV-3"]


def test_what_was_approved_has_its_model_and_its_reviewer(database: Database) -> None:
    document_id = approve(database, DAY, "INV-9")
    steps.to_review(database)
    (found,) = approved.approved(database)
    assert isinstance(found, Approved)
    assert (found.document.id, found.reviewer, found.model) == (document_id, "ann", "finscribe-starter")


def test_what_is_approved_while_others_are_exported_is_found_in_its_place(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approved, "SOME", 1)
    approve(database, DAY, "INV-1")
    found = approved.approved(database)
    assert next(found).invoice.invoice_number == "INV-1"
    approve(database, DAY + timedelta(days=1), "INV-2")
    assert [each.invoice.invoice_number for each in found] == ["INV-2"]
