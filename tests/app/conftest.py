"""A service whose model is a stand-in, and the application around it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.models import unsloth_service
from app.core.models.unsloth_service import UnslothService
from app.main import create_app
from app.processing.errands import Errands
from app.processing.reading import Reading, read_file
from app.processing.steps import Steps
from app.settings import AppSettings
from app.store.database import Database
from app.store.files import Files
from app.store.progress import hand_over, not_handed_over
from finscribe.documents import Document
from finscribe.extract import Extraction
from finscribe.invoice import Invoice
from finscribe.serving import Served
from finscribe.settings import Settings


class FakeServedModel:
    name = "fake"
    backend = "transformers"
    context_length = 4096
    window_tokens = None
    lanes = 2
    exact = True

    def lane(self, lanes: int) -> AbstractContextManager[None]:
        return nullcontext()


class FakeReader:
    """Stands in for `extract_many`: the first word is the invoice number, the last one the total."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.options: list[tuple[str | None, int | None]] = []
        self.fail: Callable[[str], BaseException | None] = lambda text: None
        self.go = Event()
        self.go.set()

    def __call__(
        self,
        documents: Sequence[Document],
        model: Any,
        *,
        batch_size: int,
        instruction: str | None,
        max_new_tokens: int | None,
    ) -> list[Extraction]:
        assert model.name == "fake"
        assert 1 <= len(documents) <= batch_size
        self.batches.append([document.text for document in documents])
        self.options.append((instruction, max_new_tokens))
        assert self.go.wait(10)
        return [self._read(document.text) for document in documents]

    def _read(self, text: str) -> Extraction:
        if error := self.fail(text):
            raise error
        first, *_, last = text.split()
        number = last.replace(".", "").isdecimal()
        record = {"invoice_number": first, "financial_summary": {"grand_total": last if number else None}}
        return Extraction(
            invoice=Invoice.from_record(record),
            evidence={},
            findings=(),
            model="fake",
            grounding="grounded",
            seconds={"decode": 0.1},
            forward_passes=1,
        )


class FakeLoader:
    """Stands in for `load_served_model`."""

    def __init__(self) -> None:
        self.loads = 0
        self.error: Exception | None = None
        self.go = Event()
        self.go.set()

    def __call__(self, settings: Settings) -> Served:
        self.loads += 1
        assert self.go.wait(10)
        if self.error:
            raise self.error
        model: Any = FakeServedModel()
        return Served(model, "starter", ("the default UNSLOTH_MODEL_DIR: not there",))


class InProcess:
    """Stands in for the worker processes: reads where it is asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def read(self, path: Path, name: str) -> Reading:
        return read_file(path, name, self.settings)

    def close(self) -> None:
        pass


class InlineWork:
    """Stands in for the workflows: does everything as soon as it is told that there is something to do."""

    def __init__(self, database: Database, files: Files, service: UnslothService, settings: Settings) -> None:
        self.database = database
        self.steps = Steps(database, files, InProcess(settings), service)
        self.errands = Errands(database, files, settings.data_dir)
        self.paused, self.running = False, False

    def start(self) -> None:
        self.running = True

    def wake(self) -> None:
        if self.paused:
            return
        with self.database.reading() as session:
            fresh = [(each.id, each.run) for each in not_handed_over(session, limit=100)]
        for document_id, run in fresh:
            self.steps.read(document_id, run)
            self.steps.extract(document_id, run)
            with self.database.writing() as session:
                hand_over(session, document_id, run)
        self.errands.carry_out()

    def close(self) -> None:
        self.running = False
        self.steps.close()


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is written outside of the test's own folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("FINSCRIBE_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    reader = FakeReader()
    monkeypatch.setattr(unsloth_service, "extract_many", reader)
    return reader


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> FakeLoader:
    loader = FakeLoader()
    monkeypatch.setattr(unsloth_service, "load_served_model", loader)
    return loader


@pytest.fixture
def service(reader: FakeReader, loader: FakeLoader) -> Iterator[UnslothService]:
    service = UnslothService(Settings(max_text_bytes=10_000))
    yield service
    loader.go.set()
    reader.go.set()
    service.close()


@pytest.fixture
def client(service: UnslothService) -> Iterator[TestClient]:
    with client_of(service) as client:
        yield client


def client_of(
    service: UnslothService,
    *,
    app_settings: AppSettings | None = None,
    beyond: bool = False,
    **options: Any,
) -> TestClient:
    settings = Settings(max_text_bytes=10_000, data_dir=Settings.from_environment().data_dir)
    app = create_app(
        service, settings=settings, app_settings=app_settings, make_work=InlineWork, beyond=beyond
    )
    return TestClient(app, **{"base_url": "http://127.0.0.1:8000", "client": ("127.0.0.1", 50000), **options})
