from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.store import reviews
from app.store.database import Database
from app.store.figures import Figures, figures
from app.store.reviews import Verdict
from app.store.tables import StoredDocument
from tests.app.store import steps

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
LATE = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)


def measure(database: Database, since: datetime = LONG_AGO) -> Figures:
    with database.reading() as session:
        return figures(session, since)


def approve(database: Database, at: datetime, **verdict: Any) -> str:
    document_id = steps.to_review(database)
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=2, **verdict))
    with database.writing() as session:
        times = {"created_at": at, "changed_at": at}
        session.execute(update(StoredDocument).where(StoredDocument.id == document_id).values(times))
    return document_id


def test_nothing_has_no_figures(database: Database) -> None:
    found = measure(database)
    assert (found.arrived, found.approved, found.corrections) == ({}, {}, {})
    assert (found.automation, found.total.accuracy, found.total.median_seconds) == (None, None, None)


def test_what_was_approved_is_counted_by_its_day_in_utc(database: Database) -> None:
    approve(database, LATE)
    approve(database, LATE, invoice={"invoice_number": "X", "due_date": "2026-03-01"}, seconds=8)
    approve(database, LATE + timedelta(hours=1), confirmed=["vendor"], seconds=4)
    found = measure(database)
    first, second = (datetime(2026, 5, day, tzinfo=UTC).date() for day in (1, 2))
    assert found.arrived == {first: 2, second: 1}
    assert (found.approved[first].documents, found.approved[first].as_read) == (2, 1)
    # One of the values read was wrong, and one was missed; nobody looked at the others.
    assert (found.approved[first].values, found.approved[first].right) == (2, 0)
    assert found.approved[first].median_seconds == 8
    assert (found.approved[second].values, found.approved[second].right) == (1, 1)
    assert (found.approved[second].accuracy, found.total.median_seconds) == (1, 6)
    assert found.automation == pytest.approx(2 / 3)
    assert found.corrections == {"invoice_number": 1, "due_date": 1}


def test_a_line_that_came_or_went_counts_with_its_cells(database: Database) -> None:
    lines = [{"desc": "Something else", "qty": 9, "unit_price": 9, "line_total": 81}]
    approve(database, LATE, invoice={"line_items": lines})
    day = measure(database).total
    assert (day.values, day.right) == (8, 0)


def test_of_values_only_those_that_somebody_confirmed_or_changed_count(database: Database) -> None:
    approve(database, LATE)
    assert measure(database).total.accuracy is None
    lines = [{**each, "qty": 7} for each in steps.EXTRACTION.invoice.model_dump()["line_items"]]
    approve(
        database, LATE, invoice={"line_items": lines}, confirmed=["vendor.name", "line_items[0]", "due_date"]
    )
    day = measure(database).total
    # The vendor and three cells of the line are right, its quantity is not; that no date is due is no value.
    assert (day.values, day.right) == (5, 4)


def test_only_what_is_approved_and_new_enough_counts(database: Database) -> None:
    document_id = steps.to_review(database)
    with database.writing() as session:
        reviews.review(session, document_id, Verdict(version=2, invoice={"invoice_number": "X"}))
    approve(database, LATE)
    assert measure(database, LATE + timedelta(seconds=1)).total.documents == 0
    assert measure(database).total.documents == 1


def test_a_review_of_an_earlier_reading_counts_no_more(database: Database) -> None:
    document_id = steps.to_review(database)
    with database.writing() as session:
        reviews.review(session, document_id, Verdict(version=2, invoice={"invoice_number": "X"}))
    with database.writing() as session:
        reviews.read_again(session, document_id, 3)
    steps.extract(database, document_id, run=2)
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=5))
    assert measure(database).automation == 1
