"""The description of the API is complete."""

import pytest
from fastapi.testclient import TestClient

METHODS = {"get", "post", "delete"}


def test_every_operation_is_described_with_its_problems(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    operations = {
        f"{method} {path}": found
        for path, methods in paths.items()
        for method, found in methods.items()
        if method in METHODS
    }
    assert len(operations) >= 14
    for name, operation in operations.items():
        assert operation["description"].endswith("."), name
        assert "403" in operation["responses"], name
        for status, response in operation["responses"].items():
            if int(status) >= 400 and "application/problem+json" in response.get("content", {}):
                assert response["content"]["application/problem+json"]["example"]["status"] == int(status)


@pytest.mark.parametrize(
    "schema",
    [
        "DocumentAnswer",
        "PageAnswer",
        "Summary",
        "Worth",
        "RefusedAnswer",
        "ReviewRequest",
        "RejectRequest",
        "ExportedAnswer",
    ],
)
def test_the_fields_of_requests_and_answers_have_examples(client: TestClient, schema: str) -> None:
    found = client.get("/openapi.json").json()["components"]["schemas"][schema]
    without = [
        name
        for name, field in found["properties"].items()
        if not ({"examples", "$ref", "default", "format"} & field.keys() or "anyOf" in field)
    ]
    assert without == []


def test_that_a_key_may_be_shown_is_described(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["components"]["securitySchemes"] == {"key": {"type": "http", "scheme": "bearer"}}
    assert {"key": []} in schema["security"]


def test_a_stale_decision_is_described_with_both_sides(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    responses = schema["paths"]["/api/v1/documents/{document_id}/review"]["post"]["responses"]
    described = responses["409"]["content"]["application/problem+json"]["schema"]["properties"]
    assert described.keys() >= {"current", "invoice", "yours", "detail", "hint"}
    reference = described["current"]["$ref"].rpartition("/")[2]
    assert reference in schema["components"]["schemas"]


@pytest.mark.parametrize("status", ["201", "200", "413", "415", "422"])
def test_files_that_are_refused_are_described_wherever_they_are_said(client: TestClient, status: str) -> None:
    schema = client.get("/openapi.json").json()
    schemas = schema["components"]["schemas"]
    (media,) = schema["paths"]["/api/v1/documents"]["post"]["responses"][status]["content"].values()
    described = media["schema"]
    if "$ref" in described:
        described = schemas[described["$ref"].rpartition("/")[2]]
    item = described["properties"]["refused"]["items"]["$ref"].rpartition("/")[2]
    assert schemas[item]["properties"].keys() == {"file", "name", "code", "detail", "hint"}


@pytest.mark.parametrize("path", ["/api/v1/documents", "/api/v1/queue"])
def test_that_something_was_there_already_is_described(client: TestClient, path: str) -> None:
    responses = client.get("/openapi.json").json()["paths"][path]["post"]["responses"]
    assert "already" in responses["200"]["description"]
    assert {"201", "400", "422"} <= responses.keys()
