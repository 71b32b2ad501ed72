"""Evaluations from a plan to files, with readers and models that are fakes."""

import json
from decimal import Decimal

import pytest

from finscribe.errors import EvaluationError, ModelNotFound, PromptTooLong, SettingsError, SourcesError
from finscribe.evaluation import asking
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.run import evaluate
from finscribe.files import locked
from finscribe.testing import FakeModel
from tests.evaluation.fakes import TOTAL, ByHeart, model_folder, record, write_records, write_test_set


def test_a_candidate_is_compared_with_its_baseline(good_and_bad):
    evaluation = evaluate(good_and_bad)
    (comparison,) = evaluation.comparisons
    assert comparison.fields[TOTAL].points == -100
    assert comparison.fields[TOTAL].significance == -1
    assert comparison.fields["invoice_number"].points == 0
    assert comparison.fields["vendor.name"].points == pytest.approx(-100 / 12)
    assert (comparison.documents.before, comparison.documents.after) == (1.0, 0.0)
    assert comparison.mcnemar.only_baseline == 12
    assert comparison.mcnemar.p_value == pytest.approx(2 * 0.5**12)
    assert comparison.groups["all"].percent == pytest.approx(-100 * 13 / 72)


def test_every_prediction_is_in_the_output_and_nothing_is_left_behind(good_and_bad):
    evaluate(good_and_bad)
    written = json.loads(good_and_bad.output.read_text())
    assert len(written["documents"]) == 12
    assert len(written["predictions"]) == 24
    first = written["predictions"][12]
    assert first["values"][TOTAL] == {
        "value": "20.00", "support": "printed", "probability": 0.6, "confidence": 0.6,
        "places": first["values"][TOTAL]["places"],
    }  # fmt: skip
    assert [TOTAL, TOTAL, "wrong occurrence"] in first["verdicts"]
    assert written["documents"][0]["truth"]["financial_summary"] == {"grand_total": 100.5}
    assert sorted(path.name for path in good_and_bad.output.parent.iterdir()) == [
        "evaluation.html",
        "evaluation.json",
    ]


def test_the_same_plan_gives_the_same_figures(good_and_bad):
    one, other = (evaluate(good_and_bad).summary() for _ in range(2))
    for system in (*one["systems"], *other["systems"]):
        del system["speed"]
    assert {**one, "created": ""} == {**other, "created": ""}


def test_a_model_that_dies_is_named_and_the_same_plan_goes_on_where_it_was(lineup):
    plan = lineup({"good": ByHeart(), "frail": ByHeart(dies_at=4)}, batch_size=1)
    with pytest.raises(
        EvaluationError, match="frail died while it read: RuntimeError: the graphics card"
    ) as error:
        evaluate(plan)
    assert "the same command goes on" in error.value.hint
    assert not plan.output.exists()
    assert len(plan.partial.read_text().splitlines()) == 12 + 4

    again = {"good": ByHeart(), "frail": ByHeart()}
    evaluate(lineup(again, batch_size=1))
    assert again["good"].texts == []
    assert len(again["frail"].texts) == 8
    assert not plan.partial.exists()


def test_two_folders_with_the_same_files_are_read_once_and_noted(lineup, tmp_path):
    for name in ("one", "copy"):
        model_folder(tmp_path / "models" / name, "the same weights")
    readers = {"one": ByHeart(), "copy": ByHeart()}
    evaluation = evaluate(lineup(readers))
    assert (len(readers["one"].texts), len(readers["copy"].texts)) == (12, 0)
    assert any("copy holds the same files as" in note for note in evaluation.notes)


def test_answers_of_a_model_that_has_changed_since_are_not_used(lineup, tmp_path):
    with pytest.raises(EvaluationError):
        evaluate(lineup({"model": ByHeart(dies_at=4)}, batch_size=1))
    (tmp_path / "models" / "model" / "model.safetensors").write_text("trained for longer")
    again = ByHeart()
    evaluate(lineup({"model": again}))
    assert len(again.texts) == 12


def test_a_copy_of_a_document_is_read_once_and_scored_twice(lineup, tmp_path):
    data = write_records(tmp_path / "twice.jsonl", [record("Alba Ltd", 7), record("Alba Ltd", 7)])
    reader = ByHeart()
    evaluation = evaluate(lineup({"model": reader}, test_data=data))
    assert len(reader.texts) == 1
    assert evaluation.results[0].figures.counts["documents"] == 2


def test_a_document_that_cannot_be_read_counts_as_missed(lineup):
    class Choosy(ByHeart):
        def read(self, documents):
            if any("INV-103" in document.text for document in documents):
                raise PromptTooLong("too long")
            return super().read(documents)

    evaluation = evaluate(lineup({"choosy": Choosy()}))
    figures = evaluation.results[0].figures
    assert figures.counts["failed"] == 1
    assert figures.groups["all"].recall == pytest.approx(11 / 12)
    assert figures.groups["all"].precision == 1.0
    assert any(
        "could not read 1 documents, which count as missed (prompt-too-long" in n for n in evaluation.notes
    )


def test_a_dead_model_scores_nothing(lineup):
    paths = (
        "vendor.name",
        "invoice_number",
        TOTAL,
        *(f"line_items[0].{c}" for c in ("desc", "qty", "line_total")),
    )
    evaluation = evaluate(lineup({"dead": ByHeart(dict.fromkeys(paths))}))
    figures = evaluation.results[0].figures
    assert figures.groups["all"].f1 == figures.macro.f1 == figures.document_match == 0
    assert figures.confidence.threshold.coverage == 0
    assert figures.shares["consistent"] is None
    assert figures.public["cord_f1"] == figures.public["cord_tree_accuracy"] == 0


# --- models ------------------------------------------------------------------------------------------


@pytest.fixture
def two_models(tmp_path, monkeypatch):
    """A plan of two folders whose models are fakes: one writes the total of the first document, one no JSON."""
    scripts = {"writes": '{"financial_summary":{"grand_total":100.50}}', "rambles": "I am sorry, I cannot."}
    monkeypatch.setattr(
        asking, "load_model", lambda source: FakeModel(scripts[source.rpartition("/")[2]], eagerness=1000)
    )
    models = tuple(model_folder(tmp_path / name) for name in scripts)
    data = write_test_set(tmp_path / "test.jsonl", 2)
    return Plan(models=models, test_data=data, output=tmp_path / "e.json", grounding="off", few_shot=False)


def test_predictions_that_are_no_json_are_counted_and_score_nothing(two_models):
    evaluation = evaluate(two_models)
    writes, rambles = (result.figures for result in evaluation.results)
    assert (writes.shares["valid_json"], rambles.shares["valid_json"]) == (1.0, 0.0)
    assert writes.fields[TOTAL].hits == 1
    assert rambles.groups["all"].f1 == 0
    assert any("rambles wrote no valid JSON for 2 documents" in note for note in evaluation.notes)


def test_no_model_stands_in_for_one_that_is_missing(lineup, tmp_path):
    reader = ByHeart()
    plan = lineup({"good": reader})
    gone = str(tmp_path / "models" / "gone")
    with pytest.raises(ModelNotFound, match="gone") as error:
        evaluate(Plan(models=(*plan.models, gone), test_data=plan.test_data, output=plan.output))
    assert "Nothing else is evaluated in its place" in error.value.hint
    assert reader.texts == []
    assert not plan.output.exists()


# --- test data ---------------------------------------------------------------------------------------


def test_one_vendor_gives_no_interval_and_says_so(lineup, tmp_path):
    data = write_test_set(tmp_path / "one.jsonl", 4, ["Alba Ltd"])
    evaluation = evaluate(
        lineup({"good": ByHeart(), "bad": ByHeart({TOTAL: Decimal("20.00")})}, test_data=data)
    )
    (comparison,) = evaluation.comparisons
    assert comparison.groups["all"].interval is None
    assert comparison.groups["all"].points < 0
    assert comparison.groups["all"].p_value is None
    assert evaluation.results[0].figures.groups["all"].interval is None
    assert any("All 4 test documents are of one vendor: no interval" in note for note in evaluation.notes)


def test_one_document_is_an_example(lineup, tmp_path):
    evaluation = evaluate(lineup({"good": ByHeart()}, test_data=write_test_set(tmp_path / "one.jsonl", 1)))
    assert evaluation.results[0].figures.groups["all"].f1 == 1.0
    assert any("There is one test document" in note for note in evaluation.notes)


def test_records_that_know_nothing_of_the_schema_are_an_error_that_shows_one(lineup, tmp_path):
    data = write_records(tmp_path / "other.jsonl", [{"input": "A cat", "output": '{"animal": "cat"}'}] * 3)
    with pytest.raises(
        EvaluationError, match=r"none of the 3 records .* knows no field of an invoice \(animal\)"
    ):
        evaluate(lineup({"good": ByHeart()}, test_data=data))


def test_records_that_cannot_be_used_are_counted(lineup, tmp_path):
    data = write_records(
        tmp_path / "some.jsonl", [record("Alba Ltd", 7), {"input": "x"}, record("Brava Ltd", 8)]
    )
    evaluation = evaluate(lineup({"good": ByHeart()}, test_data=data))
    assert len(evaluation.test.cases) == 2
    assert any("1 records" in note and "unknown-shape" in note for note in evaluation.notes)


def test_a_missing_test_file_is_named(lineup):
    with pytest.raises(SourcesError, match="nowhere"):
        evaluate(lineup({"good": ByHeart()}, test_data="nowhere.jsonl"))


def test_a_limit_draws_documents_by_seed(lineup):
    one, same, other = (
        [case.name for case in evaluate(lineup({"good": ByHeart()}, limit=5, seed=seed)).test.cases]
        for seed in (0, 0, 1)
    )
    assert len(one) == 5
    assert one == same != other


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_read(lineup, tmp_path):
    (tmp_path / "file").touch()
    reader = ByHeart()
    with pytest.raises(EvaluationError, match=f"{tmp_path}/file/inner cannot be written to") as caught:
        evaluate(lineup({"good": reader}, output=tmp_path / "file" / "inner" / "evaluation.json"))
    assert "--output" in caught.value.hint
    assert not reader.texts


def test_two_evaluations_do_not_write_the_same_file(good_and_bad):
    with locked(good_and_bad.partial), pytest.raises(EvaluationError, match="another evaluation is writing"):
        evaluate(good_and_bad)


# --- plans -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"models": ()}, "no model"),
        ({"models": ("a", "a")}, "a is named twice"),
        ({"limit": 0}, "limit is 0"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"threshold": 1.5}, "threshold is 1.5"),
        ({"grounding": "loosely"}, "grounding is 'loosely'"),
        ({"output": "evaluation"}, r"no \.json"),
        ({"test_data": "e.json"}, "would replace the data"),
    ],
)
def test_a_plan_that_cannot_be_is_an_error_with_a_hint(options, said, tmp_path):
    from pathlib import Path

    usual = {"models": ("a",), "test_data": "t.jsonl", "output": "e.json"} | options
    with pytest.raises(SettingsError, match=said) as error:
        Plan(**{**usual, "output": Path(usual["output"])})
    assert error.value.hint
