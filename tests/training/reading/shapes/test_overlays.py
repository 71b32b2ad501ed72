"""Corrections laid over an output; their spellings are tested with the logs that hold them."""

from decimal import Decimal

import pytest

from finscribe.corrections import compare
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


LINES = tuple({"desc": name} for name in "ABCD")


@pytest.mark.parametrize("kind", [{"kind": "line_removed"}, {}])
def test_lines_are_removed_by_their_rows_in_the_output(kind: dict[str, str]) -> None:
    removed = [{"path": f"line_items[{row}]", "before": {}, "after": None, **kind} for row in (0, 2)]
    corrections = [*removed, {"path": "line_items[1].desc", "after": "E"}]
    assert corrected(Known(Truth({}, LINES)), corrections).truth.lines == ({"desc": "B"}, {"desc": "E"})


def test_the_changes_of_a_review_lead_from_what_was_extracted_to_what_was_corrected() -> None:
    before, after = Truth({}, LINES), Truth({}, ({"desc": "A"}, {"desc": "C"}))
    changes = [change.to_record() for change in compare(before, after)]
    assert corrected(Known(before), changes).truth == after


def test_a_removed_line_that_is_not_there_is_refused() -> None:
    with pytest.raises(
        RecordError, match=r"line_items\[4\] corrects a line that is not there \(there are 4\)"
    ):
        corrected(Known(Truth({}, LINES)), {"line_items[4]": None})


def test_an_empty_list_says_that_there_are_no_lines() -> None:
    known = corrected(Known(Truth({}, ({"desc": "Widget"},))), {"line_items": [], "total": 5})
    assert known.truth.lines == ()
