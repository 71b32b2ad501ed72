"""Active-learning logs."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("active_learning.jsonl", 1)
TEXT = "ACME Ltd\nWidget 2 5.00\nTotal 10.00"
COMPLETION = {
    "vendor": {"name": "ACNE Ltd"},
    "line_items": [{"desc": "Widget", "qty": 3}],
    "financial_summary": {"grand_total": 10},
}


@pytest.mark.parametrize(
    "corrections",
    [
        {"vendor.name": "ACME Ltd", "line_items[0].qty": 2},
        {"vendor": {"name": "ACME Ltd"}, "line_items.0.qty": 2},
        {"vendor_name": "ACME Ltd", "line_items": [{"desc": "Widget", "qty": "2"}]},
        [{"path": "vendor.name", "after": "ACME Ltd"}, {"field": "items[0].quantity", "new_value": 2}],
        json.dumps({"vendor.name": "ACME Ltd", "line_items[0]": {"qty": 2}}),
    ],
)
def test_corrections_lie_over_the_completion(corrections: Any) -> None:
    raw = {
        "prompt": TEXT,
        "completion": json.dumps(COMPLETION),
        "corrections": corrections,
        "meta": {"ts": 0},
    }
    record = read_record(raw, ORIGIN)
    assert record.text == TEXT
    assert record.truth.values == {"vendor.name": "ACME Ltd", "financial_summary.grand_total": Decimal(10)}
    assert record.truth.lines == ({"desc": "Widget", "qty": Decimal(2)},)
    assert record.changes["correction applied"] == 2


def test_a_correction_beats_an_older_name_in_the_completion() -> None:
    raw = {"prompt": TEXT, "completion": {"total": 9}, "corrections": {"total": 10}, "meta": None}
    assert read_record(raw, ORIGIN).truth.values == {"financial_summary.grand_total": Decimal(10)}


def test_a_correction_to_null_is_known_not_to_be_printed() -> None:
    raw = {"prompt": TEXT, "completion": COMPLETION, "corrections": {"vendor.name": None}}
    assert read_record(raw, ORIGIN).truth.values["vendor.name"] is None


def test_a_row_may_be_added_behind_the_last_one() -> None:
    raw = {"prompt": TEXT, "completion": COMPLETION, "corrections": {"line_items[1]": {"desc": "Gadget"}}}
    lines = read_record(raw, ORIGIN).truth.lines
    assert lines is not None
    assert lines[1] == {"desc": "Gadget"}


@pytest.mark.parametrize("corrections", [None, {}, []])
def test_a_completion_without_corrections_is_a_pair(corrections: Any) -> None:
    record = read_record({"prompt": TEXT, "completion": COMPLETION, "corrections": corrections}, ORIGIN)
    assert record.truth.values["vendor.name"] == "ACNE Ltd"


@pytest.mark.parametrize(
    "corrections", [7, "[", [7], [{"path": "vendor.name"}], {"line_items[5].qty": 1}, {"a": 1, "a.b": 2}]
)
def test_corrections_without_a_place_are_refused(corrections: Any) -> None:
    with pytest.raises(RecordError) as caught:
        read_record({"prompt": TEXT, "completion": COMPLETION, "corrections": corrections}, ORIGIN)
    assert caught.value.reason in ("bad-record", "not-json")


def test_a_completion_that_says_it_is_unreviewed_is_refused() -> None:
    raw = {"prompt": TEXT, "completion": COMPLETION, "corrections": {}, "meta": {"reviewed": False}}
    with pytest.raises(RecordError) as caught:
        read_record(raw, ORIGIN)
    assert caught.value.reason == "unreviewed"


@pytest.mark.parametrize("wrap", [dict, json.dumps])
def test_a_payload_is_read_in_its_own_shape(wrap: Any) -> None:
    payload = wrap({"prompt": TEXT, "completion": '{"invoice_number": "7"}'})
    record = read_record({"ts": "2024-01-31T10:00:00Z", "payload": payload}, ORIGIN)
    assert record.shape == "prompt-completion"
    assert record.timestamp is not None
    assert record.timestamp.year == 2024


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(7, "not-an-object"), ("x", "not-json"), ({}, "unknown-shape"), (None, "not-an-object")],
)
def test_a_payload_that_is_no_record_is_refused(payload: Any, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record({"ts": 1, "payload": payload}, ORIGIN)
    assert caught.value.reason == reason


LOGGED = {"document_id": "d-1", "source_file": "a.pdf", "extracted_data": COMPLETION, "ocr_text": TEXT}


def test_a_correction_knows_only_what_it_names() -> None:
    record = read_record({**LOGGED, "correction": {"vendor": {"name": "ACME Ltd"}}}, ORIGIN)
    assert (record.invoice_id, record.text) == ("d-1", TEXT)
    assert record.truth.values == {"vendor.name": "ACME Ltd"}
    assert record.truth.lines is None


def test_a_document_reviewed_as_a_whole_confirms_what_was_extracted() -> None:
    record = read_record({**LOGGED, "correction": {"vendor.name": "ACME Ltd"}, "reviewed": True}, ORIGIN)
    assert record.truth.values == {"vendor.name": "ACME Ltd", "financial_summary.grand_total": Decimal(10)}
    assert record.truth.lines == ({"desc": "Widget", "qty": Decimal(3)},)


def test_the_text_may_stand_in_what_was_extracted() -> None:
    raw = {"document_id": 1, "extracted_data": {"raw_text": TEXT}, "correction": {"total": 10}}
    assert read_record(raw, ORIGIN).text == TEXT


def test_without_a_text_the_source_file_beside_the_log_is_read(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.txt").write_text(TEXT)
    raw = {"document_id": 1, "source_file": "scans/a.txt", "extracted_data": {}, "correction": {"total": 10}}
    record = read_record(raw, Origin(str(tmp_path / "log.jsonl"), 1))
    assert record.text == TEXT
    assert record.changes["text read from source file"] == 1


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/hosts", "gone.txt", "", "a\0b", 7, "empty.txt", "x" * 5000]
)
def test_a_log_cannot_have_files_read_that_lie_elsewhere(tmp_path: Path, name: Any) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "empty.txt").touch()
    raw = {"source_file": name, "extracted_data": {}, "correction": {"total": 10}}
    with pytest.raises(RecordError) as caught:
        read_record(raw, Origin(str(tmp_path / "logs" / "log.jsonl"), 1))
    assert caught.value.reason == "no-text"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({**LOGGED, "correction": {}}, "unreviewed"),
        ({**LOGGED, "correction": None}, "unreviewed"),
        ({**LOGGED, "correction": {"line_items[0].qty": 2}}, "no-truth"),
        ({**LOGGED, "ocr_text": None, "correction": {"total": 10}}, "no-text"),
        ({"document_id": 1, "model_output": COMPLETION, "validation": {"ok": True}}, "unreviewed"),
        (
            {"document_id": 1, "input": TEXT, "model_output": {}, "validation": None, "output": {}},
            "unreviewed",
        ),
    ],
)
def test_what_no_person_confirmed_is_refused(raw: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record(raw, ORIGIN)
    assert caught.value.reason == reason
