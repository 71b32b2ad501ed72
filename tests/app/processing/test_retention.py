from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app import cli
from app.backend import Backend
from app.processing.retention import Retention
from app.store.columns import now
from app.store.tables import StoredAudit, StoredDocument
from finscribe.files import locked
from finscribe.training.queue.training_queue import TrainingQueue
from tests.app.api.conftest import DOCUMENTS, decide, send_one


@pytest.fixture
def behind(client: TestClient) -> Backend:
    backend: Backend = client.app.state.backend  # type: ignore[attr-defined]
    return backend


def aged(client: TestClient, behind: Backend, days: int) -> str:
    """A reviewed document that came in so many days ago."""
    document_id = send_one(client, f"INV-{days} Total {days}.50".encode())
    body: dict[str, Any] = {"version": 2, "invoice": {"purchase_order": f"P{days}"}}
    assert decide(client, document_id, "approve", **body).status_code == 200
    with behind.database.writing() as session:
        came = now() - timedelta(days=days)
        session.execute(
            update(StoredDocument).where(StoredDocument.id == document_id).values(created_at=came)
        )
    return document_id


def test_what_is_older_is_deleted_with_its_files_and_examples(client: TestClient, behind: Backend) -> None:
    old, young = aged(client, behind, 100), aged(client, behind, 80)
    retention = Retention(behind.database, behind.files, behind.data_dir)
    found = retention.older_than(now() - timedelta(days=90))
    assert [each.id for each in found] == [old]
    assert retention.delete(found) == (1, False)
    assert client.get(f"{DOCUMENTS}/{old}").status_code == 404
    assert client.get(f"{DOCUMENTS}/{young}").status_code == 200
    assert not behind.files.folder_of(old).exists()
    queue = TrainingQueue(behind.data_dir)
    assert [each.invoice_id for each in queue.corrections()] == [young]
    assert "P100" not in queue.general.read_text()
    with behind.database.reading() as session:
        (line,) = session.scalars(select(StoredAudit).where(StoredAudit.action == "delete"))
    assert (line.who, line.document_id) == ("purge", old)


def test_what_somebody_deleted_meanwhile_does_not_count(client: TestClient, behind: Backend) -> None:
    aged(client, behind, 100)
    retention = Retention(behind.database, behind.files, behind.data_dir)
    found = retention.older_than(now())
    client.delete(f"{DOCUMENTS}/{found[0].id}")
    assert retention.delete(found) == (0, False)


def test_a_server_that_runs_erases_what_is_owed(client: TestClient, behind: Backend) -> None:
    old = aged(client, behind, 100)
    retention = Retention(behind.database, behind.files, behind.data_dir)
    with locked(behind.data_dir / ".errands.lock"):
        assert retention.delete(retention.older_than(now())) == (1, True)
    assert behind.files.folder_of(old).exists()
    behind.work.wake()
    assert not behind.files.folder_of(old).exists()


def test_the_command_says_what_it_would_delete_and_deletes_it(
    client: TestClient, behind: Backend, capsys: pytest.CaptureFixture[str], data_dir: Path
) -> None:
    old = aged(client, behind, 100)
    for options, said, left in ((["--dry-run"], "Would be deleted: 1 ", 1), ([], "Deleted: 1 ", 0)):
        with pytest.raises(SystemExit) as caught:
            cli.main(["purge", "--older-than", "12w", *options])
        assert caught.value.code == 0
        shown = capsys.readouterr().out
        assert old in shown
        assert said in shown
        assert client.get(DOCUMENTS).json()["total"] == left


@pytest.mark.parametrize("age", ["90", "0d", "-1d", "90 days", "9y", "999999d"])
def test_an_age_that_is_none_is_refused(age: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["purge", f"--older-than={age}"])
    assert caught.value.code == 2
    assert "is no age" in capsys.readouterr().err
