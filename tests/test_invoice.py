"""The schema, and how invoices and truths are written."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.errors import InvoiceShapeError
from finscribe.invoice import (
    ALL_FIELDS,
    CELLS,
    FIELDS,
    HEADER_FIELDS,
    LINES,
    Invoice,
    Kind,
    Truth,
    Value,
    cell_path,
    in_order,
    kind_of,
    row_and_cell,
    skeleton,
    write_json,
    write_value,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NUMBERS = st.decimals(-(10**9), 10**9, places=2)
REQUESTS = st.lists(st.sampled_from(ALL_FIELDS), min_size=1, unique=True)


def value_of(path: str) -> st.SearchStrategy[Value]:
    return st.none() | (NUMBERS if FIELDS[path].numeric else TEXTS)


VALUES = st.fixed_dictionaries({path: value_of(path) for path in HEADER_FIELDS})
ROWS = st.lists(st.fixed_dictionaries({cell: value_of(f"{LINES}.{cell}") for cell in CELLS}), max_size=4)


def read_back(text: str) -> Invoice:
    return Invoice.from_json(text)


@given(VALUES, ROWS)
def test_what_is_written_is_read_back(values: dict[str, Value], rows: list[dict[str, Value]]) -> None:
    text, _ = write_json(values, rows, ALL_FIELDS)
    invoice = read_back(text)
    assert invoice.values() == values
    assert invoice.lines() == rows
    assert invoice.to_json() == text
    assert list(invoice.to_dict()) == list(Invoice.model_fields)


@given(VALUES, ROWS, REQUESTS)
def test_an_answer_is_its_skeleton_with_the_values_between(
    values: dict[str, Value], rows: list[dict[str, Value]], request: list[str]
) -> None:
    text, slots = write_json(values, rows, request)
    parts = skeleton(in_order(request))
    rest = text
    for fixed, path in zip(parts[::2], [*parts[1::2], None], strict=True):
        assert rest.startswith(fixed)
        rest = rest[len(fixed) :]
        if path == LINES:
            rest = rest[len(json_prefix(rest)) :]
        elif path:
            rest = rest[len(write_value(values[path])) :]
    assert rest == ""
    for slot in slots:
        row, _, cell = slot.path.removeprefix(f"{LINES}[").partition("].")
        value = rows[int(row)][cell] if slot.path.startswith(LINES) else values[slot.path]
        assert text[slot.start : slot.end] == write_value(value)


def json_prefix(text: str) -> str:
    return text[: json.JSONDecoder().raw_decode(text)[1]]


@given(VALUES, ROWS, REQUESTS)
def test_a_partial_answer_holds_what_was_asked_for(
    values: dict[str, Value], rows: list[dict[str, Value]], request: list[str]
) -> None:
    text, slots = write_json(values, rows, request)
    read_back(text)
    asked = {slot.path.split("[")[0] for slot in slots}
    assert asked <= {path.split(".")[0] if path.startswith(LINES) else path for path in request}
    assert {path for path in request if path in HEADER_FIELDS} <= asked


def test_digits_are_kept_as_they_were_given() -> None:
    text = '{"financial_summary":{"subtotal":14.90,"grand_total":1E+2}}'
    invoice = Invoice.from_json(text)
    assert '"subtotal":14.90' in invoice.to_json()
    assert '"grand_total":100}' in invoice.to_json(["financial_summary.grand_total"])


def test_the_order_is_fixed_and_every_key_present() -> None:
    assert Invoice().to_json() == (
        '{"document_type":null,"vendor":{"name":null,"address":null,"tax_id":null},'
        '"client":{"name":null,"address":null},"invoice_number":null,"invoice_date":null,"due_date":null,'
        '"purchase_order":null,"currency":null,"line_items":[],"financial_summary":{"subtotal":null,'
        '"discount":null,"shipping":null,"other_charges":null,"tax_rate":null,"tax_amount":null,'
        '"rounding":null,"grand_total":null,"amount_due":null},"payment":{"iban":null,"terms":null}}'
    )


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"vendr": {}}, "vendr"),
        ({"vendor": {"phone": "1"}}, "vendor.phone"),
        ({"line_items": [{"sku": 1}]}, "line_items.0.sku"),
        ({"financial_summary": {"subtotal": "ten"}}, "financial_summary.subtotal"),
        ({"financial_summary": {"subtotal": float("nan")}}, "financial_summary.subtotal"),
    ],
)
def test_what_is_no_invoice_is_refused_by_its_path(record: dict[str, Any], field: str) -> None:
    with pytest.raises(InvoiceShapeError) as caught:
        Invoice.from_record(record)
    assert caught.value.field == field
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "[]", "{", '{"currency": NaN}', "null", "[" * 100_000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(InvoiceShapeError):
        Invoice.from_json(text)


def test_unknown_fields_cannot_be_asked_for() -> None:
    with pytest.raises(InvoiceShapeError, match=r"vendor\.phone"):
        Invoice().to_json(["vendor.phone"])


def test_the_kind_of_one_cell_is_the_kind_of_its_column() -> None:
    assert kind_of("line_items[3].qty") is kind_of("line_items.qty") is Kind.NUMBER
    assert kind_of("vendor.tax_id") is Kind.SPAN


def test_a_truth_knows_what_its_record_says_and_no_more() -> None:
    truth = Truth.read(
        {"due_date": None, "line_items": [{"desc": "A", "qty": 1}, {"desc": "B"}], "total": "9.50"}
    )
    assert truth.values == {"due_date": None, "financial_summary.grand_total": Decimal("9.50")}
    assert truth.request == ("due_date", "line_items.desc", "financial_summary.grand_total")
    assert truth.to_json() == (
        '{"due_date":null,"line_items":[{"desc":"A"},{"desc":"B"}],"financial_summary":{"grand_total":9.50}}'
    )


def test_a_truth_without_lines_says_nothing_of_them() -> None:
    assert Truth.read({}).lines is None
    assert Truth.read({"line_items": []}).lines == ()


def test_the_path_of_a_cell_says_its_row_and_its_cell() -> None:
    assert cell_path(12, "qty") == "line_items[12].qty"
    assert row_and_cell("line_items[12].qty") == (12, "qty")


@pytest.mark.parametrize(
    "path", ["", "vendor.name", "line_items", "line_items.qty", "line_items[1]", "line_items[x].qty"]
)
def test_other_paths_are_none_of_a_cell(path: str) -> None:
    assert row_and_cell(path) is None
