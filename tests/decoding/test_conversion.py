"""Pickled weights as safetensors: the same numbers, whole or not at all, and nothing of a pickle is run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from finscribe.decoding import load_model
from finscribe.decoding.conversion import convert
from finscribe.errors import FinScribeError, ModelBroken, ModelError, ModelNotFound, UnsafeModel
from finscribe.files import folder_hash
from tests.cli.fakes import run
from tests.decoding.tiny_model import make_tiny_model


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as it is saved today."""
    folder = tmp_path_factory.mktemp("whole")
    model = make_tiny_model(tie_word_embeddings=True)
    model.model.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def pickled(whole: Path, tmp_path: Path) -> Path:
    """The same as it was saved once, with what training left beside it; two of its weights share their memory."""
    folder = tmp_path / "old"
    folder.mkdir()
    for path in whole.iterdir():
        if path.suffix != ".safetensors":
            (folder / path.name).write_bytes(path.read_bytes())
    weights = load_file(whole / "model.safetensors")
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    torch.save(weights, folder / "pytorch_model.bin")
    torch.save({"step": 7}, folder / "training_args.bin")
    return folder


def in_two_parts(folder: Path) -> None:
    """Takes the weights apart as large models have them."""
    weights = torch.load(folder / "pytorch_model.bin", weights_only=True)
    (folder / "pytorch_model.bin").unlink()
    where = {}
    for part, names in enumerate((sorted(weights)[::2], sorted(weights)[1::2]), start=1):
        file = f"pytorch_model-0000{part}-of-00002.bin"
        torch.save({name: weights[name] for name in names}, folder / file)
        where |= dict.fromkeys(names, file)
    index = {"metadata": {"total_size": 1}, "weight_map": where}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))


@pytest.mark.parametrize("parts", [1, 2])
def test_a_model_is_the_same_with_safetensors(whole: Path, pickled: Path, tmp_path: Path, parts: int) -> None:
    if parts == 2:
        in_two_parts(pickled)
    before = folder_hash(pickled)
    made = convert(pickled, tmp_path / "models" / "new")
    assert folder_hash(pickled) == before
    assert not list(made.glob("*.bin*"))
    assert not list(made.parent.glob(".*"))
    found = {name: tensor for file in made.glob("*.safetensors") for name, tensor in load_file(file).items()}
    for name, tensor in load_file(whole / "model.safetensors").items():
        torch.testing.assert_close(found[name], tensor, rtol=0, atol=0)
    tokens = [7, 8, 9]
    (ours,), (theirs,) = (load_model(folder).session().extend([tokens], [3]) for folder in (made, whole))
    assert (ours == theirs).all()


def test_an_adapter_is_converted_too(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "adapter_config.json").write_text("{}")
    torch.save({"lora_A": torch.ones(2, 2)}, tmp_path / "old" / "adapter_model.bin")
    made = convert(tmp_path / "old", tmp_path / "new")
    assert {path.name for path in made.iterdir()} == {"adapter_config.json", "adapter_model.safetensors"}


class Bomb:
    """What a pickle would run where it is opened."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.place),)


def broken(pickled: Path, tmp_path: Path, kind: str) -> type[FinScribeError]:
    """Spoils a model in a way, and says which error that is."""
    weights = pickled / "pytorch_model.bin"
    if kind == "code":
        torch.save({"weight": Bomb(tmp_path / "exploded")}, weights)
        return UnsafeModel
    if kind == "torn":
        weights.write_bytes(weights.read_bytes()[:-500])
    elif kind == "a pointer to it":
        weights.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    elif kind == "a torn index":
        (pickled / "pytorch_model.bin.index.json").write_text('{"weight_map": {')
    elif kind == "no weights":
        torch.save({"weight": 5}, weights)
    elif kind == "a part is missing":
        in_two_parts(pickled)
        (pickled / "pytorch_model-00002-of-00002.bin").unlink()
    else:
        weights.unlink()
    return ModelBroken


@pytest.mark.parametrize(
    "kind",
    [
        "code",
        "torn",
        "a pointer to it",
        "a torn index",
        "no weights",
        "a part is missing",
        "nothing to convert",
    ],
)
def test_what_is_no_model_leaves_nothing_and_runs_nothing(pickled: Path, tmp_path: Path, kind: str) -> None:
    error = broken(pickled, tmp_path, kind)
    with pytest.raises(error) as caught:
        convert(pickled, tmp_path / "new")
    assert caught.value.hint
    assert {path.name for path in tmp_path.iterdir()} == {"old"}


def test_what_is_there_is_not_replaced(pickled: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(ModelError, match="is there already"):
        convert(pickled, tmp_path / "new")
    with pytest.raises(ModelNotFound, match="is no folder"):
        convert(tmp_path / "nowhere", tmp_path / "other")


def test_the_command_says_where_the_new_folder_is(
    capsys: Any, pickled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "models", "convert", pickled)
    assert (code, out) == (0, f"{pickled} is converted to models/old-safetensors\n")
    assert load_model(tmp_path / "models" / "old-safetensors").encode("Total")
