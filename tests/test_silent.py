"""Nothing that reads a document tells anybody of it."""

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
    code = "import os, finscribe; print(os.environ['HF_HUB_DISABLE_TELEMETRY'], os.environ['ORT_DISABLE_TELEMETRY'])"
    env = {**os.environ, "HF_HUB_DISABLE_TELEMETRY": "0"}
    env.pop("ORT_DISABLE_TELEMETRY", None)
    said = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["0", "1"]
