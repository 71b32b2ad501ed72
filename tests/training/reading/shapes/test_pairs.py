"""Pairs of a text and its truth."""

from datetime import UTC, datetime
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("a.jsonl", 3)
TEXT = "ACME Ltd\nTotal 5.00"
OUTPUT = '{"vendor": {"name": "ACME Ltd"}}'


@pytest.mark.parametrize(
    ("raw", "shape"),
    [
        ({"input": f"OCR_TEXT:\n{TEXT}", "output": OUTPUT}, "input-output"),
        ({"id": 7, "family": "acme", "lang": "en", "input": TEXT, "output": OUTPUT}, "input-output"),
        ({"input": {"text": TEXT}, "output": {"vendor": {"name": "ACME Ltd"}}}, "input-output"),
        ({"prompt": f"Extract as JSON:\n{TEXT}", "completion": OUTPUT}, "prompt-completion"),
        ({"instruction": "Extract as JSON.", "input": TEXT, "output": OUTPUT}, "alpaca"),
        ({"instruction": f"Extract as JSON.\n{TEXT}", "input": "", "output": OUTPUT}, "alpaca"),
        ({"raw_ocr": {"text": TEXT}, "corrected_invoice": {"vendor": "ACME Ltd"}}, "raw-ocr"),
    ],
)
def test_a_pair_is_read_in_any_spelling(raw: dict[str, Any], shape: str) -> None:
    record = read_record(raw, ORIGIN)
    assert (record.text, record.shape, record.origin) == (TEXT, shape, ORIGIN)
    assert record.truth.values == {"vendor.name": "ACME Ltd"}
    assert record.truth.lines is None


def test_a_record_says_which_invoice_it_corrects_and_when() -> None:
    about = {"document_id": 4711, "reviewer": "ann", "ts": "2024-01-31T10:00:00Z"}
    record = read_record({"raw_ocr": TEXT, "corrected_invoice": OUTPUT, **about}, ORIGIN)
    assert record.invoice_id == "4711"
    assert record.timestamp == datetime(2024, 1, 31, 10, tzinfo=UTC)


def test_the_number_of_a_row_is_no_invoice_id() -> None:
    assert read_record({"id": "1", "input": TEXT, "output": OUTPUT}, ORIGIN).invoice_id is None


def test_a_partial_truth_stays_partial_and_a_null_is_known() -> None:
    output = {"due_date": None, "line_items": [{"desc": "Widget"}, {"desc": "Gadget", "qty": 1}]}
    record = read_record({"input": TEXT, "output": output}, ORIGIN)
    assert record.truth.values == {"due_date": None}
    assert record.truth.lines == ({"desc": "Widget"}, {"desc": "Gadget", "qty": 1})


@pytest.mark.parametrize("raw", [{}, {"input": TEXT}, {"output": OUTPUT}, {"colour": "red"}])
def test_an_unknown_shape_is_refused_with_its_keys(raw: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="keys") as caught:
        read_record(raw, ORIGIN)
    assert caught.value.reason == "unknown-shape"
    assert caught.value.hint
