"""Records of older shapes, read into today's."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.errors import InvoiceShapeError
from finscribe.invoice import Invoice, Truth
from finscribe.older_shapes import modernise
from finscribe.training.queue.known import nested

OLD_RECORD = {
    "merchant_info": {"name": " TechCorp\n Inc. ", "phone": "555"},
    "transaction_info": {"date": "31/12/2023", "due_date": None, "purchaseOrder": 4711},
    "client": {"name": "Buyer Ltd", "invoice_number": "INV-1"},
    "items": [
        {"description": "Widget", "quantity": "2", "price": "$1,234.50", "amount": {"amount": 2469}},
        {"item": "Gadget", "total": 3, "sku": "x"},
    ],
    "totals": {"tax": {"rate": "19%", "amount": 5.5}, "total": {"amount": "2.474,50", "currency": "usd"}},
    "payment": None,
}


def test_an_old_record_is_read_whole() -> None:
    truth = modernise(OLD_RECORD)
    assert nested(truth) == {
        "vendor": {"name": "TechCorp Inc."},
        "client": {"name": "Buyer Ltd"},
        "invoice_number": "INV-1",
        "invoice_date": "2023-12-31",
        "due_date": None,
        "purchase_order": "4711",
        "currency": "USD",
        "line_items": [
            {
                "desc": "Widget",
                "qty": Decimal(2),
                "unit_price": Decimal("1234.50"),
                "line_total": Decimal(2469),
            },
            {"desc": "Gadget", "line_total": Decimal(3)},
        ],
        "financial_summary": {
            "tax_rate": Decimal("0.19"),
            "tax_amount": Decimal("5.5"),
            "grand_total": Decimal("2474.50"),
        },
        "payment": {"iban": None, "terms": None},
    }
    assert truth.ignored == ("items[1].sku", "merchant_info.phone")


def test_a_truth_is_read_through_here() -> None:
    truth = Truth.read(json.dumps(OLD_RECORD))
    assert truth.values["financial_summary.grand_total"] == Decimal("2474.50")
    assert truth.ignored == ("items[1].sku", "merchant_info.phone")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, {}),
        ({"vendor": "ACME"}, {"vendor": {"name": "ACME"}}),
        ({"vendor": {"name": ""}}, {"vendor": {"name": None}}),
        (
            {"vendor": {"address": ["1 High St", "London"]}},
            {"vendor": {"address": "1 High St, London"}},
        ),
        ({"client": None}, {"client": {"name": None, "address": None}}),
        ({"line_items": None}, {"line_items": []}),
        (
            {"dates": {"issue_date": date(2024, 2, 1), "due": "5. März 2024"}},
            {"invoice_date": "2024-02-01", "due_date": "2024-03-05"},
        ),
        ({"dates": None}, {"invoice_date": None, "due_date": None}),
        (
            {"company": "A", "address": "B", "total": "9.00"},
            {"vendor": {"name": "A", "address": "B"}, "financial_summary": {"grand_total": Decimal("9.00")}},
        ),
        ({"invoiceNumber": 7}, {"invoice_number": "7"}),
        ({"document_type": "Tax Invoice"}, {"document_type": "invoice"}),
        ({"currency": "€"}, {"currency": "EUR"}),
        ({"invoice_number": None, "client": {"invoice_number": "X"}}, {"invoice_number": "X"}),
    ],
)
def test_shapes_that_are_known(record: dict[str, Any], expected: dict[str, Any]) -> None:
    truth = modernise(record)
    assert (nested(truth), truth.ignored) == (expected, ())


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, "5"),
        (30.9, "30.9"),
        (Decimal("14.90"), "14.90"),
        ("14.90", "14.90"),
        ("1.234", "1.234"),
        ("1,234", "1234"),
        ("1.234,50 €", "1234.50"),
        ("USD 5", "5"),
        ("(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ({"value": "7", "currency_code": None}, "7"),
    ],
)
def test_amounts_that_are_read(value: Any, number: str) -> None:
    assert str(modernise({"subtotal": value}).values["financial_summary.subtotal"]) == number


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        ("19%", "0.19"),
        (19, "0.19"),
        (0.1, "0.1"),
        ("7.7 %", "0.077"),
        ("8.875%", "0.08875"),
        ("8,875 %", "0.08875"),
        ("8,875", "0.08875"),
        ("7.700", "0.07700"),
        (0, "0"),
    ],
)
def test_rates_become_fractions(value: Any, rate: str) -> None:
    assert str(modernise({"tax_rate": value}).values["financial_summary.tax_rate"]) == rate


def test_a_discount_is_what_is_subtracted() -> None:
    assert modernise({"discount": "-5"}).values["financial_summary.discount"] == 5


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"total": True}, "total"),
        ({"total": "ten"}, "total"),
        ({"total": "2 x 5"}, "total"),
        ({"total": "10%"}, "total"),
        ({"total": float("nan")}, "total"),
        ({"total": "inf"}, "total"),
        ({"total": Decimal("1e999999")}, "total"),
        ({"total": 10**400}, "total"),
        ({"total": {"net": 5}}, "total"),
        ({"financial_summary": []}, "financial_summary"),
        ({"financial_summary": {"subtotal": [1]}}, "financial_summary.subtotal"),
        ({"vendor": {"name": 1.5}}, "vendor.name"),
        ({"invoice_number": ["A"]}, "invoice_number"),
        ({"dates": {"date": "03/04/2024"}}, "dates.date"),
        ({"due_date": "soon"}, "due_date"),
        ({"due_date": 20240101}, "due_date"),
        ({"document_type": "novel"}, "document_type"),
        ({"line_items": "none"}, "line_items"),
        ({"line_items": [None]}, "line_items[0]"),
        ({"line_items": [{}, {"qty": {}}]}, "line_items[1].qty"),
        ({"vendor": {1: 2}}, "vendor.1"),
        ({"vendor": {"name": "\ud800"}}, "vendor.name"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_its_path(record: dict[Any, Any], field: str) -> None:
    with pytest.raises(InvoiceShapeError) as caught:
        modernise(record)
    assert caught.value.field == field
    assert caught.value.hint


def test_a_sign_of_several_currencies_stays_unknown_and_is_reported() -> None:
    assert modernise({"currency": "$"}) == Truth({}, None, ("currency",))


def test_the_better_name_wins_and_the_other_is_reported() -> None:
    truth = modernise({"line_items": [{"name": "A", "description": "B", "desc": "C"}]})
    assert truth == Truth({}, ({"desc": "C"},), ("line_items[0].description", "line_items[0].name"))


def test_a_record_inside_too_many_others_is_refused() -> None:
    record: dict[str, Any] = {}
    for _ in range(500):
        record = {"data": record}
    with pytest.raises(InvoiceShapeError):
        modernise(record)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["vendor", "items", "line_items", "total", "dates", "currency", "data", "tax", "date"]
)


@given(st.dictionaries(NAMES | st.text(max_size=5), ANYTHING, max_size=4))
def test_any_record_is_read_or_refused_with_the_field(record: dict[str, Any]) -> None:
    problem = None
    try:
        truth = Truth.read(record)
    except InvoiceShapeError as error:
        problem = error
    else:
        Invoice.from_record(nested(truth))
        truth.to_json().encode()
    assert problem is None or problem.field
