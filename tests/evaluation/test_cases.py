import gzip
import json

from finscribe.evaluation.cases import read_cases, read_test_set
from tests.evaluation.fakes import record, write_records


def test_records_carry_their_id_and_family_or_get_one(tmp_path):
    named = record("Alba Ltd", 1, family="the alba group")
    plain = record("Brava GmbH", 2)
    del plain["id"]
    one, other = read_cases(write_records(tmp_path / "a.jsonl", [named, plain]))
    assert (one.name, one.family) == ("doc-1", "the alba group")
    assert other.name.endswith("a.jsonl:2")
    assert other.family == "brava"


def test_a_document_of_nobody_is_a_family_of_its_own(tmp_path):
    records = [{"id": f"r{n}", "input": f"{n}\n5.00", "output": '{"invoice_number": "7"}'} for n in range(2)]
    assert [case.family for case in read_cases(write_records(tmp_path / "a.jsonl", records))] == [
        "document r0",
        "document r1",
    ]


def test_anything_that_preparation_reads_can_be_a_test_set(tmp_path):
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as file:
        file.write(json.dumps(record("Alba Ltd", 1)))
    boxes, keys = tmp_path / "sroie" / "box", tmp_path / "sroie" / "key"
    boxes.mkdir(parents=True)
    keys.mkdir()
    (boxes / "X1.txt").write_text("0,0,9,0,9,9,0,9,ACME LTD\n0,20,9,20,9,29,0,29,TOTAL 5.00\n")
    (keys / "X1.txt").write_text('{"company": "ACME LTD", "total": "5.00"}')
    test = read_test_set(str(tmp_path), None, 0)
    assert [case.truth.values["vendor.name"] for case in test.cases] == ["Alba Ltd", "ACME LTD"]
    assert test.sha256 is None
