from dataclasses import replace

import pytest

from finscribe.registry.gate import Contest, holm, judge
from finscribe.registry.lineage import Lineage
from finscribe.registry.trial import FieldDifference, Side, Trial

CANDIDATE, SERVED = "a" * 64, "b" * 64
CONTEST = Contest(CANDIDATE, SERVED)
SEEN = Lineage(frozenset({"old vendor"}))
TRIAL = Trial(
    baseline=Side("served", SERVED, 0.80),
    candidate=Side("candidate", CANDIDATE, 0.85),
    test_set="gate.jsonl",
    documents=40,
    families=frozenset({"a", "b", "c", "d", "e"}),
    gain=0.05,
    interval=(0.01, 0.09),
    fields=(FieldDifference("vendor.name", 0.7, 0.8, 0.01), FieldDifference("due_date", 0.9, 0.88, 0.4)),
    grounded_share=1.0,
    grounding="grounded",
)


def failed(trial=TRIAL, contest=CONTEST, lineage=SEEN, margin=0.01):
    return {each.name: each.figure for each in judge(trial, contest, lineage, margin).failed}


def test_a_better_model_passes_with_a_figure_for_every_condition():
    verdict = judge(TRIAL, CONTEST, SEEN)
    assert verdict.passed
    assert len(verdict.conditions) == 6
    assert all(each.figure for each in verdict.conditions)


def test_without_an_evaluation_nothing_passes():
    assert not judge(None, CONTEST, SEEN).passed


@pytest.mark.parametrize(("low", "passes"), [(-0.009, True), (-0.01, True), (-0.011, False)])
def test_a_loss_within_the_margin_passes_and_one_beyond_it_does_not(low, passes):
    found = failed(replace(TRIAL, gain=0.0, interval=(low, 0.02)))
    assert list(found) == ([] if passes else ["micro-F1 loses at most 1 points"])


def test_documents_of_one_vendor_cannot_pass_and_the_figure_says_why():
    found = failed(replace(TRIAL, interval=None, fields=()))
    assert "takes 5 vendors" in found["micro-F1 loses at most 1 points"]
    assert "one vendor" in found["no field regresses"]


def test_four_vendors_are_too_few_whatever_their_interval():
    assert failed(replace(TRIAL, families=frozenset("abcd")))


def test_holm_multiplies_the_smallest_p_value_the_most_and_never_falls():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({"a": 0.9, "b": 0.8}) == {"b": 1.0, "a": 1.0}
    assert holm({}) == {}


def test_a_field_that_surely_regresses_is_named_with_its_loss():
    worse = FieldDifference("due_date", 0.9, 0.8, 0.001)
    (figure,) = failed(replace(TRIAL, fields=(TRIAL.fields[0], worse))).values()
    assert "1 of 2 for certain" in figure
    assert "due_date -10.0 (p 0.002)" in figure


def test_a_loss_that_is_one_of_many_fields_may_be_chance():
    many = [FieldDifference(f"field {number}", 0.9, 0.9, 1.0) for number in range(9)]
    assert not failed(replace(TRIAL, fields=(*many, FieldDifference("due_date", 0.9, 0.8, 0.02))))


@pytest.mark.parametrize(
    ("vendors", "candidate", "passes"),
    [(1, 0.0, True), (2, 0.0, False), (4, 0.1, False), (4, 0.3, True), (5, 0.3, False)],
)
def test_a_field_that_few_vendors_print_regresses_where_several_of_them_lose_it(vendors, candidate, passes):
    worse = FieldDifference("due_date", 1.0, candidate, 0.001 if vendors > 1 else None, vendors=vendors)
    found = failed(replace(TRIAL, fields=(TRIAL.fields[0], worse)))
    assert list(found) == ([] if passes else ["no field regresses (Holm, 5%)"])


def test_of_a_field_that_few_vendors_print_the_figure_says_how_many():
    worse = FieldDifference("due_date", 1.0, 0.0, 0.001, vendors=4)
    (figure,) = failed(replace(TRIAL, fields=(worse,))).values()
    assert "due_date -100.0 (of 4 vendors)" in figure


def test_a_field_that_surely_gains_does_no_harm():
    assert not failed(replace(TRIAL, fields=(FieldDifference("due_date", 0.5, 0.9, 0.0001),)))


def test_values_that_are_surely_invented_are_a_regression():
    (figure,) = failed(
        replace(TRIAL, left_empty=(FieldDifference("purchase_order", 1.0, 0.2, 0.0),))
    ).values()
    assert "1 of 3 for certain" in figure
    assert "purchase_order left empty -80.0 (p 0.000)" in figure


def test_another_folder_than_the_evaluated_one_does_not_pass():
    (figure,) = failed(contest=Contest("c" * 64, SERVED)).values()
    assert figure == "sha256 cccccccccccc, but sha256 aaaaaaaaaaaa was evaluated"


def test_a_comparison_with_something_else_than_what_is_served_does_not_pass():
    (figure,) = failed(contest=Contest(CANDIDATE, "d" * 64)).values()
    assert "dddddddddddd is served, the baseline is served, sha256 bbbbbbbbbbbb" in figure


def test_a_model_of_a_hub_that_is_served_is_known_by_its_name():
    trial = replace(TRIAL, baseline=Side("org/model", None, 0.8))
    assert not failed(trial, Contest(CANDIDATE, "org/model"))


@pytest.mark.parametrize(
    ("share", "grounding", "said"),
    [(0.999, "grounded", "99.90%"), (None, "grounded", "no value"), (1.0, "schema", "grounding schema")],
)
def test_a_value_that_is_not_printed_does_not_pass(share, grounding, said):
    (figure,) = failed(replace(TRIAL, grounded_share=share, grounding=grounding)).values()
    assert said in figure


def test_a_vendor_that_was_trained_on_is_named():
    (figure,) = failed(lineage=Lineage(frozenset({"c", "x"}))).values()
    assert figure == "1 of 5 are among 2: c"


def test_a_vendor_that_was_trained_on_by_its_tax_id_is_named():
    trial = replace(TRIAL, names={"c": frozenset({"c", "tax id 7"})})
    (figure,) = failed(trial, lineage=Lineage(frozenset({"tax id 7"}))).values()
    assert figure == "1 of 5 are among 1: c"


def test_training_data_that_cannot_be_checked_does_not_pass():
    (figure,) = failed(lineage=Lineage(unchecked=("train.jsonl is gone",))).values()
    assert figure == "cannot be checked: train.jsonl is gone"
