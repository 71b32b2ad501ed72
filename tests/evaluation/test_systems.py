from types import SimpleNamespace

import pytest

from finscribe.decoding.remote import model as remote
from finscribe.errors import EvaluationError, ModelBroken
from finscribe.evaluation.cases import Case
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.systems import enter
from finscribe.invoice import Truth
from tests.evaluation.fakes import model_folder

EXAMPLES = [Case("a", "ACME\nTotal 5", Truth({"vendor.name": "ACME"}), "acme", "t.jsonl:1")]


@pytest.fixture
def models(tmp_path):
    return tuple(model_folder(tmp_path / name) for name in ("base", "tuned"))


def plan(*names, **options):
    return Plan(models=names, test_data="t.jsonl", **options)


def names(systems):
    return [(system.name, system.kind) for system in systems]


def test_few_shot_prompts_of_the_baseline_stand_beside_a_fine_tuned_model(models):
    base, tuned = models
    found = enter(plan(*models), EXAMPLES)
    assert names(found) == [(base, "model"), (f"{base} few-shot", "few-shot"), (tuned, "model")]
    assert found[1].optional
    assert found[1].source == base


def test_unasked_few_shot_prompts_need_a_comparison_and_examples(models):
    base, _ = models
    assert names(enter(plan(*models), [])) == [(name, "model") for name in models]
    assert names(enter(plan(base), EXAMPLES)) == [(base, "model")]
    assert len(enter(plan(*models, few_shot=False), EXAMPLES)) == 2


def test_baselines_are_named(models):
    base, tuned = models
    found = enter(plan(base, "regex", "majority", f"few-shot:{tuned}"), EXAMPLES)
    assert names(found)[1:] == [
        ("regex", "regex"),
        ("majority", "majority"),
        (f"{tuned} few-shot", "few-shot"),
    ]
    assert not found[3].optional
    assert enter(plan("regex"), [])[0].sha256 is None


def test_an_alias_stands_for_a_folder(models):
    base, _ = models
    (found,) = enter(plan("starter", aliases={"starter": base}), [])
    assert (found.name, found.source) == ("starter", base)
    assert len(found.sha256) == 64


@pytest.mark.parametrize("name", ["majority", "few-shot"])
def test_baselines_made_of_records_ask_for_them(models, name):
    with pytest.raises(EvaluationError, match=f"{name} is made of training records") as error:
        enter(plan(models[0], name), [])
    assert "--train_data" in error.value.hint


def test_few_shot_prompts_need_a_model():
    with pytest.raises(EvaluationError, match="need a model"):
        enter(plan("few-shot"), EXAMPLES)


def test_answers_depend_on_the_weights_the_grounding_and_the_examples(models, tmp_path):
    def marks(**options):
        return [system.fingerprint for system in enter(plan(*models, **options), EXAMPLES)]

    before = marks()
    assert len(set(before)) == 3
    assert set(before).isdisjoint(marks(grounding="schema"))
    assert set(before).isdisjoint(marks(arithmetic=False))
    assert before[0] == marks(seed=1)[0]
    assert before[1] != marks(seed=1)[1]
    (tmp_path / "base" / "model.safetensors").write_text("other")
    assert before[0] != marks()[0]


def test_answers_depend_on_what_runs_the_model(models, monkeypatch):
    def asked(backend):
        monkeypatch.setenv("FINSCRIBE_BACKEND", backend)
        return enter(plan(*models, "regex"), EXAMPLES)

    usual, other = asked("onnx"), asked("onnx-int8")
    assert [system.backend for system in other] == ["onnx-int8"] * 3 + [None]
    same = [one.fingerprint == two.fingerprint for one, two in zip(usual, other, strict=True)]
    assert same == [False] * 3 + [True]
    monkeypatch.setattr("finscribe.__version__", "another", raising=False)
    newer = asked("onnx")
    assert {one.fingerprint for one in usual}.isdisjoint(one.fingerprint for one in newer)


def test_answers_of_other_machines_depend_on_their_addresses_and_on_what_they_serve(monkeypatch):
    def mark(url, serves):
        monkeypatch.setenv("FINSCRIBE_REMOTE_URL", url)
        monkeypatch.setattr(remote, "load_remote", lambda *_: SimpleNamespace(name=serves))
        (system,) = enter(plan("remote:"), [])
        assert system.backend == "remote"
        return system.fingerprint

    asked = [("http://one:8000/v1", "a"), ("http://two:8000/v1", "a"), ("http://one:8000/v1", "b")]
    assert len({mark(*each) for each in asked}) == 3
    assert mark(*asked[0]) == mark(*asked[0])


def test_a_folder_without_weights_is_an_error(models, tmp_path):
    (tmp_path / "base" / "model.safetensors").unlink()
    with pytest.raises(ModelBroken, match=r"no .*safetensors"):
        enter(plan(*models), [])
