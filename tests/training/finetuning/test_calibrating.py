"""How sure a model may be, fitted to documents whose truth is known."""

import json
import shutil
from pathlib import Path

import pytest

from finscribe.calibration import FILE
from finscribe.decoding import load_model
from finscribe.documents import Document
from finscribe.extract import extract
from finscribe.starter import path as starter_path
from finscribe.starter.build import calibration_documents
from finscribe.training.finetuning.calibrating import calibrate_folder
from finscribe.training.finetuning.examples import Labelled
from tests.cli.fakes import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter without a calibration."""
    return Path(shutil.copytree(starter_path(), tmp_path / "model", ignore=shutil.ignore_patterns(FILE)))


def records(path: Path, documents: list[Labelled]) -> Path:
    lines = [{"input": each.text, "output": each.truth.to_json()} for each in documents]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_calibrated_folder_answers_with_another_confidence_than_its_probability(folder: Path) -> None:
    documents = calibration_documents(26)
    before = extract(Document.from_text(documents[0].text), load_model(folder))
    assert all(found.confidence == found.probability for found in before.evidence.values())
    fitted = calibrate_folder(folder, documents)
    assert fitted is not None
    assert fitted.values > 200
    after = extract(Document.from_text(documents[0].text), load_model(folder))
    assert after.invoice == before.invoice
    for path, found in after.evidence.items():
        assert found.probability == pytest.approx(before.evidence[path].probability, abs=1e-5)
        assert (found.confidence == found.probability) == (found.value is None)


def test_the_command_says_what_it_was_fitted_to(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = records(tmp_path / "val.jsonl", calibration_documents(26))
    code, out, _ = run(capsys, "models", "calibrate", folder, "--data", data)
    assert code == 0
    assert f"fitted to {json.loads((folder / FILE).read_text())['values']:,} values" in out


def test_too_few_documents_leave_the_folder_as_it_was(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = records(tmp_path / "val.jsonl", calibration_documents(2))
    code, _, err = run(capsys, "models", "calibrate", folder, "--data", data)
    assert code != 0
    assert "2 documents are too few to calibrate by" in err
    assert not (folder / FILE).exists()


def test_a_version_in_the_registry_is_not_touched(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from finscribe.registry.store import Registry
    from finscribe.settings import Settings

    monkeypatch.setenv("UNSLOTH_MODEL_DIR", str(tmp_path / "models" / "served"))
    version = Registry.of(Settings.from_environment()).folder / "v1-abc"
    shutil.copytree(folder, version)
    data = records(tmp_path / "val.jsonl", calibration_documents(1))
    code, _, err = run(capsys, "models", "calibrate", version, "--data", data)
    assert code != 0
    assert "never changes" in err
    assert not (version / FILE).exists()
