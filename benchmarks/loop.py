"""The whole loop, proven on this machine: python benchmarks/loop.py [--out DIR] [--branches N] [--documents N]

Invoices of a group of companies follow a convention that no page explains (`finscribe/synthesis/house.py`). The served
model reads them, a simulated reviewer corrects what it got wrong as the web page would, and the documented commands
do the rest: prepare, train, evaluate on vendors that were kept for the gate, promote. Then what is served reads
invoices of branches that nobody has seen. All in a folder of its own, which is kept; exit code 1 without a gain.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for `app`, which is not installed

from rich import box
from rich.console import Console
from rich.table import Table

from app.training.active_learning import export_training_example
from finscribe import starter
from finscribe.corrections import compare
from finscribe.evaluation.results import read_summary
from finscribe.invoice import Truth
from finscribe.metrics import Score
from finscribe.serving import load_served_model
from finscribe.settings import Settings
from finscribe.synthesis.house import CONVENTIONS, HOUSE, draw_branch, generate_house
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.validation import Validation, validate_model

RECIPE = Path(__file__).resolve().parent.parent / "configs" / "full-starter.yaml"
SEED = 8_000_000_000
"""Documents that neither the starter nor any other benchmark has seen."""
NEW_BRANCHES, NEW_DOCUMENTS = 8, 3
CANDIDATE, REPORT = "models/candidate", "evaluation/gate.json"
_FINSCRIBE = Path(sysconfig.get_path("scripts")) / "finscribe"
_SMALL_STEPS = ("--batch_size", "4")
"""So few documents make few steps; twice as many teach which of two numbers counts."""
_SHARES = ("--val_ratio", "0.1", "--gate_ratio", "0.25")


@dataclass(frozen=True, slots=True)
class Options:
    """Where it happens, and how much is corrected."""

    folder: Path
    branches: int
    documents: int  # of each branch
    config: Path


@dataclass(slots=True)
class Clock:
    """How long each stage took, in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what is done in it, and says its name."""
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out: both readings of the new branches, the evaluation on the gate's, corrections, seconds."""

    before: Validation
    after: Validation
    compared: Mapping[str, Any]
    corrected: int
    changes: int
    seconds: Mapping[str, float]

    @property
    def is_gain(self) -> bool:
        """Whether the gate's interval lies above 0, and what is served reads new branches better than before."""
        interval = self.compared["groups"]["all"]["interval"]
        return (
            bool(interval) and interval[0] > 0 and self.after.reading.field_f1 > self.before.reading.field_f1
        )


# --- the loop ----------------------------------------------------------------------------------------


def prove(options: Options) -> Proof:
    """Goes once around; raises `CalledProcessError` where a command fails, the gate's refusal among them."""
    enter(options.folder)
    clock = Clock()
    corpus = invoices(SEED, options.branches, options.documents)
    new = invoices(2 * SEED, NEW_BRANCHES, NEW_DOCUMENTS)

    with clock.stage("read"):
        before, read = read_as_served(new), read_as_served(corpus)
    with clock.stage("correct"):
        changes = correct(corpus, read)
    with clock.stage("prepare"):
        finscribe("prepare", "--split", *_SHARES, "--gate_output", "data/unsloth_gate.jsonl")
    with clock.stage("fine-tune"):
        recipe = ("--config", str(options.config), "--model_name", str(starter.path()))
        finscribe("train", *recipe, *_SMALL_STEPS, "--output_dir", CANDIDATE)
    with clock.stage("evaluate"):
        models = ("--baseline_model", str(starter.path()), "--fine_tuned_model", CANDIDATE)
        data = ("--test_data", "data/unsloth_gate.jsonl", "--output", REPORT)
        finscribe("evaluate", *models, *data, "--no_few_shot")
    with clock.stage("gate and promote"):
        finscribe("models", "promote", CANDIDATE, "--evaluation", REPORT)
    with clock.stage("read again"):
        after = read_as_served(new)

    compared = read_summary(Path(REPORT))["comparisons"][0]
    return Proof(before, after, compared, len(corpus), changes, clock.seconds)


def enter(folder: Path) -> None:
    """From here on the default places are in the folder, and the starter is served until another one is promoted."""
    os.chdir(folder)
    os.environ |= {
        "FINSCRIBE_DATA_DIR": "data",
        "UNSLOTH_MODEL_NAME": str(starter.path()),
        "HF_HUB_OFFLINE": "1",
    }
    os.environ.pop("UNSLOTH_MODEL_DIR", None)


def invoices(seed: int, branches: int, documents: int) -> list[Labelled]:
    """So many invoices of each of so many branches, with what the group's ledger holds of them."""
    drawn = []
    for number in range(branches * documents):
        sample = generate_house(seed + number, draw_branch(seed + number % branches))
        drawn.append(Labelled(sample.text, Truth.read(sample.truth), f"{HOUSE}-{seed + number}"))
    return drawn


def read_as_served(documents: Sequence[Labelled]) -> Validation:
    """What the model that is served now reads in documents, and how right that is."""
    return validate_model(load_served_model(Settings.from_environment()).model, documents)


def correct(documents: Sequence[Labelled], read: Validation) -> int:
    """Stores every document as a reviewer leaves it who knows the books; the number of values changed."""
    changes = 0
    for document, extraction in zip(documents, read.extractions, strict=True):
        changes += len(compare(extraction.invoice, document.truth))
        export_training_example(
            raw_ocr=document.text,
            corrected_invoice=document.truth,
            invoice_id=document.origin,
            reviewer="simulated",
            extracted=extraction.invoice,
        )
    return changes


def finscribe(*arguments: str) -> None:
    """Runs a command as anyone would, its output shown."""
    print("$ finscribe", *arguments, flush=True)
    subprocess.run([_FINSCRIBE, *arguments], check=True)


# --- what came out -----------------------------------------------------------------------------------


def show(proof: Proof, folder: Path) -> None:
    """One table of scores and seconds, and where the report is."""
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", title=_title(proof))
    for name in ("F1", "before", "after", "points", "95% interval"):
        table.add_column(name, justify="left" if name == "F1" else "right")
    for name, found in _differences(proof):
        table.add_row(name, *_shown(found))
    table.add_section()
    for name, old, new in _read_again(proof):
        table.add_row(name, f"{old.f1:.3f}", f"{new.f1:.3f}", f"{100 * (new.f1 - old.f1):+.1f}", "")
    table.add_section()
    for name, seconds in proof.seconds.items():
        table.add_row(name, "", f"{seconds:.0f} s", "", "")
    table.add_row("in all", "", f"{sum(proof.seconds.values()):.0f} s", "", "", style="bold")
    console = Console()
    console.print(table)
    console.print(
        f"{folder / REPORT.replace('.json', '.html')}", highlight=False, markup=False, soft_wrap=True
    )


def _title(proof: Proof) -> str:
    return (
        f"{proof.corrected} documents reviewed, {proof.changes} values corrected; "
        f"judged on {proof.compared['vendors']} branches kept for the gate"
    )


def _differences(proof: Proof) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "all values", proof.compared["groups"]["all"]
    for path in CONVENTIONS:
        yield f"  {path}", proof.compared["fields"][path]
    yield "documents all right", proof.compared["documents"]


def _shown(found: Mapping[str, Any]) -> tuple[str, ...]:
    interval = found["interval"]
    spread = "-" if interval is None else f"{interval[0]:+.1f} to {interval[1]:+.1f}"
    return f"{found['before']:.3f}", f"{found['after']:.3f}", f"{found['points']:+.1f}", spread


def _read_again(proof: Proof) -> Iterator[tuple[str, Score, Score]]:
    yield (
        f"as served, {NEW_BRANCHES} branches never seen",
        proof.before.reading.known,
        proof.after.reading.known,
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="an empty folder for all of it; a temporary one by default")
    parser.add_argument("--branches", type=int, default=30, help="vendors of the group")
    parser.add_argument("--documents", type=int, default=4, help="corrected of each of them")
    parser.add_argument("--config", type=Path, default=RECIPE, help="the recipe of the fine-tuning")
    args = parser.parse_args()
    folder = args.out or Path(tempfile.mkdtemp(prefix="finscribe-loop-"))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        parser.error(f"{folder} is not empty: give a new folder, so that no earlier data takes part")
    options = Options(folder.resolve(), args.branches, args.documents, args.config.resolve())
    try:
        proof = prove(options)
    except subprocess.CalledProcessError as error:
        sys.exit(f"no gain: finscribe {error.cmd[1]} ended with {error.returncode}; see {folder}")
    show(proof, options.folder)
    sys.exit(None if proof.is_gain else "no gain")


if __name__ == "__main__":
    main()
