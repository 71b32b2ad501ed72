"""What is saved: loaded from wherever it is needed, as it was trained, and compared with the model in memory."""

import gc
import json
import shutil
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import constants

from finscribe.decoding import load_model
from finscribe.decoding.torch_backend import PRECISION
from finscribe.errors import ModelBroken, TrainingError
from finscribe.invoice import Invoice, Truth
from finscribe.testing import FakeModel
from finscribe.training.finetuning import fitting, run, saving, validation
from finscribe.training.finetuning.base import load_base
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.memory import MERGING_HINT, TRAINED_HINT
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.saving import compare_with_saved, save_model
from finscribe.training.finetuning.validation import Validation
from tests.training.finetuning.conftest import write_smallest_record

NAME, REVISION = "nobody/tiny", "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _in_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINSCRIBE_BACKEND", "transformers")


def described(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "adapter_config.json").read_text())
    return found


def logits(model: Any) -> torch.Tensor:
    found: torch.Tensor = model.model(torch.tensor([[5, 6, 7, 8]])).logits
    return found


def train_for_a_moment(model: Any) -> None:
    """Weights that differ from those of the base, as after training."""
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            weight.data += 0.05 * torch.randn_like(weight)


# --- an adapter ---------------------------------------------------------------------------------------


def test_an_adapter_finds_its_base_from_another_working_directory(
    tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_recipe.model_name, tmp_path / "here" / "tiny")
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    recipe = replace(tiny_recipe, model_name="./tiny")
    base = load_base(recipe)
    train_for_a_moment(base.model)
    wanted = base.model.eval()(torch.tensor([[5, 6, 7, 8]])).logits
    save_model(base, recipe, "lora", tmp_path / "adapter")
    monkeypatch.chdir(tmp_path / "there")
    with torch.inference_mode():
        torch.testing.assert_close(logits(load_model("../adapter")), wanted.detach(), atol=1e-3, rtol=1e-3)
    assert described(tmp_path / "adapter")["base_model_name_or_path"] == str(tmp_path / "here" / "tiny")


@pytest.fixture
def cached(tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the hub that holds the tiny model at a revision, offline."""
    model = tmp_path / "hub" / ("models--" + NAME.replace("/", "--"))
    shutil.copytree(tiny_recipe.model_name, model / "snapshots" / REVISION)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(REVISION)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("transformers.utils.hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return model


@pytest.mark.filterwarnings("ignore:Could not find a config file")  # PEFT asks the hub, not its cache
def test_an_adapter_is_loaded_with_the_revision_that_it_was_trained_on(
    tiny_recipe: Recipe, cached: Path, tmp_path: Path
) -> None:
    recipe = replace(tiny_recipe, model_name=NAME)
    save_model(load_base(recipe), recipe, "lora", tmp_path / "adapter")
    assert described(tmp_path / "adapter")["base_model_name_or_path"] == NAME
    assert described(tmp_path / "adapter")["revision"] == REVISION
    newer = cached / "snapshots" / ("f" * 40)
    shutil.copytree(cached / "snapshots" / REVISION, newer)
    (newer / "model.safetensors").write_bytes(b"another model by now")
    (cached / "refs" / "main").write_text(newer.name)
    assert load_model(tmp_path / "adapter").parameters > 0


def test_an_adapter_says_how_its_base_was_held(tiny_recipe: Recipe, tmp_path: Path) -> None:
    base = load_base(tiny_recipe)
    save_model(base, tiny_recipe, "lora", tmp_path / "one")
    save_model(replace(base, quantised=True), tiny_recipe, "lora", tmp_path / "two")
    found = [json.loads((tmp_path / each / PRECISION).read_text()) for each in ("one", "two")]
    assert found == [{"load_in_4bit": False}, {"load_in_4bit": True}]


def test_the_adapter_beside_merged_weights_says_the_same(tiny_recipe: Recipe, tmp_path: Path) -> None:
    save_model(load_base(tiny_recipe), tiny_recipe, "merged_16bit", tmp_path / "model")
    adapter = tmp_path / "model" / "adapter"
    assert described(adapter)["base_model_name_or_path"] == tiny_recipe.model_name
    assert json.loads((adapter / PRECISION).read_text()) == {"load_in_4bit": False}


# --- compared -----------------------------------------------------------------------------------------


@pytest.fixture
def smallest(tiny_recipe: Recipe, tmp_path: Path) -> Recipe:
    """One document to learn, and none to validate by."""
    data = write_smallest_record(tmp_path / "train.jsonl")
    return replace(tiny_recipe, train_data=data, num_epochs=2, batch_size=1)


@pytest.mark.e2e
@pytest.mark.parametrize("method", ["lora", "merged_16bit"])
def test_without_validation_documents_the_saved_model_reads_training_documents(
    smallest: Recipe, method: Any
) -> None:
    finished = run.finetune(replace(smallest, save_method=method), RunOptions(), lambda _: None)
    assert finished.after is None
    assert finished.reproduction.values > 0
    written = json.loads((smallest.output_dir / "run.json").read_text())
    assert written["reproduction"]["read"] == "training documents"
    assert written["reproduction"]["documents"] == 1
    assert written["reproduction"]["faithful"]
    assert written["after"] is None
    cards = list(smallest.output_dir.rglob("README.md"))
    assert {card.parent.name for card in cards} == ({"tuned"} if method == "lora" else {"tuned", "adapter"})
    assert all("How well it reads is not known" in card.read_text() for card in cards)


@pytest.mark.e2e
def test_without_validation_documents_a_model_that_reads_otherwise_is_not_published(
    smallest: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = saving.save_model

    def save_another(base: Any, recipe: Recipe, method: Any, folder: Path) -> None:
        for weight in base.model.parameters():
            weight.data = torch.randn_like(weight)
        save(base, recipe, method, folder)

    monkeypatch.setattr(saving, "save_model", save_another)
    with pytest.raises(TrainingError, match="the saved model reads"):
        run.finetune(smallest, RunOptions(), lambda _: None)
    assert not smallest.output_dir.exists()


@pytest.mark.e2e
@pytest.mark.parametrize("full", [False, True])
def test_the_trained_model_is_gone_before_the_saved_one_is_loaded(
    smallest: Recipe, full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[weakref.ref[Any]] = []
    prepare, load = fitting.prepare, saving.load_model

    def prepare_and_watch(*arguments: Any, **options: Any) -> Any:
        prepared = prepare(*arguments, **options)
        trained.append(weakref.ref(next(iter(prepared.base.model.parameters()))))
        return prepared

    def load_alone(folder: Path) -> Any:
        assert trained[0]() is None
        return load(folder)

    monkeypatch.setattr(fitting, "prepare", prepare_and_watch)
    monkeypatch.setattr(saving, "load_model", load_alone)
    run.finetune(replace(smallest, full_finetuning=full), RunOptions(), lambda _: None)
    gc.collect()


@pytest.mark.e2e
def test_all_weights_are_trained_saved_and_loaded(smallest: Recipe) -> None:
    before = load_model(smallest.model_name).model.state_dict()  # type: ignore[attr-defined]
    finished = run.finetune(replace(smallest, full_finetuning=True), RunOptions(), lambda _: None)
    assert finished.reproduction.faithful
    assert not (smallest.output_dir / "adapter").exists()
    assert not (smallest.output_dir / "adapter_config.json").exists()
    after = load_model(smallest.output_dir).model.state_dict()  # type: ignore[attr-defined]
    assert before.keys() == after.keys()
    changed = {name for name, weight in after.items() if not torch.equal(weight, before[name])}
    assert any("embed_tokens" in name for name in changed)
    assert any("mlp" in name for name in changed)


def no_more(_: object) -> None:
    try:
        raise torch.OutOfMemoryError("no more")
    except torch.OutOfMemoryError as error:
        raise ModelBroken("does not load") from error


def test_a_saved_model_that_does_not_fit_into_memory_loses_nothing_that_was_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "load_model", no_more)
    with pytest.raises(TrainingError, match="out of memory while loading the saved model") as caught:
        compare_with_saved(Validation([], None), tmp_path, [Labelled("", None, "")])  # type: ignore[arg-type]
    assert caught.value.hint == TRAINED_HINT


def test_values_that_are_absent_both_times_do_not_make_a_saved_model_faithful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes(vendor: str) -> FakeModel:
        return FakeModel(Invoice.from_record({"vendor": {"name": vendor}}).to_json())

    documents = [Labelled("ACME to Bolt", Truth({}), f"t:{number}") for number in range(4)]
    monkeypatch.setattr(saving, "load_model", lambda _: writes("Bolt"))
    found = compare_with_saved(validation.validate_model(writes("ACME"), documents), tmp_path, documents)
    assert (found.values, len(found.differences), found.faithful) == (4, 4, False)
    assert replace(found, differences=found.differences[:1]).faithful


@pytest.mark.parametrize(
    ("documents", "values_each", "faithful"), [(1, 7, True), (1, 8, False), (2, 1, False), (1, 1, True)]
)
def test_what_follows_one_toss_up_does_not_make_a_saved_model_another(
    documents: int, values_each: int, faithful: bool
) -> None:
    differences = tuple(
        saving.Difference(f"t:{document}", f"line_items[{value}].quantity", 1, 2)
        for document in range(documents)
        for value in range(values_each)
    )
    assert saving.SavedAsTrained(148, differences).faithful is faithful


def test_a_document_that_the_saved_model_has_no_memory_for_loses_nothing_that_was_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "load_model", lambda _: None)
    monkeypatch.setattr(validation, "_read_if_it_fits", lambda *_: None)
    with pytest.raises(TrainingError, match="while reading one document at a time") as caught:
        compare_with_saved(Validation([], None), tmp_path, [])  # type: ignore[arg-type]
    assert caught.value.hint == TRAINED_HINT


@pytest.mark.e2e
@pytest.mark.parametrize(("full", "hint"), [(False, MERGING_HINT), (True, TRAINED_HINT)])
def test_a_model_that_there_is_no_memory_to_save_is_saved_as_the_error_says(
    smallest: Recipe, full: bool, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(smallest, full_finetuning=full)
    moments: list[Any] = []
    with monkeypatch.context() as patch:
        patch.setattr(saving, "share_weights", no_more)
        with pytest.raises(TrainingError, match="while saving") as caught:
            run.finetune(recipe, RunOptions(), moments.append)
    assert caught.value.hint == hint
    assert moments
    assert not recipe.output_dir.exists()
    moments.clear()
    again = recipe if full else replace(recipe, save_method="lora")
    assert run.finetune(again, RunOptions(resume=True), moments.append).reproduction.faithful
    assert not moments  # nothing was learned again
    assert recipe.output_dir.exists()
