"""What cannot be saved as asked is said before the first step; GGUF files come from llama.cpp's converter."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from finscribe.decoding import load_model
from finscribe.errors import MissingDependency, TrainingError
from finscribe.training.finetuning import gguf, preparing
from finscribe.training.finetuning.base import Base, load_base
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.run import finetune
from finscribe.training.finetuning.saving import require_method, require_savable, save_model

CONVERTER = """
import argparse, json, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--outfile", type=pathlib.Path)
parser.add_argument("--outtype")
parser.add_argument("--vocab-only", action="store_true")
args = parser.parse_args()
assert (args.folder / "tokenizer.json").is_file()
assert "quantization_config" not in json.loads((args.folder / "config.json").read_text())
assert args.vocab_only or (args.folder / "model.safetensors").is_file()
args.outfile.write_text(args.outtype or "vocabulary")
"""


def put_converter(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    folder.mkdir()
    (folder / gguf.SCRIPT).write_text(code)
    monkeypatch.setenv("UNSLOTH_LLAMA_CPP_PATH", str(folder))


def start(recipe: Recipe, shown: list[Any]) -> Any:
    return finetune(recipe, RunOptions(), shown.append)


def test_without_a_converter_a_gguf_file_is_refused_before_the_first_step(
    tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSLOTH_LLAMA_CPP_PATH", str(tmp_path))
    shown: list[Any] = []
    with pytest.raises(MissingDependency, match=str(tmp_path)) as caught:
        start(replace(tiny_recipe, save_method="gguf"), shown)
    assert "install_llama_cpp" in caught.value.hint
    assert "UNSLOTH_LLAMA_CPP_PATH" in caught.value.hint
    assert not shown
    assert not tiny_recipe.output_dir.exists()


def test_the_converter_is_looked_for_where_unsloth_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNSLOTH_LLAMA_CPP_PATH", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".unsloth" / "llama.cpp"
    folder.mkdir(parents=True)
    (folder / gguf.SCRIPT).touch()
    assert gguf.converter() == folder / gguf.SCRIPT


def test_a_tokenizer_that_llama_cpp_does_not_know_is_refused_before_the_first_step(
    tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_converter(tmp_path / "llama.cpp", monkeypatch, "raise NotImplementedError('unknown pre-tokenizer')")
    recipe = replace(tiny_recipe, save_method="gguf")
    with pytest.raises(TrainingError, match="unknown pre-tokenizer") as caught:
        require_savable(recipe, load_base(recipe))
    assert "merged_16bit" in caught.value.hint


@pytest.mark.e2e
def test_a_gguf_file_lies_beside_the_merged_model(
    tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_converter(tmp_path / "llama.cpp", monkeypatch, CONVERTER)
    start(replace(tiny_recipe, save_method="gguf"), [])
    assert (tiny_recipe.output_dir / gguf.FILE_NAME).read_text() == "q8_0"
    assert load_model(tiny_recipe.output_dir).parameters > 0
    modes = {path.stat().st_mode for path in tiny_recipe.output_dir.rglob("*") if path.is_file()}
    assert len(modes) == 1, "who may read one file of a model may read all"


def test_a_conversion_that_fails_names_the_merged_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_converter(tmp_path / "llama.cpp", monkeypatch, "import sys; sys.exit(3)")
    with pytest.raises(TrainingError, match="ended with 3") as caught:
        gguf.write_gguf(tmp_path)
    assert str(tmp_path) in caught.value.hint


def base(*, quantised: bool, engine: str = "unsloth", model: Any = None) -> Base:
    return Base(model, SimpleNamespace(save_pretrained=lambda _: None), engine, quantised)


@pytest.mark.parametrize(
    ("changes", "quantised", "engine", "said"),
    [
        ({"save_method": "merged_4bit"}, False, "unsloth", "not held in 4 bits"),
        ({"save_method": "merged_4bit"}, True, "transformers", "needs Unsloth"),
        ({"save_method": "merged_16bit"}, True, "transformers", "needs Unsloth"),
        ({"save_method": "gguf"}, True, "transformers", "needs Unsloth"),
    ],
)
def test_what_cannot_be_saved_is_refused_with_what_to_do(
    changes: dict[str, Any], quantised: bool, engine: str, said: str
) -> None:
    with pytest.raises(TrainingError, match=said) as caught:
        require_savable(Recipe(model_name="m", **changes), base(quantised=quantised, engine=engine))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"save_method": "merged_4bit", "load_in_4bit": False}, "not held in 4 bits"),
        ({"save_method": "lora", "full_finetuning": True}, "no adapter"),
        ({"save_method": "gguf"}, "converter"),
    ],
)
def test_what_no_model_could_be_saved_with_is_refused_before_one_is_loaded(
    changes: dict[str, Any], said: str, tiny_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSLOTH_LLAMA_CPP_PATH", str(tmp_path))
    monkeypatch.setattr(preparing, "load_base", pytest.fail)
    with pytest.raises((TrainingError, MissingDependency), match=said) as caught:
        start(replace(tiny_recipe, **changes), [])
    assert caught.value.hint
    with pytest.raises(type(caught.value)):
        require_method(replace(tiny_recipe, **changes))


def test_the_adapter_of_a_quantised_base_is_always_possible() -> None:
    require_savable(Recipe(model_name="m", save_method="lora"), base(quantised=True, engine="transformers"))


@pytest.mark.parametrize(
    ("method", "asked_of_unsloth"), [("merged_4bit", "merged_4bit_forced"), ("merged_16bit", "merged_16bit")]
)
def test_a_base_in_4_bits_is_merged_by_unsloth(tmp_path: Path, method: Any, asked_of_unsloth: str) -> None:
    asked: list[str] = []
    model = SimpleNamespace(
        save_pretrained=lambda _: None,
        save_pretrained_merged=lambda _folder, _tokenizer, save_method: asked.append(save_method),
    )
    save_model(base(quantised=True, model=model), Recipe(save_method=method), method, tmp_path / "model")
    assert asked == [asked_of_unsloth]


def test_a_merge_that_fails_names_the_adapter_and_how_to_publish_it(tmp_path: Path) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no network")

    model = SimpleNamespace(save_pretrained=lambda _: None, save_pretrained_merged=fail)
    recipe = Recipe(save_method="merged_16bit")
    with pytest.raises(TrainingError, match="no network") as caught:
        save_model(base(quantised=True, model=model), recipe, "merged_16bit", tmp_path / "model")
    assert str(tmp_path / "model" / "adapter") in caught.value.hint
    assert "--save_method lora" in caught.value.hint
