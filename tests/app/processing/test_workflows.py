"""Durability, with processes that are really killed."""

import io
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from sqlalchemy import func, select, text

from app.processing.workflows import Workflows
from app.store import inbox, reviews
from app.store.database import Database
from app.store.folder import FilesInFolder
from app.store.reviews import Verdict
from app.store.tables import State, StoredDocument, StoredExtraction, StoredPage
from finscribe.invoice import Invoice
from finscribe.training.queue.training_queue import TrainingQueue
from tests.app import postgres
from tests.app.store.steps import EXTRACTION, add, to_review

ROOT = Path(__file__).parents[3]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/finscribe.sqlite3"
        return
    with postgres.server() as address:
        yield address


@contextmanager
def process(folder: Path, address: str) -> Iterator["subprocess.Popen[str]"]:
    """The background work as a process, killed at the end of the context."""
    command = [sys.executable, "-m", "tests.app.processing.background", str(folder), address]
    running = subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def wait_for(running: "subprocess.Popen[str]", lines: int, word: str = "") -> None:
    """Reads what a process says until it has said so many lines with a word."""
    assert running.stdout is not None
    while lines:
        line = running.stdout.readline()
        assert line, running.stderr and running.stderr.read()
        lines -= word in line


def come_in(database: Database, folder: Path, count: int) -> list[str]:
    files = FilesInFolder(folder / "documents")
    ids = [add(database) for _ in range(count)]
    for document_id in ids:
        files.put(document_id, io.BytesIO(b"INV-1 Total 12.50"))
    return ids


def unfinished(database: Database) -> int:
    with database.reading() as session:
        return inbox.waiting(session)


def assert_each_was_done_once(database: Database, count: int) -> None:
    with database.reading() as session:
        states = session.execute(select(StoredDocument.state, StoredDocument.version)).all()
        extractions = session.execute(
            select(func.count(StoredExtraction.id)).group_by(StoredExtraction.document_id)
        ).all()
        pages = session.scalar(select(func.count()).select_from(StoredPage))
    assert [tuple(row) for row in states] == [(State.NEEDS_REVIEW, 2)] * count
    assert [row[0] for row in extractions] == [1] * count
    assert pages == count


def run_to_the_end(database: Database, folder: Path, address: str) -> None:
    with process(folder, address) as running:
        assert running.stdout is not None
        while unfinished(database):
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.2)


@pytest.mark.e2e
def test_a_server_that_is_killed_ten_times_does_each_of_fifty_documents_once(
    tmp_path: Path, address: str
) -> None:
    database = Database(address)
    database.migrate()
    come_in(database, tmp_path, 50)
    dice = random.Random(7)
    for _ in range(10):
        with process(tmp_path, address) as running:
            wait_for(running, 1, "started")
            if unfinished(database):
                wait_for(running, dice.randrange(1, 9))
    run_to_the_end(database, tmp_path, address)
    assert_each_was_done_once(database, 50)
    database.close()


@pytest.mark.e2e
def test_what_an_orderly_end_cuts_off_is_gone_on_with(tmp_path: Path, address: str) -> None:
    database = Database(address)
    database.migrate()
    come_in(database, tmp_path, 20)
    with process(tmp_path, address) as running:
        wait_for(running, 3, "read")
        assert running.stdin is not None
        running.stdin.write("\n")
        running.stdin.flush()
        wait_for(running, 1, "closed")
        assert running.wait(20) == 0
    run_to_the_end(database, tmp_path, address)
    assert_each_was_done_once(database, 20)
    database.close()


@pytest.mark.e2e
def test_of_several_processes_each_document_is_done_by_one_and_the_work_of_a_dead_one_goes_on(
    tmp_path: Path, address: str
) -> None:
    database = Database(address)
    database.migrate()
    come_in(database, tmp_path, 40)
    with process(tmp_path, address) as first, process(tmp_path, address) as second:
        wait_for(first, 1, "started")
        wait_for(second, 1, "started")
        wait_for(second, 2, "read")
        second.kill()
        second.wait()
        run_to_the_end(database, tmp_path, address)
    assert_each_was_done_once(database, 40)
    database.close()


def test_machines_of_different_names_do_not_take_each_other_s_numbers(tmp_path: Path) -> None:
    def take(executor: str) -> str:
        work = Workflows(
            MagicMock(), MagicMock(), MagicMock(), address="", folder=tmp_path, executor=executor
        )
        held.append(work)
        return work._name(work._take_number())

    held: list[Workflows] = []
    assert [take("one"), take("two"), take("two")] == ["one-0", "two-0", "two-1"]


@pytest.mark.e2e
def test_one_process_goes_on_with_what_several_have_left(tmp_path: Path, address: str) -> None:
    database = Database(address)
    database.migrate()
    come_in(database, tmp_path, 20)
    with process(tmp_path, address) as first, process(tmp_path, address) as second:
        wait_for(first, 1, "read")
        wait_for(second, 1, "read")
    run_to_the_end(database, tmp_path, address)
    assert_each_was_done_once(database, 20)
    database.close()


@pytest.mark.e2e
def test_what_was_over_a_week_ago_is_forgotten_and_what_is_younger_kept(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/finscribe.sqlite3"
    database, steps = Database(address), Database(f"sqlite:///{tmp_path}/workflows.sqlite3")
    database.migrate()
    come_in(database, tmp_path, 10)
    run_to_the_end(database, tmp_path, address)
    week = 7 * 24 * 3600 * 1000
    with steps.writing() as session:
        ids = list(
            session.scalars(text("SELECT workflow_uuid FROM workflow_status WHERE status = 'SUCCESS'"))
        )
        old, young = ids[:15], set(ids[15:])
        moved = text(
            "UPDATE workflow_status SET completed_at = completed_at - :week WHERE workflow_uuid = :id"
        )
        for each in old:
            session.execute(moved, {"week": week, "id": each})
    with process(tmp_path, address) as running:
        while kept(steps) & set(old):
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.1)
    assert young
    assert young <= kept(steps)
    with steps.reading() as session:
        known = text("SELECT workflow_uuid FROM workflow_status")
        steps_of = set(session.scalars(text("SELECT workflow_uuid FROM operation_outputs")))
        orphans = steps_of - set(session.scalars(known))
    assert orphans == set()
    assert_each_was_done_once(database, 10)
    for each in (database, steps):
        each.close()


def kept(steps: Database) -> set[str]:
    """The workflows that DBOS knows of."""
    with steps.reading() as session:
        return set(session.scalars(text("SELECT workflow_uuid FROM workflow_status")))


@pytest.mark.e2e
def test_a_review_is_exported_by_the_process_that_runs_next(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/finscribe.sqlite3"
    database = Database(address)
    database.migrate()
    document_id = to_review(database)
    invoice = Invoice.from_record(EXTRACTION.invoice.model_dump() | {"invoice_number": "INV-7"})
    with database.writing() as session:
        reviews.approve(session, document_id, Verdict(version=2, invoice=invoice))
    queue = TrainingQueue(tmp_path)
    with process(tmp_path, address) as running:
        while not queue.unsloth.exists():
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.1)
    assert [each.invoice_id for each in queue.corrections()] == [document_id]
    database.close()
