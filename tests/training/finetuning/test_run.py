"""Fine-tuning from records to a published folder, with the bundled starter and a handful of small documents."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from finscribe.decoding import load_model
from finscribe.decoding.loading import unsloth_is_installed
from finscribe.documents import Document
from finscribe.errors import NotReproduced, TrainingError
from finscribe.extract import extract
from finscribe.files import file_hash
from finscribe.starter import path as starter_path
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning import saving
from finscribe.training.finetuning.progress import read_metrics
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.run import finetune
from tests.training.finetuning.conftest import write_records

pytestmark = pytest.mark.e2e


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return Recipe(
        model_name=str(starter_path()),
        train_data=write_records(tmp_path / "train.jsonl", 7_000_000_000, 8),
        val_data=write_records(tmp_path / "val.jsonl", 7_100_000_000, 1),
        output_dir=tmp_path / "models" / "tuned",
        num_epochs=3,
        batch_size=4,
        gradient_accumulation_steps=1,
        learning_rate=1e-3,
        load_in_4bit=False,
        replay=0.0,
        evaluations=2,
        engine="transformers",
    )


def start(recipe: Recipe, show: Any = lambda _: None, **options: bool) -> Any:
    return finetune(recipe, RunOptions(**options), show)


def losses(folder: Path) -> list[float]:
    return [line["loss"] for line in read_metrics(folder / "metrics.jsonl") if "loss" in line]


def check_what_a_run_wrote(folder: Path, engine: str) -> None:
    found = losses(folder)
    assert len(found) == 6
    assert sum(found[-2:]) < sum(found[:2])
    run = json.loads((folder / "run.json").read_text("utf-8"))
    assert run["engine"] == engine
    assert run["reproduction"]["faithful"]
    assert run["reproduction"]["values"] > 0
    assert run["after"]["field_f1"] > 0
    assert run["data"]["train"]["examples"] == 8
    assert (folder / "adapter" / "adapter_config.json").is_file()
    for card in (folder / "README.md", folder / "adapter" / "README.md"):
        assert "invoices and receipts into JSON, trained on 8 documents" in card.read_text("utf-8")
        assert "More Information Needed" not in card.read_text("utf-8")
    text = generate(7_200_000_000, HELD_OUT_FAMILIES, size=0.2).text
    assert extract(Document.from_text(text), load_model(folder)).complete


def write_dataset(train_data: Path) -> str:
    """What preparation leaves beside its files; returns the version."""
    card = {"version": "c0ffee" * 10, "files": {"train": {"sha256": file_hash(train_data)}}}
    train_data.with_name("dataset.json").write_text(json.dumps(card))
    train_data.with_name("dataset.html").write_text("<p>what the data is like")
    return str(card["version"])


def test_a_run_writes_a_model_that_serves_and_says_how_it_came_about(recipe: Recipe) -> None:
    moments: list[Any] = []

    def watch(moment: Any) -> None:
        moments.append(moment)
        with pytest.raises(TrainingError, match="another run is training into"):
            start(recipe, overwrite=True)

    version = write_dataset(recipe.train_data)
    finished = start(recipe, watch)
    check_what_a_run_wrote(recipe.output_dir, "transformers")
    assert finished.reproduction.faithful
    assert [moment.step for moment in moments if moment.field_f1 is not None] == [0, 3, 6]
    assert not list(recipe.output_dir.parent.glob(".*"))
    check_what_can_be_reproduced(
        json.loads((recipe.output_dir / "run.json").read_text("utf-8")), recipe, version
    )
    check_its_page(recipe.output_dir, version)
    with Image.open(recipe.output_dir / "training.png") as picture:
        assert picture.size[0] == 1600


def check_what_can_be_reproduced(run: dict[str, Any], recipe: Recipe, version: str) -> None:
    assert run["recipe"] == recipe.to_record()
    assert run["data"]["version"] == version
    assert run["data"]["train"]["sha256"] == file_hash(recipe.train_data)
    assert len(run["base"]["sha256"]) == 64
    assert run["packages"].keys() >= {"finscribe", "torch", "transformers", "peft", "trl"}
    assert run["hardware"]["cores"] >= 1
    assert run["hardware"]["cpu"]
    assert 0.1 < run["hardware"]["memory_gb"] < 100_000
    assert run["python"] == platform.python_version()
    assert list(run["durations"]) == [
        "preparing",
        "reading before",
        "training",
        "reading after",
        "saving",
        "comparing",
    ]
    assert sum(run["durations"].values()) == pytest.approx(run["seconds"], abs=0.4)
    assert run["peak_memory_gb"] > 0
    assert run["plan"]["steps"] == 6
    assert 0 <= run["plan"]["padding"] < 1
    assert run["final"]["loss"] > 0
    assert run["final"]["val_loss"] > 0
    assert run["final"]["step"] == 6
    assert run["saved"]["step"] in (3, 6)
    assert run["saved"]["val_loss"] > 0
    assert run["resumed_at"] == []


def check_its_page(folder: Path, version: str) -> None:
    page = (folder / "training.html").read_text("utf-8")
    for title in (
        "Loss",
        "What it reads",
        "Learning rate",
        "Pace",
        "Memory",
        "Recipe",
        "Documents",
        "Fields",
    ):
        assert f"<h2>{title}</h2>" in page
    assert page.count("<details>") == 1
    name = f"dataset-{version[:16]}.html"
    assert f'<a href="{name}">' in page
    assert version in page
    assert (folder / name).read_text() == "<p>what the data is like"
    assert "<script" not in page


@pytest.mark.skipif(not unsloth_is_installed(), reason="Unsloth is not installed")
def test_the_script_trains_with_unsloth(recipe: Recipe) -> None:
    flags = {
        name: value
        for name, value in recipe.to_record().items()
        if name in ("model_name", "train_data", "val_data", "output_dir", "batch_size", "evaluations")
    } | {"gradient_accumulation_steps": 1, "learning_rate": 1e-3, "replay": 0, "engine": "unsloth"}
    arguments = [part for name, value in flags.items() for part in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "unsloth/train_unsloth_fast.py", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"UNSLOTH_DISABLE_STATISTICS": "1", "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "4-bit weights need a GPU" in done.stderr
    check_what_a_run_wrote(recipe.output_dir, "unsloth")


def test_publishing_replaces_what_was_there(tmp_path: Path) -> None:
    for name, content in (("old", "1"), ("new", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(content)
    saving.publish(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "config.json").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_nothing_is_published_over_a_place_that_became_a_link_meanwhile(tmp_path: Path) -> None:
    for name in ("new", "version"):
        (tmp_path / name).mkdir()
    (tmp_path / "served").symlink_to("version")
    with pytest.raises(TrainingError, match="has become a link") as caught:
        saving.publish(tmp_path / "new", tmp_path / "served")
    assert str(tmp_path / "new") in caught.value.hint
    assert (tmp_path / "served").readlink() == Path("version")


def test_a_saved_model_that_reads_otherwise_is_not_published(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = saving.save_model

    def save_the_untrained(base: Any, recipe: Recipe, method: Any, folder: Path) -> None:
        for weight in base.model.parameters():
            weight.data += torch.randn_like(weight) * 0.05
        save(base, recipe, method, folder)

    monkeypatch.setattr(saving, "save_model", save_the_untrained)
    with pytest.raises(NotReproduced, match="the saved model reads") as caught:
        start(replace(recipe, num_epochs=1, evaluations=1))
    assert not recipe.output_dir.exists()
    assert ".training" in caught.value.hint
