"""Ways to send files, and a client whose background work is done before it answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.backend import Backend
from app.core.models.unsloth_service import UnslothService
from tests.app.conftest import client_of

DOCUMENTS = "/api/v1/documents"


@pytest.fixture
def behind(client: TestClient) -> Backend:
    backend: Backend = client.app.state.backend  # type: ignore[attr-defined]
    return backend


@pytest.fixture
def quiet_client(service: UnslothService) -> Iterator[TestClient]:
    """A client that gets the answers to requests that crash."""
    with client_of(service, raise_server_exceptions=False) as client:
        yield client


def send(client: TestClient, *files: tuple[str, bytes], key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    parts = [("files", (name, content)) for name, content in files]
    return client.post(DOCUMENTS, files=parts, headers=headers)


def send_one(client: TestClient, content: bytes = b"INV-1 Total 12.50", name: str = "a.txt") -> str:
    response = send(client, (name, content))
    assert response.status_code == 201, response.text
    document_id: str = response.json()["documents"][0]["document"]["id"]
    return document_id


def get(client: TestClient, document_id: str, what: str = "") -> Any:
    response = client.get(f"{DOCUMENTS}/{document_id}{what}")
    assert response.status_code == 200, response.text
    return response.json()


def decide(client: TestClient, document_id: str, decision: str, **body: Any) -> Any:
    return client.post(f"{DOCUMENTS}/{document_id}/{decision}", json=body)


def problem(response: Any, status: int, code: str) -> Any:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert (found["status"], found["code"]) == (status, code)
    assert found["hint"]
    return found
