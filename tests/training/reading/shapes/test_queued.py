"""Records of the queue."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.invoice import Truth
from finscribe.json_lines import read_line
from finscribe.training.queue.record import make_correction
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("training_queue.jsonl", 1)
QUEUED: dict[str, Any] = {
    "timestamp": "2024-01-31T10:00:00Z",
    "invoice_id": "inv-1",
    "input": {"text": "ACME Ltd\nWidget 2 5.00\nTotal 10.00"},
    "output": {
        "vendor": {"name": "ACME Ltd", "address": None},
        "line_items": [{"desc": "Widget", "qty": 2}, {"desc": "Gadget", "qty": 1}],
        "financial_summary": {"grand_total": 10},
    },
}


def test_a_correction_is_known_as_a_whole() -> None:
    record = read_record(QUEUED, ORIGIN)
    assert (record.shape, record.invoice_id) == ("queue", "inv-1")
    assert record.timestamp == datetime(2024, 1, 31, 10, tzinfo=UTC)
    assert record.truth.values == {
        "vendor.name": "ACME Ltd",
        "vendor.address": None,
        "financial_summary.grand_total": Decimal(10),
    }
    assert record.truth.lines is not None
    assert len(record.truth.lines) == 2


@pytest.mark.parametrize(
    ("confirmed", "values", "lines", "dropped"),
    [
        (["vendor.name"], {"vendor.name"}, None, 6),
        (["vendor"], {"vendor.name", "vendor.address"}, None, 5),
        (["line_items"], set(), [{"desc", "qty"}, {"desc", "qty"}], 3),
        (["line_items[0].qty"], set(), [{"qty"}, set()], 6),
        (["line_items.qty"], set(), [{"qty"}, {"qty"}], 5),
    ],
)
def test_what_nobody_confirmed_is_unknown(
    confirmed: list[str], values: set[str], lines: list[set[str]] | None, dropped: int
) -> None:
    record = read_record({**QUEUED, "confirmed": confirmed}, ORIGIN)
    assert record.truth.values.keys() == values
    assert (record.truth.lines and [set(line) for line in record.truth.lines]) == lines
    assert record.changes == {"not confirmed": dropped}


def test_what_was_changed_is_confirmed_by_it() -> None:
    changes = [{"path": "financial_summary.grand_total", "before": "1", "after": "10", "kind": "changed"}]
    record = read_record({**QUEUED, "confirmed": [], "changes": changes}, ORIGIN)
    assert record.truth.values == {"financial_summary.grand_total": Decimal(10)}


@pytest.mark.parametrize(
    ("confirmed", "reason"),
    [([], "unreviewed"), ("vendor", "bad-record"), (["vendor.colour"], "bad-record"), ([7], "bad-record")],
)
def test_confirmations_that_confirm_nothing_are_refused(confirmed: Any, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record({**QUEUED, "confirmed": confirmed}, ORIGIN)
    assert caught.value.reason == reason


def test_a_confirmed_cell_that_its_row_has_not_keeps_no_correction_from_being_read() -> None:
    invoice = {"vendor": {"name": "ACME Ltd"}, "line_items": [{"desc": "Widget"}]}
    stored = make_correction(QUEUED["input"], invoice, confirmed=["vendor.name", "line_items[0].qty"])
    record = read_record(read_line(stored.to_line()), ORIGIN)
    assert record.truth == stored.truth == Truth({"vendor.name": "ACME Ltd"})


def test_nothing_is_taken_out_of_the_text_of_a_correction() -> None:
    text = "Extract the data as JSON:\nACME Ltd\nJSON:"
    stored = make_correction(text, QUEUED["output"])
    lines = (stored.to_line(), stored.to_export_line(), stored.to_review_line())
    assert [read_record(read_line(line), ORIGIN).text for line in lines] == [text] * 3


def test_a_tombstone_is_refused_as_retracted() -> None:
    with pytest.raises(RecordError, match="abcd") as caught:
        read_record({"tombstone": "abcd", "timestamp": "2024-01-31T10:00:00Z"}, ORIGIN)
    assert caught.value.reason == "retracted"


def test_all_three_records_of_an_example_say_the_same() -> None:
    example = make_correction(
        QUEUED["input"], QUEUED["output"], "inv-1", reviewer="ann", extracted={"vendor": {"name": "ACNE"}}
    )
    lines = (example.to_line(), example.to_unsloth_line(), example.to_review_line())
    records = [read_record(read_line(line), ORIGIN) for line in lines]
    assert [record.shape for record in records] == ["queue", "input-output", "extraction-log"]
    assert {record.text for record in records} == {example.text}
    assert all(record.truth == example.truth for record in records)
    assert [record.invoice_id for record in records] == ["inv-1", None, "inv-1"]
    assert records[0].timestamp == records[2].timestamp == example.timestamp
    assert all(not record.changes for record in records)
