"""The mean of several models' weights."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from finscribe.errors import ModelBroken, ModelNotFound
from finscribe.starter.average import average


@pytest.fixture
def models(tmp_path):
    folders = [tmp_path / name for name in ("one", "other")]
    for value, folder in enumerate(folders):
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps({"of": folder.name}))
        (folder / "tokenizer.json").write_text("{}")
        (folder / "confidence.json").write_text("{}")
        save_file({"a": torch.full((2, 3), float(value)).half()}, folder / "model.safetensors")
    return folders


def test_the_mean_has_the_weights_halfway_and_all_else_of_the_first(models, tmp_path):
    out = average(models, tmp_path / "mean")
    weights = load_file(out / "model.safetensors")["a"]
    assert weights.dtype == torch.float16
    assert torch.equal(weights, torch.full((2, 3), 0.5).half())
    assert json.loads((out / "config.json").read_text()) == {"of": "one"}
    assert (out / "tokenizer.json").is_file()
    assert not (out / "confidence.json").exists()  # it was fitted to other weights


def test_models_of_another_shape_are_refused(models, tmp_path):
    save_file({"a": torch.zeros(3, 3)}, models[1] / "model.safetensors")
    with pytest.raises(ModelBroken, match="not of one shape"):
        average(models, tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_a_folder_that_is_not_there_is_named(models, tmp_path):
    shutil.rmtree(models[1])
    with pytest.raises(ModelNotFound, match="other"):
        average(models, tmp_path / "mean")
