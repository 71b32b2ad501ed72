"""The documented command, word for word, with the documented name of a model in a cache of the hub, offline."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from finscribe import starter
from finscribe.invoice import Invoice
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from tests.evaluation.fakes import write_records

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
NAME = "unsloth/llama-3.1-8b-unsloth-bnb-4bit"
DOCUMENTED = (
    f"python unsloth/evaluate_unsloth.py --baseline_model {NAME} --fine_tuned_model models/unsloth-finscribe "
    "--test_data data/unsloth_val.jsonl --output evaluation/unsloth_evaluation.json"
)


def synthetic(first, count):
    """Records of small documents that no model has seen."""
    samples = [generate(first + index, HELD_OUT_FAMILIES, size=0.2) for index in range(count)]
    return [
        {"input": sample.text, "output": Invoice.from_record(sample.truth).to_json()} for sample in samples
    ]


@pytest.fixture
def checkout(tmp_path):
    """A working folder in which the starter is both models: by its name in a hub cache, and fine-tuned."""
    (tmp_path / "unsloth").symlink_to(ROOT / "unsloth")
    (tmp_path / "data").mkdir()
    write_records(tmp_path / "data" / "unsloth_val.jsonl", synthetic(8_000_000_000, 3))
    write_records(tmp_path / "data" / "unsloth_train.jsonl", synthetic(8_100_000_000, 2))
    cached = tmp_path / "home" / "hub" / ("models--" + NAME.replace("/", "--"))
    revision = "0123456789abcdef0123456789abcdef01234567"
    for folder in (cached / "snapshots" / revision, tmp_path / "models" / "unsloth-finscribe"):
        folder.mkdir(parents=True)
        for file in starter.path().iterdir():
            shutil.copy(file, folder) if file.suffix != ".safetensors" else os.link(file, folder / file.name)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(revision)
    return tmp_path


def run(command, folder):
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "home"), "UNSLOTH_DISABLE_STATISTICS": "1"}
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("UNSLOTH_MODEL", "HF_"))
    }
    words = command.replace("python", sys.executable, 1).split()
    return subprocess.run(words, cwd=folder, env=plain | offline, capture_output=True, text=True)


def test_the_documented_command_compares_two_models_with_their_few_shot_prompts(checkout):
    done = run(f"{DOCUMENTED} --train_data data/unsloth_train.jsonl", checkout)
    assert done.returncode == 0, done.stderr[-3000:]
    written = json.loads((checkout / "evaluation" / "unsloth_evaluation.json").read_text())
    assert [system["kind"] for system in written["systems"]] == ["model", "few-shot", "model"]
    baseline, _, tuned = written["systems"]
    assert (baseline["name"], tuned["name"]) == (NAME, "models/unsloth-finscribe")
    assert baseline["groups"] == tuned["groups"]
    assert tuned["groups"]["all"]["f1"] > 0.3
    assert (tuned["shares"]["grounded"], tuned["shares"]["valid_json"]) == (1.0, 1.0)
    assert written["comparisons"][0]["groups"]["all"]["points"] == 0
    assert len(written["predictions"]) == 3 * 3
    assert (checkout / "evaluation" / "unsloth_evaluation.html").exists()


def test_the_documented_command_word_for_word(checkout):
    done = run(DOCUMENTED, checkout)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "unsloth-finscribe compared with llama-3.1-8b-unsloth-bnb-4bit" in done.stdout
    assert sorted(path.name for path in (checkout / "evaluation").iterdir()) == [
        "unsloth_evaluation.html",
        "unsloth_evaluation.json",
    ]
