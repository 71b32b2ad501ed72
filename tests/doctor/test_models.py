"""The model that would be served, looked at without loading it."""

import json
import sys
from pathlib import Path

import pytest

from finscribe import serving, starter
from finscribe.doctor import models
from finscribe.doctor.models import check_weights, find_model, find_starter, look_at
from finscribe.errors import ModelBroken, ModelNotFound
from finscribe.settings import Settings

HEADER = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + bytes(8)


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch):
    monkeypatch.setattr(serving, "gpu_present", lambda: False)


@pytest.fixture
def folder(tmp_path):
    return model_in(tmp_path / "model")


def model_in(path: Path) -> Path:
    path.mkdir()
    (path / "config.json").write_text("{}")
    (path / "tokenizer.json").write_text("{}")
    (path / "model.safetensors").write_bytes(WEIGHTS)
    return path


def served_from(folder: Path) -> Settings:
    return Settings(model_dir=folder, model_dir_is_explicit=True)


def test_a_whole_folder_is_the_model(folder):
    chosen = find_model(served_from(folder))
    assert (chosen.label, chosen.location, chosen.on_disk) == ("UNSLOTH_MODEL_DIR", str(folder), True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("config.json", "no config.json"),
        ("tokenizer.json", "no tokenizer"),
        ("model.safetensors", "no *.safetensors weights"),
    ],
)
def test_what_a_folder_lacks_is_named(folder, name, said):
    (folder / name).unlink()
    with pytest.raises(ModelBroken) as raised:
        find_model(served_from(folder))
    assert said in raised.value.message
    assert raised.value.hint.endswith("; or unset UNSLOTH_MODEL_DIR to use the default.")


@pytest.mark.parametrize("content", [WEIGHTS[:-1], b"version https://git-lfs.github.com/spec/v1\n", b""])
def test_weights_cut_short_or_only_pointed_to_are_broken(folder, content):
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelBroken, match="is no whole safetensors file"):
        check_weights(folder)


def test_a_part_of_the_weights_that_is_missing_is_named(folder):
    parts = {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": parts}))
    with pytest.raises(ModelBroken, match="lacks model-00002-of-00002"):
        check_weights(folder)


def test_an_adapter_needs_its_base(folder, tmp_path):
    adapter = model_in(tmp_path / "adapter")
    described = adapter / "adapter_config.json"
    described.write_text(json.dumps({"base_model_name_or_path": str(folder)}))
    assert look_at(str(adapter))
    described.write_text(json.dumps({"base_model_name_or_path": str(tmp_path / "gone")}))
    with pytest.raises(ModelNotFound, match="gone does not exist"):
        look_at(str(adapter))


def test_an_adapter_that_does_not_say_its_base_is_broken(folder):
    (folder / "adapter_config.json").write_text("{")
    with pytest.raises(ModelBroken, match=r"adapter_config\.json is not JSON"):
        look_at(str(folder))


def test_a_default_that_is_broken_is_passed_over_for_the_starter(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(starter, "path", lambda: folder)
    chosen = find_model(Settings(model_dir=tmp_path / "gone"))
    assert (chosen.label, chosen.location) == ("the bundled starter", str(folder))
    assert [label for label, _ in chosen.passed_over] == ["the default UNSLOTH_MODEL_DIR"]


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A cache of the hub that holds owner/cached."""
    snapshot = tmp_path / "models--owner--cached" / "snapshots" / "1"
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    (tmp_path / "models--owner--cached" / "refs").mkdir()
    (tmp_path / "models--owner--cached" / "refs" / "main").write_text("1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))


def test_a_name_is_looked_up_in_the_cache(hub, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert look_at("owner/cached")
    assert not look_at("owner/other")


def test_offline_a_name_has_to_be_in_the_cache(hub, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert look_at("owner/cached")
    with pytest.raises(ModelNotFound, match="owner/other is not in the cache"):
        look_at("owner/other")


def test_where_there_is_no_pytorch_a_model_is_found_without_its_weights_being_looked_at(monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    assert look_at(str(starter.path()))


def test_the_bundled_starter_is_whole():
    assert find_starter() == starter.path()


def test_looking_agrees_with_loading_on_what_is_required(folder, monkeypatch):
    """Both walk the same candidates: what loading would refuse, looking refuses too."""
    (folder / "config.json").unlink()
    with pytest.raises(ModelBroken) as looked:
        models.find_model(served_from(folder))
    with pytest.raises(ModelBroken) as loaded:
        serving.load_served_model(served_from(folder))
    assert (looked.value.message, looked.value.hint) == (loaded.value.message, loaded.value.hint)
