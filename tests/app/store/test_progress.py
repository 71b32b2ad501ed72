from dataclasses import replace
from decimal import Decimal

from sqlalchemy import func, select

from app.api.answers import extraction_answer
from app.api.examples import EXTRACTION, TEXT
from app.store import inbox, progress
from app.store.database import Database
from app.store.reviews import Verdict, approve, delete, read_again
from app.store.tables import State, StoredExtraction, StoredPage
from finscribe.arithmetic import Settled
from finscribe.errors import EncryptedDocument
from finscribe.validate import validate
from tests.app.store import steps


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_document_goes_from_queued_to_review(database: Database) -> None:
    document_id = steps.add(database, "a.txt")
    with database.writing() as session:
        assert progress.begin_reading(session, document_id, 1) == "a.txt"
    assert steps.get(database, document_id).state is State.READING
    assert steps.read(database, document_id)
    with database.reading() as session:
        document = progress.to_extract(session, document_id, 1)
    assert document is not None
    assert document.text == TEXT
    assert steps.extract(database, document_id)
    done = steps.get(database, document_id)
    assert (done.state, done.version, done.page_count) == (State.NEEDS_REVIEW, 2, 1)
    assert done.summary is not None
    assert done.summary["vendor"] == "TechCorp Inc."
    assert str(done.summary["total"]) == "10.00"


def test_what_was_read_is_kept_whole(database: Database) -> None:
    document_id = steps.to_review(database)
    with database.reading() as session:
        stored = inbox.latest_extraction(session, document_id)
    assert stored is not None
    assert stored.invoice == EXTRACTION.invoice.model_dump()
    assert stored.evidence["vendor.name"]["places"][0][0]["start"] == 0
    assert (stored.model, stored.complete) == ("finscribe-starter", True)


def test_what_arithmetic_chose_is_kept_with_its_digits(database: Database) -> None:
    chosen = Settled("line_items[0].qty", Decimal(100), Decimal("10.00"), ("line-arithmetic",))
    document_id = steps.to_review(database, replace(EXTRACTION, settled=(chosen,), reread=("sum-of-lines",)))
    with database.reading() as session:
        extraction = inbox.latest_extraction(session, document_id)
        assert extraction is not None
        answer = extraction_answer(inbox.get(session, document_id), extraction, None, [])
    assert answer["reread"] == ["sum-of-lines"]
    assert answer["settled"] == [
        {
            "path": "line_items[0].qty",
            "before": Decimal(100),
            "after": Decimal("10.00"),
            "identities": ["line-arithmetic"],
        }
    ]
    assert str(answer["settled"][0]["after"]) == "10.00"


def test_a_step_that_is_done_again_changes_nothing(database: Database) -> None:
    document_id = steps.add(database)
    assert [steps.read(database, document_id) for _ in range(3)] == [True, False, False]
    assert [steps.extract(database, document_id) for _ in range(3)] == [True, False, False]
    assert (count(database, StoredPage), count(database, StoredExtraction)) == (1, 1)
    assert steps.get(database, document_id).version == 2


def test_reading_that_broke_off_begins_anew(database: Database) -> None:
    document_id = steps.add(database)
    with database.writing() as session:
        assert progress.begin_reading(session, document_id, 1)
    with database.writing() as session:
        assert progress.begin_reading(session, document_id, 1)
        assert progress.to_extract(session, document_id, 1) is None
    assert steps.read(database, document_id)


def test_a_document_that_cannot_be_read_says_why(database: Database) -> None:
    document_id = steps.add(database)
    error = EncryptedDocument("it needs a password", hint="Save it without one.")
    with database.writing() as session:
        assert progress.fail(session, document_id, 1, error)
        assert not progress.fail(session, document_id, 1, error)
    failed = steps.get(database, document_id)
    assert failed.state is State.FAILED
    assert failed.problem == {
        "code": "encrypted-document",
        "detail": "it needs a password",
        "hint": "Save it without one.",
    }


def test_work_for_an_older_run_or_a_deleted_document_is_dropped(database: Database) -> None:
    document_id = steps.to_review(database)
    with database.writing() as session:
        read_again(session, document_id, 2)
    assert not steps.extract(database, document_id, run=1)
    assert steps.extract(database, document_id, run=2)
    with database.writing() as session:
        delete(session, document_id)
    with database.writing() as session:
        assert progress.begin_reading(session, document_id, 2) is None
        assert progress.to_extract(session, document_id, 2) is None
        assert not progress.finish_extraction(session, document_id, 2, EXTRACTION)
    assert (count(database, StoredPage), count(database, StoredExtraction)) == (0, 0)


def test_worth_is_how_many_values_are_probably_wrong(database: Database) -> None:
    doubt = (1 - 0.99) * 2
    new = steps.get(database, steps.to_review(database))
    assert new.new_vendor
    assert abs(new.worth - (doubt + 1)) < 1e-9
    summary = EXTRACTION.invoice.financial_summary.model_copy(update={"subtotal": 99})
    wrong = EXTRACTION.invoice.model_copy(update={"financial_summary": summary})
    findings = tuple(replace(each, severity="error") for each in validate(wrong))
    assert findings
    contradicted = steps.get(database, steps.to_review(database, replace(EXTRACTION, findings=findings)))
    assert abs(contradicted.worth - (doubt + 1 + len(findings))) < 1e-9


def test_a_vendor_is_new_until_one_of_its_invoices_is_approved(database: Database) -> None:
    first, second = steps.to_review(database), steps.to_review(database)
    other = steps.to_review(database, steps.of_vendor("Somebody else"))
    before = steps.get(database, second).worth
    with database.writing() as session:
        approve(session, first, Verdict(version=2))
    assert not steps.get(database, second).new_vendor
    assert abs(before - steps.get(database, second).worth - 1) < 1e-9
    assert steps.get(database, other).new_vendor
    assert not steps.get(database, steps.to_review(database)).new_vendor


def test_documents_are_handed_over_once(database: Database) -> None:
    ids = [steps.add(database) for _ in range(3)]
    steps.to_review(database)
    with database.writing() as session:
        assert [each.id for each in progress.not_handed_over(session, limit=2)] == ids[:2]
        progress.hand_over(session, ids[0], 1)
        progress.hand_over(session, ids[1], 2)  # of another run
        assert [each.id for each in progress.not_handed_over(session, limit=9)] == ids[1:]
