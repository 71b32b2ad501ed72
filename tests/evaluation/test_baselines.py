"""The baselines without a model: the majority, and rules."""

from decimal import Decimal

from finscribe.documents import Document
from finscribe.evaluation.majority import Majority
from finscribe.evaluation.rules import Rules
from finscribe.invoice import Truth

INVOICE = """ACME Trading Ltd
12 Long Road, 81100 Leeds
Invoice No: INV-77
Date: 03/04/2024
Due date: 03/05/2024
2 x Rye bread  2.00  4.00
Oats  3.00
Subtotal  7.00
VAT 20%  1.40
Total  £8.40
IBAN GB82 WEST 1234 5698 7654 32"""


def test_the_majority_says_what_most_records_say():
    truths = [
        Truth({"currency": "EUR", "due_date": None}),
        Truth({"currency": "EUR"}),
        Truth({"currency": "USD"}),
    ]
    (found,) = Majority.of(truths).read([Document.from_text("Total 5 USD")])
    assert found.invoice.currency == "EUR"
    assert found.evidence["currency"].confidence == 2 / 3
    assert found.invoice.due_date is None
    assert found.invoice.line_items == ()


def test_rules_read_a_plain_invoice():
    (found,) = Rules().read([Document.from_text(INVOICE)])
    invoice = found.invoice
    assert invoice.vendor.name == "ACME Trading Ltd"
    assert invoice.vendor.address == "12 Long Road, 81100 Leeds"
    assert invoice.invoice_number == "INV-77"
    assert (invoice.invoice_date, invoice.due_date) == ("2024-04-03", "2024-05-03")
    assert (invoice.currency, invoice.document_type) == ("GBP", "invoice")
    assert invoice.payment.iban == "GB82 WEST 1234 5698 7654 32"
    summary = invoice.financial_summary
    assert (summary.subtotal, summary.tax_amount, summary.grand_total) == (
        Decimal("7.00"), Decimal("1.40"), Decimal("8.40"),
    )  # fmt: skip
    assert summary.tax_rate == Decimal("0.2")
    assert [line.line_total for line in invoice.line_items] == [Decimal("4.00"), Decimal("3.00")]
    assert invoice.line_items[1].desc == "Oats"


def test_rules_find_nothing_in_a_text_without_anything():
    (found,) = Rules().read([Document.from_text("123")])
    assert found.invoice.vendor.name is None
    assert found.invoice.line_items == ()
