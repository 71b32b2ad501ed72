"""What an operator sees: alive, ready, and measured."""

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from app.backend import Backend
from app.core.models.unsloth_service import UnslothService
from app.store.files import FilesUnavailable
from app.store.folder import FilesInFolder
from finscribe.errors import ModelNotFound
from tests.app.api.conftest import DOCUMENTS, decide, send_one
from tests.app.conftest import FakeLoader, client_of

INFER = "/api/v1/unsloth/infer"


def samples(client: TestClient) -> dict[tuple[str, str], float]:
    """The samples by their name and the values of their labels."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name.removeprefix("finscribe_"), ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def gone(*_: object) -> Any:
    raise OperationalError("SELECT secret", {}, Exception("server closed the connection"))


def warm(client: TestClient) -> None:
    assert client.post(INFER, json={"ocr_text": "A 1"}).status_code == 200


def test_a_server_is_ready_when_everything_is(client: TestClient) -> None:
    warm(client)
    response = client.get("/readyz")
    assert response.status_code == 200
    ready = dict.fromkeys(("database", "files", "model", "workers"), "ready")
    assert response.json() == {"ready": True, **ready}


def test_a_server_without_a_database_is_alive_and_not_ready(
    client: TestClient, behind: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm(client)
    monkeypatch.setattr(type(behind.database), "reading", gone)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "unavailable")
    assert "secret" not in response.text
    assert ("model", "transformers,,fake,starter,ready") in samples(client)


def test_a_server_without_a_place_for_documents_is_not_ready_and_the_log_says_so_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(_: FilesInFolder) -> None:
        raise FilesUnavailable("/srv/documents cannot be seen")

    warm(client)
    caplog.set_level(logging.INFO, "app.api.operation")
    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(FilesInFolder, "check", gone)
            for _ in range(3):
                response = client.get("/readyz")
                assert (response.status_code, response.json()["files"]) == (503, "unavailable")
        for _ in range(2):
            assert client.get("/readyz").status_code == 200
    said = [each.getMessage() for each in caplog.records if each.name == "app.api.operation"]
    assert said == 2 * [
        "Documents cannot be kept: /srv/documents cannot be seen",
        "Documents can be kept again",
    ]


def test_a_server_without_a_model_is_not_ready(service: UnslothService, loader: FakeLoader) -> None:
    loader.error = ModelNotFound("UNSLOTH_MODEL_DIR: models/mine does not exist", hint="Unset it.")
    with client_of(service) as client:
        assert client.post(INFER, json={"ocr_text": "A 1"}).status_code == 503
        response = client.get("/readyz")
    assert (response.status_code, response.json()["model"]) == (503, "failed")
    assert "models/mine" not in response.text


def test_a_server_without_workers_is_not_ready(client: TestClient, behind: Backend) -> None:
    warm(client)
    behind.work.close()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["workers"]) == (503, "stopped")


def test_whoever_asks_from_elsewhere_may_know_whether_it_lives_but_not_what_it_measures(
    service: UnslothService,
) -> None:
    with client_of(service, client=("192.0.2.7", 50000), base_url="http://invoices.example") as client:
        assert client.get("/healthz").json() == {"status": "alive"}
        assert client.get("/readyz").status_code in (200, 503)
        assert client.get("/metrics").status_code == 403


def test_documents_models_and_what_waits_are_measured(client: TestClient, behind: Backend) -> None:
    warm(client)
    send_one(client)
    behind.work.paused = True  # type: ignore[attr-defined]
    send_one(client, b"INV-2 1")
    found = samples(client)
    assert found["documents", "needs_review"] == 1
    assert found["documents", "queued"] == found["queue_depth", "documents"] == 1
    assert found["queue_depth", "errands"] == 0
    assert found["model", "transformers,,fake,starter,ready"] == 1


def test_stages_and_corrections_are_counted(client: TestClient) -> None:
    before = samples(client)
    document_id = send_one(client)
    body = {"version": 2, "invoice": {"purchase_order": "P", "vendor": {"name": "ACME"}}}
    assert decide(client, document_id, "review", **body).status_code == 200
    stale = client.post(f"{DOCUMENTS}/{document_id}/review", json=body)
    assert stale.status_code == 409
    after = samples(client)

    def more(name: str, label: str) -> float:
        return after[name, label] - before.get((name, label), 0.0)

    assert more("stage_seconds_count", "read") == more("stage_seconds_count", "decode") == 1
    assert more("corrections_total", "purchase_order") == more("corrections_total", "vendor.name") == 1


def test_the_metrics_say_nothing_that_documents_do(client: TestClient) -> None:
    send_one(client, b"Geheimrat 12.50", "Geheimrat.txt")
    assert "Geheimrat" not in client.get("/metrics").text
