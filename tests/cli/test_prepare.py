import json
from pathlib import Path

from finscribe import starter
from tests.cli.fakes import run
from tests.training.invoices import line, read, write


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
