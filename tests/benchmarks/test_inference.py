"""That what is compared reads the same, and what its table says."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks import inference
from benchmarks.inference import (
    COLUMNS,
    CONTENDERS,
    Figures,
    measure,
    measured_here,
    run_contender,
    same,
    texts_to_read,
)
from finscribe.invoice import build_invoice
from finscribe.starter import path as starter_path


def figures(**others: Any) -> Figures:
    usual = {
        "seconds": [1.0, 2.0, 3.0],
        "processor": 0.5,
        "passes": 30.4,
        "memory": 1234.5,
        "gpu_memory": 0,
        "invoices": ["a", "b", "c"],
    }
    return Figures(**usual | others)


def test_a_row_says_how_many_times_as_fast_and_how_often_the_same() -> None:
    cells = {
        heading: show(figures(seconds=[0.5, 0.2, 0.5], invoices=["a", "x", "c"]), figures())
        for heading, show in COLUMNS.items()
    }
    assert cells == {
        "latency p50": "0.50 s",
        "latency p95": "0.50 s",
        "documents a second": "2.50",
        "÷ the first": "5.0",
        "processor a document": "500 ms",
        "passes": "30",
        "memory": "1,234 MB",
        "GPU memory": "0 MB",
        "same invoice": "2 of 3",
        "÷ of these": "4.0",
    }


def test_in_batches_no_document_has_a_time_of_its_own() -> None:
    batch = figures(seconds=[6.0])
    assert COLUMNS["÷ of these"](batch, figures()) == COLUMNS["÷ of these"](figures(), batch) == "-"
    assert COLUMNS["÷ of these"](figures(invoices=["x", "y", "z"]), figures()) == "-"
    assert COLUMNS["latency p50"](batch, figures()) == "-"


def test_figures_come_back_from_the_process_that_printed_them() -> None:
    assert Figures(**json.loads(json.dumps(asdict(figures())))) == figures()


def test_of_one_call_every_percentile_is_its_own_time() -> None:
    one = figures(seconds=[2.0], invoices=["a"])
    assert one.p50 == one.p95 == 2.0


@pytest.mark.parametrize("gpu", [True, False])
def test_what_runs_on_a_processor_alone_is_not_measured_on_a_gpu(
    gpu: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "gpu_present", lambda: gpu)
    names = measured_here()
    assert {"generate", "unsloth", "ours-1"} < set(names)
    assert ("ours-unsloth-1" in names, "onnx-1" in names) == (gpu, not gpu)


def test_a_contender_whose_library_is_missing_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(inference, "unsloth_is_installed", lambda: False)
    monkeypatch.setattr(inference, "find_spec", lambda name: None)
    assert run_contender("unsloth-8", "", None) is None  # type: ignore[arg-type]
    assert run_contender("generate-schema", "", None) is None  # type: ignore[arg-type]
    assert capsys.readouterr().err.splitlines() == [
        "unsloth-8: left out, unsloth is not installed",
        "generate-schema: left out, xgrammar is not installed",
    ]


@pytest.mark.e2e
def test_an_answer_of_generate_is_read_as_ours_is() -> None:
    texts = sorted(texts_to_read(None, 8), key=len)[:3]
    found = {
        name: measure(CONTENDERS[name], str(starter_path()), texts)
        for name in ("generate", "generate-8", "ours-1")
    }
    plain = found["generate"]
    assert build_invoice({}).to_json() not in plain.invoices
    assert found["generate-8"].invoices == plain.invoices
    assert len(same(found["ours-1"], plain)) > 1
    assert [each.alone for each in found.values()] == [True, False, True]
    assert found["ours-1"].passes < plain.passes == found["generate-8"].passes


@pytest.mark.e2e
def test_a_grown_model_is_measured_from_the_command_line(tmp_path: Path) -> None:
    data = tmp_path / "short.jsonl"
    data.write_text(json.dumps({"input": "Kiosk Nord\nReceipt 4711\nTotal 12.50"}) + "\n")
    command = [sys.executable, str(Path(inference.__file__)), "--shape", "tiny", "--documents", "1"]
    command += ["--data", str(data), "--only", "generate", "ours-1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _, _, headings, _, plain, ours = done.stdout.splitlines()
    assert plain.count("|") == ours.count("|") == headings.count("|")
    assert plain.endswith("| 1 of 1 | 1.0 |")
    assert "of 1 |" in ours
