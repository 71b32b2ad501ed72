import json

import pytest

from finscribe.training.dataset.lint import Warn
from finscribe.training.dataset.study import Rules, fold_text, read_example, study, write_example
from finscribe.training.reading.lines import Raw
from finscribe.training.records import Origin, Reject
from tests.training.cards import example
from tests.training.invoices import invoice, line


def raw(record, number=1):
    return Raw(Origin("a.jsonl", number), json.dumps(record))


def test_an_example_comes_back_from_disk_as_it_went():
    whole = example(1, warnings=[Warn("arithmetic", "line\n1")])
    assert read_example(write_example(whole)) == whole


def test_a_chunk_gives_one_row_of_everything_for_each_example_and_the_rejects_apart():
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


@pytest.mark.parametrize("text", ["Total  5,00", "TOTAL 5,00", "total\n5,00 "])
def test_texts_that_differ_in_blanks_and_case_fold_to_the_same(text):
    assert fold_text(text) == "total500"
