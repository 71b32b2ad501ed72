"""The parts that all shapes share: text as it is served, the truth, who said so when."""

import json
from decimal import Decimal
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes.parts import read_text, read_truth


@pytest.mark.parametrize(
    "raw",
    [
        "OCR_TEXT:\nACME\nTotal 5",
        {"text": "ACME\nTotal 5"},
        {"ocr_text": "ACME\nTotal 5", "confidence": 0.9},
        {"pages": [{"text": "ACME\nTotal 5"}]},
        {
            "words": [
                {"text": "ACME", "bbox": [0, 0, 40, 10]},
                {"text": "Total", "bbox": [0, 20, 40, 30]},
                {"text": "5", "bbox": [45, 20, 50, 30]},
            ]
        },
    ],
)
def test_ocr_output_of_any_shape_is_read(raw: Any) -> None:
    part = read_text(raw)
    assert part.text == "ACME\nTotal 5"
    assert part.changes == {}


def test_what_was_cleaned_in_a_text_is_counted() -> None:
    part = read_text("Extract as JSON:\nACME\tLtd\x00\nTotal 5")
    assert part.text == "ACME  Ltd\nTotal 5"
    assert part.changes == {"instruction removed": 1, "text cleaned": 1}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "no-text"),
        (" \n\x00", "no-text"),
        ("OCR_TEXT:\n", "no-text"),
        (None, "no-text"),
        ({}, "no-text"),
        ({"text": ""}, "no-text"),
        ({"pages": [{"text": " "}]}, "no-text"),
        (7, "bad-text"),
        ({"colour": "red"}, "bad-text"),
        ({"words": [{"text": "A", "bbox": ["x", 0, 1, 1]}]}, "bad-text"),
    ],
)
def test_a_record_without_a_readable_text_is_refused(raw: Any, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_text(raw)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (None, "no-truth"),
        ("", "no-truth"),
        ("{}", "no-truth"),
        ('{"colour": "red"}', "no-truth"),
        ("[1]", "not-an-object"),
        ("7", "not-an-object"),
        (7, "not-an-object"),
        ([], "not-an-object"),
        ("Here it is: {}", "not-json"),
        ('{"total": 1, "total": 2}', "duplicate-key"),
        ('{"total": NaN}', "not-a-number"),
        ('{"total": -Infinity}', "not-a-number"),
        ('{"total": "ten"}', "bad-invoice"),
        ('{"date": "03/04/2024"}', "bad-invoice"),
        ('{"total": 1e400}', "bad-invoice"),
        ("[" * 100_000, "too-deep"),
    ],
)
def test_an_output_that_is_no_truth_is_refused(output: Any, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_truth(output)
    assert caught.value.reason == reason


def test_a_field_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RecordError, match=r"line_items\[1\]\.qty"):
        read_truth({"line_items": [{"qty": 1}, {"qty": "many"}]})


def test_amounts_keep_their_digits() -> None:
    truth = read_truth('{"financial_summary": {"grand_total": 12.50}}').truth
    assert str(truth.values["financial_summary.grand_total"]) == "12.50"


@pytest.mark.parametrize(
    "written",
    ["1,234.50", "1.234,50", "1 234,50", "1\u202f234,50", "1'234.50", "EUR 1.234,50", "1,234.50 USD"],
)
def test_amounts_as_text_of_five_locales_are_read_and_counted(written: str) -> None:
    part = read_truth({"financial_summary": {"grand_total": written}})
    assert part.truth.values["financial_summary.grand_total"] == Decimal("1234.50")
    assert part.changes == {"amount as text": 1}


def test_indian_grouping_is_read() -> None:
    part = read_truth({"financial_summary": {"grand_total": "12,34,567.00"}})
    assert part.truth.values["financial_summary.grand_total"] == Decimal("1234567.00")


def test_an_output_in_a_code_fence_is_unwrapped_and_counted() -> None:
    part = read_truth('```json\n{"invoice_number": "7"}\n```<|im_end|>')
    assert part.truth.values == {"invoice_number": "7"}
    assert part.changes == {"code fence removed": 1}


def test_what_was_normalised_in_a_truth_is_counted_by_kind() -> None:
    older = {
        "vendor_name": "ACME",
        "date": "31 December 2023",
        "currency": "€",
        "phone": "555",
        "items": [{"description": "Widget", "quantity": 2, "price": "5,00"}],
        "discount": -3,
        "tax_rate": 19,
    }
    part = read_truth(older)
    assert part.changes == {
        "older key": 7,
        "unknown key": 1,
        "date rewritten": 1,
        "code rewritten": 1,
        "amount as text": 1,
    }


def test_today_s_shape_counts_nothing() -> None:
    today = {
        "vendor": {"name": "ACME"},
        "invoice_date": "2024-01-31",
        "currency": "EUR",
        "line_items": [{"desc": "Widget", "qty": 2}],
        "financial_summary": {"tax_rate": 0.19, "discount": 5},
    }
    assert read_truth(json.dumps(today)).changes == {}
