from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from app.api.examples import EXTRACTION
from app.store import inbox, reviews
from app.store.database import Database
from app.store.reviews import NotReadYet, StaleVersion, Verdict
from app.store.tables import Base, State, StoredAudit, StoredErrand, StoredReview
from finscribe.einvoices.claims import Claims
from finscribe.einvoices.reading import EInvoice
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import Invoice
from tests.app.store import steps


def corrected(**changes: Any) -> Invoice:
    return Invoice.from_record(EXTRACTION.invoice.model_dump() | changes)


def review(database: Database, document_id: str, version: int = 2, **options: Any) -> None:
    with database.writing() as session:
        reviews.review(session, document_id, Verdict(version=version, **options))


def errands(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(each.kind) for each in session.scalars(select(StoredErrand).order_by(StoredErrand.id))]


def last_review(database: Database, document_id: str) -> StoredReview:
    with database.reading() as session:
        extraction = inbox.latest_extraction(session, document_id)
        assert extraction is not None
        found = inbox.latest_review(session, extraction.id)
    assert found is not None
    return found


def test_a_correction_is_kept_with_its_changes_and_owed_to_the_queue(database: Database) -> None:
    document_id = steps.to_review(database)
    review(
        database, document_id, invoice=corrected(invoice_number="INV-7"), confirmed=["vendor"], reviewer="ann"
    )
    saved = last_review(database, document_id)
    assert [change["path"] for change in saved.changes] == ["invoice_number"]
    assert (saved.confirmed, saved.reviewer, saved.version) == (["vendor"], "ann", 3)
    document = steps.get(database, document_id)
    assert (document.state, document.version) == (State.NEEDS_REVIEW, 3)
    assert document.summary is not None
    assert document.summary["invoice_number"] == "INV-7"
    assert errands(database) == ["export"]


def test_values_are_kept_in_their_canonical_form(database: Database) -> None:
    document_id = steps.to_review(database)
    review(database, document_id, invoice=corrected(invoice_number="  INV  7 ", currency="eur"))
    saved = last_review(database, document_id).invoice
    assert (saved["invoice_number"], saved["currency"]) == ("INV 7", "EUR")


def test_what_a_correction_does_not_name_stays_and_null_is_not_printed(database: Database) -> None:
    document_id = steps.to_review(database)
    review(
        database, document_id, invoice={"vendor": {"name": None}, "line_items": [{"desc": "Bolt", "qty": 3}]}
    )
    saved = last_review(database, document_id).invoice
    assert saved["vendor"]["name"] is None
    assert saved["invoice_number"] == "INV-001"
    assert saved["line_items"] == [{"desc": "Bolt", "qty": 3, "unit_price": None, "line_total": None}]


def test_a_review_that_says_nothing_for_certain_teaches_nothing(database: Database) -> None:
    document_id = steps.to_review(database)
    review(database, document_id, invoice=EXTRACTION.invoice)
    assert errands(database) == []
    assert last_review(database, document_id).changes == []


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"invoice": corrected(invoice_date="yesterday")}, "invoice_date"),
        ({"invoice": corrected(document_type="letter")}, "document_type"),
        ({"invoice": {"vendor": {"nane": "X"}}}, "vendor.nane"),
        ({"confirmed": ["vendor.nane"]}, "vendor.nane"),
        ({"confirmed": ["line_items[1]"]}, "line_items[1]"),
    ],
)
def test_what_is_no_invoice_or_no_field_is_refused_and_changes_nothing(
    database: Database, options: dict[str, Any], field: str
) -> None:
    document_id = steps.to_review(database)
    with pytest.raises(InvoiceShapeError) as caught:
        review(database, document_id, **options)
    assert caught.value.field == field
    assert steps.get(database, document_id).version == 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredReview)) == 0


def test_of_two_reviewers_one_is_told_what_the_other_did(database: Database) -> None:
    document_id = steps.to_review(database)

    def decide(name: str) -> str | StaleVersion:
        try:
            review(database, document_id, invoice=corrected(invoice_number=name), reviewer=name)
        except StaleVersion as error:
            return error
        return name

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(decide, ["ann", "bob"]))
    (winner,) = [each for each in outcomes if isinstance(each, str)]
    (stale,) = [each for each in outcomes if isinstance(each, StaleVersion)]
    assert (stale.document_id, stale.newest) == (document_id, 3)
    assert last_review(database, document_id).reviewer == winner


def test_approving_takes_a_correction_along_or_the_last_one(database: Database) -> None:
    at_once, later = steps.to_review(database), steps.to_review(database)
    with database.writing() as session:
        reviews.approve(session, at_once, Verdict(version=2, invoice=corrected(purchase_order="P1")))
    review(database, later, invoice=corrected(purchase_order="P2"))
    with database.writing() as session:
        reviews.approve(session, later, Verdict(version=3, reviewer="ann"))
    assert last_review(database, at_once).invoice["purchase_order"] == "P1"
    assert last_review(database, later).invoice["purchase_order"] == "P2"
    assert steps.get(database, at_once).state is steps.get(database, later).state is State.APPROVED
    assert errands(database) == ["export", "export"]


def test_approving_without_a_look_teaches_nothing(database: Database) -> None:
    document_id = steps.to_review(database)
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=2))
    assert steps.get(database, document_id).state is State.APPROVED
    assert errands(database) == []


def test_an_approved_document_that_is_corrected_is_to_be_approved_again(database: Database) -> None:
    document_id = steps.to_review(database)
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=2))
    review(database, document_id, 3, invoice=corrected(purchase_order="P1"))
    assert steps.get(database, document_id).state is State.NEEDS_REVIEW


def test_rejecting_takes_back_what_was_taught(database: Database) -> None:
    untouched, reviewed = steps.to_review(database), steps.to_review(database)
    review(database, reviewed, confirmed=["vendor.name"])
    with database.writing() as session:
        reviews.reject(session, untouched, 2, "ann", "a letter")
        reviews.reject(session, reviewed, 3)
    assert errands(database) == ["export", "retract"]
    rejected = steps.get(database, untouched)
    assert rejected.state is State.REJECTED
    assert rejected.problem is not None
    assert rejected.problem["detail"] == "a letter"
    review(database, untouched, 3)
    assert steps.get(database, untouched).problem is None


def test_a_document_that_was_not_read_yet_is_decided_about_later(database: Database) -> None:
    document_id = steps.add(database)
    with pytest.raises(NotReadYet, match="queued cannot be reviewed"):
        review(database, document_id, 1)
    with database.writing() as session, pytest.raises(NotReadYet, match="queued cannot be rejected"):
        reviews.reject(session, document_id, 1)
    with database.writing() as session, pytest.raises(NotReadYet, match="queued cannot be read again"):
        reviews.read_again(session, document_id, 1)


def test_reading_again_starts_where_it_has_to(database: Database) -> None:
    read, unread = steps.to_review(database), steps.add(database)
    with database.writing() as session:
        inbox.get(session, unread).state = State.FAILED
        inbox.get(session, unread).problem = {"code": "x"}
    with database.writing() as session:
        reviews.read_again(session, read, 2)
        reviews.read_again(session, unread, 1)
    first, second = steps.get(database, read), steps.get(database, unread)
    assert (first.state, second.state) == (State.EXTRACTING, State.QUEUED)
    assert (first.run, second.run, second.problem) == (2, 2, None)
    steps.extract(database, read, run=2)
    review(database, read, 4, confirmed=["vendor.name"])
    assert last_review(database, read).changes == []


def test_deleting_leaves_nothing_but_ids(database: Database) -> None:
    document_id = steps.to_review(database, name="secret.pdf")
    review(database, document_id, invoice=corrected(invoice_number="S3"), reviewer="ann")
    with database.writing() as session:
        reviews.delete(session, document_id, "ann")
    assert errands(database) == ["erase", "purge"]
    with database.reading() as session:
        kept = {
            table.name: rows
            for table in Base.metadata.sorted_tables
            if (rows := session.execute(select(table)).all())
        }
    assert kept.keys() == {"outbox", "audit"}
    for word in ("secret", "S3", "TechCorp"):
        assert word not in str(kept)


def test_an_approval_over_checks_that_fail_is_in_the_audit_log(database: Database) -> None:
    wrong = corrected(financial_summary={"subtotal": 10, "tax_amount": 2, "grand_total": 50})
    at_once, later = steps.to_review(database), steps.to_review(database)
    with database.writing() as session:
        reviews.approve(session, at_once, Verdict(version=2, invoice=wrong))
    review(database, later, invoice=wrong)
    with database.writing() as session:
        reviews.approve(session, later, Verdict(version=3))
    review(database, later, 4, invoice=corrected())
    with database.writing() as session:
        reviews.approve(session, later, Verdict(version=5))
    with database.reading() as session:
        log = session.scalars(
            select(StoredAudit).where(StoredAudit.action == "approve").order_by(StoredAudit.id)
        )
        said = [(each.document_id, each.detail) for each in log]
    failing = {"failing": ["total"]}
    assert said == [(at_once, failing), (later, failing), (later, None)]


def test_an_approval_of_what_an_electronic_invoice_says_otherwise_is_in_the_audit_log(
    database: Database,
) -> None:
    document_id = steps.add(database)
    claims = Claims({"invoice_number": ("INV-9",)}, ())
    steps.read(database, document_id, einvoice=EInvoice("factur-x.xml", claims))
    steps.extract(database, document_id)
    review(database, document_id, invoice=corrected(invoice_number="INV-7"))
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=3))
        audit = session.scalars(select(StoredAudit).where(StoredAudit.action == "approve")).one()
        assert audit.detail == {"failing": ["electronic-invoice"]}


def test_who_did_what_is_in_the_audit_log(database: Database) -> None:
    document_id = steps.to_review(database)
    review(database, document_id, invoice=corrected(invoice_number="INV-7"), reviewer="ann")
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=3, reviewer="bob"))
    with database.reading() as session:
        log = [(each.who, each.action, each.detail) for each in session.scalars(select(StoredAudit))]
    assert log == [("ann", "review", {"changed": ["invoice_number"], "version": 3}), ("bob", "approve", None)]
