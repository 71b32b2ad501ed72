"""Nothing that reads a document tells anybody of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import finscribe

SAMPLES = Path(__file__).parent.parent / "docs" / "samples"
READ = """
import sys
from finscribe.documents import read_document
from finscribe.decoding import load_model
from finscribe.extract import extract
from finscribe.starter import path
extract(read_document(sys.argv[1]), load_model(path()))
"""


def test_reading_a_picture_leaves_no_reports_about_it(tmp_path: Path) -> None:
    """ONNX Runtime, which reads pictures and models, gathers in the home folder what it means to send."""
    loud = {*finscribe.SILENT, "CI", "ORT_RUNNING_UNIT_TESTS"}
    there = {name: value for name, value in os.environ.items() if name not in loud}
    env = {**there, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    picture = str(SAMPLES / "receipt-en-my.jpg")
    subprocess.run([sys.executable, "-c", READ, picture], env=env, check=True, timeout=300)
    assert not [
        path for path in tmp_path.rglob("*") if "onnxruntime" in path.name or "Microsoft" in path.parts
    ]


def test_what_was_set_before_stays() -> None:
    assert environment_with(HF_HUB_DISABLE_TELEMETRY="0", RAY_USAGE_STATS_ENABLED="1") == {
        "HF_HUB_DISABLE_TELEMETRY": "0",
        "ORT_DISABLE_TELEMETRY": "1",
        "RAY_USAGE_STATS_ENABLED": "1",
        "UNSLOTH_DISABLE_STATISTICS": "1",
    }


def test_where_nothing_was_set_ray_is_told_not_to_and_the_others_to_leave_it() -> None:
    assert environment_with() == {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "UNSLOTH_DISABLE_STATISTICS": "1",
    }


def environment_with(**values: str) -> dict[str, str]:
    """What the package makes of an environment that has these values alone of those that keep libraries silent."""
    code = (
        "import os, json, finscribe; print(json.dumps({name: os.environ[name] for name in finscribe.SILENT}))"
    )
    there = {name: value for name, value in os.environ.items() if name not in finscribe.SILENT}
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, env=there | values, check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(said.stdout)
    return found
