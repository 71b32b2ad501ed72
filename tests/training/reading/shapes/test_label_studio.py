"""Label Studio's JSON export."""

from decimal import Decimal
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("export.json", 1)


def region(
    name: str, text: str, label: str | None, x: float, y: float, page: int = 0
) -> list[dict[str, Any]]:
    """The results that Label Studio writes for a rectangle with a label and a transcription, in percent."""
    box = {"x": x, "y": y, "width": 4 * len(text), "height": 4, "rotation": 0}
    common = {"id": name, "original_width": 1000, "original_height": 2000, "item_index": page}
    results = [
        {**common, "type": "rectangle", "from_name": "bbox", "value": box},
        {**common, "type": "textarea", "from_name": "transcription", "value": {**box, "text": [text]}},
    ]
    labels = {**common, "type": "rectanglelabels", "value": {**box, "rectanglelabels": [label]}}
    return [*results, labels] if label else results


def task(*regions: list[dict[str, Any]], **annotation: Any) -> dict[str, Any]:
    result = [part for each in regions for part in each]
    return {"id": 3, "data": {"image": "a.png"}, "annotations": [{"result": result, **annotation}]}


INVOICE = (
    region("e", "10.00", "total", 40, 60),
    region("d", "Total", None, 0, 60),
    region("a", "ACME Ltd", "vendor.name", 0, 0),
    region("a2", "1 High St", "vendor.address", 0, 10),
    region("a3", "London", "vendor.address", 0, 20),
    region("b", "Widget", "line_items.desc", 0, 40),
    region("b2", "2", "item_quantity", 40, 40.5),
    region("c", "Gadget", "line_items.desc", 0, 50),
    region("c2", "7", "line_items.qty", 40, 50),
)


def test_regions_become_text_in_reading_order_and_fields_by_label() -> None:
    record = read_record(task(*INVOICE, created_at="2024-01-31T10:00:00Z"), ORIGIN)
    assert record.text.split() == "ACME Ltd 1 High St London Widget 2 Gadget 7 Total 10.00".split()
    assert record.truth.values == {
        "vendor.name": "ACME Ltd",
        "vendor.address": "1 High St, London",
        "financial_summary.grand_total": Decimal("10.00"),
    }
    assert record.truth.lines == ({"desc": "Widget", "qty": 2}, {"desc": "Gadget", "qty": 7})
    assert record.timestamp is not None


def test_rows_may_be_numbered_in_the_label() -> None:
    regions = (
        region("a", "Gadget", "line_items[1].desc", 0, 0),
        region("b", "Widget", "line_items[0].desc", 0, 20),
    )
    assert read_record(task(*regions), ORIGIN).truth.lines == ({"desc": "Widget"}, {"desc": "Gadget"})


def test_the_whole_text_of_a_task_is_preferred_to_its_regions() -> None:
    raw = task(region("a", "ACME", "vendor.name", 0, 0))
    raw["data"]["ocr_text"] = "ACME\nTotal 5"
    assert read_record(raw, ORIGIN).text == "ACME\nTotal 5"


def test_spans_of_a_text_task_are_read() -> None:
    span = {
        "id": "s",
        "type": "labels",
        "value": {"start": 0, "end": 4, "text": "ACME", "labels": ["company"]},
    }
    raw = {"data": {"text": "ACME\nTotal 5"}, "annotations": [{"result": [span]}]}
    assert read_record(raw, ORIGIN).truth.values == {"vendor.name": "ACME"}


def test_the_latest_completed_annotation_counts() -> None:
    raw = task(region("a", "OLD", "vendor.name", 0, 0), updated_at="2024-01-01")
    later = task(region("a", "NEW", "vendor.name", 0, 0), updated_at="2024-02-01")["annotations"]
    cancelled = task(region("a", "X", "vendor.name", 0, 0), updated_at="2024-03-01", was_cancelled=True)
    raw["annotations"] = [*later, *raw["annotations"], *cancelled["annotations"]]
    assert read_record(raw, ORIGIN).truth.values == {"vendor.name": "NEW"}


def test_two_values_for_one_field_leave_it_unknown() -> None:
    regions = (
        region("a", "ACME", "vendor.name", 0, 0),
        region("b", "A-1", "invoice_number", 0, 10),
        region("c", "A-2", "invoice_number", 0, 20),
    )
    record = read_record(task(*regions), ORIGIN)
    assert record.truth.values == {"vendor.name": "ACME"}
    assert record.changes["ambiguous value left out"] == 1


def test_pages_follow_each_other() -> None:
    regions = (region("a", "second", None, 0, 0, 1), region("b", "ACME", "vendor.name", 0, 50, 0))
    assert read_record(task(*regions), ORIGIN).text == "ACME\nsecond"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (task(*INVOICE, was_cancelled=True), "unreviewed"),
        ({"data": {}, "annotations": []}, "unreviewed"),
        ({"data": {}, "annotations": None}, "unreviewed"),
        (
            task([{"id": "a", "type": "rectangle", "value": {"x": 0, "y": 0, "width": 1, "height": 1}}]),
            "no-text",
        ),
        (task(region("a", "ACME", None, 0, 0)), "no-truth"),
        (task(region("a", "soon", "due_date", 0, 0)), "bad-invoice"),
        (task(region("a", "2", f"line_items[{'9' * 5000}].qty", 0, 0)), "bad-record"),
    ],
)
def test_a_task_without_text_or_truth_is_refused(raw: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record(raw, ORIGIN)
    assert caught.value.reason == reason
