"""Fine-tuning from records to a published folder, with the bundled starter and a handful of small documents."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from finscribe.decoding import load_model
from finscribe.decoding.loading import unsloth_is_installed
from finscribe.documents import Document
from finscribe.errors import TrainingDataError, TrainingError
from finscribe.extract import extract
from finscribe.invoice import Invoice
from finscribe.starter import path as starter_path
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning import fitting, preparing, saving, work_folder
from finscribe.training.finetuning.progress import read_metrics
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.run import finetune
from finscribe.training.finetuning.work_folder import last_checkpoint

pytestmark = pytest.mark.e2e


def write_records(path: Path, first_seed: int, count: int) -> Path:
    samples = [generate(first_seed + index, HELD_OUT_FAMILIES, size=0.2) for index in range(count)]
    records = [
        {"input": "OCR_TEXT:\n" + each.text, "output": Invoice.from_record(each.truth).to_json()}
        for each in samples
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return Recipe(
        model_name=str(starter_path()),
        train_data=write_records(tmp_path / "train.jsonl", 7_000_000_000, 8),
        val_data=write_records(tmp_path / "val.jsonl", 7_100_000_000, 2),
        output_dir=tmp_path / "models" / "tuned",
        num_epochs=3,
        batch_size=4,
        gradient_accumulation_steps=1,
        learning_rate=1e-3,
        load_in_4bit=False,
        replay=0.0,
        evaluations=3,
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
    text = generate(7_200_000_000, HELD_OUT_FAMILIES, size=0.2).text
    assert extract(Document.from_text(text), load_model(folder)).complete


def test_a_run_writes_a_model_that_serves_and_says_how_it_came_about(recipe: Recipe) -> None:
    moments: list[Any] = []
    finished = start(recipe, moments.append)
    check_what_a_run_wrote(recipe.output_dir, "transformers")
    assert finished.reproduction.faithful
    assert [moment.step for moment in moments if moment.field_f1 is not None] == [0, 2, 4, 6]
    assert not list(recipe.output_dir.parent.glob(".*"))


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


class Killed(BaseException):
    """What ends a run between two steps, as a power cut would."""


def test_a_run_that_was_cut_off_ends_where_an_uninterrupted_one_does(recipe: Recipe, tmp_path: Path) -> None:
    def cut(moment: Any) -> None:
        if moment.step == 5:
            raise Killed

    with pytest.raises(Killed):
        start(recipe, cut)
    start(recipe, resume=True)
    whole = replace(recipe, output_dir=tmp_path / "models" / "whole")
    start(whole)
    one, other = (load_file(each.output_dir / "model.safetensors") for each in (recipe, whole))
    assert losses(recipe.output_dir) == pytest.approx(losses(whole.output_dir), abs=1e-3)
    for name, weights in one.items():
        torch.testing.assert_close(weights, other[name], atol=1e-3, rtol=1e-2)


def test_a_checkpoint_that_is_not_whole_is_never_taken(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    for step, state in ((2, "{}"), (10, "{}"), (12, '{"torn'), (14, None)):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        if state is not None:
            (folder / "trainer_state.json").write_text(state)
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-10"


def test_an_unfinished_or_finished_run_is_not_destroyed_by_accident(recipe: Recipe) -> None:
    work = recipe.output_dir.with_name(f".{recipe.output_dir.name}.training")
    (work / "checkpoint-3").mkdir(parents=True)
    (work / "checkpoint-3" / "trainer_state.json").write_text("{}")
    with pytest.raises(TrainingError, match="unfinished run") as caught:
        work_folder.work_folder(recipe, RunOptions())
    assert "--resume" in caught.value.hint
    assert work_folder.work_folder(recipe, RunOptions(resume=True)) == work
    assert not list(work_folder.work_folder(recipe, RunOptions(overwrite=True)).iterdir())
    recipe.output_dir.mkdir(parents=True)
    with pytest.raises(TrainingError, match="already holds a model"):
        work_folder.work_folder(recipe, RunOptions())
    with pytest.raises(TrainingError, match="holds no checkpoint"):
        work_folder.work_folder(recipe, RunOptions(resume=True))


def test_a_model_that_a_link_points_to_is_never_written_over(recipe: Recipe, tmp_path: Path) -> None:
    recipe.output_dir.parent.mkdir(parents=True)
    recipe.output_dir.symlink_to(tmp_path)
    with pytest.raises(TrainingError, match="is a link") as caught:
        work_folder.work_folder(recipe, RunOptions(overwrite=True))
    assert "--output_dir" in caught.value.hint


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


def test_a_full_disk_is_noticed_before_the_run(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_folder, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(TrainingError, match="free"):
        work_folder.work_folder(recipe, RunOptions())


def test_validation_documents_that_are_trained_on_are_refused_unless_allowed(recipe: Recipe) -> None:
    leaking = replace(recipe, val_data=recipe.train_data)
    with pytest.raises(TrainingDataError, match="8 validation documents"):
        preparing.read_data(leaking)
    assert len(preparing.read_data(replace(leaking, allow_leak=True)).val) == 8


def test_a_saved_model_that_reads_otherwise_is_not_published(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = saving.save_model

    def save_the_untrained(base: Any, recipe: Recipe, method: Any, folder: Path) -> None:
        for weight in base.model.parameters():
            weight.data += torch.randn_like(weight) * 0.05
        save(base, recipe, method, folder)

    monkeypatch.setattr(saving, "save_model", save_the_untrained)
    with pytest.raises(TrainingError, match="the saved model reads") as caught:
        start(replace(recipe, num_epochs=1, evaluations=1))
    assert not recipe.output_dir.exists()
    assert ".training" in caught.value.hint


def test_out_of_memory_halves_the_batch_and_keeps_its_effect(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, failures = fitting.build_trainer, [torch.OutOfMemoryError("no more"), None]

    def build_that_fails_once(*arguments: Any) -> Any:
        trainer = build(*arguments)
        if failure := failures.pop(0):
            monkeypatch.setattr(trainer, "train", lambda **_: (_ for _ in ()).throw(failure))
        return trainer

    monkeypatch.setattr(fitting, "build_trainer", build_that_fails_once)
    start(replace(recipe, num_epochs=1, evaluations=1))
    written = json.loads((recipe.output_dir / "run.json").read_text("utf-8"))["recipe"]
    assert (written["batch_size"], written["gradient_accumulation_steps"]) == (2, 2)


def test_out_of_memory_with_one_document_says_which_flags_to_try(recipe: Recipe) -> None:
    with pytest.raises(TrainingError, match="one document") as caught:
        fitting.halved(replace(recipe, batch_size=1))
    assert "--batch_size 1 --gradient_accumulation_steps 8" in caught.value.hint
