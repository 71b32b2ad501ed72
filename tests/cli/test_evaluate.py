import json

import pytest

from finscribe.cli.evaluate import choose_models
from finscribe.evaluation import asking
from tests.cli.fakes import run
from tests.evaluation.fakes import TOTAL, ByHeart, model_folder, write_test_set


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two model folders, of which the second reads no total, and the arguments that name a test file."""
    readers = {"good": ByHeart(), "bad": ByHeart({TOTAL: None}), "tuned [b]": ByHeart()}
    for name in readers:
        model_folder(tmp_path / name)
    real = asking.open_reader

    def open_reader(system, *rest):
        found = readers.get(str(system.source).rpartition("/")[2])
        return found or real(system, *rest)

    monkeypatch.setattr(asking, "open_reader", open_reader)
    data = write_test_set(tmp_path / "test.jsonl")
    return ["--test_data", data, "--output", tmp_path / "out" / "e.json"]


def rows(out):
    """The cells of the printed tables, by the first one."""
    return {cells[0]: cells[1:] for line in out.splitlines() if (cells := line.split())}


def test_the_documented_flags_compare_two_models(capsys, tmp_path, two):
    code, out, _ = run(
        capsys,
        "evaluate",
        "--baseline_model",
        tmp_path / "good",
        "--fine_tuned_model",
        tmp_path / "bad",
        *two,
    )
    assert code == 0
    assert rows(out)["vendor.name"][:3] == ["1.000", "1.000", "+0.0"]
    assert "bad: -9.1 points of F1 over good, a loss; documents all right: 0 gained, 12 lost" in " ".join(
        out.split()
    )
    assert json.loads((tmp_path / "out" / "e.json").read_text())["systems"][1]["name"] == str(
        tmp_path / "bad"
    )
    assert (tmp_path / "out" / "e.html").exists()


def test_names_of_models_are_shown_with_their_brackets(capsys, tmp_path, two):
    names = [tmp_path / "tuned [b]", "regex"]
    code, out, _ = run(capsys, "evaluate", "--models", *names, *two, "--limit", "5")
    assert code == 0
    assert rows(out)["tuned"] == ["[b]", "regex"]


def test_models_may_be_many_and_baselines_among_them(capsys, tmp_path, two):
    code, out, _ = run(
        capsys, "evaluate", "--models", tmp_path / "good", tmp_path / "bad", "regex", *two, "--limit", "5"
    )
    assert code == 0
    assert rows(out)["good"] == ["bad", "regex"]
    assert "regex: " in out
    systems = json.loads((tmp_path / "out" / "e.json").read_text())["systems"]
    assert [system["kind"] for system in systems] == ["model", "model", "regex"]


def test_flags_may_be_written_with_dashes_and_notes_are_shown(capsys, tmp_path, two):
    code, _, err = run(
        capsys,
        "evaluate",
        "--baseline-model",
        tmp_path / "good",
        "--fine-tuned-model",
        "regex",
        *two,
        "--batch-size",
        "3",
    )
    assert code == 0
    assert "6 vendors only: the intervals are rough" in err


def test_a_missing_model_is_an_error_with_its_exit_code(capsys, tmp_path, two):
    code, _, err = run(capsys, "evaluate", "--models", tmp_path / "good", "./gone", *two)
    assert code == 5
    assert "gone does not exist" in err
    assert "Nothing else is evaluated in its place" in " ".join(err.split())


def test_a_plan_that_cannot_be_is_a_usage_error(capsys, tmp_path, two):
    code, _, err = run(capsys, "evaluate", "--models", tmp_path / "good", *two, "--threshold", "2")
    assert code == 2
    assert "threshold is 2.0" in err


def test_an_evaluation_that_cannot_go_on_has_an_exit_code_of_its_own(capsys, tmp_path, two):
    code, _, err = run(capsys, "evaluate", "--models", "majority", *two)
    assert code == 9
    assert "--train_data" in err


def test_what_is_not_named_comes_from_the_settings_and_the_run_of_the_model(tmp_path, monkeypatch):
    monkeypatch.setenv("UNSLOTH_MODEL_NAME", "some/name")
    monkeypatch.setenv("UNSLOTH_MODEL_DIR", str(tmp_path / "tuned"))
    assert choose_models(None, None, []) == ("some/name", str(tmp_path / "tuned"))
    model_folder(tmp_path / "tuned", run={"base": {"name": "its/base"}})
    assert choose_models(None, None, []) == ("its/base", str(tmp_path / "tuned"))
    assert choose_models("a", "b", ["regex"]) == ("a", "b", "regex")
    assert choose_models(None, None, ["a", "b"]) == ("a", "b")
