"""Every request has an id, is counted, and is logged."""

import logging
import re

import pytest
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY

from tests.app.api.conftest import DOCUMENTS, send_one


def requests(route: str, status: int, method: str = "GET") -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return REGISTRY.get_sample_value("finscribe_requests_total", labels) or 0.0


@pytest.mark.parametrize("name", ["r-1", "3f8a:7.x_Y", "a" * 128])
def test_the_id_of_a_request_is_taken_over(client: TestClient, name: str) -> None:
    assert client.get(DOCUMENTS, headers={"X-Request-ID": name}).headers["x-request-id"] == name


@pytest.mark.parametrize("name", ["", "a b", "a" * 129, "<script>", "x;y"])
def test_a_request_without_a_fit_id_gets_one(client: TestClient, name: str) -> None:
    made = [client.get(DOCUMENTS, headers={"X-Request-ID": name}).headers["x-request-id"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)
    assert made[0] != made[1]


def test_requests_are_counted_by_route_and_not_by_what_is_in_it(client: TestClient) -> None:
    route = "/api/v1/documents/{document_id}"
    before, unknown = requests(route, 404), requests("none", 404)
    for document in ("a", "b"):
        client.get(f"{DOCUMENTS}/{document}")
        client.get(f"/nothing/{document}")
    assert requests(route, 404) == before + 2
    assert requests("none", 404) == unknown + 2


def test_a_method_that_nobody_knows_is_counted_as_another(client: TestClient) -> None:
    status = client.request("BREW", "/nothing").status_code
    before = requests("none", status, "other")
    client.request("SPILL", "/nothing")
    assert requests("none", status, "other") == before + 1


def test_who_is_turned_away_is_counted_too(client: TestClient) -> None:
    before = requests("none", 401)
    assert client.get(DOCUMENTS, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert requests("none", 401) == before + 1


def test_a_line_says_what_became_of_a_request_and_of_which_document(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    document_id = send_one(client)
    caplog.clear()
    with caplog.at_level(logging.INFO):
        client.get(f"{DOCUMENTS}/{document_id}")
        client.get("/healthz")
    (line,) = (record for record in caplog.records if record.name == "app.api.observed")
    found = line.__dict__["fields"]
    assert found.pop("seconds") >= 0
    assert found == {
        "method": "GET",
        "route": "/api/v1/documents/{document_id}",
        "status": 200,
        "document_id": document_id,
    }
