"""PDFs with an electronic invoice inside: what was read is compared with it, as on the command line."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.answers import ExtractionAnswer
from app.core.models import unsloth_service
from finscribe.documents import Document
from finscribe.extract import Extraction, extract_many
from finscribe.invoice import write_json
from finscribe.testing import FakeModel
from tests.app.api.conftest import decide, get, problem, send, send_one
from tests.einvoices.files import XML, draw, einvoice

TOTAL = "financial_summary.grand_total"
ASKED = ("invoice_number", TOTAL)
DIFFERING = XML.replace("10.80", "18.80")


@pytest.fixture(autouse=True)
def read_for_good(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fields are read as they are with any model; this one writes what the page prints."""
    answer, _ = write_json({"invoice_number": "F-1", TOTAL: Decimal("10.80")}, [], ASKED)

    def read(documents: Sequence[Document], _model: Any, **options: Any) -> list[Extraction]:
        return extract_many(documents, FakeModel(answer), request=ASKED, **options)

    monkeypatch.setattr(unsloth_service, "extract_many", read)


def sent(client: TestClient, pdf: bytes) -> str:
    return send_one(client, pdf, "invoice.pdf")


def electronic(extraction: Any) -> list[Any]:
    return [each for each in extraction["findings"] if each["code"].startswith("electronic-invoice")]


def test_what_the_xml_says_otherwise_than_the_page_is_a_finding(client: TestClient) -> None:
    document_id = sent(client, einvoice(DIFFERING))
    extraction = get(client, document_id, "/extraction")
    assert ExtractionAnswer.model_validate(extraction)  # as it is described
    (finding,) = electronic(extraction)
    assert finding == {
        "code": "electronic-invoice",
        "severity": "error",
        "fields": [TOTAL],
        "message": "grand total: 10.80 was read, the electronic invoice says 18.80",
        "expected": 18.80,
        "found": 10.80,
    }
    assert extraction["electronic_invoice"] == {
        "file": "factur-x.xml",
        "says": {"invoice_number": "F-1", TOTAL: 18.80},
        "agrees": ["invoice_number"],
        "problem": None,
    }
    assert get(client, document_id)["worth"]["findings"] == 1


def test_where_the_xml_says_the_same_there_is_none(client: TestClient) -> None:
    document_id = sent(client, einvoice())
    extraction = get(client, document_id, "/extraction")
    assert electronic(extraction) == []
    assert extraction["electronic_invoice"]["agrees"] == list(ASKED)
    assert get(client, document_id)["worth"]["findings"] == 0


def test_of_a_pdf_without_xml_nothing_is_said(client: TestClient) -> None:
    extraction = get(client, sent(client, draw()), "/extraction")
    assert (electronic(extraction), extraction["electronic_invoice"]) == ([], None)


@pytest.mark.parametrize("xml", ["<torn", XML.replace("?>", '?><!DOCTYPE x [<!ENTITY e "y">]>', 1)])
def test_an_xml_that_cannot_be_read_is_a_warning_and_the_page_is_read(client: TestClient, xml: str) -> None:
    document_id = sent(client, einvoice(xml))
    assert get(client, document_id)["state"] == "needs_review"
    extraction = get(client, document_id, "/extraction")
    assert extraction["invoice"]["invoice_number"] == "F-1"
    (finding,) = electronic(extraction)
    assert (finding["code"], finding["severity"]) == ("electronic-invoice-unreadable", "warning")
    assert extraction["electronic_invoice"]["problem"] in finding["message"]


def test_an_xml_alone_is_refused_and_says_what_it_is(client: TestClient) -> None:
    found = problem(send(client, ("invoice.xml", XML.encode())), 415, "unsupported-format")
    assert "the XML of an electronic invoice" in found["detail"]


def test_a_correction_is_compared_as_well(client: TestClient) -> None:
    document_id = sent(client, einvoice(DIFFERING))
    other = decide(client, document_id, "review", version=2, invoice={"invoice_number": "F-2"}).json()
    assert other["worth"]["findings"] == 2
    corrected = {"invoice_number": "F-1", "financial_summary": {"grand_total": 18.80}}
    agreeing = decide(client, document_id, "review", version=3, invoice=corrected).json()
    assert agreeing["worth"]["findings"] == 0


def test_what_is_read_again_is_compared_again(client: TestClient) -> None:
    document_id = sent(client, einvoice(DIFFERING))
    assert decide(client, document_id, "read-again", version=2).status_code == 200
    assert get(client, document_id)["version"] > 3
    assert len(electronic(get(client, document_id, "/extraction"))) == 1
