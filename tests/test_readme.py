"""What the README shows, executed as it is printed, with the starter."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from docs.check import Code, read
from finscribe import starter

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[1]
CODE = read((ROOT / "README.md").read_text()).code
PRINTED = "http://127.0.0.1:8000"  # where the README finds the server


def block(part: str, language: str) -> Code:
    """The one block of the README that has this in it."""
    (found,) = (code for code in CODE if code.language == language and part in code.text)
    return found


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "UNSLOTH_MODEL_DIR": str(starter.path()), "FINSCRIBE_DATA_DIR": str(folder)}


def run_python(part: str, folder: Path) -> str:
    """What a Python block prints."""
    command = [sys.executable, "-c", block(part, "python").text]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_python_block_is_one_of_those_that_are_executed_here() -> None:
    parts = ("get_unsloth_service", "read_document", "export_training_example")
    assert {block(part, "python").line for part in parts} == {
        code.line for code in CODE if code.language == "python"
    }


def test_the_service_reads_the_text_and_gets_it_right(tmp_path: Path) -> None:
    assert run_python("get_unsloth_service", tmp_path).splitlines() == ["TechCorp Inc. 1200.0"]


def test_the_engine_alone_gives_every_value_with_its_places(tmp_path: Path) -> None:
    printed = run_python("read_document", tmp_path).splitlines()
    total = next(line for line in printed if line.startswith("financial_summary.grand_total "))
    assert re.fullmatch(r"\S+ \d+\.\d\d \d\.\d+ \(\(Place\(start=.*", total)


def test_a_correction_is_put_into_the_queue(tmp_path: Path) -> None:
    run_python("export_training_example", tmp_path)
    (line,) = (tmp_path / "unsloth_training_queue.jsonl").read_text().splitlines()
    assert json.loads(line)["input"] == "OCR_TEXT:\nVendor: TechCorp Inc.\nTotal 20.00"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server as `make serve` starts it, on a port that is free."""
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "0"]
    quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
    settings = environment(tmp_path_factory.mktemp("data"))
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=quiet, stderr=pipe, text=True) as server:
        assert server.stderr
        try:
            started = (re.search(r"running on (http://\S+)", line) for line in server.stderr)
            yield next(match[1] for match in started if match)
        finally:
            server.terminate()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_is_answered_as_the_readme_says(address: str) -> None:
    command = block("curl", "bash").text.replace(PRINTED, address)
    assert address in command
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert {key: answer[key] for key in ("doc_id", "model_available", "error")} == {
        "doc_id": "doc-123",
        "model_available": True,
        "error": None,
    }
    assert answer["parsed"]["vendor"]["name"] == "TechCorp Inc."
    assert answer["text"] == "Vendor: TechCorp Inc.\nInvoice: INV-001..."


def ask(address: str, number: int) -> dict[str, Any]:
    text = f"Vendor: TechCorp {number} Inc.\nInvoice: INV-{1000 + number}\nTotal: ${number + 10}.50"
    body = json.dumps({"ocr_text": text, "doc_id": f"doc-{number}"}).encode()
    request = urllib.request.Request(
        f"{address}/api/v1/unsloth/infer", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def test_32_requests_at_once_are_answered_and_none_is_mixed_up(address: str) -> None:
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda number: ask(address, number), range(32)))
    for number, answer in enumerate(answers):
        assert answer["doc_id"] == f"doc-{number}"
        assert answer["parsed"]["invoice_number"] == f"INV-{1000 + number}"
        assert f"TechCorp {number} Inc." in answer["text"]
        for found in answer["evidence"].values():
            for place in (part for parts in found["places"] for part in parts):
                assert place["end"] <= len(answer["text"])
        (place,) = answer["evidence"]["invoice_number"]["places"][0]
        assert answer["text"][place["start"] : place["end"]] == f"INV-{1000 + number}"
