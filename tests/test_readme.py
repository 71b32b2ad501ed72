"""What the README shows, executed as it is printed, with the starter."""

import json
import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from docs.check import Code, read
from tests.checkouts import PRINTED, ROOT, command_of, make_checkout, run_block, serving

pytestmark = pytest.mark.e2e

CODE = read((ROOT / "README.md").read_text("utf-8")).code


def block(part: str, language: str = "bash") -> Code:
    """The one block of the README that has this in it."""
    (found,) = (code for code in CODE if code.language == language and part in code.text)
    return found


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return make_checkout(tmp_path)


def run_python(part: str, checkout: Path) -> str:
    return run_block(block(part, "python").text, checkout, python=True)


def test_every_block_is_one_of_those_that_are_executed_here() -> None:
    parts = {
        "python": ("get_unsloth_service", "read_document", "export_training_example"),
        "bash": (
            "make demo",
            "pip install",
            "finscribe extract",
            "make serve",
            "curl",
            "finscribe.starter.build",
            "prepare_training_data.py",
            "finscribe train",
            "make loop",
        ),
    }
    for language, found in parts.items():
        assert {block(part, language).line for part in found} == {
            code.line for code in CODE if code.language == language
        }


def test_the_service_reads_the_text_and_gets_it_right(checkout: Path) -> None:
    assert run_python("get_unsloth_service", checkout).splitlines() == ["TechCorp Inc. 1200.0"]


def test_the_engine_alone_gives_every_value_with_its_places(checkout: Path) -> None:
    printed = run_python("read_document", checkout).splitlines()
    total = next(line for line in printed if line.startswith("financial_summary.grand_total "))
    assert re.fullmatch(r"\S+ \d+\.\d\d \d\.\d+ \(\(Place\(start=.*", total)


def test_a_correction_is_put_into_the_queue_and_prepared(checkout: Path) -> None:
    run_python("export_training_example", checkout)
    data = checkout / "data"
    (line,) = (data / "unsloth_training_queue.jsonl").read_text().splitlines()
    assert json.loads(line)["input"] == "OCR_TEXT:\nVendor: TechCorp Inc.\nTotal 20.00"
    said = run_block(block("prepare_training_data.py").text, checkout)
    assert said.startswith("2 records = 1 train + 0 val + 0 gate + 1 duplicate + 0 rejected\n")


@pytest.mark.timeout(900)
def test_what_was_prepared_is_fine_tuned_and_judged(checkout: Path) -> None:
    prepare = block("prepare_training_data.py").text
    queues = "data/active_learning.jsonl data/training_queue.jsonl"
    assert queues in prepare
    run_block("finscribe synth --n 40 --size 0.2 --format txt --out shown", checkout)
    assert " 0 gate" not in run_block(prepare.replace(queues, "shown/records.jsonl"), checkout)
    train, promote = block("finscribe train").text.splitlines()
    run_block(train.replace(" models/candidate", " models/candidate --num_epochs 0.2"), checkout)
    judged = promote.partition("#")[0]
    said = run_block(f"{judged} || test $? -eq 11\n", checkout)  # better or not, the gate has looked at it
    assert "micro-F1 loses at most" in said


def test_the_demo_reads_the_samples_and_the_tests_start(checkout: Path) -> None:
    demo, test = block("make demo").text.splitlines()
    assert "invoice-de.pdf" in run_block(demo, checkout)
    collected = test.replace("make test ", 'make test ARGS="--collect-only -q tests/test_package.py" ')
    assert "tests/test_package.py::" in run_block(collected, checkout)


def test_the_samples_are_read_in_every_form(checkout: Path) -> None:
    printed = run_block(block("finscribe extract").text, checkout)
    assert '"file": "docs/samples/invoice-de.pdf"' in printed
    assert (checkout / "out.png").read_bytes().startswith(b"\x89PNG")


def test_pip_takes_what_the_readme_installs(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "finscribe").mkdir()
    (tmp_path / "finscribe" / "__init__.py").touch()
    dry = "pip install --dry-run --no-deps --no-index --no-build-isolation "
    printed = run_block(
        block("pip install").text.replace("pip install ", f"{sys.executable} -m {dry}"), tmp_path
    )
    assert printed.count("Would install finscribe-") == 2


@pytest.mark.timeout(900)
def test_the_starter_is_built_on_and_served(checkout: Path) -> None:
    tiny = "python -m finscribe.starter.build --preset test --no-compile --out models/tiny\n"
    text = block("finscribe.starter.build").text
    for printed, here in (
        ("--preset cpu", "--preset test --no-compile"),
        ("--init finscribe/starter/finscribe-starter", "--init models/tiny/finscribe-starter"),
    ):
        assert printed in text
        text = text.replace(printed, here)
    shown = run_block(f"{tiny}{text}unset UNSLOTH_MODEL_NAME\nfinscribe models info\n", checkout)
    assert "models/starter-build/finscribe-starter" in shown


@pytest.mark.timeout(1500)
def test_the_loop_gains(checkout: Path) -> None:
    assert block("make loop").text == "make loop\n"
    command = command_of("loop")
    assert command.endswith("python benchmarks/loop.py")
    # Enough for the gate, which takes five vendors, in a third of the time.
    run_block(f"{command} --branches 24 --documents 2 --out {checkout}/loop", checkout)
    assert (checkout / "loop" / "evaluation" / "gate.html").is_file()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(make_checkout(tmp_path_factory.mktemp("checkout"))) as found:
        yield found


def test_make_serve_starts_what_is_asked_here() -> None:
    assert block("make serve").text.startswith("make serve ")
    assert command_of("serve").endswith("uvicorn app.main:app --host 127.0.0.1 --port 8000")
    assert PRINTED in block("make serve").text


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_is_answered_as_the_readme_says(address: str, checkout: Path) -> None:
    command = block("curl").text.replace(PRINTED, address)
    assert address in command
    answer = json.loads(run_block(command, checkout))
    assert {key: answer[key] for key in ("doc_id", "model_available", "error")} == {
        "doc_id": "doc-123",
        "model_available": True,
        "error": None,
    }
    assert answer["parsed"]["vendor"]["name"] == "TechCorp Inc."
    assert answer["parsed"]["financial_summary"]["grand_total"] == 1200
    assert answer["text"] == "Vendor: TechCorp Inc.\nInvoice: INV-001\nTotal: $1,200.00"


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
