import json

from finscribe.training.dataset.lint import Warn
from finscribe.training.dataset.study import Rules, read_studied, study, write_studied
from finscribe.training.reading.lines import Raw
from finscribe.training.records import Origin, Reject
from tests.training.cards import record
from tests.training.invoices import invoice, line


def raw(record, number=1):
    return Raw(Origin("a.jsonl", number), json.dumps(record))


def test_a_studied_record_comes_back_from_disk_as_it_went():
    whole = record(1, warnings=[Warn("arithmetic", "line\n1")])
    assert read_studied(write_studied(whole)) == whole


def test_a_chunk_gives_one_row_of_everything_for_each_record_and_the_rejects_apart():
    broken = Reject(Origin("a.jsonl", 9), "encoding", "not UTF-8", "")
    found = study(
        [raw(line("Vendor Ash", 1)), broken, raw({"nothing": 1}), raw(line("Vendor Elm", 2))], Rules()
    )
    assert len(found.lines) == len(found.keys) == len(found.near) == len(found.alike) == 2
    assert [reject.reason for reject in found.rejects] == ["encoding", "unknown-shape"]


def test_keys_of_the_same_facts_are_the_same_however_they_are_written():
    one, other = invoice("Vendor Ash", 1, "5.00"), invoice("Vendor Ash", 1, "5")
    keys = study([raw({"input": text, "output": truth}) for text, truth in (one, other)], Rules()).keys
    for name in ("family", "number", "date", "total"):
        assert keys[0][name] == keys[1][name] != 0
    assert keys[0]["text"] != keys[1]["text"]
    assert keys[0]["invoice"] == 0


def test_a_text_without_a_word_is_rejected():
    (reject,) = study([raw({"input": "--- ...", "output": {"invoice_number": "1"}})], Rules()).rejects
    assert reject.reason == "no-text"


def test_values_that_the_page_spells_otherwise_are_counted():
    text, truth = invoice("Vendor Ash", 7)
    truth["vendor"]["name"] = "VENDOR ASH"
    (studied,) = map(read_studied, study([raw({"input": text, "output": truth})], Rules()).lines)
    assert studied.respelled == 1


def test_without_alignment_a_target_is_the_truth_as_it_is_known():
    text, truth = invoice("Vendor Ash", 7)
    truth["purchase_order"] = "PO-NOT-THERE"
    (studied,) = map(read_studied, study([raw({"input": text, "output": truth})], Rules(align=False)).lines)
    assert studied.target == studied.truth
    assert "PO-NOT-THERE" in studied.target
    assert not studied.missing


def test_only_values_that_are_no_null_count_as_known():
    records = [{"input": "ACME 7", "output": {"invoice_number": "7", "due_date": None}}]
    assert study([raw(each) for each in records], Rules()).keys["values"].tolist() == [1]
