"""The description of the API: examples in it, and a page that works offline."""

import re
from typing import Any

from fastapi.testclient import TestClient

from finscribe.invoice import FIELDS, Invoice


def operation(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()["paths"]["/api/v1/unsloth/infer"]["post"]
    return found


def test_the_docs_page_and_all_that_it_loads_come_from_this_server(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert not re.search(r"""["'(]\s*(?:https?:)?//""", page.text)
    loaded = re.findall(r"""(?:src|href)="([^"]+)""", page.text)
    assert len(loaded) == 3
    for address in loaded:
        assert client.get(address).status_code == 200
    assert '"validatorUrl": null' in page.text


def test_the_front_page_leads_to_the_docs(client: TestClient) -> None:
    assert client.get("/").url.path == "/docs"


def test_the_request_has_examples(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["InferRequest"]
    assert schema["required"] == ["ocr_text"]
    assert schema["properties"]["ocr_text"]["examples"][0].startswith("TechCorp Inc.")
    assert schema["properties"]["doc_id"]["examples"] == ["doc-123"]


def test_the_example_of_an_answer_is_one_that_the_endpoint_could_give(client: TestClient) -> None:
    example = operation(client)["responses"]["200"]["content"]["application/json"]["example"]
    body = {"ocr_text": "TechCorp Inc.\nTotal: 10.00 EUR", "doc_id": "doc-123"}
    assert example.keys() == client.post("/api/v1/unsloth/infer", json=body).json().keys()
    assert Invoice.from_record(example["parsed"]).to_dict() == example["parsed"]
    for path in ("vendor.name", "invoice_number"):
        found = example["evidence"][path]
        (place,) = found["places"][0]
        assert example["text"][place["start"] : place["end"]] == found["value"]


def test_every_problem_is_described_with_an_example(client: TestClient) -> None:
    responses = operation(client)["responses"]
    assert set(responses) == {"200", "400", "401", "403", "408", "413", "422", "429", "500", "503"}
    for status, response in responses.items():
        if status != "200":
            described = response["content"]["application/problem+json"]
            assert described["example"]["status"] == int(status)
            assert set(described["schema"]["required"]) <= described["example"].keys()


def test_the_invoice_is_described_field_by_field(client: TestClient) -> None:
    answer = client.get("/openapi.json").json()["components"]["schemas"]["InferAnswer"]
    parsed = answer["properties"]["parsed"]
    assert parsed["required"] == list(Invoice.model_fields)
    assert parsed["properties"]["financial_summary"]["properties"]["tax_rate"] == {"type": ["number", "null"]}
    lines = parsed["properties"]["line_items"]["items"]["properties"]
    assert [f"line_items.{cell}" for cell in lines] == [
        path for path in FIELDS if path.startswith("line_items.")
    ]
