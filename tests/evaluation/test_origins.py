from pathlib import Path

import pytest

from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import read_test_set
from finscribe.evaluation.origins import check_leaks, find_training_data
from finscribe.evaluation.run import evaluate
from finscribe.evaluation.runs import Descent, read_run
from finscribe.files import file_hash, folder_hash
from tests.evaluation.fakes import VENDORS, ByHeart, model_folder, record, write_records, write_test_set


def trained_on(tmp_path, records, *, val=None):
    """The `run.json` of a model that was trained on records."""
    train = tmp_path / "train.jsonl"
    write_records(train, records)
    return {
        "base": {"name": "some/base"},
        "data": {"train": {"path": str(train), "sha256": file_hash(train)}, "val": val},
    }


OTHERS = [record("Zulu Ltd", 900 + number) for number in range(4)]


def test_documents_that_a_model_was_trained_on_are_an_error_that_names_one(lineup, tmp_path):
    model_folder(tmp_path / "models" / "tuned", run=trained_on(tmp_path, [*OTHERS, record("Dante Ltd", 103)]))
    reader = ByHeart()
    plan = lineup({"base": reader, "tuned": reader})
    with pytest.raises(
        EvaluationError, match=r"1 of 12 test documents .*train\.jsonl, .*test\.jsonl:4 as .*train\.jsonl:5"
    ) as error:
        evaluate(plan)
    assert "--allow_leak" in error.value.hint
    assert reader.texts == []


def test_a_named_training_file_is_checked_and_a_leak_can_be_allowed(lineup, tmp_path):
    train = write_records(tmp_path / "other.jsonl", [record("Dante Ltd", 103)])
    with pytest.raises(EvaluationError, match=r"other\.jsonl"):
        evaluate(lineup({"base": ByHeart()}, train_data=train))
    evaluation = evaluate(lineup({"base": ByHeart()}, train_data=train, allow_leak=True))
    assert any("may be learned by heart" in note for note in evaluation.notes)


def test_spacing_and_case_do_not_hide_a_leak(lineup, tmp_path):
    leak = record("Dante Ltd", 103)
    leak["input"] = leak["input"].upper().replace("\n", "\n\n").replace("OCR_TEXT:\n\n", "OCR_TEXT:\n")
    with pytest.raises(EvaluationError, match="1 of 12"):
        evaluate(lineup({"base": ByHeart()}, train_data=write_records(tmp_path / "t.jsonl", [leak])))


def test_vendors_that_training_knows_are_noted(lineup, tmp_path):
    train = write_records(tmp_path / "t.jsonl", [record(VENDORS[0], 1), record(VENDORS[1], 2)])
    evaluation = evaluate(lineup({"base": ByHeart()}, train_data=train))
    assert any("2 of 6 test vendors are also in the training data" in note for note in evaluation.notes)


def test_a_vendor_that_training_knows_by_its_tax_id_alone_is_noted(tmp_path):
    by_both, by_tax_id = ({"name": "A", "tax_id": "DE 123-456"}, {"tax_id": "DE 123-456"})
    test = write_records(tmp_path / "test.jsonl", [{"input": "A 1", "output": {"vendor": by_both}}])
    train = write_records(tmp_path / "train.jsonl", [{"input": "A 2", "output": {"vendor": by_tax_id}}])
    (note,) = check_leaks(read_test_set(test, None, 0), find_training_data(train, []), allow=False)
    assert note.startswith("1 of 1 test vendors are also in the training data")


def test_the_validation_file_as_test_file_is_noted(lineup, tmp_path):
    test = write_test_set(tmp_path / "test.jsonl")
    run = trained_on(tmp_path, OTHERS, val={"sha256": file_hash(tmp_path / "test.jsonl")})
    model_folder(tmp_path / "models" / "tuned", run=run)
    evaluation = evaluate(lineup({"base": ByHeart(), "tuned": ByHeart()}, test_data=test))
    assert any("chose its best checkpoint on this very test file" in note for note in evaluation.notes)


def test_records_that_a_model_was_trained_on_are_checked_beside_the_named_ones(lineup, tmp_path):
    model_folder(tmp_path / "models" / "tuned", run=trained_on(tmp_path, [record("Dante Ltd", 103)]))
    few = write_records(tmp_path / "few.jsonl", OTHERS)
    with pytest.raises(EvaluationError, match=r"1 of 12 .*train\.jsonl"):
        evaluate(lineup({"base": ByHeart(), "tuned": ByHeart()}, train_data=few))


def test_a_named_file_stands_for_one_that_was_moved(lineup, tmp_path):
    model_folder(tmp_path / "models" / "tuned", run=trained_on(tmp_path, OTHERS))
    moved = (tmp_path / "train.jsonl").rename(tmp_path / "moved.jsonl")
    evaluation = evaluate(lineup({"base": ByHeart(), "tuned": ByHeart()}, train_data=str(moved)))
    assert not any("was not checked" in note for note in evaluation.notes)


def test_named_records_come_first_also_where_a_run_names_them_too(tmp_path):
    named, sorted_before = tmp_path / "t.jsonl", tmp_path / "a.jsonl"
    for path in (named, sorted_before):
        write_records(path, OTHERS)
    runs = tuple(
        {"data": {"train": {"path": str(path), "sha256": file_hash(path)}}} for path in (named, sorted_before)
    )
    found = find_training_data(str(named), [Descent(runs)])
    assert [data.source for data in found] == [str(named), str(sorted_before)]


def two_rounds(tmp_path):
    """A model that was trained from another one, which saw a document of the test set; returns the first one's hash."""
    first = model_folder(tmp_path / "models" / "first", run=trained_on(tmp_path, [record("Dante Ltd", 103)]))
    later = write_records(tmp_path / "later.jsonl", OTHERS)
    base = {"name": first, "sha256": folder_hash(Path(first))}
    data = {"train": {"path": later, "sha256": file_hash(Path(later))}}
    model_folder(tmp_path / "models" / "second", run={"base": base, "data": data})
    return base["sha256"]


def test_what_the_models_before_were_trained_on_is_checked_too(lineup, tmp_path):
    sha256 = two_rounds(tmp_path)
    with pytest.raises(EvaluationError, match=r"1 of 12 .*train\.jsonl"):
        evaluate(lineup({"base": ByHeart(), "second": ByHeart()}))
    first = tmp_path / "models" / "first"
    elsewhere = first.rename(tmp_path / "v1")
    with pytest.raises(EvaluationError, match=r"1 of 12 .*train\.jsonl"):
        evaluate(
            lineup({"base": ByHeart(), "second": ByHeart()}),
            find=lambda wanted: read_run(elsewhere) if wanted == sha256 else None,
        )
    evaluation = evaluate(lineup({"base": ByHeart(), "second": ByHeart()}))
    assert any(f"second was trained from {first}, which is gone" in note for note in evaluation.notes)


def test_training_data_that_is_gone_is_noted(lineup, tmp_path):
    run = trained_on(tmp_path, OTHERS)
    (tmp_path / "train.jsonl").unlink()
    model_folder(tmp_path / "models" / "tuned", run=run)
    evaluation = evaluate(lineup({"base": ByHeart(), "tuned": ByHeart()}))
    assert any("gone or has changed" in note and "--train_data" in note for note in evaluation.notes)
