"""A service whose model is a stand-in, and the application around it."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.models import unsloth_service
from app.core.models.unsloth_service import UnslothService
from app.main import create_app
from finscribe.documents import Document
from finscribe.extract import Extraction
from finscribe.invoice import Invoice
from finscribe.serving import Served
from finscribe.settings import Settings


class FakeServedModel:
    name = "fake"
    backend = "transformers"
    context_length = 4096


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


def client_of(service: UnslothService, **options: Any) -> TestClient:
    app = create_app(service, settings=Settings(max_text_bytes=10_000))
    return TestClient(app, **{"base_url": "http://127.0.0.1:8000", "client": ("127.0.0.1", 50000), **options})
