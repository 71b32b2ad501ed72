"""The commands behind the figures: each runs on a few documents and prints a table of numbers."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from finscribe.synthesis import HELD_OUT_FAMILIES, generate

ROOT = Path(__file__).parents[2]
DATA = "records.jsonl"
COMMANDS = {
    "accuracy": f"--data {DATA} --causes",
    "alignment": f"--synthetic 5 --data {DATA}",
    "arithmetic": f"--data {DATA}",
    "batch": "--workers 1 --documents 9 --known 20",
    "cold_start": "--runs 1 --backends onnx",
    "correction_queue": "--count 20",
    "dataset": "--records 60",
    "findings": f"--synthetic 5 --data {DATA}",
    "ocr": "--pages 4 --scans 2 --workers 1",
    "occurrence": "--synthetic 20",
    "operators": "",
    "passes": "--runs 1",
    "synthesis": "--documents 20 --runs 2",
}

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder, but for the records of two small documents."""
    samples = [generate(4_400_000_000 + number, HELD_OUT_FAMILIES, size=0.2) for number in range(2)]
    lines = [json.dumps({"input": each.text, "output": each.truth}, default=str) for each in samples]
    (tmp_path / DATA).write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_its_figures(name: str, place: Path) -> None:
    line = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *COMMANDS[name].split()]
    done = subprocess.run(line, cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d", done.stdout), done.stdout
    assert not re.search(r"\bnan\b", done.stdout)
