import json
import subprocess
import sys
from pathlib import Path

from tests.training.invoices import line, read, write

ROOT = Path(__file__).parents[2]


def run(*arguments, folder=ROOT):
    command = [sys.executable, str(ROOT / "unsloth" / "prepare_training_data.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_the_documented_command_works_in_a_plain_checkout(tmp_path):
    one = write(tmp_path / "active_learning.jsonl", [line(f"Vendor N{n % 10}x", n) for n in range(40)])
    two = write(tmp_path / "training_queue.jsonl", [line(f"Vendor N{n % 10}x", n) for n in range(30, 50)])
    done = run(
        "--input", one, two, "--output", tmp_path / "unsloth_train.jsonl",
        "--val_output", tmp_path / "unsloth_val.jsonl", "--split", "--val_ratio", "0.1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "60 records = 45 train + 5 val + 10 duplicate + 0 rejected"
    assert len(read(tmp_path / "unsloth_train.jsonl")) == 45
    assert set(read(tmp_path / "unsloth_val.jsonl")[0]) == {"input", "output", "id", "family"}
    assert json.loads((tmp_path / "dataset.json").read_text())["counts"]["input"] == 60
    assert (tmp_path / "dataset.html").exists()


def test_the_defaults_are_the_files_of_the_queue(tmp_path):
    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "training_queue.jsonl", [line("Vendor Ash", n) for n in range(3)])
    done = run(folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "data/active_learning.jsonl" in done.stderr
    assert len(read(tmp_path / "data" / "unsloth_train.jsonl")) == 3


def test_a_wrong_ratio_is_an_error_that_names_it():
    done = run("--val_ratio", "abc")
    assert done.returncode == 2
    assert "--val-ratio" in done.stderr
    assert "abc" in done.stderr


def test_all_inputs_missing_is_an_error(tmp_path):
    done = run("--input", tmp_path / "nowhere.jsonl", "--output", tmp_path / "t.jsonl")
    assert done.returncode == 2
    assert "nowhere.jsonl" in done.stderr
    assert "hint:" in done.stderr
