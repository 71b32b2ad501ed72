import json

from finscribe.training.dataset.lint import Warn
from finscribe.training.dataset.study import Rules, read_studied, study, write_studied
from finscribe.training.reading.lines import Raw
from finscribe.training.records import Origin, Reject
from tests.training.cards import record
from tests.training.invoices import invoice, line


def raw(record, number=1):
    return Raw(Origin("a.jsonl", number), json.dumps(record))


def shelved(chunk):
    return list(read_studied(iter(chunk.records.splitlines(keepends=True))))


def test_a_studied_record_comes_back_from_disk_as_it_went():
    alike = record(1, warnings=[Warn("arithmetic", "line\n1")])
    unlike = alike._replace(as_known=b'{"input": "TechCorp 5", "output": "{1}"}\n')
    lines = (write_studied(alike) + write_studied(unlike)).splitlines(keepends=True)
    assert list(read_studied(iter(lines))) == [alike, unlike]
    assert unlike.original() == {"input": "TechCorp 5", "output": "{1}"}


def test_a_chunk_gives_one_row_of_everything_for_each_record_and_the_rejects_apart():
    broken = Reject(Origin("a.jsonl", 9), "encoding", "not UTF-8", "")
    found = study(
        [raw(line("Vendor Ash", 1)), broken, raw({"nothing": 1}), raw(line("Vendor Elm", 2))], Rules()
    )
    assert len(shelved(found)) == len(found.keys) == len(found.near) == len(found.alike) == 2
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
    (studied,) = shelved(study([raw({"input": text, "output": truth})], Rules()))
    assert studied.respelled == 1
    assert "Vendor Ash" in json.loads(studied.as_train)["output"]
    assert "VENDOR ASH" in studied.original()["output"]


def test_without_alignment_a_target_is_the_truth_as_it_is_known():
    text, truth = invoice("Vendor Ash", 7)
    truth["purchase_order"] = "PO-NOT-THERE"
    (studied,) = shelved(study([raw({"input": text, "output": truth})], Rules(align=False)))
    assert studied.as_train == studied.as_known
    assert b"PO-NOT-THERE" in studied.as_train
    assert not studied.missing


def test_only_values_that_are_no_null_count_as_known():
    records = [{"input": "ACME 7", "output": {"invoice_number": "7", "due_date": None}}]
    assert study([raw(each) for each in records], Rules()).keys["values"].tolist() == [1]
