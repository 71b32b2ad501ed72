import re

import pytest

from finscribe.cli.models import card_summary, count_parameters
from tests.cli.fakes import Model, Served, run


def test_models_path_prints_the_folder_of_the_starter(capsys, tmp_path):
    assert run(capsys, "models", "path")[:2] == (0, f"{tmp_path}\n")


@pytest.fixture
def folder(tmp_path):
    header = b'{"__metadata__":{"format":"pt"},"a":{"shape":[30,40]},"b":{"shape":[5]}}'
    (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "README.md").write_text("---\nlicense: x\n---\n# A model\n\nReads\ninvoices.\n\nMore.\n")
    return tmp_path


def test_models_info_shows_what_would_be_served(capsys, folder):
    code, out, _ = run(capsys, "models", "info")
    rows = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert code == 0
    assert rows["origin"] == "the bundled starter"
    assert re.search("passed over +models/x: no weights", out)
    assert rows["context"] == "4,096 tokens"
    assert rows["parameters"] == "1,205"
    assert rows["config.json"] == "2 B"
    assert rows["card"] == "Reads invoices."


def test_models_info_says_in_which_windows_a_small_model_reads_lines(capsys, folder, monkeypatch):
    served = Served(Model(window_tokens=320))
    monkeypatch.setattr("finscribe.serving.load_served_model", lambda settings: served)
    _, out, _ = run(capsys, "models", "info")
    assert "4,096 tokens, lines are read in windows of 320" in out


def test_models_info_shows_the_model_named(capsys, folder):
    _, out, _ = run(capsys, "models", "info", folder)
    assert str(folder) in out
    assert "1,205" in out


def test_a_folder_without_card_or_with_broken_weights_has_no_summary_and_no_count(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    assert (card_summary(tmp_path), count_parameters(tmp_path)) == ("", 0)


def test_a_quantised_model_has_no_count(folder):
    (folder / "config.json").write_text('{"quantization_config": {}}')
    assert count_parameters(folder) == 0
