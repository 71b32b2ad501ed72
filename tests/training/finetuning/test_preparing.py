"""Before the first step: data and base made ready, or said to be unfit."""

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from finscribe.errors import MissingDependency, TrainingDataError, TrainingError
from finscribe.invoice import Invoice, Truth
from finscribe.training.finetuning import preparing
from finscribe.training.finetuning.preparing import prepare, read_data
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.stages import Data
from tests.training.finetuning.conftest import write_records

MANY_NULLS = Truth.of(Invoice()).to_json()


def write(path: Path, text: str, output: dict[str, object]) -> Path:
    path.write_text(json.dumps({"input": text, "output": json.dumps(output)}) + "\n")
    return path


def test_validation_documents_that_are_trained_on_are_refused_unless_allowed(tiny_recipe: Recipe) -> None:
    leaking = replace(tiny_recipe, val_data=tiny_recipe.train_data)
    with pytest.raises(TrainingDataError, match="10 validation documents") as caught:
        read_data(leaking)
    assert "--allow_leak" in caught.value.hint
    assert len(read_data(replace(leaking, allow_leak=True)).val) == 10


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"invoice_number": "INV-8"}, "1 print nothing of their truth"),
        (json.loads(MANY_NULLS), "1 do not fit into 64 tokens"),
    ],
)
def test_data_of_which_nothing_can_be_learned_is_an_error_that_says_why(
    tiny_recipe: Recipe, tmp_path: Path, output: dict[str, object], said: str
) -> None:
    data = write(tmp_path / "one.jsonl", "ACME Ltd\nTotal 5.00", output)
    recipe = replace(tiny_recipe, train_data=data, max_seq_length=64)
    with pytest.raises(TrainingError, match=said) as caught:
        prepare(recipe, read_data(recipe))
    assert "--max_seq_length" in caught.value.hint


def test_validation_documents_of_which_none_can_be_judged_are_an_error(
    tiny_recipe: Recipe, tmp_path: Path
) -> None:
    data = write(tmp_path / "val.jsonl", "ACME Ltd\nTotal 5.00", {"invoice_number": "INV-8"})
    recipe = replace(tiny_recipe, val_data=data)
    with pytest.raises(TrainingDataError, match=r"none of 1 validation document of .*val\.jsonl") as caught:
        prepare(recipe, read_data(recipe))
    assert "--val_data" in caught.value.hint


def test_a_model_that_comes_from_the_starter_is_shown_synthetic_documents_too(tiny_recipe: Recipe) -> None:
    data = read_data(tiny_recipe)
    usual, none, as_many = (prepare(replace(tiny_recipe, replay=share), data) for share in (None, 0.0, 1.0))
    alone, some, most = (len(each.train.examples) for each in (none, usual, as_many))
    assert 10 <= alone < some < most  # of pages that are read in windows there are several
    assert [(each.synthetic, each.replay) for each in (usual, none, as_many)] == [
        (3, 0.3),
        (0, 0.0),
        (10, 1.0),
    ]
    assert usual.documents == 10


def test_long_documents_are_windowed_for_training_and_for_validation_loss(
    tiny_recipe: Recipe, tmp_path: Path
) -> None:
    val = write_records(tmp_path / "val.jsonl", 7_100_000_000, 4)
    recipe = replace(tiny_recipe, val_data=val, max_seq_length=400)
    prepared = prepare(recipe, read_data(recipe))
    for encoded in (prepared.train, prepared.val):
        assert encoded.windowed > 0
        assert encoded.too_long == 0
        assert all(len(example.ids) <= 400 for example in encoded.examples)
    assert len(prepared.watched) == 4


def test_the_documents_that_are_watched_are_the_same_each_time(tiny_recipe: Recipe, tmp_path: Path) -> None:
    val = write_records(tmp_path / "val.jsonl", 7_100_000_000, 6)
    recipe = replace(tiny_recipe, val_data=val, eval_documents=3)
    one, again = (prepare(recipe, read_data(recipe)).watched for _ in range(2))
    assert [each.origin for each in one] == [each.origin for each in again]
    assert len(one) == 3


@pytest.mark.parametrize(("tracker", "package"), [("wandb", "wandb"), ("tensorboard", "tensorboard")])
def test_a_tracker_that_is_not_installed_is_said_before_anything_is_loaded(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch, tracker: Any, package: str
) -> None:
    monkeypatch.setattr(preparing, "find_spec", lambda name: None)
    monkeypatch.setattr(preparing, "load_base", pytest.fail)
    with pytest.raises(MissingDependency, match=f"--report_to {tracker}") as caught:
        prepare(replace(tiny_recipe, report_to=tracker), Data([], [], "", None))
    assert caught.value.hint == f"pip install {package}"


def test_a_tracker_that_is_installed_is_fine_and_a_folder_of_its_runs_is_none(
    tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(tiny_recipe, report_to="wandb")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "wandb").mkdir()
    with pytest.raises(MissingDependency):
        preparing.require_tracker(recipe)
    (tmp_path / "wandb" / "__init__.py").touch()
    importlib.invalidate_caches()
    preparing.require_tracker(recipe)


def test_without_validation_documents_some_of_the_training_data_are_compared(
    tiny_recipe: Recipe, tmp_path: Path
) -> None:
    prepared = prepare(tiny_recipe, read_data(tiny_recipe))
    assert not prepared.watched
    assert len(prepared.compared) == 8
    assert {each.origin for each in prepared.compared} < {
        each.origin for each in read_data(tiny_recipe).train
    }
    val = write_records(tmp_path / "val.jsonl", 7_100_000_000, 1)
    prepared = prepare(replace(tiny_recipe, val_data=val), read_data(replace(tiny_recipe, val_data=val)))
    assert prepared.compared == prepared.watched
