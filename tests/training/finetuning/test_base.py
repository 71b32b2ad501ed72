"""The model that a run starts from: what cannot be trained says why."""

import json
import os
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from huggingface_hub import constants

from finscribe.decoding import hub, torch_backend
from finscribe.errors import (
    FinScribeError,
    MissingDependency,
    ModelBroken,
    ModelError,
    ModelNotFound,
    TrainingError,
)
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import generate
from finscribe.training.finetuning import base
from finscribe.training.finetuning.base import load_base
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.run import finetune
from finscribe.training.finetuning.work_folder import work_folder


@pytest.fixture
def broken(tiny_recipe: Recipe, tmp_path: Path) -> Recipe:
    """A recipe whose model is a copy that may be damaged."""
    folder = Path(shutil.copytree(tiny_recipe.model_name, tmp_path / "broken"))
    return replace(tiny_recipe, model_name=str(folder))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("config.json", r"config\.json"),
        ("model.safetensors", "safetensors"),
        ("tokenizer.json", "tokenizer"),
        ("tokenizer_config.json", "names no token that ends an answer"),
    ],
)
def test_a_model_folder_that_lacks_a_file_says_which(broken: Recipe, missing: str, said: str) -> None:
    (Path(broken.model_name) / missing).unlink()
    with pytest.raises(ModelBroken, match=said) as caught:
        load_base(broken)
    assert caught.value.hint


def test_a_shard_that_is_missing_is_named(broken: Recipe) -> None:
    folder = Path(broken.model_name)
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    index = {
        "metadata": {},
        "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"},
    }
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match="model-00002-of-00002"):
        load_base(broken)


def test_a_folder_that_is_not_there_is_named(tiny_recipe: Recipe, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="nowhere"):
        load_base(replace(tiny_recipe, model_name=str(tmp_path / "nowhere")))


def test_an_unknown_name_while_offline_says_what_to_do(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFound, match="nobody/has-this") as caught:
        load_base(replace(tiny_recipe, model_name="nobody/has-this"))
    assert "hf download nobody/has-this" in caught.value.hint


@pytest.fixture
def silent_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that reaches no hub, is not told to stay offline, and has nothing in its cache."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(hub, "why_silent", lambda address: "no route")


@pytest.mark.usefixtures("silent_hub")
def test_a_name_that_cannot_be_fetched_is_said_before_a_library_asks_for_it(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "_load", pytest.fail)
    with pytest.raises(ModelNotFound, match="nobody/has-this is not in the cache") as caught:
        load_base(replace(tiny_recipe, model_name="nobody/has-this"))
    assert all(part in caught.value.hint for part in ("hf download", "model folder", "HF_HUB_OFFLINE=1"))


@pytest.mark.usefixtures("silent_hub")
def test_a_run_whose_model_cannot_be_fetched_leaves_an_unfinished_one_alone(tiny_recipe: Recipe) -> None:
    checkpoint = work_folder(tiny_recipe, RunOptions()) / "checkpoint-3"
    checkpoint.mkdir()
    with pytest.raises(ModelNotFound, match="nobody/has-this is not in the cache"):
        finetune(replace(tiny_recipe, model_name="nobody/has-this"), RunOptions(overwrite=True), pytest.fail)
    assert checkpoint.is_dir()


@pytest.mark.usefixtures("silent_hub")
@pytest.mark.parametrize("wrong", ["the data", "the output folder", "the model folder"])
def test_what_else_is_wrong_is_said_before_the_hub_is_asked(
    wrong: str, tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(hub, "why_silent")
    recipe = replace(tiny_recipe, model_name="nobody/has-this")
    if wrong == "the data":
        recipe.train_data.unlink()
    elif wrong == "the output folder":
        recipe.output_dir.mkdir(parents=True)
        (recipe.output_dir / "config.json").touch()
    else:
        recipe = replace(recipe, model_name="./nowhere")
    said = {"the data": "does not exist", "the output folder": "already holds", "the model folder": "nowhere"}
    with pytest.raises(FinScribeError, match=said[wrong]):
        finetune(recipe, RunOptions(), pytest.fail)


@pytest.mark.usefixtures("silent_hub")
def test_libraries_that_look_at_the_variable_know_that_the_hub_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "is_cached", lambda name: True)
    with base.hub_or_cache("owner/cached"):
        assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert "HF_HUB_OFFLINE" not in os.environ
    with base.hub_or_cache(str(tmp_path)):
        assert "HF_HUB_OFFLINE" not in os.environ


def test_a_tokenizer_of_another_model_is_refused(broken: Recipe) -> None:
    larger = train_tokenizer((generate(seed).text for seed in range(100)), 900)
    larger.save_pretrained(broken.model_name)
    with pytest.raises(ModelBroken, match="do not belong together") as caught:
        load_base(broken)
    assert "tokenizer" in caught.value.hint


def test_a_tokenizer_with_far_fewer_tokens_than_the_model_is_refused(broken: Recipe) -> None:
    smaller = train_tokenizer((generate(seed).text for seed in range(100)), 400)
    smaller.save_pretrained(broken.model_name)
    with pytest.raises(
        ModelBroken, match="has 399 tokens, the model knows 599: they do not belong"
    ) as caught:
        load_base(broken)
    assert "resize_token_embeddings" in caught.value.hint


@pytest.mark.parametrize(
    ("tokens", "known"),
    [(600, 640), (600, 728), (151_665, 152_064), (100_002, 102_400), (128_256, 128_256)],
    ids=["64", "128", "Qwen 2.5 7B", "DeepSeek 7B", "Llama 3"],
)
def test_a_model_with_its_number_of_embeddings_rounded_up_is_trained(tokens: int, known: int) -> None:
    base._require_a_pair(pair(tokens, known), "model")


@pytest.mark.parametrize(
    ("tokens", "known"),
    [(600, 599), (600, 729), (32_000, 128_256), (128_256, 151_936)],
    ids=["too many", "too few", "Llama 2 and 3", "Llama 3 and Qwen"],
)
def test_numbers_of_tokens_that_no_rounding_explains_are_refused(tokens: int, known: int) -> None:
    with pytest.raises(ModelBroken, match="do not belong together"):
        base._require_a_pair(pair(tokens, known), "model")


def pair(tokens: int, known: int) -> Any:
    """A tokenizer whose highest number is the last of so many tokens, and a model with so many embeddings."""
    embeddings = SimpleNamespace(weight=SimpleNamespace(shape=(known, 8)))
    model = SimpleNamespace(get_input_embeddings=lambda: embeddings, config=SimpleNamespace())
    tokenizer = SimpleNamespace(get_vocab=lambda: {"a": 0, "z": tokens - 1}, eos_token_id=0)
    return SimpleNamespace(model=model, tokenizer=tokenizer)


@pytest.mark.parametrize("files", [("config.json", "generation_config.json"), ("config.json",)])
def test_a_tokenizer_that_ends_answers_otherwise_than_the_model_is_refused(
    broken: Recipe, files: tuple[str, ...]
) -> None:
    folder = Path(broken.model_name)
    end = json.loads((folder / "config.json").read_text())["eos_token_id"]
    if "generation_config.json" not in files:
        (folder / "generation_config.json").unlink()
    for file in files:
        config = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(config | {"eos_token_id": [end + 5, end + 7]}))
    with pytest.raises(
        ModelBroken, match=rf"token {end} \(<end>\), the model with {end + 5} or {end + 7}"
    ) as caught:
        load_base(broken)
    assert "tokenizer" in caught.value.hint


def test_a_model_that_ends_answers_with_one_of_several_tokens_is_trained(broken: Recipe) -> None:
    path = Path(broken.model_name) / "generation_config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps(config | {"eos_token_id": [config["eos_token_id"], 7]}))
    assert load_base(broken).tokenizer.eos_token_id == config["eos_token_id"]


@pytest.mark.parametrize(
    "failure",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        MemoryError(),
    ],
)
def test_a_base_that_does_not_fit_into_memory_says_what_to_try(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(_: Recipe) -> None:
        raise failure

    monkeypatch.setattr(base, "_with_transformers", fail)
    with pytest.raises(TrainingError, match="out of memory while loading") as caught:
        load_base(tiny_recipe)
    assert "--load_in_4bit" in caught.value.hint


def store_in_4_bits(folder: Path) -> None:
    """Lets a model say that it is."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["quantization_config"] = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    path.write_text(json.dumps(config))


def test_weights_in_4_bits_say_what_they_need(broken: Recipe) -> None:
    store_in_4_bits(Path(broken.model_name))
    with pytest.raises(ModelBroken, match="stored in 4 bits") as caught:
        load_base(broken)
    assert "GPU" in caught.value.hint


def four_bits_without_bitsandbytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU, and a Python in which bitsandbytes is not installed."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch_backend, "find_spec", lambda name: None if name == "bitsandbytes" else name)


def test_training_in_4_bits_without_bitsandbytes_says_what_to_install(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    four_bits_without_bitsandbytes(monkeypatch)
    with pytest.raises(MissingDependency, match="bitsandbytes") as caught:
        load_base(replace(tiny_recipe, load_in_4bit=True))
    assert caught.value.hint == "pip install bitsandbytes"


def test_serving_an_adapter_in_4_bits_without_bitsandbytes_says_what_to_install(
    tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(tiny_recipe.model_name, tmp_path / "adapter"))
    torch_backend.write_precision(folder, four_bits=True)
    four_bits_without_bitsandbytes(monkeypatch)
    with pytest.raises(MissingDependency, match="bitsandbytes") as caught:
        torch_backend.load_with_transformers(str(folder), token=None)
    assert caught.value.hint == "pip install bitsandbytes"


@pytest.mark.skipif(find_spec("bitsandbytes") is not None, reason="bitsandbytes is installed")
def test_serving_weights_in_4_bits_without_bitsandbytes_says_what_to_install(broken: Recipe) -> None:
    store_in_4_bits(Path(broken.model_name))
    with pytest.raises(MissingDependency, match="bitsandbytes") as caught:
        torch_backend.load_with_transformers(broken.model_name, token=None)
    assert caught.value.hint == "pip install bitsandbytes"


def test_the_token_of_private_models_is_given_to_the_library_and_never_said(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fail(_: str, *, token: str, **__: object) -> None:
        asked.append(token)
        raise OSError("not for you")

    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", fail)
    with pytest.raises(ModelError, match="not for you") as caught:
        load_base(tiny_recipe)
    assert asked == ["hf_secret"]
    assert "hf_secret" not in f"{caught.value} {caught.value.hint}"
