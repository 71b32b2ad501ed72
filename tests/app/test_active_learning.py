import json

import pytest

from app.training.active_learning import (
    export_training_example,
    get_training_queue_stats,
    load_training_queue,
)
from finscribe.errors import EmptyDocument, InvoiceShapeError

OCR = "Vendor: TechCorp Inc.\nTotal 20.00"


@pytest.fixture
def data(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def export(invoice_id="inv-123", name="TechCorp Inc.", **options):
    return export_training_example(
        raw_ocr=OCR, corrected_invoice={"vendor": {"name": name}}, invoice_id=invoice_id, **options
    )


def test_an_exported_example_is_in_all_three_files(data):
    exported = export(source_file="scan.pdf", reviewer="ann", extracted={"vendor": {"name": "TechCrop"}})
    general = json.loads((data / "training_queue.jsonl").read_text())
    unsloth = json.loads((data / "unsloth_training_queue.jsonl").read_text())
    review = json.loads((data / "active_learning.jsonl").read_text())
    assert exported.new
    assert general["input"] == OCR
    assert general["output"] == {"vendor": {"name": "TechCorp Inc."}}
    assert general["timestamp"].endswith("+00:00")
    assert unsloth == {"input": f"OCR_TEXT:\n{OCR}", "output": '{"vendor":{"name":"TechCorp Inc."}}'}
    assert (review["document_id"], review["source_file"]) == ("inv-123", "scan.pdf")
    assert review["extracted_data"] == {"vendor": {"name": "TechCrop"}}
    assert review["correction"] == general["output"]


def test_the_same_correction_twice_is_one_example(data):
    assert [export().new, export().new] == [True, False]
    assert len(load_training_queue()) == 1


def test_the_folder_is_a_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("FINSCRIBE_DATA_DIR", str(tmp_path / "elsewhere"))
    export()
    assert (tmp_path / "elsewhere" / "training_queue.jsonl").exists()


def test_the_newest_records_are_loaded_last(data):
    for number in range(4):
        export(f"inv-{number}")
    assert [record["invoice_id"] for record in load_training_queue(limit=2)] == ["inv-2", "inv-3"]
    assert load_training_queue(limit=0) == []
    with pytest.raises(ValueError, match="limit must be 0 or more"):
        load_training_queue(limit=-1)


def test_nothing_exported_is_no_record_and_makes_no_folder(data):
    assert load_training_queue() == []
    assert get_training_queue_stats()["total"] == 0
    assert not data.exists()


def test_stats_count_fields_and_vendors(data):
    export("a", extracted={"vendor": {"name": "TechCrop"}})
    export("b")
    export("b", name="Other Ltd")
    stats = get_training_queue_stats()
    assert (stats["total"], stats["live"], stats["current"], stats["superseded"]) == (3, 3, 2, 1)
    assert stats["by_field"] == {"vendor.name": 1}
    assert stats["by_vendor"] == {"TechCorp Inc.": 2, "Other Ltd": 1}
    assert json.loads(json.dumps(stats)) == stats


def test_keys_that_belong_to_no_field_are_named(data):
    exported = export_training_example(OCR, {"vendor": {"name": "A"}, "mood": "good"})
    assert exported.ignored == ("mood",)


def test_what_cannot_be_learned_from_is_refused_before_anything_is_written(data):
    with pytest.raises(EmptyDocument):
        export_training_example(raw_ocr=" \n", corrected_invoice={"vendor": {"name": "A"}})
    with pytest.raises(InvoiceShapeError) as caught:
        export_training_example(OCR, {"line_items": [{"desc": "x", "qty": "many"}]})
    assert caught.value.field == "line_items[0].qty"
    assert not data.exists()
