"""The application with a model on another machine."""

from collections.abc import Iterator

import pytest

from app.core.models.unsloth_service import UnslothService
from finscribe.settings import RemoteSettings, Settings
from tests.app.conftest import client_of
from tests.decoding.remote.server import Server, later, says

TEXT = "ACME Ltd\nInvoice INV-7\nTotal 23.50"


@pytest.fixture
def server() -> Iterator[Server]:
    """It reads a number that the text does not print."""
    with Server(says('{"vendor": {"name": "ACME Ltd"}, "invoice_number": "INV-8"}')) as server:
        yield server


@pytest.fixture
def service(server: Server) -> Iterator[UnslothService]:
    remote = RemoteSettings(urls=(server.url,), tries=1)
    service = UnslothService(Settings(backend="remote", remote=remote))
    yield service
    service.close()


def test_it_answers_and_health_says_which_model_where(service: UnslothService) -> None:
    with client_of(service) as client:
        answer = client.post("/api/v1/unsloth/infer", json={"ocr_text": TEXT}).json()
        health = client.get("/api/v1/unsloth/health").json()
    assert answer["parsed"]["vendor"]["name"] == "ACME Ltd"
    assert answer["parsed"]["invoice_number"] is None
    assert [each["fields"] for each in answer["findings"] if each["code"] == "not-printed"] == [
        ["invoice_number"]
    ]
    assert (health["status"], health["model"], health["backend"]) == ("ready", "invoices", "remote")
    assert health["origin"] == "remote"


def test_a_server_that_stops_answering_is_a_503_that_may_be_tried_again(
    service: UnslothService, server: Server
) -> None:
    service.infer(TEXT)
    server.replies = [later(500)]
    with client_of(service) as client:
        answer = client.post("/api/v1/unsloth/infer", json={"ocr_text": TEXT})
    assert (answer.status_code, answer.json()["code"]) == (503, "model-unreachable")
    assert answer.headers["Retry-After"]
