"""What the gate and the certificates take from the JSON that an evaluation wrote."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from finscribe.errors import EvaluationError
from finscribe.evaluation import asking
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.run import evaluate
from finscribe.files import file_hash
from finscribe.invoice import Invoice, parse_json
from finscribe.registry.automation import Observation
from finscribe.registry.evaluations import Report
from finscribe.registry.gate import Contest, judge
from finscribe.registry.hashes import hash_of
from finscribe.registry.lineage import Lineage
from finscribe.registry.trial import FieldDifference
from finscribe.testing import FakeModel
from tests.registry.folders import model_folder, records

VENDORS = ("Alba Ltd", "Brava Ltd", "Cedro Ltd", "Dante Ltd", "Elva Ltd", "Forte Ltd")
WRITES = {"nothing": "{}", "totals": '{"financial_summary": {"grand_total": 5.00}}'}


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that reads nothing against one that reads the total, on six vendors."""
    folder = tmp_path_factory.mktemp("evaluation")
    models = tuple(str(model_folder(folder / name, name)) for name in WRITES)

    def load(source: str) -> FakeModel:
        return FakeModel(Invoice.from_record(parse_json(WRITES[Path(source).name])).to_json())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "load_model", load)
        gate = records(folder / "gate.jsonl", *VENDORS)
        evaluate(Plan(models=models, test_data=str(gate), output=folder / "out.json", few_shot=False))
    return folder


@pytest.fixture
def report(evaluated: Path) -> Report:
    return Report.read(evaluated / "out.json", hash_of(evaluated / "totals") or "")


def test_an_evaluation_becomes_a_trial(report: Report, evaluated: Path) -> None:
    trial = report.trial()
    assert (trial.baseline.sha256, trial.candidate.sha256) == tuple(
        hash_of(evaluated / name) for name in WRITES
    )
    assert trial.families == {"alba", "brava", "cedro", "dante", "elva", "forte"}
    assert trial.names == {family: {family} for family in trial.families}
    assert trial.test_sha256 == file_hash(evaluated / "gate.jsonl")
    assert (trial.documents, trial.grounding, trial.grounded_share) == (6, "grounded", 1.0)
    assert trial.gain == pytest.approx(trial.candidate.micro_f1 - trial.baseline.micro_f1)
    assert trial.gain > 0.4
    assert trial.interval is not None
    assert trial.interval[0] <= trial.gain <= trial.interval[1]
    totals = next(each for each in trial.fields if each.field == "financial_summary.grand_total")
    assert (totals.baseline, totals.candidate) == (0.0, 1.0)
    assert totals.p_value is not None
    assert totals.p_value < 0.01


def test_the_trial_passes_the_gate_with_the_hashes_that_were_evaluated(
    report: Report, evaluated: Path
) -> None:
    nothing, totals = (hash_of(evaluated / name) or "" for name in WRITES)
    assert judge(report.trial(), Contest(totals, nothing), Lineage()).passed
    assert not judge(report.trial(), Contest(nothing, totals), Lineage()).passed


def test_fields_left_empty_are_part_of_the_trial_where_the_evaluation_compared_them(report: Report) -> None:
    difference = {"before": 1.0, "after": 0.5, "interval": [-60.0, -40.0], "p_value": 0.01}
    (compared,) = report.content["comparisons"]
    assert report.trial().left_empty == ()
    newer = {**report.content, "comparisons": [{**compared, "left_empty": {"due_date": difference}}]}
    older = {key: value for key, value in compared.items() if key != "left_empty"}
    expected = FieldDifference("due_date", 1.0, 0.5, 0.01, (-0.6, -0.4))
    assert replace(report, content=newer).trial().left_empty == (expected,)
    assert replace(report, content={**newer, "comparisons": [older]}).trial().left_empty == ()


def test_the_values_that_the_model_gave_become_observations(report: Report) -> None:
    found = [each for each in report.observations() if each.field == "financial_summary.grand_total"]
    assert [each.vendor for each in found] == ["alba", "brava", "cedro", "dante", "elva", "forte"]
    assert all(each.right and 0 < each.confidence <= 1 for each in found)


def test_cells_of_lines_lose_their_row_and_empty_answers_are_no_observations(tmp_path: Path) -> None:
    def value(text: str | None) -> dict[str, object]:
        return {"value": text, "confidence": 0.9}

    answer = {
        "system": "m",
        "values": {"line_items[3].qty": value("2"), "due_date": value(None), "vendor.name": value("ACME")},
        "verdicts": [
            ["line_items[3].qty", "line_items[0].qty", "right"],
            ["due_date", "due_date", "missed"],
            [None, "line_items[1].qty", "missed"],
            ["vendor.name", "vendor.name", "partial"],
        ],
    }
    content = {
        "systems": [{"name": "m", "kind": "model", "sha256": "x"}],
        "documents": [{"family": "acme"}],
        "predictions": [answer],
    }
    path = tmp_path / "val.json"
    path.write_text(json.dumps(content))
    assert Report.read(path, "x").observations() == [
        Observation("line_items.qty", 0.9, True, "acme"),
        Observation("vendor.name", 0.9, False, "acme"),
    ]


def test_certificates_for_new_vendors_take_values_of_these_alone(report: Report) -> None:
    seen = Lineage(frozenset({"alba", "other"}), frozenset({"brava"}))
    found = report.certify(seen)
    assert (found.left_out, {each.independent for each in found.certificates}) == (1, {5})
    found = report.certify(seen, unit="document")
    assert (found.left_out, {each.independent for each in found.certificates}) == (0, {6})


def test_a_vendor_that_only_a_label_names_is_known_by_it(report: Report) -> None:
    documents = [{**each, "family": "supplier-1", "truth": {}} for each in report.content["documents"]]
    labelled = replace(report, content={**report.content, "documents": documents})
    with pytest.raises(EvaluationError, match="trained on all vendors"):
        labelled.certify(Lineage(frozenset({"supplier-1"})))


def test_where_new_vendors_cannot_be_told_nothing_is_certified(report: Report) -> None:
    with pytest.raises(EvaluationError, match=r"trained on all vendors of .*out\.json"):
        report.certify(Lineage(report.trial().families))
    with pytest.raises(EvaluationError, match=r"nobody knows .*: train\.jsonl is gone"):
        report.certify(Lineage(unchecked=("train.jsonl is gone",)))
    otherwise = {**report.content, "options": {"grounding": "schema"}}
    with pytest.raises(EvaluationError, match="with grounding schema"):
        replace(report, content=otherwise).certify(Lineage())


def test_a_model_that_was_not_evaluated_leaves_the_last_one(evaluated: Path) -> None:
    report = Report.read(evaluated / "out.json", "f" * 64)
    assert report.candidate["name"].endswith("totals")
    assert report.trial().candidate.sha256 != report.sha256
    with pytest.raises(EvaluationError, match="not about sha256 ffff"):
        report.observations()


def test_an_evaluation_of_one_model_is_no_trial(evaluated: Path) -> None:
    report = Report.read(evaluated / "out.json", hash_of(evaluated / "nothing") or "")
    with pytest.raises(EvaluationError, match="does not compare") as caught:
        report.trial()
    assert "--baseline_model" in caught.value.hint


@pytest.mark.parametrize("content", ["", "{}", '{"systems": []}', "[1]"])
def test_what_is_no_evaluation_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "out.json"
    path.write_text(content)
    with pytest.raises(EvaluationError, match="is no evaluation"):
        Report.read(path, "x")


def test_an_evaluation_of_an_earlier_version_cannot_say_how_it_was_answered(report: Report) -> None:
    assert len(report.judged().answers) > 0
    older = replace(report, content={**report.content, "options": {"grounding": "grounded"}})
    with pytest.raises(EvaluationError, match="does not say what was answered") as caught:
        older.judged()
    assert "Evaluate again" in caught.value.hint
