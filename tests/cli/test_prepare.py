import json
from pathlib import Path

from finscribe import starter
from tests.cli.fakes import run
from tests.training.invoices import invoice, line, read, write


def prepare(capsys, tmp_path, *flags):
    records = [line(f"Vendor N{n % 10}x", n) for n in range(40)]
    source = write(tmp_path / "a.jsonl", [*records, {"nothing": 1}])
    arguments = [source, "--output", tmp_path / "o" / "t.jsonl", "--tokenizer", _tokenizer(), *flags]
    return run(capsys, "prepare", *arguments)


def _tokenizer():
    return Path(starter.__file__).with_name(starter.NAME)


def test_the_counts_are_printed_and_add_up(capsys, tmp_path):
    code, out, err = prepare(
        capsys, tmp_path, "--split", "--val_output", tmp_path / "o" / "v.jsonl", "--val_ratio", "0.2"
    )
    assert code == 0
    assert out.splitlines()[0] == "41 records = 32 train + 8 val + 0 duplicate + 1 rejected"
    assert "1 unknown-shape" in out
    assert err == ""


def test_options_may_be_written_with_dashes(capsys, tmp_path):
    code, _, _ = prepare(
        capsys, tmp_path, "--split", "--val-output", tmp_path / "o" / "v.jsonl", "--val-ratio", "0.2"
    )
    assert code == 0
    assert len(read(tmp_path / "o" / "v.jsonl")) == 8
    assert json.loads((tmp_path / "o" / "dataset.json").read_text())["tokens"]["percentiles"]["p100"] > 0


def test_a_ratio_that_is_no_number_is_a_usage_error(capsys, tmp_path):
    code, _, err = prepare(capsys, tmp_path, "--val-ratio", "abc")
    assert code == 2
    assert "--val-ratio" in err
    assert "'abc' is no number" in err


def test_inputs_may_follow_the_word_input_or_stand_alone(capsys, tmp_path):
    one, two, three = (write(tmp_path / f"{n}.jsonl", [line(f"Vendor N{n}x", n)]) for n in range(3))
    flags = ("--output", tmp_path / "o" / "t.jsonl", "--tokenizer", _tokenizer())
    assert run(capsys, "prepare", "--input", one, two, *flags, three)[1].startswith("3 records = 3 train")
    assert run(capsys, "prepare", *flags, one, two)[1].startswith("2 records = 2 train")


def test_a_ratio_of_one_is_an_error_with_a_hint(capsys, tmp_path):
    code, _, err = prepare(capsys, tmp_path, "--split", "--val-ratio", "1")
    assert code == 2
    assert "val_ratio is 1.0" in err
    assert "hint:" in err


def test_what_is_not_named_lies_in_the_data_folder(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FINSCRIBE_DATA_DIR", str(tmp_path / "kept"))
    (tmp_path / "kept").mkdir()
    write(tmp_path / "kept" / "training_queue.jsonl", [line("Vendor Ash", 1)])
    code, out, err = run(capsys, "prepare", "--tokenizer", _tokenizer())
    assert code == 0
    assert out.startswith("1 records = 1 train")
    assert "active_learning.jsonl" in err
    assert len(read(tmp_path / "kept" / "unsloth_train.jsonl")) == 1


def test_truths_may_be_kept_as_they_are(capsys, tmp_path):
    text, truth = invoice("Vendor Ash", 1)
    source = write(tmp_path / "a.jsonl", [{"input": text, "output": {**truth, "purchase_order": "PO-9"}}])
    flags = ("--output", tmp_path / "o" / "t.jsonl", "--tokenizer", _tokenizer())
    for flag, kept in (("--no_align", True), ("--seed=0", False)):
        assert run(capsys, "prepare", source, *flags, flag)[0] == 0
        assert ("PO-9" in read(tmp_path / "o" / "t.jsonl")[0]["output"]) is kept


def test_a_folder_as_output_is_an_error_with_a_hint(capsys, tmp_path):
    source = write(tmp_path / "a.jsonl", [line("Vendor Ash", 1)])
    code, _, err = run(capsys, "prepare", source, "--output", tmp_path)
    assert code == 2
    assert "is a folder" in err
    assert "unsloth_train.jsonl" in err
