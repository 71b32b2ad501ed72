"""What was read beside what the electronic invoice inside the PDF says."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from finscribe import agreement
from finscribe.agreement import DIFFERS, UNREADABLE, ElectronicInvoice, compare_with
from finscribe.einvoices.claims import Claims
from finscribe.einvoices.reading import EInvoice, XmlFile, read_einvoice
from finscribe.invoice import ALL_FIELDS, Value, build_invoice
from finscribe.validate import Finding
from tests.einvoices.files import XML

READ: dict[str, Value] = {
    "document_type": "invoice",
    "vendor.name": "Acme S.A.R.L.",
    "vendor.address": "1 rue du Lac 75001 PARIS",
    "vendor.tax_id": "FR 11 123 456 782",
    "client.name": "Not on the page",
    "invoice_number": "F-1",
    "invoice_date": "2024-01-31",
    "currency": "EUR",
    "line_items[0].desc": "Widget bleu",
    "line_items[0].qty": Decimal(2),
    "line_items[0].unit_price": Decimal("5.00"),
    "line_items[0].line_total": Decimal("10.00"),
    "financial_summary.subtotal": Decimal("9.00"),  # the tax basis, which is one way to print it
    "financial_summary.discount": Decimal("1.0"),
    "financial_summary.tax_rate": Decimal("0.2"),
    "financial_summary.tax_amount": Decimal("1.8"),
    "financial_summary.grand_total": Decimal("10.8"),
    "financial_summary.amount_due": Decimal(10),
}


def compared(
    read: Mapping[str, Value], xml: str = XML, request: Sequence[str] = ALL_FIELDS
) -> tuple[ElectronicInvoice, tuple[Finding, ...]]:
    einvoice = read_einvoice(XmlFile("factur-x.xml", xml.encode()))
    electronic, findings = compare_with(einvoice, build_invoice(read), request)
    assert electronic
    return electronic, findings


def claiming(header: Mapping[str, Any], *lines: Mapping[str, Any]) -> EInvoice:
    """An electronic invoice that says each value in one way."""
    one_way = [{path: (value,) for path, value in block.items()} for block in (header, *lines)]
    return EInvoice("xrechnung.xml", Claims(one_way[0], tuple(one_way[1:])))


def test_where_all_values_agree_there_is_no_finding_and_they_are_named() -> None:
    electronic, findings = compared(READ)
    assert findings == ()
    assert set(electronic.agrees) == READ.keys()
    assert electronic.says["invoice_number"] == "F-1"
    assert electronic.says["vendor.address"] == "1 Rue du Lac, 75001 Paris, FR"
    assert electronic.says["line_items[0].qty"] == 2
    assert (electronic.file, electronic.problem) == ("factur-x.xml", None)


@pytest.mark.parametrize(
    ("path", "value", "severity", "message"),
    [
        (
            "invoice_number",
            "F-2",
            "error",
            'invoice number: "F-2" was read, the electronic invoice says "F-1"',
        ),
        (
            "financial_summary.grand_total",
            Decimal("18.80"),
            "error",
            "grand total: 18.80 was read, the electronic invoice says 10.80",
        ),
        (
            "vendor.name",
            "ACME",
            "warning",
            'vendor name: "ACME" was read, the electronic invoice says "ACME SARL"',
        ),
        ("currency", None, "warning", 'currency: nothing was read, the electronic invoice says "EUR"'),
        (
            "line_items[0].qty",
            Decimal(3),
            "error",
            "line 1, qty: 3 was read, the electronic invoice says 2.0000",
        ),
    ],
)
def test_a_value_that_differs_or_was_not_read_is_a_finding_of_its_own(
    path: str, value: Value, severity: str, message: str
) -> None:
    electronic, findings = compared({**READ, path: value})
    (finding,) = findings
    assert (finding.code, finding.severity, finding.fields) == (DIFFERS, severity, (path,))
    assert finding.message == message
    assert (finding.found, finding.expected) == (value, electronic.says[path])
    assert set(electronic.agrees) == READ.keys() - {path}


def test_only_what_was_asked_for_is_compared() -> None:
    electronic, findings = compared({"invoice_number": "F-1"}, request=("invoice_number", "due_date"))
    assert findings == ()
    assert (electronic.agrees, electronic.says) == (("invoice_number",), {"invoice_number": "F-1"})


def test_what_the_electronic_invoice_does_not_say_is_no_difference() -> None:
    assert compared({**READ, "payment.terms": "30 jours", "due_date": "2024-02-28"})[1] == ()


def test_several_rates_are_not_the_one_that_was_read() -> None:
    several = claiming({"financial_summary.tax_rate": None})
    _, (finding,) = compare_with(
        several, build_invoice({"financial_summary.tax_rate": Decimal("0.19")}), ALL_FIELDS
    )
    assert finding.message == "tax rate: 0.19 was read, the electronic invoice has several"
    assert compare_with(several, build_invoice({}), ALL_FIELDS)[1] == ()


def test_on_a_credit_note_the_sign_does_not_count() -> None:
    said = {"document_type": "credit_note", "financial_summary.grand_total": Decimal(20)}
    line = {"desc": "Tea", "qty": Decimal(2), "line_total": Decimal(20)}
    read: dict[str, Value] = {
        "document_type": "credit_note",
        "financial_summary.grand_total": Decimal(-20),
        "line_items[0].desc": "Tea",
        "line_items[0].qty": Decimal(-2),
        "line_items[0].line_total": Decimal("-20.00"),
    }
    assert compare_with(claiming(said, line), build_invoice(read), ALL_FIELDS)[1] == ()
    total = ("financial_summary.grand_total",)  # that it is a credit note is known, too, where nobody asked
    assert compare_with(claiming(said, line), build_invoice(read), total)[1] == ()
    said["document_type"] = "invoice"
    assert len(compare_with(claiming(said, line), build_invoice(read), ALL_FIELDS)[1]) == 4


LINES = [{"desc": f"Tea {number}", "line_total": Decimal(number)} for number in range(1, 7)]


def read_lines(*lines: Mapping[str, Value]) -> dict[str, Value]:
    return {
        f"line_items[{row}].{cell}": value for row, line in enumerate(lines) for cell, value in line.items()
    }


def test_lines_are_compared_with_those_that_they_stand_for() -> None:
    read = read_lines(LINES[2], LINES[0])
    electronic, findings = compare_with(claiming({}, *LINES[:3]), build_invoice(read), ALL_FIELDS)
    assert electronic
    assert set(electronic.agrees) == read.keys()
    (finding,) = findings
    assert finding.fields == ("line_items",)
    assert finding.message == 'lines of the electronic invoice that were not read: "Tea 2", 2'


def test_a_line_that_the_electronic_invoice_has_not_is_named() -> None:
    read = read_lines(LINES[0], {"desc": "Page 1 of 2", "line_total": Decimal(12)})
    _, (finding,) = compare_with(claiming({}, LINES[0]), build_invoice(read), ALL_FIELDS)
    assert finding.fields[0] == "line_items[1].desc"
    assert finding.message == 'line 2: "Page 1 of 2", 12 was read, the electronic invoice has no such line'


def test_of_many_lines_that_were_not_read_a_few_are_shown() -> None:
    _, (finding,) = compare_with(claiming({}, *LINES), build_invoice({}), ALL_FIELDS)
    assert finding.message.endswith('"Tea 3", 3; and 3 more')


def test_an_electronic_invoice_without_lines_says_nothing_of_them() -> None:
    assert compare_with(claiming({}), build_invoice(read_lines(*LINES)), ALL_FIELDS)[1] == ()


def test_with_very_many_lines_they_are_compared_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "MOST_PAIRS", 3)
    _, findings = compare_with(claiming({}, *LINES[:2]), build_invoice(read_lines(*LINES[1::-1])), ALL_FIELDS)
    assert [finding.fields[0] for finding in findings] == list(read_lines(*LINES[:2]))


def test_one_that_cannot_be_read_is_a_finding_that_says_why() -> None:
    electronic, (finding,) = compared(READ, "<torn")
    assert (finding.code, finding.severity, finding.fields) == (UNREADABLE, "warning", ())
    assert finding.message.startswith("factur-x.xml, the electronic invoice in this PDF, cannot be read: ")
    assert electronic.problem
    assert (electronic.says, electronic.agrees) == ({}, ())


def test_a_document_without_one_has_nothing_to_compare() -> None:
    assert compare_with(None, build_invoice(READ), ALL_FIELDS) == (None, ())
