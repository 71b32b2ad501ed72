"""The wheel on a machine without this repository: installed beside its dependencies, run in an empty folder."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from email import message_from_bytes
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[1]
SAMPLE = "TechCorp Inc.\nInvoice: INV-001\nDate: 2026-03-14\nWidget  2  5.00  10.00\nTotal: 10.00 EUR\n"
SAMPLES = ("invoice-de.pdf", "invoice-en-us.txt")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install .` builds, from a copy, since building writes into the folder."""
    pytest.importorskip("setuptools", "77", reason="builds the wheel")
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(
        ROOT / "finscribe", source / "finscribe", ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    shutil.copytree(ROOT / "configs", source / "configs")
    pip("wheel", "--no-build-isolation", "--wheel-dir", str(built), str(source))
    (found,) = built.glob("finscribe-*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; its dependencies are those of this one, the checkout is not there."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip("--python", str(folder / "bin" / "python"), "install", str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    # Paths of a .pth file are not searched for .pth files of their own, such as the one that leads to the checkout.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture
def with_extras(request: pytest.FixtureRequest, wheel: Path, tmp_path: Path) -> Path:
    """A fresh environment with the wheel and nothing else than what it asks for, alone or with some extras."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip("--python", str(folder / "bin" / "python"), "install", str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in asked_for(wheel, request.param):
        for top in {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}:
            place = Path(str(distribution(name).locate_file(top)))
            if place.exists() and not (packages / top).exists():
                (packages / top).symlink_to(place)
    return folder


def asked_for(wheel: Path, extras: Sequence[str]) -> set[str]:
    """The names of all distributions that a wheel depends on, directly or not; those of this environment are taken."""
    with zipfile.ZipFile(wheel) as opened:
        (metadata,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        texts = message_from_bytes(opened.read(metadata)).get_all("Requires-Dist", [])
    waiting = [(text, tuple(extras)) for text in texts]
    seen = set[tuple[str, tuple[str, ...]]]()
    while waiting:
        text, asked = waiting.pop()
        wanted = Requirement(text)
        if wanted.marker and not any(wanted.marker.evaluate({"extra": each}) for each in asked or ("",)):
            continue
        found = canonicalize_name(wanted.name), tuple(sorted(wanted.extras))
        if found not in seen and found[0] != "finscribe":
            seen.add(found)
            waiting += [(each, found[1]) for each in distribution(found[0]).requires or ()]
        elif found[0] == "finscribe":  # an extra of ours that takes another one along
            waiting += [(each, found[1]) for each in texts]
    return {name for name, _ in seen}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, but for an invoice, two samples, records of two vendors and three of another."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "invoice.txt").write_text(SAMPLE)
    (folder / "samples").mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "docs" / "samples" / name, folder / "samples")
    learned = [record(vendor, number) for vendor in ("TechCorp", "Oatworks") for number in range(101, 105)]
    write_records(folder / "records.jsonl", learned)
    write_records(folder / "test.jsonl", [record("Palewell", number) for number in range(201, 204)])
    return folder


def record(vendor: str, number: int) -> dict[str, Any]:
    """What prepare and evaluate read: a text, and what it prints."""
    return {
        "input": SAMPLE.replace("TechCorp", vendor).replace("INV-001", f"INV-{number}"),
        "output": {"vendor": {"name": f"{vendor} Inc."}, "invoice_number": f"INV-{number}"},
    }


def write_records(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in records))


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run([*command, "--no-deps", "--no-index"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def run(environment: Path, place: Path, program: str, *arguments: str) -> str:
    ours = ("FINSCRIBE_", "UNSLOTH_", "PYTHON")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [environment / "bin" / program, *arguments],
        cwd=place,
        env=clean | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package_the_recipes_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    files = (path for path in (ROOT / "finscribe").rglob("*") if path.is_file())
    package = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    recipes = {name.partition(".data/data/share/finscribe/")[2] for name in names - package}
    assert package < names
    assert recipes == {str(path.relative_to(ROOT)) for path in (ROOT / "configs").iterdir()}


def test_what_runs_is_the_wheel(environment: Path, place: Path) -> None:
    shown = run(environment, place, "python", "-c", "import finscribe; print(finscribe.__file__)")
    assert Path(shown.strip()).is_relative_to(environment)
    found = run(environment, place, "python", "-c", "import importlib.util as u; print(u.find_spec('app'))")
    assert found.strip() == "None"


def test_it_reads(environment: Path, place: Path) -> None:
    answer = json.loads(run(environment, place, "finscribe", "extract", "invoice.txt", "--format", "json"))
    assert answer["invoice"]["invoice_number"] == "INV-001"
    assert answer["model"] == "finscribe-starter"


def test_it_prepares_and_would_train_on_what_it_prepared(environment: Path, place: Path) -> None:
    said = run(environment, place, "finscribe", "prepare", "--input", "records.jsonl", "--split")
    assert said.startswith("8 records = ")
    starter = run(environment, place, "finscribe", "models", "path").strip()
    assert Path(starter).is_relative_to(environment)
    plan = run(environment, place, "finscribe", "train", "--config", "full-starter", "--dry_run")
    assert "[[" in plan
    assert not (place / "models").exists()


def test_it_evaluates_the_starter_against_regular_expressions(environment: Path, place: Path) -> None:
    starter = run(environment, place, "finscribe", "models", "path").strip()
    options = ("--test_data", "test.jsonl", "--output", "out/evaluation.json", "--no_few_shot")
    run(environment, place, "finscribe", "evaluate", "--models", "regex", starter, *options)
    assert (place / "out" / "evaluation.html").stat().st_size > 0
    found = json.loads((place / "out" / "evaluation.json").read_text())
    assert len(found["systems"]) == 2


def test_it_reads_a_batch_on_ray(environment: Path, place: Path) -> None:
    pytest.importorskip("ray", reason="the extra scale")
    said = run(
        environment, place, "finscribe", "batch", "samples", "--output", "rows.jsonl", "--workers", "1"
    )
    assert said.startswith("2 inputs: 2 done, 0 rejected, 0 already done")
    rows = [json.loads(line) for line in (place / "rows.jsonl").read_text().splitlines()]
    assert {Path(row["source"]).name for row in rows} == set(SAMPLES)
    assert {row["model"] for row in rows} == {"finscribe-starter"}
    assert all(row["invoice"]["invoice_number"] for row in rows)


@pytest.mark.parametrize("with_extras", [()], indirect=True, ids=["none"])
def test_without_extras_it_reads_texts_pdfs_and_scans(with_extras: Path, place: Path) -> None:
    for name in (
        "invoice.txt",
        "samples/invoice-de.pdf",
        str(ROOT / "docs" / "samples" / "receipt-en-my.jpg"),
    ):
        answer = json.loads(run(with_extras, place, "finscribe", "extract", name, "--format", "json"))
        assert answer["invoice"]["financial_summary"]["grand_total"]
    there = "import importlib.util as u; print(*[name for name in ('torch', 'ray', 'fastapi') if u.find_spec(name)])"
    assert run(with_extras, place, "python", "-c", there).strip() == ""


@pytest.mark.parametrize("with_extras", [("prepare",)], indirect=True, ids=["prepare"])
def test_with_the_extra_prepare_it_prepares(with_extras: Path, place: Path, tmp_path: Path) -> None:
    output = str(tmp_path / "train.jsonl")
    said = run(with_extras, place, "finscribe", "prepare", "--input", "records.jsonl", "--output", output)
    assert said.startswith("8 records = ")


@pytest.mark.parametrize("with_extras", [("train",)], indirect=True, ids=["train"])
def test_with_the_extra_train_it_would_train(with_extras: Path, place: Path) -> None:
    options = ("--config", "full-starter", "--train_data", "records.jsonl", "--dry_run")
    assert "[[" in run(with_extras, place, "finscribe", "train", *options)


@pytest.mark.parametrize("command", ["evaluate", "batch", "synth", "doctor"])
def test_it_says_what_its_other_commands_take(environment: Path, place: Path, command: str) -> None:
    assert run(environment, place, "finscribe", command, "--help").startswith(f"Usage: finscribe {command} ")
