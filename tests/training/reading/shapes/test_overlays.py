"""Corrections laid over an output; their spellings are tested with the logs that hold them."""

from decimal import Decimal

import pytest

from finscribe.errors import RecordError
from finscribe.invoice import Truth
from finscribe.training.reading.shapes.overlays import corrected
from finscribe.training.reading.shapes.parts import Known


def test_a_cell_of_unknown_lines_is_left_out_and_counted() -> None:
    known = corrected(Known(Truth({})), {"total": 5, "line_items[0].qty": 1})
    assert known.truth == Truth({"financial_summary.grand_total": Decimal(5)})
    assert known.changes["not confirmed"] == 1


def test_a_correction_to_no_field_is_counted_and_changes_nothing() -> None:
    known = corrected(Known(Truth({"invoice_number": "7"})), {"phone": "555"})
    assert known.truth.values == {"invoice_number": "7"}
    assert known.changes["unknown key"] == 1


def test_a_row_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(RecordError, match="5,000 digits") as caught:
        corrected(Known(Truth({}, ())), {f"line_items[{'9' * 5000}].qty": 1})
    assert caught.value.reason == "bad-record"


def test_an_empty_list_says_that_there_are_no_lines() -> None:
    known = corrected(Known(Truth({}, ({"desc": "Widget"},))), {"line_items": [], "total": 5})
    assert known.truth.lines == ()
