"""SROIE's receipts."""

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("key/001.txt", 1)
BOX = "0,30,40,30,40,40,0,40,TOTAL\n60,30,90,30,90,40,60,40,9.00\n0,0,90,0,90,10,0,10,ACME, SDN BHD\n\n"
KEY = '{"company": "ACME, SDN BHD", "date": "03/04/2018", "address": "1 JALAN", "total": "9.00"}'
TRUTH = {
    "vendor.name": "ACME, SDN BHD",
    "vendor.address": "1 JALAN",
    "invoice_date": "2018-04-03",
    "financial_summary.grand_total": 9,
}


@pytest.mark.parametrize(
    "key",
    [KEY, "company: ACME, SDN BHD\ndate: 3-4-18\naddress: 1 JALAN\ntotal: 9.00\n"],
    ids=["json", "lines"],
)
def test_the_boxes_are_put_in_order_and_the_keys_are_the_truth(key: str) -> None:
    record = read_record({"sroie_box": BOX, "sroie_key": key}, ORIGIN)
    assert record.text == "ACME, SDN BHD\nTOTAL  9.00"
    assert record.truth.values == TRUTH
    assert record.truth.lines is None
    assert record.shape == "sroie"
    assert record.changes["date rewritten"] == 1


def test_quotes_of_a_csv_writer_are_taken_off() -> None:
    box = '0,0,90,0,90,10,0,10,"ACME, ""THE"" SHOP"\n0,20,90,20,90,30,0,30,6" PIPE'
    record = read_record({"sroie_box": box, "sroie_key": KEY}, ORIGIN)
    assert record.text == 'ACME, "THE" SHOP\n6" PIPE'


@pytest.mark.parametrize("box", ["1,2,3,TOTAL", "a,b,c,d,e,f,g,h,TOTAL", "0,0,1,0,1,1,0,1"])
def test_a_broken_box_file_is_refused_with_its_line(box: str) -> None:
    with pytest.raises(RecordError, match="line 2") as caught:
        read_record({"sroie_box": f"0,0,9,0,9,9,0,9,A\n{box}", "sroie_key": KEY}, ORIGIN)
    assert caught.value.reason == "bad-text"


@pytest.mark.parametrize(
    ("key", "reason"), [("{", "not-json"), ("", "no-truth"), ('{"total": "x"}', "bad-invoice")]
)
def test_a_broken_key_file_is_refused(key: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record({"sroie_box": BOX, "sroie_key": key}, ORIGIN)
    assert caught.value.reason == reason
