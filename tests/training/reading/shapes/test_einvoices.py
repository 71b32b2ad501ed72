"""PDFs with an electronic invoice inside."""

from decimal import Decimal
from pathlib import Path

import pytest
from facturx import generate_from_binary

from finscribe.errors import RecordError
from finscribe.training.reading.shapes.einvoices import read_einvoice
from finscribe.training.records import Origin
from tests.einvoices.files import PAGE, XML, attach, draw, einvoice


def written(folder: Path, pdf: bytes) -> Path:
    path = folder / "invoice.pdf"
    path.write_bytes(pdf)
    return path


def test_the_xml_is_the_truth_of_what_the_page_prints(tmp_path: Path) -> None:
    metadata = {"author": "ACME", "keywords": "", "title": "F-1", "subject": ""}
    pdf = generate_from_binary(
        draw(PAGE),
        XML.encode(),
        level="en16931",
        check_xsd=False,
        check_schematron=False,
        pdf_metadata=metadata,
    )
    record = read_einvoice(written(tmp_path, pdf), Origin("invoice.pdf", 1))
    assert record.shape == "e-invoice"
    assert record.text.startswith("ACME SARL\n1 Rue du Lac\n")
    assert record.truth.values == {
        "document_type": "invoice",
        "vendor.name": "ACME SARL",
        "vendor.address": "1 Rue du Lac 75001 Paris",
        "vendor.tax_id": "FR11123456782",
        "invoice_number": "F-1",
        "invoice_date": "2024-01-31",
        "currency": "EUR",
        "financial_summary.subtotal": Decimal(10),
        "financial_summary.discount": Decimal(1),
        "financial_summary.tax_rate": Decimal("0.2"),
        "financial_summary.tax_amount": Decimal("1.8"),
        "financial_summary.grand_total": Decimal("10.8"),
        "financial_summary.amount_due": Decimal(10),
    }
    assert record.truth.lines == ({"desc": "Widget bleu", "qty": 2, "unit_price": 5, "line_total": 10},)
    assert record.changes == {"not printed": 1}


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (draw(PAGE), "no-truth"),
        (attach(draw(["Another page"]), {"factur-x.xml": XML.replace("380", "1")}), "no-truth"),
        (einvoice(XML.replace("?>", '?><!DOCTYPE x [<!ENTITY e "y">]>', 1)), "bad-truth"),
        (b"not a PDF", "bad-document"),
        (b"%PDF-1.4 broken", "bad-document"),
        (b"", "bad-document"),
    ],
)
def test_a_pdf_without_a_truth_for_its_page_is_refused(tmp_path: Path, pdf: bytes, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_einvoice(written(tmp_path, pdf), Origin("invoice.pdf", 1))
    assert caught.value.reason == reason


def test_a_pdf_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        read_einvoice(tmp_path / "gone.pdf", Origin("gone.pdf", 1))
    assert caught.value.reason == "unreadable"


def test_pages_without_an_electronic_invoice_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("finscribe.training.reading.shapes.einvoices.read_document")
    with pytest.raises(RecordError, match="no electronic invoice"):
        read_einvoice(written(tmp_path, draw(PAGE)), Origin("invoice.pdf", 1))
