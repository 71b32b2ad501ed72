import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import loop
from finscribe.documents import Document
from finscribe.extract import extract_many
from finscribe.metrics import score
from finscribe.testing import FakeModel
from finscribe.training.finetuning.validation import Validation


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder in which the loop happens; what it sets is taken back."""
    monkeypatch.chdir(tmp_path)
    for name in ("FINSCRIBE_DATA_DIR", "UNSLOTH_MODEL_NAME", "HF_HUB_OFFLINE", "UNSLOTH_MODEL_DIR"):
        monkeypatch.setenv(name, "elsewhere")
    loop.enter(tmp_path)
    return tmp_path


def read_badly(documents):
    """What a model without weights reads."""
    pages = [Document.from_text(document.text, document.origin) for document in documents]
    found = extract_many(pages, FakeModel(), max_new_tokens=40)
    return Validation(found, score([each.invoice for each in found], [each.truth for each in documents]))


def difference(points, interval):
    return {"before": 0.5, "after": 0.5 + points / 100, "points": points, "interval": interval}


def proof(interval=(3.0, 9.0), before=None, after=None):
    read = read_badly(loop.invoices(5, 2, 1))
    compared = {
        "vendors": 6,
        "groups": {"all": difference(6.0, interval)},
        "fields": {path: difference(50.0, interval) for path in loop.CONVENTIONS},
        "documents": difference(20.0, interval),
    }
    return loop.Proof(before or read, after or read, compared, 20, 70, {"read": 1.0, "fine-tune": 2.0})


def all_right():
    documents = loop.invoices(5, 2, 1)
    pages = [Document.from_text(document.text) for document in documents]
    found = extract_many(pages, FakeModel(), max_new_tokens=40)
    return Validation(found, score([each.truth for each in documents], [each.truth for each in documents]))


def test_new_branches_are_none_of_those_that_are_learned_from():
    corpus, new = loop.invoices(loop.SEED, 30, 1), loop.invoices(2 * loop.SEED, loop.NEW_BRANCHES, 1)
    vendors = [{each.truth.values["vendor.name"] for each in part} for part in (corpus, new)]
    assert len(vendors[0]) == 30
    assert not vendors[0] & vendors[1]


def test_a_reviewer_stores_every_document_and_counts_what_was_changed(place):
    documents = loop.invoices(5, 3, 2)
    changes = loop.correct(documents, read_badly(documents))
    stored = [json.loads(line) for line in Path("data/training_queue.jsonl").read_text("utf-8").splitlines()]
    assert [each["output"]["invoice_number"] for each in stored] == [
        document.truth.values["invoice_number"] for document in documents
    ]
    assert changes == sum(len(each["changes"]) for each in stored) > len(documents)


def test_a_gain_takes_an_interval_above_zero_and_better_reading_as_served():
    assert proof(after=all_right()).is_gain
    assert not proof((-0.5, 9.0), after=all_right()).is_gain
    assert not proof(None, after=all_right()).is_gain
    assert not proof(before=all_right()).is_gain
    assert not proof().is_gain


def test_the_table_has_scores_intervals_seconds_and_the_report(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    loop.show(proof(), tmp_path)
    shown = capsys.readouterr().out
    for part in (
        "invoice_number",
        "+50.0",
        "+3.0 to +9.0",
        "fine-tune",
        "3 s",
        str(tmp_path / "evaluation/gate.html"),
    ):
        assert part in shown


def test_a_loop_without_a_gain_ends_with_1(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["loop.py", "--out", str(tmp_path)])
    monkeypatch.setattr(loop, "prove", lambda options: proof())
    with pytest.raises(SystemExit, match="no gain"):
        loop.main()


def test_a_refused_candidate_ends_the_loop_and_says_which_command_it_was(tmp_path, monkeypatch):
    def refused(options):
        raise subprocess.CalledProcessError(6, ["finscribe", "models", "promote"])

    monkeypatch.setattr(sys, "argv", ["loop.py", "--out", str(tmp_path)])
    monkeypatch.setattr(loop, "prove", refused)
    with pytest.raises(SystemExit, match="finscribe models ended with 6"):
        loop.main()


def test_a_folder_with_something_in_it_is_refused(tmp_path, monkeypatch, capsys):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(sys, "argv", ["loop.py", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match="2"):
        loop.main()
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.e2e
def test_what_the_starter_reads_is_corrected_and_prepared_by_branch(place):
    documents = loop.invoices(loop.SEED, 10, 1)
    read = loop.read_as_served(documents)
    assert read.scores.fields["invoice_number"].f1 < 0.5 < read.scores.fields["vendor.name"].f1

    loop.correct(documents, read)
    loop.finscribe("prepare", "--split", "--gate_ratio", "0.3", "--gate_output", "data/unsloth_gate.jsonl")

    parts = [
        Path(f"data/unsloth_{part}.jsonl").read_text("utf-8").splitlines()
        for part in ("train", "val", "gate")
    ]
    assert sum(map(len, parts)) == len(documents)
    assert all(len(part) > 0 for part in parts)
