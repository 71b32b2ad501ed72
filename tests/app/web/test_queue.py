from pathlib import Path

from app.training.active_learning import export_training_example
from app.web.learn.queue import by_vendor
from finscribe.training.queue.training_queue import TrainingQueue


def test_a_vendor_that_nobody_vouched_for_is_shown_as_it_was_read(data_dir: Path) -> None:
    assert by_vendor(TrainingQueue(data_dir)) == {}
    read = {"vendor": {"name": "ACME"}, "invoice_number": "1"}
    for number, truth, extracted in (
        ("1", {"invoice_number": "2"}, read),
        ("2", {"invoice_number": "3"}, read),
        ("3", {"vendor": {"name": "ACME Ltd"}}, read),
        ("4", {"invoice_number": "4"}, None),
    ):
        export_training_example(
            raw_ocr=f"ACME {number}",
            corrected_invoice=truth,
            invoice_id=number,
            extracted=extracted,
            folder=data_dir,
        )
    found = by_vendor(TrainingQueue(data_dir))
    assert found == {"? ACME": 2, "ACME Ltd": 1, "(no vendor)": 1}
