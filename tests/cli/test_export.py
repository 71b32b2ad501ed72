from pathlib import Path

import pytest

from finscribe import starter
from tests.cli.fakes import run
from tests.decoding.test_onnx import saved
from tests.decoding.tiny_model import make_tiny_model

STARTER = starter.path()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(make_tiny_model(), tmp_path_factory.mktemp("tiny"))


def test_a_folder_is_exported_beside_the_other_models(capsys, model, tmp_path):
    code, out, _ = run(capsys, "models", "export", model, "--onnx")
    assert code == 0
    assert out == f"{model} is exported to models/{model.name}-onnx/decoder.onnx\n"
    assert {path.name for path in (tmp_path / "models" / f"{model.name}-onnx").iterdir()} >= {
        "decoder.onnx",
        "decoder.weights",
        "config.json",
        "tokenizer.json",
    }


def test_without_a_name_what_is_served_is_exported(capsys, model, tmp_path, monkeypatch):
    monkeypatch.setenv("UNSLOTH_MODEL_DIR", str(model))
    assert run(capsys, "models", "export", "--onnx", "--output", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "decoder.onnx").is_file()


def test_a_promoted_version_is_exported_by_its_name(capsys, model, monkeypatch):
    monkeypatch.setattr("finscribe.starter.path", lambda: STARTER)  # is served until then
    monkeypatch.setattr("finscribe.serving.load_and_try", lambda folder, settings: None)
    code, out, _ = run(capsys, "models", "promote", model, "--force", "the first one")
    assert code == 0
    version = out.splitlines()[-1].partition(" ")[0]
    assert version.startswith("v1-")
    code, out, _ = run(capsys, "models", "export", "v1", "--onnx")
    assert (code, out) == (
        0,
        f"models/registry/{version} is exported to models/{version}-onnx/decoder.onnx\n",
    )


def test_a_graph_for_several_sequences_has_a_cache_for_each(capsys, model, tmp_path):
    import onnx

    run(capsys, "models", "export", model, "--onnx", "--rows", "2", "--output", tmp_path / "out")
    graph = onnx.load(tmp_path / "out" / "decoder.onnx", load_external_data=False).graph
    assert {"sizes", "keys.0.0", "keys.0.1"} <= {each.name for each in graph.input}


def test_nothing_that_is_there_is_overwritten(capsys, model, tmp_path):
    code, _, said = run(capsys, "models", "export", model, "--onnx", "--output", tmp_path)
    assert code == 5
    assert "is there already" in said


def test_the_format_has_to_be_said(capsys, model):
    code, _, said = run(capsys, "models", "export", model)
    assert code == 2
    assert "--onnx" in said


def test_a_version_that_is_unknown_is_an_error(capsys, tmp_path):
    assert run(capsys, "models", "export", "v9", "--onnx")[0] == 10


def test_a_folder_that_is_no_model_says_so(capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, said = run(capsys, "models", "export", tmp_path / "empty", "--onnx")
    assert (code, "has no config.json" in said, "Give the folder that training wrote" in said) == (
        5,
        True,
        True,
    )


def test_the_starter_is_exported_by_its_name(capsys, model, tmp_path, monkeypatch):
    monkeypatch.setattr("finscribe.starter.path", lambda: model)
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "models", "export", "starter", "--onnx", "--output", "out")
    assert (code, out) == (0, f"{model} is exported to out/decoder.onnx\n")


def test_a_model_of_another_kind_says_what_stands_in_the_way(capsys, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text('{"model_type": "gemma3_text"}')
    code, _, said = run(capsys, "models", "export", tmp_path / "other", "--onnx")
    assert code == 5
    assert "gemma3_text" in said
