"""The commands on versions of models, with folders that only look like models and models that write one thing."""

import json
import re
from pathlib import Path

import pytest

from finscribe.evaluation import asking
from finscribe.invoice import Invoice, parse_json
from finscribe.testing import FakeModel
from tests.cli.fakes import run
from tests.registry.folders import model_folder, records, run_of

VENDORS = ("Alba Ltd", "Brava Ltd", "Cedro Ltd", "Dante Ltd", "Elva Ltd", "Forte Ltd")
NOTHING, TOTALS = "{}", '{"financial_summary": {"grand_total": 5.00}}'


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A plain folder that is served; models write what stands in their weights."""

    def load(source: str | Path) -> FakeModel:
        written = (Path(source) / "model.safetensors").read_text()
        return FakeModel(Invoice.from_record(parse_json(written)).to_json())

    monkeypatch.setattr(asking, "load_model", load)
    monkeypatch.setattr("finscribe.serving.load_and_try", lambda folder, settings: load(folder))
    monkeypatch.setenv("COLUMNS", "300")
    records(tmp_path / "gate.jsonl", *VENDORS)
    return model_folder(Path("models") / "unsloth-finscribe", NOTHING)


def trained(name: str, writes: str, vendor: str = "Gamma Ltd") -> Path:
    return model_folder(Path(name), writes, **run_of(records(Path(f"{name}.jsonl"), vendor)))


def pointer() -> str:
    path = Path("models") / "unsloth-finscribe"
    return path.readlink().name if path.is_symlink() else "a folder"


def test_a_better_model_is_evaluated_and_served_with_every_condition_printed(capsys):
    code, out, _ = run(capsys, "models", "promote", trained("better", TOTALS), "--gate", "gate.jsonl")
    assert code == 0
    assert out.count("✓") == 6
    assert "micro-F1 loses at most 1 points" in out
    assert "6 documents of 6 vendors" in out
    assert "100.00% of its values are printed" in out
    assert f"{pointer()} is served now: models/unsloth-finscribe" in out
    assert pointer().startswith("v2-")


def test_a_worse_model_is_refused_and_what_is_served_stays(capsys):
    run(capsys, "models", "promote", trained("better", TOTALS), "--gate", "gate.jsonl")
    before = pointer()
    code, out, error = run(capsys, "models", "promote", trained("worse", NOTHING), "--gate", "gate.jsonl")
    assert (code, pointer()) == (11, before)
    assert "✗  micro-F1 loses at most 1 points" in out
    assert "✗  no field regresses" in out
    assert "does not pass the gate" in error
    assert "--force REASON" in error


def test_a_model_that_answers_otherwise_as_it_would_be_served_is_refused(capsys, monkeypatch):
    monkeypatch.setattr("finscribe.serving.load_and_try", lambda folder, settings: FakeModel(NOTHING))
    code, _, error = run(capsys, "models", "promote", trained("better", TOTALS), "--gate", "gate.jsonl")
    assert (code, pointer()) == (11, "a folder")
    assert "as served (fake) it gives" in error
    assert "FINSCRIBE_BACKEND" in error


def test_a_gate_set_with_a_vendor_that_was_trained_on_is_refused(capsys):
    candidate = trained("better", TOTALS, vendor="Cedro GmbH")
    code, out, _ = run(capsys, "models", "promote", candidate, "--gate", "gate.jsonl")
    assert (code, pointer()) == (11, "a folder")
    assert "✗  the gate's vendors are in neither train nor val" in out
    assert "cedro" in out


def test_an_evaluation_that_was_made_before_will_do_as_long_as_the_folder_is_the_same(capsys):
    candidate = trained("better", TOTALS)
    options = ("--test_data", "gate.jsonl", "--output", "out.json", "--no_few_shot")
    run(capsys, "evaluate", "--models", "models/unsloth-finscribe", candidate, *options)
    (candidate / "config.json").write_text('{"changed": 1}')
    code, out, _ = run(capsys, "models", "promote", candidate, "--evaluation", "out.json")
    assert code == 11
    assert "✗  what was evaluated is what will be served" in out
    (candidate / "config.json").write_text("{}")
    assert run(capsys, "models", "promote", candidate, "--evaluation", "out.json")[0] == 0


def test_without_an_evaluation_only_force_promotes_and_needs_a_reason(capsys):
    candidate = trained("better", TOTALS)
    code, out, _ = run(capsys, "models", "promote", candidate)
    assert (code, "there is no evaluation" in out) == (11, True)
    code, _, error = run(capsys, "models", "promote", candidate, "--force", " ")
    assert (code, "with a reason" in error) == (2, True)
    code, out, _ = run(capsys, "models", "promote", candidate, "--force", "the old one is gone")
    assert (code, "is served now" in out) == (0, True)
    out = run(capsys, "models", "list", "--history")[1]
    assert [line.split()[1] for line in out.splitlines()[1:]] == ["refused", "adopted", "promoted"]
    assert out.rstrip().endswith("the old one is gone")


def test_what_is_served_already_is_said_and_is_no_error(capsys):
    code, out, _ = run(capsys, "models", "promote", "models/unsloth-finscribe")
    assert (code, "was served already; nothing has changed" in out) == (0, True)
    assert pointer().startswith("v1-")


def test_validation_records_that_run_json_names_certify_what_may_be_approved(capsys):
    val = records(Path("val.jsonl"), *(f"Val Vendor {chr(97 + number)}x Ltd" for number in range(20)))
    candidate = trained("better", TOTALS)
    told = json.loads((candidate / "run.json").read_text())
    told["data"]["val"] = {**told["data"]["train"], "path": str(val), "sha256": _sha256(val)}
    (candidate / "run.json").write_text(json.dumps(told))
    options = ("--gate", "gate.jsonl", "--rate", "0.2")
    code, out, _ = run(capsys, "models", "promote", candidate, *options)
    assert code == 0
    assert "at most 20.0% wrong, 95% certain, by vendor" in out
    assert re.search(r"Grand total +100% +from [0-9.]+ +0 of 20 +13.9%", out)
    assert "100% can be approved without a look" in run(capsys, "models", "card")[1]


def test_vendors_that_were_trained_on_certify_nothing(capsys):
    val, candidate = records(Path("val.jsonl"), "Gamma GmbH"), trained("better", TOTALS, "Gamma Ltd")
    told = json.loads((candidate / "run.json").read_text())
    told["data"]["val"] = {"path": str(val), "sha256": _sha256(val)}
    (candidate / "run.json").write_text(json.dumps(told))
    code, _, error = run(capsys, "models", "promote", candidate, "--val", val)
    assert (code, "trained on all vendors of" in error) == (9, True)
    code, out, error = run(capsys, "models", "promote", candidate, "--gate", "gate.jsonl")
    assert (code, "Approved without a look" in out) == (0, False)
    assert "nothing is certified for approval without a look: the model was trained on all vendors" in error


def _sha256(path: Path) -> str:
    from finscribe.files import file_hash

    return file_hash(path)


@pytest.mark.parametrize(
    "options",
    [("--gate", "a.jsonl", "--evaluation", "b.json"), ("--val", "a.jsonl", "--validation", "b.json")],
)
def test_one_question_is_not_answered_twice(capsys, options):
    code, _, error = run(capsys, "models", "promote", trained("better", TOTALS), *options)
    assert (code, "not both" in error) == (2, True)


@pytest.mark.parametrize("candidate", ["nowhere", "v9"])
def test_a_candidate_that_is_neither_a_folder_nor_a_version_is_named(capsys, candidate):
    code, _, error = run(capsys, "models", "promote", candidate)
    assert (code, f"there is no version {candidate}" in error) == (10, True)


def test_a_folder_without_a_model_is_no_candidate(capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, error = run(capsys, "models", "promote", "empty")
    assert (code, "has no config.json" in error) == (5, True)


# --- versions ----------------------------------------------------------------------------------------


@pytest.fixture
def two(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The ids of two versions, the second one served."""
    run(capsys, "models", "promote", trained("better", TOTALS), "--gate", "gate.jsonl")
    return sorted(path.stem for path in Path("models/registry").glob("v*.json"))


def test_versions_are_listed_and_the_served_one_is_marked(capsys, two):
    lines = run(capsys, "models", "list")[1].splitlines()
    assert [two[0] in lines[1], two[1] in lines[2]] == [True, True]
    assert lines[2].lstrip().startswith("▶")
    assert "not gated" in lines[1]
    assert "gate passed" in lines[2]


def test_an_empty_registry_says_what_is_served(capsys):
    assert "models/unsloth-finscribe is a folder that is no version yet" in run(capsys, "models", "list")[1]


def test_a_version_is_shown_with_verdict_and_history(capsys, two):
    out = run(capsys, "models", "show")[1]
    assert two[1] in out
    assert out.count("✓") == 6
    assert "promoted" in out
    assert "not gated" in run(capsys, "models", "show", "v1")[1]


def test_a_card_is_printed_as_it_lies_in_the_registry(capsys, two):
    assert run(capsys, "models", "card", "v2")[1] == Path(f"models/registry/{two[1]}.md").read_text()


def test_what_tells_versions_apart_is_shown(capsys, two):
    out = run(capsys, "models", "diff", "v1", "v2")[1]
    assert "model.safetensors" in out
    assert "gate passed" in out


def test_a_rollback_says_what_is_served_again_and_why(capsys, two):
    code, out, _ = run(capsys, "models", "rollback", "--reason", "odd totals")
    assert (code, pointer()) == (0, two[0])
    assert f"{two[0]} is served again" in out
    assert "odd totals" in run(capsys, "models", "list", "--history")[1]
    code, _, error = run(capsys, "models", "rollback")
    assert (code, "no version was served before" in error) == (10, True)


def test_pruning_asks_first_and_removes_nothing_that_is_needed(capsys, two, monkeypatch):
    code, out, _ = run(capsys, "models", "prune", "--keep", "0", "--yes")
    assert (code, "removed: 0 of 2 versions" in out) == (0, True)
    run(capsys, "models", "promote", trained("third", '{"invoice_number": null}'), "--force", "a test")
    monkeypatch.setattr("typer.confirm", lambda question, **_: question.endswith("1 versions for good?"))
    out = run(capsys, "models", "prune", "--keep", "1")[1]
    assert f"to be removed: {two[0]}" in out
    assert "removed: 1 of 3 versions" in out
    assert "pruned" in run(capsys, "models", "list")[1]


def test_where_nothing_leads_to_a_version_one_has_to_be_named(capsys):
    code, _, error = run(capsys, "models", "card")
    assert (code, "does not lead to a version" in error) == (10, True)


def test_what_was_not_judged_is_said_to_be_judged_by_gate(capsys):
    code, _, error = run(capsys, "models", "promote", trained("better", TOTALS))
    assert (code, "--gate RECORDS has it judged" in error) == (11, True)
