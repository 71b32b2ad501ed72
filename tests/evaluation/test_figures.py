"""Figures and comparisons, against numbers worked out by hand."""

from decimal import Decimal

import pytest

from finscribe.evaluation.cases import Case
from finscribe.evaluation.columns import COLUMN, HITS, SIMILARITY
from finscribe.evaluation.comparing import compare
from finscribe.evaluation.figures import sum_up
from finscribe.evaluation.judging import Judged
from finscribe.evaluation.predictions import Prediction
from finscribe.evidence import Evidence, Support
from finscribe.invoice import Truth
from finscribe.metrics.paired import Clusters

TEXT = "ACME Ltd\nINV-1\nRye 2.00\nOats 3.00\nTotal 5.00"
TOTAL = "financial_summary.grand_total"
TRUTH = Truth(
    {"vendor.name": "ACME Ltd", "invoice_number": "INV-1", TOTAL: Decimal("5.00"), "due_date": None},
    ({"desc": "Rye", "line_total": Decimal("2.00")}, {"desc": "Oats", "line_total": Decimal("3.00")}),
)


def case(truth=TRUTH, number=0):
    return Case(f"d{number}", TEXT, truth, f"f{number}", f"t:{number}")


def prediction(values, confidence=0.8, support=Support.PRINTED, **more):
    """An answer of values by path; what is None is absent."""
    evidence = {
        path: Evidence(path, value, Support.ABSENT if value is None else support, confidence, confidence)
        for path, value in values.items()
    }
    return Prediction(evidence, **more)


PERFECT = {
    "vendor.name": "acme ltd", "invoice_number": "INV-1", TOTAL: Decimal("5.0"), "due_date": None,
    "line_items[0].desc": "Rye", "line_items[0].line_total": Decimal("2.00"),
    "line_items[1].desc": "Oats", "line_items[1].line_total": Decimal("3.00"),
}  # fmt: skip
WORSE = {**PERFECT, "invoice_number": None, "due_date": "2024-01-01", "line_items[1].desc": "Oat"}


def judged(*answers):
    found = Judged.empty(len(answers))
    for index, answer in enumerate(answers):
        found.add(index, case(number=index), answer)
    return found


def figures(*answers, threshold=0.9):
    clusters = Clusters.by_name([f"f{index}" for index in range(len(answers))])
    return sum_up(judged(*answers), clusters, threshold, 0)


def test_values_are_counted_by_group():
    found = figures(prediction(PERFECT), prediction(WORSE))
    assert (found.groups["header"].hits, found.groups["header"].predicted) == (5, 6)
    assert found.groups["header"].support == 6
    assert found.groups["header"].f1 == pytest.approx(10 / 12)
    assert found.groups["header"].accuracy == pytest.approx(5 / 7)
    assert found.groups["cells"].f1 == pytest.approx(7 / 8)
    assert found.groups["rows"].f1 == pytest.approx(3 / 4)
    assert found.groups["all"].f1 == pytest.approx(2 * 12 / (14 + 14))
    assert found.fields["due_date"].predicted == 1
    assert found.document_match == 0.5


def test_the_mean_of_fields_leaves_out_those_without_values():
    found = figures(prediction(WORSE))
    assert "due_date" not in [path for path, each in found.fields.items() if each.support]
    assert found.macro.f1 == pytest.approx((1 + 0 + 1 + 0.5 + 1) / 5)


def test_exact_match_and_similarity_differ_from_folded():
    found = figures(prediction(PERFECT))
    assert found.groups["all"].f1 == 1.0
    assert found.exact["all"].f1 == pytest.approx(6 / 7)
    assert found.exact_fields["vendor.name"].f1 == 0
    worse = judged(prediction(WORSE)).folded[0]
    assert worse[COLUMN["line_items.desc"], HITS] == 1
    assert worse[COLUMN["line_items.desc"], SIMILARITY] == pytest.approx(1 + 3 / 4)


def test_an_interval_holds_the_score_and_is_none_for_one_document():
    found = figures(*[prediction(PERFECT), prediction(WORSE)] * 10)
    low, high = found.groups["all"].interval
    assert low < found.groups["all"].f1 < high
    assert figures(prediction(PERFECT)).groups["all"].interval is None


def test_confidence_counts_what_was_given_against_all_that_counts():
    sure, unsure = prediction(PERFECT, 0.95), prediction(WORSE, 0.55)
    found = figures(sure, unsure).confidence
    assert found.threshold.approved == 7
    assert found.threshold.coverage == pytest.approx(7 / 15)
    assert found.threshold.accuracy == 1.0
    assert found.expected_calibration_error == pytest.approx((7 * 0.05 + 7 * abs(5 / 7 - 0.55)) / 14)
    assert found.curve[-1].coverage == pytest.approx(14 / 15)


def test_shares_of_answers():
    grounded, made_up = prediction(PERFECT), prediction({"vendor.name": "X"}, support=Support.UNGROUNDED)
    wrong_sum = prediction(PERFECT, findings=({"code": "sum-of-lines", "severity": "error", "message": ""},))
    found = figures(grounded, made_up, wrong_sum, prediction({}, complete=False))
    assert found.shares == {
        "valid_json": 3 / 4,
        "grounded": pytest.approx(14 / 15),
        "consistent": 1 / 2,
    }
    assert found.counts["incomplete"] == 1


def test_latency_and_pace_are_those_of_all_documents():
    found = figures(*[prediction(PERFECT, seconds=0.5, latency=2.0, forward_passes=6)] * 4).speed
    assert (found["latency_p50"], found["latency_p95"], found["seconds"]) == (2.0, 2.0, 2.0)
    assert (found["documents_per_second"], found["forward_passes"]) == (2.0, 6.0)


def test_a_comparison_by_hand():
    before, after = (
        judged(*[prediction(WORSE)] * 6),
        judged(*[prediction(PERFECT)] * 4, *[prediction(WORSE)] * 2),
    )
    clusters = Clusters.by_name([f"f{index}" for index in range(6)])
    found = compare(("a", before), ("b", after), clusters, seed=0)
    assert found.fields["invoice_number"].before == 0
    assert found.fields["invoice_number"].after == pytest.approx(0.8)
    assert found.fields["invoice_number"].percent is None
    assert found.fields[TOTAL].interval == (0.0, 0.0)
    assert found.fields[TOTAL].p_value == 1.0
    assert found.fields[TOTAL].significance == 0
    assert found.groups["all"].significance == 1
    assert found.groups["all"].interval[0] > 0
    assert found.documents.points == pytest.approx(100 * 4 / 6)
    assert (found.mcnemar.only_baseline, found.mcnemar.only_candidate) == (0, 4)
    assert found.mcnemar.p_value == pytest.approx(2 / 16)


def test_a_field_that_no_truth_has_a_value_of_is_compared_by_how_often_it_is_left_empty():
    clusters = Clusters.by_name(["f0", "f1"])
    invents = {**PERFECT, "due_date": "2024-01-01"}
    before, after = judged(*[prediction(PERFECT)] * 2), judged(prediction(PERFECT), prediction(invents))
    found = compare(("a", before), ("b", after), clusters, 0)
    assert "due_date" not in found.fields
    assert found.left_empty.keys() == {"due_date"}
    difference = found.left_empty["due_date"]
    assert (difference.before, difference.after, difference.points) == (1.0, 0.5, -50.0)
    assert difference.p_value is not None
    assert compare(("a", before), ("b", before), clusters, 0).left_empty == {}


def test_a_field_that_few_vendors_print_is_judged_by_these():
    truths = [
        Truth({"vendor.name": "ACME Ltd", **({"invoice_number": "INV-1"} if index < 2 else {})})
        for index in range(9)
    ]
    before, after = Judged.empty(9), Judged.empty(9)
    for index, truth in enumerate(truths):
        before.add(index, case(truth, index), prediction(truth.values))
        after.add(index, case(truth, index), prediction({"vendor.name": "ACME Ltd"}))
    clusters = Clusters.by_name([str(index) for index in range(9)])
    right = sum_up(before, clusters, 0.9, 0)
    assert right.macro.interval == right.fields["invoice_number"].interval == (1.0, 1.0)
    lost = compare(("a", before), ("b", after), clusters, 0).fields["invoice_number"]
    assert (lost.points, lost.vendors, lost.interval) == (-100.0, 2, (-100.0, -100.0))
    assert lost.p_value < 0.002


def test_a_vendor_that_prints_no_such_field_tells_which_model_invents_it():
    truths = [
        Truth({"vendor.name": "ACME Ltd", "invoice_number": None if index else "INV-1"}) for index in range(9)
    ]
    before, after = Judged.empty(9), Judged.empty(9)
    for index, truth in enumerate(truths):
        before.add(index, case(truth, index), prediction(truth.values))
        after.add(index, case(truth, index), prediction(truths[0].values))
    clusters = Clusters.by_name([str(index) for index in range(9)])
    found = compare(("a", before), ("b", after), clusters, 0).fields["invoice_number"]
    assert (found.after, found.vendors) == (pytest.approx(2 / 10), 9)
    assert found.p_value < 0.002


def test_groups_that_are_the_same_are_told_once():
    header = {path: value for path, value in PERFECT.items() if not path.startswith("line_items")}
    truth = Truth(TRUTH.values)
    one, both = Judged.empty(1), judged(prediction(PERFECT))
    one.add(0, case(truth), prediction(header))
    clusters = Clusters.by_name(["a"])
    assert list(compare(("a", one), ("b", one), clusters, 0).telling) == ["all"]
    assert list(compare(("a", both), ("b", both), clusters, 0).telling) == ["all", "header", "cells", "rows"]


def test_a_document_whose_truth_is_empty_is_neither_right_nor_wrong():
    empty = Judged.empty(1)
    empty.add(0, case(Truth({"due_date": None})), prediction({"due_date": None}))
    assert not empty.scorable[0]
    found = sum_up(empty, Clusters.by_name(["a"]), 0.9, 0)
    assert found.document_match is None
    assert found.public["cord_tree_accuracy"] is None
