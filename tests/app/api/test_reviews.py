import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.backend import Backend
from app.store import reviews
from app.store.invoices import MOST_LINES
from finscribe.corrections import FieldChange, compare
from finscribe.invoice import Invoice
from tests.app.api.conftest import DOCUMENTS, decide, get, problem, send_one

QUEUE = "/api/v1/queue"


def examples(behind: Backend) -> list[Any]:
    path = behind.data_dir / "unsloth_training_queue.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_review_is_saved_and_in_the_queue_files(client: TestClient, behind: Backend) -> None:
    document_id = send_one(client)
    response = decide(
        client,
        document_id,
        "review",
        version=2,
        invoice={"invoice_number": "INV-9", "due_date": None},
        confirmed=["financial_summary.grand_total"],
        reviewer="ann",
        seconds=4.5,
    )
    assert response.status_code == 200
    assert (response.json()["state"], response.json()["version"]) == ("needs_review", 3)
    review = get(client, document_id, "/extraction")["review"]
    assert (review["invoice"]["invoice_number"], review["reviewer"]) == ("INV-9", "ann")
    (example,) = examples(behind)
    known = {"invoice_number": "INV-9", "financial_summary": {"grand_total": 12.5}}
    assert json.loads(example["output"]) == known


def test_amounts_keep_the_digits_that_were_sent(client: TestClient) -> None:
    document_id = send_one(client)
    body = '{"version": 2, "invoice": {"financial_summary": {"subtotal": 7.00, "tax_amount": 0.10}}}'
    headers = {"content-type": "application/json"}
    client.post(f"{DOCUMENTS}/{document_id}/review", content=body, headers=headers)
    text = client.get(f"{DOCUMENTS}/{document_id}/extraction").text
    assert '"subtotal":7.00' in text
    assert '"tax_amount":0.10' in text


def test_a_correction_of_too_many_lines_is_refused(client: TestClient) -> None:
    document_id = send_one(client)
    items = {"line_items": [{"desc": "a"}] * (MOST_LINES + 1)}
    found = problem(decide(client, document_id, "review", version=2, invoice=items), 422, "invoice-shape")
    assert found["detail"] == "line_items: 5,001 lines, and 5,000 are the most"


def test_others_write_while_a_correction_is_compared(
    client: TestClient, behind: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = send_one(client)

    def compare_slowly(*invoices: Invoice) -> tuple[FieldChange, ...]:
        with behind.database.writing() as session:
            session.execute(text("UPDATE documents SET name = 'b.txt'"))
        return compare(*invoices)

    monkeypatch.setattr(reviews, "compare", compare_slowly)
    assert decide(client, document_id, "approve", version=2, invoice={"currency": "EUR"}).status_code == 200
    assert get(client, document_id)["name"] == "b.txt"


def test_a_stale_version_is_a_409_with_both_sides(client: TestClient) -> None:
    document_id = send_one(client)
    decide(client, document_id, "review", version=2, invoice={"invoice_number": "A"}, reviewer="ann")
    response = decide(client, document_id, "review", version=2, invoice={"invoice_number": "B"})
    found = problem(response, 409, "stale-version")
    assert (found["current"]["version"], found["invoice"]["invoice_number"]) == (3, "A")
    assert found["yours"] == {"version": 2, "invoice": {"invoice_number": "B"}}
    assert get(client, document_id, "/extraction")["review"]["reviewer"] == "ann"
    for decision in ("approve", "reject", "read-again"):
        problem(decide(client, document_id, decision, version=2), 409, "stale-version")


def test_approving_with_a_correction_is_one_request(client: TestClient, behind: Backend) -> None:
    document_id = send_one(client)
    response = decide(client, document_id, "approve", version=2, invoice={"invoice_number": "A"})
    assert response.json()["state"] == "approved"
    assert len(examples(behind)) == 1


def test_rejecting_takes_examples_back_and_says_why(client: TestClient, behind: Backend) -> None:
    document_id = send_one(client)
    decide(client, document_id, "review", version=2, invoice={"invoice_number": "A"})
    rejected = decide(client, document_id, "reject", version=3, reason="A letter.").json()
    assert (rejected["state"], rejected["problem"]["detail"]) == ("rejected", "A letter.")
    assert examples(behind) == []


def test_reading_again_gives_a_new_extraction(client: TestClient) -> None:
    document_id = send_one(client)
    decide(client, document_id, "review", version=2, invoice={"invoice_number": "A"})
    response = decide(client, document_id, "read-again", version=3)
    assert response.json()["state"] == "extracting"
    assert get(client, document_id)["version"] == 5
    assert get(client, document_id, "/extraction")["review"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "version"),
        ({"version": 2}, "invoice"),
        ({"version": "x", "invoice": {}}, "version"),
        ({"version": 2, "invoice": []}, "invoice"),
        ({"version": 2, "invoice": {}, "confirmed": "all"}, "confirmed"),
        ({"version": 2, "invoice": {}, "extra": 1}, "extra"),
        ({"version": 2, "invoice": {}, "seconds": -1}, "seconds"),
    ],
)
def test_a_decision_that_does_not_fit_names_the_field(
    client: TestClient, body: dict[str, Any], field: str
) -> None:
    found = problem(decide(client, send_one(client), "review", **body), 422, "invalid-request")
    assert field in [error["field"] for error in found["errors"]]


@pytest.mark.parametrize(
    ("invoice", "says"),
    [
        ({"vendor": {"nane": "X"}}, "vendor.nane"),
        ({"invoice_date": "yesterday"}, "invoice_date"),
        ({"financial_summary": {"grand_total": "many"}}, "grand_total"),
        ({"vendor": {"name": "\ud800"}}, "vendor.name"),
    ],
)
def test_an_invoice_that_is_none_names_the_field(
    client: TestClient, invoice: dict[str, Any], says: str
) -> None:
    body = json.dumps({"version": 2, "invoice": invoice})
    address = f"{DOCUMENTS}/{send_one(client)}/review"
    response = client.post(address, content=body, headers={"content-type": "application/json"})
    assert says in problem(response, 422, "invoice-shape")["detail"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"version": NaN}', b'{"version": 1e999999}', b"\xff"])
def test_a_body_that_is_no_json_object_is_explained(client: TestClient, body: bytes) -> None:
    address = f"{DOCUMENTS}/{send_one(client)}/review"
    response = client.post(address, content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["hint"]


def test_what_another_site_sends_is_turned_away(client: TestClient) -> None:
    document_id = send_one(client)
    address = f"{DOCUMENTS}/{document_id}/approve"
    for origin in ("https://attacker.example", "null", "http://127.0.0.1:9999"):
        problem(client.post(address, json={"version": 2}, headers={"origin": origin}), 403, "foreign-origin")
        problem(
            client.delete(f"{DOCUMENTS}/{document_id}", headers={"origin": origin}), 403, "foreign-origin"
        )
    own = client.post(address, json={"version": 2}, headers={"origin": "http://127.0.0.1:8000"})
    assert own.status_code == 200


def test_the_queue_shows_what_has_come_together(client: TestClient) -> None:
    assert client.get(QUEUE).json() == {"stats": client.get(QUEUE).json()["stats"], "examples": []}
    document_id = send_one(client)
    decide(client, document_id, "approve", version=2, invoice={"invoice_number": "A"}, reviewer="ann")
    answer = client.get(QUEUE).json()
    assert (answer["stats"]["total"], answer["stats"]["current"]) == (1, 1)
    (example,) = answer["examples"]
    assert (example["invoice_id"], example["changed"]) == (document_id, ["invoice_number"])
    assert (example["reviewer"], example["output"]) == ("ann", {"invoice_number": "A"})
    assert client.get(QUEUE, params={"limit": 0}).json()["examples"] == []


def test_an_example_from_elsewhere_is_stored_once(client: TestClient, behind: Backend) -> None:
    body = {
        "raw_ocr": "TechCorp Inc.\nTotal 10.00",
        "corrected_invoice": {"vendor": {"name": "TechCorp Inc."}, "mood": "good"},
    }
    first, again = client.post(QUEUE, json=body), client.post(QUEUE, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {"id": again.json()["id"], "new": True, "ignored": ["mood"]}
    assert len(examples(behind)) == 1
    problem(client.post(QUEUE, json=body | {"raw_ocr": " "}), 422, "empty-document")
    problem(client.post(QUEUE, json={"raw_ocr": "A"}), 422, "invalid-request")
