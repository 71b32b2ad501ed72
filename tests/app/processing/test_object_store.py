"""The whole way of documents with an object store, and what becomes of them while it is gone."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from app.backend import Backend
from app.core.models.unsloth_service import UnslothService
from app.processing import steps as steps_module
from app.processing.errands import Errands
from app.processing.intake import Intake, Upload
from app.processing.retention import Retention
from app.processing.steps import Steps
from app.settings import AppSettings
from app.store import inbox
from app.store.database import Database
from app.store.files import FilesUnavailable
from app.store.objects import FilesInStore
from app.store.tables import State, StoredErrand
from finscribe.settings import Settings
from tests.app.api.conftest import DOCUMENTS, problem, send, send_one
from tests.app.conftest import client_of
from tests.app.processing.conftest import FakeReader
from tests.app.store.places import Outage, everything_in, in_memory
from tests.app.store.steps import add, get

TEXT = b"INV-1 Total 12.50"
SAMPLE = Path(__file__).parents[3] / "docs/samples/invoice-de.pdf"


@pytest.fixture
def stored(tmp_path: Path) -> FilesInStore:
    return in_memory(tmp_path)


@pytest.fixture
def outage(stored: FilesInStore, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return Outage(stored, monkeypatch)


@pytest.fixture
def client(service: UnslothService, stored: FilesInStore) -> Iterator[TestClient]:
    with client_of(service, app_settings=AppSettings(files_url=stored.shown)) as client:
        yield client


def owed(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(each.kind) for each in session.scalars(select(StoredErrand)) if each.done_at is None]


def test_an_upload_whose_second_file_fails_half_way_is_undone(
    database: Database, stored: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, opened = stored._system.open, []

    def breaking(*args: Any, **options: Any) -> Any:
        file = really(*args, **options)
        opened.append(file)
        if len(opened) == 2:
            write = file.write

            def half(chunk: bytes) -> None:
                write(chunk[: len(chunk) // 2])
                raise ConnectionResetError("reset")

            file.write = half
        return file

    monkeypatch.setattr(stored._system, "open", breaking)
    intake = Intake(database, stored, Settings())
    with pytest.raises(FilesUnavailable, match="reset"):
        intake.take([Upload("a.txt", io.BytesIO(TEXT)), Upload("b.txt", io.BytesIO(b"INV-2 Total 7"))])
    assert len(opened) >= 2  # the mark of the store, too
    assert everything_in(stored) == []
    assert owed(database) == []
    with database.reading() as session:
        assert inbox.waiting(session) == 0


def test_what_cannot_be_undone_is_owed_and_erased_when_the_store_is_back(
    database: Database, stored: FilesInStore, outage: Outage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = stored.put

    def put(document_id: str, source: Any) -> tuple[str, int]:
        done = really(document_id, source)
        outage.on = True
        return done

    monkeypatch.setattr(stored, "put", put)
    intake = Intake(database, stored, Settings())
    with pytest.raises(FilesUnavailable):
        intake.take([Upload("a.txt", io.BytesIO(TEXT)), Upload("b.txt", io.BytesIO(b"INV-2 Total 7"))])
    errands = Errands(database, stored, tmp_path)
    with pytest.raises(FilesUnavailable):
        errands.carry_out()
    assert set(owed(database)) == {"erase"}
    outage.end()
    assert len(everything_in(stored)) == 1
    errands.carry_out()
    assert everything_in(stored) == []
    assert owed(database) == []


def test_reading_waits_for_a_store_that_is_gone(
    database: Database,
    stored: FilesInStore,
    outage: Outage,
    reads: FakeReader,
    service: UnslothService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps_module, "PAUSES", (0.0,))
    steps = Steps(database, stored, reads, service)
    document_id = add(database)
    stored.put(document_id, io.BytesIO(TEXT))
    outage.on = True
    really, tries = steps._check, []

    def check() -> None:
        tries.append(1)
        if len(tries) == 3:
            assert get(database, document_id).state is State.READING
            outage.end()
        really()

    monkeypatch.setattr(steps, "_check", check)
    steps.read(document_id, 1)
    assert len(tries) >= 3
    assert reads.names == ["a.txt"]
    assert get(database, document_id).state is State.EXTRACTING
    steps.close()


def test_erasing_waits_for_a_store_that_is_gone(
    database: Database, stored: FilesInStore, outage: Outage, tmp_path: Path
) -> None:
    document_id = add(database)
    stored.put(document_id, io.BytesIO(TEXT))
    with database.reading() as session:
        found = inbox.get(session, document_id)
    outage.on = True
    assert Retention(database, stored, tmp_path).delete([found]) == (1, True)
    outage.end()
    assert len(everything_in(stored)) == 1
    Errands(database, stored, tmp_path).carry_out()
    assert everything_in(stored) == []


def test_a_document_is_read_shown_and_erased(client: TestClient, stored: FilesInStore) -> None:
    document_id = send_one(client, SAMPLE.read_bytes(), "invoice.pdf")
    path = f"{DOCUMENTS}/{document_id}"
    size = client.get(f"{path}/pages/1").json()["picture"]
    shown = client.get(f"{path}/pages/1.png")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(shown.content)).size == tuple(size)
    assert len(everything_in(stored)) == 2
    assert client.delete(path).status_code == 204
    assert everything_in(stored) == []


def test_an_upload_to_a_store_that_is_gone_is_a_503_and_leaves_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind: Backend = client.app.state.backend  # type: ignore[attr-defined]
    assert isinstance(behind.files, FilesInStore)
    assert client.get("/readyz").json()["files"] == "ready"
    outage = Outage(behind.files, monkeypatch)
    outage.on = True
    response = send(client, ("a.txt", TEXT))
    assert "FINSCRIBE_FILES_URL" in problem(response, 503, "files-unavailable")["hint"]
    assert response.headers["Retry-After"]
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["files"]) == (503, "unavailable")
    assert client.get(DOCUMENTS).json()["total"] == 0
    outage.end()
    assert send(client, ("a.txt", TEXT)).status_code == 201
    assert owed(behind.database) == []
