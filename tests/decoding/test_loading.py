"""What may be loaded, and what is said where it may not."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from finscribe.decoding import loading, torch_backend
from finscribe.decoding.loading import check_folder, choose_backend, load_model, release_memory
from finscribe.errors import ModelBroken, ModelNotFound, UnsafeModel
from finscribe.settings import Settings


def folder_of(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a model."""
    return folder_of(
        tmp_path / "model", config__json="{}", tokenizer__json="{}", model__safetensors="weights"
    )


def test_a_model_folder_is_accepted(folder: Path) -> None:
    check_folder(folder)


def test_a_missing_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="does not exist") as caught:
        load_model(tmp_path / "nowhere")
    assert caught.value.hint


def test_a_file_is_no_model_folder(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_text("weights")
    with pytest.raises(ModelBroken, match="is a file") as caught:
        load_model(path)
    assert "config.json" in caught.value.hint


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("config.json", "has no config.json"),
        ("tokenizer.json", "has no tokenizer"),
        ("model.safetensors", "no .*safetensors weights"),
    ],
)
def test_a_folder_that_lacks_something_says_what(folder: Path, missing: str, said: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelBroken, match=said) as caught:
        check_folder(folder)
    assert caught.value.hint


def test_what_was_exported_for_other_programs_is_said_to_be(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "decoder.onnx")
    with pytest.raises(ModelBroken, match=r"no .*safetensors weights") as caught:
        check_folder(folder)
    assert "exported from" in caught.value.hint


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.ckpt", "weights.pkl"])
def test_pickled_weights_are_refused(folder: Path, name: str) -> None:
    (folder / "model.safetensors").rename(folder / name)
    with pytest.raises(UnsafeModel, match=name) as caught:
        check_folder(folder)
    assert "safetensors" in caught.value.hint


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_code_of_the_model_is_refused(folder: Path, file: str) -> None:
    (folder / file).write_text(json.dumps({"auto_map": {"AutoModelForCausalLM": "evil.Model"}}))
    with pytest.raises(UnsafeModel, match="auto_map") as caught:
        load_model(folder)
    assert caught.value.hint


def test_a_config_that_is_not_json_is_broken(folder: Path) -> None:
    (folder / "config.json").write_text("{")
    with pytest.raises(ModelBroken, match="not JSON"):
        check_folder(folder)


def test_weights_that_cannot_be_read_are_broken(folder: Path) -> None:
    with pytest.raises(ModelBroken, match="does not load") as caught:
        load_model(folder, settings=Settings(backend="transformers"))
    assert caught.value.hint


def test_weights_of_the_wrong_shape_are_broken(tmp_path: Path) -> None:
    from transformers import LlamaConfig, LlamaForCausalLM

    from finscribe.starter.tokenizer import train_tokenizer

    tokenizer = train_tokenizer(["an invoice"], 700)
    shape = {"num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": len(tokenizer)}
    model = LlamaForCausalLM(LlamaConfig(hidden_size=16, intermediate_size=32, **shape))
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    loaded = load_model(tmp_path, settings=Settings(backend="transformers"))
    assert loaded.backend == "transformers"
    LlamaConfig(hidden_size=32, intermediate_size=32, **shape).save_pretrained(tmp_path)
    with pytest.raises(ModelBroken) as caught:
        load_model(tmp_path, settings=Settings(backend="transformers"))
    assert caught.value.hint


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that answers, and whose cache is not asked for."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("finscribe.decoding.hub.why_silent", lambda address: None)


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", ["gpt2", "someone/model"])
def test_a_name_is_left_to_the_library(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(torch_backend, "load_with_transformers", lambda name, *, token: f"loaded {name}")
    assert load_model(name, settings=Settings(backend="transformers")) == f"loaded {name}"


@pytest.mark.parametrize(
    "name", ["./gpt2", "/no/such/model", "~/model", "../a/b", "models/mine/last", "here"]
)
def test_what_looks_like_a_path_or_is_there_is_a_folder(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    with pytest.raises((ModelNotFound, ModelBroken), match=r"does not exist|has no config\.json"):
        load_model(name, settings=Settings(backend="transformers"))


def test_a_backend_that_is_set_is_taken() -> None:
    assert choose_backend(Settings(backend="unsloth")) == "unsloth"


@pytest.mark.usefixtures("hub")
def test_a_name_that_cannot_be_had_says_what_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(name: str, *, token: str | None) -> None:
        raise OSError("We couldn't connect to the hub\nand more")

    monkeypatch.setattr(torch_backend, "load_with_transformers", unreachable)
    with pytest.raises(ModelNotFound, match=r"OSError: We couldn't connect to the hub$") as caught:
        load_model("nobody/no-such-model", settings=Settings(backend="transformers"))
    assert "network" in caught.value.hint


def test_what_unsloth_prints_is_not_among_the_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Talkative:
        @staticmethod
        def from_pretrained(*_names: str, **_options: object) -> tuple[str, str]:
            print("a banner")
            return "model", "tokenizer"

        @staticmethod
        def for_inference(_model: str) -> None:
            print("ready")

    monkeypatch.setitem(sys.modules, "unsloth", SimpleNamespace(FastLanguageModel=Talkative))
    monkeypatch.setattr(torch_backend, "_named", lambda *found: found)
    monkeypatch.setattr(torch_backend, "_context_of", lambda *_: 4096)
    assert torch_backend.load_with_unsloth("a", token=None) == ("model", "tokenizer", "a", "unsloth")
    out, err = capsys.readouterr()
    assert (out, err) == ("", "a banner\nready\n")


def test_a_model_that_unsloth_runs_wrongly_is_run_by_transformers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, folder: Path
) -> None:
    monkeypatch.setattr(loading, "gpu_present", lambda: True)
    for library in ("unsloth", "transformers"):
        monkeypatch.setattr(torch_backend, f"load_with_{library}", lambda *_, of=library, **__: of)
    for right, library in ((True, "unsloth"), (False, "transformers")):
        monkeypatch.setattr(torch_backend, "goes_on", lambda _, right=right: right)
        assert load_model(folder, settings=Settings(backend="unsloth")) == library
    assert "transformers runs it" in caplog.text


# --- memory ------------------------------------------------------------------------------------------


@pytest.mark.skipif("CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="another C library")
def test_what_was_freed_between_what_is_kept_goes_back_to_the_system() -> None:
    pieces = [b"x" * 16_000 for _ in range(8_000)]
    kept = pieces[::100]
    before = psutil.Process().memory_info().rss
    del pieces
    release_memory()
    assert before - psutil.Process().memory_info().rss > 50_000_000
    assert len(kept) == 80
