import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.api.examples import EXTRACTION, TEXT
from app.processing.errands import MOST_FAILURES, Errands
from app.store import reviews
from app.store.database import Database
from app.store.files import FilesUnavailable
from app.store.folder import FilesInFolder
from app.store.reviews import Verdict
from app.store.tables import Errand, StoredErrand
from finscribe.errors import QueueError
from finscribe.files import locked
from finscribe.invoice import Invoice
from tests.app.store.steps import to_review


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def errands(database: Database, files: FilesInFolder, data: Path) -> Errands:
    return Errands(database, files, data)


def review(database: Database, document_id: str, version: int, number: str, **options: Any) -> None:
    invoice = Invoice.from_record(EXTRACTION.invoice.model_dump() | {"invoice_number": number})
    with database.writing() as session:
        reviews.review(session, document_id, Verdict(version=version, invoice=invoice, **options))


def fail(*_: object) -> None:
    raise KeyboardInterrupt


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_review_becomes_an_example_of_what_was_confirmed_or_changed(
    database: Database, errands: Errands, data: Path
) -> None:
    document_id = to_review(database, name="scan.pdf")
    review(database, document_id, 2, "INV-7", confirmed=["vendor.name", "due_date"], reviewer="ann")
    assert errands.carry_out() == 1
    (general,) = lines(data / "training_queue.jsonl")
    known = {"vendor": {"name": "TechCorp Inc."}, "invoice_number": "INV-7", "due_date": None}
    assert general["output"] == known
    assert (general["invoice_id"], general["reviewer"], general["source_file"]) == (
        document_id,
        "ann",
        "scan.pdf",
    )
    assert general["model"] == "finscribe-starter"
    (unsloth,) = lines(data / "unsloth_training_queue.jsonl")
    assert unsloth["input"] == f"OCR_TEXT:\n{TEXT}"
    assert len(lines(data / "active_learning.jsonl")) == 1


def test_errands_are_carried_out_once_and_in_order(database: Database, errands: Errands, data: Path) -> None:
    document_id = to_review(database)
    review(database, document_id, 2, "INV-7")
    review(database, document_id, 3, "INV-8")
    assert [errands.carry_out(), errands.carry_out()] == [2, 0]
    numbers = [each["output"]["invoice_number"] for each in lines(data / "training_queue.jsonl")]
    assert numbers == ["INV-7", "INV-8"]


def test_an_errand_that_was_carried_out_but_not_ticked_off_is_repeated_without_harm(
    database: Database, errands: Errands, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(database, to_review(database), 2, "INV-7")
    with monkeypatch.context() as patch:
        patch.setattr(errands, "_tick_off", fail)
        with pytest.raises(KeyboardInterrupt):
            errands.carry_out()
    assert len(lines(data / "training_queue.jsonl")) == 1
    assert errands.carry_out() == 1
    assert len(lines(data / "training_queue.jsonl")) == 1


def test_rejecting_takes_the_example_back_and_reviewing_again_gives_it_again(
    database: Database, errands: Errands, data: Path
) -> None:
    document_id = to_review(database)
    review(database, document_id, 2, "INV-7")
    with database.writing() as session:
        reviews.reject(session, document_id, 3)
    errands.carry_out()
    assert lines(data / "unsloth_training_queue.jsonl") == []
    review(database, document_id, 4, "INV-7")
    errands.carry_out()
    assert len(lines(data / "unsloth_training_queue.jsonl")) == 1


def test_deleting_erases_files_and_examples_and_nothing_else(
    database: Database, files: FilesInFolder, errands: Errands, data: Path
) -> None:
    gone, kept, unreviewed = (to_review(database) for _ in range(3))
    for document_id, number in ((gone, "SECRET-1"), (kept, "INV-2")):
        review(database, document_id, 2, number)
        files.folder_of(document_id).mkdir(parents=True)
        files.original(document_id).write_text("bytes")
    errands.carry_out()
    with database.writing() as session:
        reviews.delete(session, gone)
        reviews.delete(session, unreviewed)
    errands.carry_out()
    assert not files.folder_of(gone).exists()
    assert files.original(kept).exists()
    assert [each["invoice_id"] for each in lines(data / "training_queue.jsonl")] == [kept]
    for file in data.rglob("*"):
        assert not file.is_file() or b"SECRET-1" not in file.read_bytes()


def test_an_example_of_a_document_that_is_deleted_before_it_was_exported_is_never_written(
    database: Database, errands: Errands, data: Path
) -> None:
    document_id = to_review(database)
    review(database, document_id, 2, "INV-7")
    with database.writing() as session:
        reviews.delete(session, document_id)
    assert errands.carry_out() == 2
    assert not (data / "training_queue.jsonl").exists()


def test_a_queue_that_cannot_be_written_keeps_its_errands(
    database: Database, errands: Errands, data: Path
) -> None:
    review(database, to_review(database), 2, "INV-7")
    (data / "training_queue.jsonl").mkdir(parents=True)
    with pytest.raises((QueueError, OSError)):
        errands.carry_out()
    with database.reading() as session:
        (errand,) = session.scalars(select(StoredErrand))
    assert (errand.done_at, errand.attempts) == (None, 1)
    (data / "training_queue.jsonl").rmdir()
    assert errands.carry_out() == 1


def test_one_process_at_a_time_carries_out_errands(database: Database, errands: Errands, data: Path) -> None:
    review(database, to_review(database), 2, "INV-7")
    with locked(data / ".errands.lock"):
        assert errands.carry_out() == 0
    assert errands.carry_out() == 1


class Places(FilesInFolder):
    """A place that refuses to erase some documents, or is gone; `asked` are those it was to erase."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.refused, self.asked, self.gone = set[str](), list[str](), False

    def remove(self, document_id: str) -> None:
        self.asked.append(document_id)
        if self.gone or document_id in self.refused:
            raise FilesUnavailable(f"{document_id} cannot be erased")

    def check(self) -> None:
        if self.gone:
            raise FilesUnavailable("the place is gone")


def owe(database: Database, kind: Errand, *document_ids: str) -> None:
    with database.writing() as session:
        session.add_all(StoredErrand(kind=kind, document_id=each) for each in document_ids)


def open_ones(database: Database) -> list[str]:
    with database.reading() as session:
        return [each.document_id for each in session.scalars(select(StoredErrand)) if each.done_at is None]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "documents")


def test_what_may_never_be_erased_keeps_nothing_else_from_being_done(
    database: Database, places: Places, data: Path
) -> None:
    places.refused = {"a", "b"}
    owe(database, Errand.ERASE, "a", "b", "c")
    review(database, to_review(database), 2, "INV-7")
    owe(database, Errand.ERASE, "d")
    errands = Errands(database, places, data)
    with pytest.raises(FilesUnavailable, match="a cannot be erased"):
        errands.carry_out()
    assert open_ones(database) == ["a", "b"]
    assert sorted(places.asked) == ["a", "b", "c", "d"]
    assert len(lines(data / "training_queue.jsonl")) == 1
    owe(database, Errand.ERASE, "e")
    with pytest.raises(FilesUnavailable):
        errands.carry_out()
    assert places.asked[4:] == ["e", "a", "b"]  # what has failed comes last
    places.refused.clear()
    assert errands.carry_out() == 2


def test_of_a_place_that_is_gone_one_erasure_is_asked_and_the_queue_goes_on(
    database: Database, places: Places, data: Path
) -> None:
    places.gone = True
    owe(database, Errand.ERASE, "a", "b", "c")
    review(database, to_review(database), 2, "INV-7")
    with pytest.raises(FilesUnavailable):
        Errands(database, places, data).carry_out()
    assert places.asked == ["a"]
    assert open_ones(database) == ["a", "b", "c"]
    assert len(lines(data / "training_queue.jsonl")) == 1


def test_however_much_cannot_be_erased_a_hundred_are_tried_at_a_time(
    database: Database, places: Places, data: Path
) -> None:
    names = [f"{number:03}" for number in range(MOST_FAILURES + 20)]
    places.refused = set(names)
    owe(database, Errand.ERASE, *names)
    for _ in range(2):
        with pytest.raises(FilesUnavailable):
            Errands(database, places, data).carry_out()
    assert len(places.asked) == 2 * MOST_FAILURES
    assert set(places.asked) == set(names)


def test_a_queue_that_cannot_be_written_keeps_its_order_and_erasing_goes_on(
    database: Database, places: Places, data: Path
) -> None:
    document_id = to_review(database)
    review(database, document_id, 2, "INV-7")
    with database.writing() as session:
        reviews.reject(session, document_id, 3)
    owe(database, Errand.ERASE, "a")
    (data / "training_queue.jsonl").mkdir(parents=True)
    with pytest.raises((QueueError, OSError)):
        Errands(database, places, data).carry_out()
    with database.reading() as session:
        tried = [
            (each.kind, each.attempts, bool(each.done_at)) for each in session.scalars(select(StoredErrand))
        ]
    assert tried == [(Errand.EXPORT, 1, False), (Errand.RETRACT, 0, False), (Errand.ERASE, 1, True)]


def test_a_database_that_is_being_read_has_erasures_wait_and_says_so(
    database: Database, places: Places, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: Database) -> None:
        raise BlockingIOError("the log of the database is being read")

    owe(database, Errand.ERASE, "a", "b")
    with monkeypatch.context() as patched:
        patched.setattr(Database, "scrub", read)
        with pytest.raises(BlockingIOError):
            Errands(database, places, data).carry_out()
    assert places.asked == ["a"]
    assert Errands(database, places, data).carry_out() == 2
