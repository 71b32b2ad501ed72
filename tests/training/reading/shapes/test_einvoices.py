"""PDFs with an electronic invoice inside."""

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from facturx import generate_from_binary
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from finscribe.errors import MissingDependency, RecordError
from finscribe.training.reading.shapes.einvoices import read_einvoice
from finscribe.training.records import Origin

PAGE = (
    "ACME SARL",
    "1 Rue du Lac",
    "75001 Paris",
    "TVA FR11123456782",
    "Facture F-1 du 31/01/2024",
    "Widget bleu     2   5,00   10,00",
    "Remise  -1,00",
    "TVA 20%  1,80",
    "Total EUR 10,80",
    "Acompte 0,80   Net à payer 10,00",
)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
<ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20240131</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem>
<ram:SpecifiedTradeProduct><ram:Name>Widget bleu</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>5.0000</ram:ChargeAmount>
</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">2.0000</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>10.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>ACME SARL</ram:Name>
<ram:PostalTradeAddress><ram:PostcodeCode>75001</ram:PostcodeCode><ram:LineOne>1 Rue du Lac</ram:LineOne>
<ram:CityName>Paris</ram:CityName><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR11123456782</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Not on the page</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:ApplicableTradeTax><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
<ram:ActualAmount>1.00</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>10.00</ram:LineTotalAmount>
<ram:TaxBasisTotalAmount>9.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">1.80</ram:TaxTotalAmount>
<ram:GrandTotalAmount>10.80</ram:GrandTotalAmount><ram:TotalPrepaidAmount>0.80</ram:TotalPrepaidAmount>
<ram:DuePayableAmount>10.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def draw(lines: Sequence[str]) -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(400, 400), invariant=True)
    for number, line in enumerate(lines):
        page.drawString(20, 370 - 20 * number, line)
    page.save()
    return buffer.getvalue()


def attach(pdf: bytes, xml: str) -> bytes:
    """The PDF with the XML as a plain attachment, whatever it holds."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.add_attachment("factur-x.xml", xml.encode())
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


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
        (attach(draw(["Another page"]), XML.replace("380", "1")), "no-truth"),
        (attach(draw(PAGE), XML.replace("?>", '?><!DOCTYPE x [<!ENTITY e "y">]>', 1)), "bad-truth"),
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


def test_without_factur_x_the_hint_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "facturx", None)
    with pytest.raises(MissingDependency) as caught:
        read_einvoice(written(tmp_path, draw(PAGE)), Origin("invoice.pdf", 1))
    assert caught.value.hint == "pip install 'finscribe[prepare]'"
