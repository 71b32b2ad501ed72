"""The model that a run starts from: what cannot be trained says why."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from finscribe.errors import ModelBroken, ModelError, ModelNotFound
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import generate
from finscribe.training.finetuning.base import load_base
from finscribe.training.finetuning.recipe import Recipe


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
    assert "folder" in caught.value.hint


def test_a_tokenizer_of_another_model_is_refused(broken: Recipe) -> None:
    larger = train_tokenizer((generate(seed).text for seed in range(100)), 900)
    larger.save_pretrained(broken.model_name)
    with pytest.raises(ModelBroken, match="do not belong together") as caught:
        load_base(broken)
    assert "tokenizer" in caught.value.hint


def test_weights_in_4_bits_say_what_they_need(broken: Recipe) -> None:
    path = Path(broken.model_name) / "config.json"
    config = json.loads(path.read_text())
    config["quantization_config"] = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    path.write_text(json.dumps(config))
    with pytest.raises(ModelBroken, match="stored in 4 bits") as caught:
        load_base(broken)
    assert "GPU" in caught.value.hint
