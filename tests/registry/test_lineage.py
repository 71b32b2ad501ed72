"""Which vendors a model has seen."""

import json
from pathlib import Path

import pytest

from finscribe.evaluation.runs import nowhere, read_run
from finscribe.registry.hashes import hash_of
from finscribe.registry.lineage import Lineage, trace
from tests.registry.folders import model_folder, records, run_of


def test_the_vendors_of_train_and_val_are_found_however_they_are_spelled(tmp_path: Path) -> None:
    run = run_of(records(tmp_path / "train.jsonl", "ACME Inc.", "Müller GmbH"))
    run["data"]["val"] = run_of(records(tmp_path / "val.jsonl", "Other Ltd"))["data"]["train"]
    found = trace(model_folder(tmp_path / "model", **run), nowhere)
    assert found == Lineage(frozenset({"acme", "muller"}), frozenset({"other"}))


def test_the_family_that_preparation_wrote_counts_beside_that_of_the_truth(tmp_path: Path) -> None:
    train = records(tmp_path / "train.jsonl", "ACME Inc.")
    train.write_text(json.dumps(json.loads(train.read_text()) | {"family": "tax id 7"}) + "\n")
    assert trace(model_folder(tmp_path / "model", **run_of(train)), nowhere).families == {"acme", "tax id 7"}


def test_a_vendor_is_found_by_its_name_and_by_its_tax_id(tmp_path: Path) -> None:
    train = tmp_path / "train.jsonl"
    truth = {"vendor": {"name": "ACME Inc.", "tax_id": "DE 123-456"}}
    train.write_text(json.dumps({"input": "OCR_TEXT:\nACME", "output": json.dumps(truth)}) + "\n")
    found = trace(model_folder(tmp_path / "model", **run_of(train)), nowhere)
    assert found.families == {"acme", "tax id de123456"}


def test_a_folder_that_does_not_say_how_it_was_trained_cannot_be_checked(tmp_path: Path) -> None:
    found = trace(model_folder(tmp_path / "model"), nowhere)
    assert found.families == frozenset()
    assert "has no run.json" in found.unchecked[0]


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"data": 5}', '{"data": {"train": {"path": "no"}}}'])
def test_a_run_that_is_damaged_or_names_nothing_cannot_be_checked(tmp_path: Path, content: str) -> None:
    folder = model_folder(tmp_path / "model")
    (folder / "run.json").write_text(content)
    assert trace(folder, nowhere).unchecked


def test_models_before_are_followed_by_their_hash(tmp_path: Path) -> None:
    first = model_folder(tmp_path / "first", "first", **run_of(records(tmp_path / "1.jsonl", "One Ltd")))
    second = model_folder(
        tmp_path / "second", "second", **run_of(records(tmp_path / "2.jsonl", "Two Ltd"), first)
    )
    third = model_folder(
        tmp_path / "third", "third", **run_of(records(tmp_path / "3.jsonl", "Three Ltd"), second)
    )
    known = {hash_of(second): second}
    second.rename(tmp_path / "moved")
    assert trace(third, lambda sha256: read_run(tmp_path / "moved") if sha256 in known else None) == Lineage(
        frozenset({"one", "two", "three"})
    )
    assert "is gone or has changed" in trace(third, nowhere).unchecked[0]


def test_a_base_that_changed_cannot_be_checked(tmp_path: Path) -> None:
    base = model_folder(tmp_path / "base")
    child = model_folder(tmp_path / "child", **run_of(records(tmp_path / "1.jsonl", "One Ltd"), base))
    assert not trace(child, nowhere).unchecked
    (base / "config.json").write_text('{"another": 1}')
    assert str(base) in trace(child, nowhere).unchecked[0]


@pytest.mark.parametrize(
    "base",
    [
        {"name": "org/model", "sha256": None},
        {"name": "org/model", "sha256": "f" * 64, "revision": "abc"},
        {"name": "/elsewhere/finscribe/starter/finscribe-starter", "sha256": "f" * 64, "revision": None},
    ],
)
def test_a_model_of_a_hub_and_the_bundled_starter_end_the_line(
    tmp_path: Path, base: dict[str, object]
) -> None:
    run = run_of(records(tmp_path / "train.jsonl", "ACME")) | {"base": base}
    assert trace(model_folder(tmp_path / "model", **run), nowhere) == Lineage(frozenset({"acme"}))
