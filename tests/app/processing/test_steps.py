import errno
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.processing import steps as steps_module
from app.processing.steps import Closing, Steps
from app.store import inbox, progress, reviews
from app.store.database import Database
from app.store.folder import FilesInFolder
from app.store.tables import State, StoredDocument
from finscribe.errors import EncryptedDocument, ModelNotFound, PromptTooLong
from tests.app.conftest import FakeLoader
from tests.app.conftest import FakeReader as FakeModelReader
from tests.app.processing.conftest import FakeReader
from tests.app.store.steps import add, get


def came_in(database: Database, files: FilesInFolder, text: str = "INV-1 Total 12.50") -> str:
    document_id = add(database)
    files.put(document_id, io.BytesIO(text.encode()))
    return document_id


def process(steps: Steps, database: Database, document_id: str) -> StoredDocument:
    steps.read(document_id, 1)
    steps.extract(document_id, 1)
    return get(database, document_id)


def test_a_document_is_read_and_its_invoice_extracted(
    steps: Steps, database: Database, files: FilesInFolder
) -> None:
    done = process(steps, database, came_in(database, files))
    assert done.state is State.NEEDS_REVIEW
    assert done.summary is not None
    assert done.summary["invoice_number"] == "INV-1"


def test_steps_that_are_done_again_do_nothing(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader, reader: FakeModelReader
) -> None:
    document_id = came_in(database, files)
    process(steps, database, document_id)
    assert process(steps, database, document_id).version == 2
    assert reads.names == ["a.txt"]
    assert sum(map(len, reader.batches)) == 1


def test_a_document_that_cannot_be_read_fails_with_what_to_do(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader
) -> None:
    reads.fail = lambda name: EncryptedDocument("it needs a password", hint="Save it without.")
    failed = process(steps, database, came_in(database, files))
    assert failed.state is State.FAILED
    assert failed.problem is not None
    assert failed.problem["hint"] == "Save it without."


def test_a_document_too_long_for_the_model_fails(
    steps: Steps, database: Database, files: FilesInFolder, reader: FakeModelReader
) -> None:
    reader.fail = lambda text: PromptTooLong("9,000 tokens", hint="Fewer pages.")
    failed = process(steps, database, came_in(database, files))
    assert failed.state is State.FAILED
    assert failed.problem is not None
    assert failed.problem["code"] == "prompt-too-long"


def test_a_bug_fails_the_document_and_tells_nothing_of_our_insides(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader
) -> None:
    reads.fail = lambda name: KeyError("secret")
    failed = process(steps, database, came_in(database, files))
    assert failed.state is State.FAILED
    assert failed.problem is not None
    assert failed.problem["code"] == "internal-error"
    assert "secret" not in str(failed.problem)


def test_a_failure_that_cannot_be_noted_is_tried_again_after_a_pause(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, refusals, noted = [], [RuntimeError("read-only"), RuntimeError("read-only")], progress.fail

    class Pauses(tuple[float, ...]):
        def __iter__(self) -> Iterator[float]:
            for pause in super().__iter__():
                taken.append(pause)
                yield pause

    def fail(*arguments: Any) -> bool:
        if refusals:
            raise refusals.pop()
        return noted(*arguments)

    monkeypatch.setattr(steps_module, "PAUSES", Pauses([0.0] * 9))
    monkeypatch.setattr(progress, "fail", fail)
    reads.fail = lambda name: KeyError("secret")
    assert process(steps, database, came_in(database, files)).state is State.FAILED
    assert len(taken) == 3


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "disk full"), OperationalError("SELECT", {}, Exception("gone"))]
)
def test_what_may_pass_is_waited_for(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader, error: Exception
) -> None:
    reads.fail = lambda name: error if len(reads.names) < 4 else None
    assert process(steps, database, came_in(database, files)).state is State.NEEDS_REVIEW
    assert len(reads.names) == 4


def test_without_a_model_a_document_waits_and_is_extracted_when_there_is_one(
    steps: Steps, database: Database, files: FilesInFolder, loader: FakeLoader
) -> None:
    document_id = came_in(database, files)
    loader.error = ModelNotFound("not there", hint="Train one.")
    steps.read(document_id, 1)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(steps.extract, document_id, 1)
        while loader.loads < 3:
            assert not waiting.done()
        assert get(database, document_id).state is State.EXTRACTING
        loader.error = None
        waiting.result(10)
    assert get(database, document_id).state is State.NEEDS_REVIEW


def test_closing_cuts_off_what_waits_for_an_answer_and_leaves_the_document_for_the_next_start(
    steps: Steps, database: Database, files: FilesInFolder, reader: FakeModelReader
) -> None:
    document_id = came_in(database, files)
    steps.read(document_id, 1)
    reader.go.clear()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(steps.extract, document_id, 1)
        while not reader.batches:
            assert not waiting.done()
        steps.close()
        with pytest.raises(Closing):
            waiting.result(10)
        reader.go.set()
    assert get(database, document_id).state is State.EXTRACTING
    with pytest.raises(Closing):
        steps.extract(document_id, 1)


def test_reading_that_is_cut_off_by_closing_is_no_failure_of_the_document(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader
) -> None:
    document_id = came_in(database, files)
    steps.close()
    with pytest.raises(Closing):
        steps.read(document_id, 1)
    assert get(database, document_id).state is State.QUEUED


def test_what_is_drawn_of_a_document_that_was_deleted_meanwhile_is_erased(
    steps: Steps, database: Database, files: FilesInFolder, reads: FakeReader
) -> None:
    document_id = came_in(database, files)

    def delete(name: str) -> None:
        with database.writing() as session:
            reviews.delete(session, document_id)

    reads.fail = delete
    steps.read(document_id, 1)
    assert not files.folder_of(document_id).exists()
    with database.reading() as session:
        assert inbox.find(session, document_id) is None
