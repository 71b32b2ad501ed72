"""Donut and CORD ground truths."""

import json
from decimal import Decimal
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("metadata.jsonl", 1)


def word(text: str, x: int, y: int) -> dict[str, Any]:
    corners = {"x1": x, "y1": y, "x2": x + 50, "y2": y, "x3": x + 50, "y3": y + 10, "x4": x, "y4": y + 10}
    return {"quad": corners, "text": text, "is_key": 0, "row_id": y}


PARSE = {
    "menu": [
        {"nm": "Nasi Goreng", "cnt": "2 x", "unitprice": "25.000", "price": "50.000"},
        {"nm": ["Es", "Teh"], "price": "Rp 5,000", "sub": {"nm": "less ice"}},
    ],
    "sub_total": {"subtotal_price": "55.000", "discount_price": "-5.000", "tax_price": ["1", "2"]},
    "total": {"total_price": ["50.000"], "cashprice": "100.000"},
}
VALID_LINES = [
    {"category": "total", "words": [word("Total", 0, 40), word("50.000", 60, 40)]},
    {"category": "menu", "words": [word("2", 0, 0), word("Nasi", 60, 0), word("Goreng", 120, 1)]},
]


def test_a_cord_receipt_is_read_in_reading_order() -> None:
    ground_truth = {"gt_parse": PARSE, "valid_line": VALID_LINES, "meta": {}}
    record = read_record({"ground_truth": json.dumps(ground_truth)}, ORIGIN)
    assert record.text == "2 Nasi Goreng\nTotal 50.000"
    assert record.truth.values == {
        "financial_summary.subtotal": Decimal(55000),
        "financial_summary.discount": Decimal(5000),
        "financial_summary.grand_total": Decimal(50000),
    }
    assert record.truth.lines == (
        {"desc": "Nasi Goreng", "qty": 2, "unit_price": 25000, "line_total": 50000},
        {"desc": "Es Teh", "line_total": 5000},
    )
    assert record.changes["ambiguous value left out"] == 1
    assert record.changes["amount as text"] == 7


def test_a_menu_of_one_item_and_a_text_beside_it_are_read() -> None:
    parse = {"menu": {"nm": "Kopi", "price": "9.000"}}
    record = read_record({"text": "Kopi 9.000", "ground_truth": {"gt_parse": parse}}, ORIGIN)
    assert record.text == "Kopi 9.000"
    assert record.truth.lines == ({"desc": "Kopi", "line_total": Decimal(9000)},)


def test_an_invoice_as_parse_is_read_like_any_other() -> None:
    parse = {"vendor_name": "ACME", "total": 5}
    record = read_record({"text": "ACME 5", "ground_truth": {"gt_parse": parse}}, ORIGIN)
    assert record.truth.values == {"vendor.name": "ACME", "financial_summary.grand_total": 5}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"file_name": "a.png", "ground_truth": {"gt_parse": PARSE}}, "no-text"),
        ({"text": "A", "ground_truth": {}}, "no-truth"),
        ({"text": "A", "ground_truth": "["}, "not-json"),
        ({"text": "A", "ground_truth": {"gt_parse": None}}, "no-truth"),
        ({"text": "A", "ground_truth": {"gt_parse": {"menu": [7]}}}, "bad-invoice"),
        ({"text": "A", "ground_truth": {"gt_parse": {"menu": [{"price": "free"}]}}}, "bad-invoice"),
    ],
)
def test_a_ground_truth_without_text_or_truth_is_refused(raw: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record(raw, ORIGIN)
    assert caught.value.reason == reason
