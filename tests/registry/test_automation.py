"""Certificates, and by simulation that they hold as often as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finscribe.registry.automation import Observation, certify, certify_all, one_of_each, upper_bound


def drawn(rng, count, error_at, vendors=None):
    """Values whose error rate at a confidence is `error_at(confidence)`."""
    confidences = 1 - 10 ** -rng.uniform(0.1, 4, count)
    wrong = rng.random(count) < error_at(confidences)
    names = np.arange(count) if vendors is None else vendors
    return [
        Observation("total", float(confidence), not bool(bad), f"vendor {name}")
        for confidence, bad, name in zip(confidences, wrong, names, strict=True)
    ]


def true_risk(error_at, threshold):
    """The share of wrong values above a threshold, by many draws of the same distribution."""
    confidences = 1 - 10 ** -np.random.default_rng(1).uniform(0.1, 4, 100_000)
    return float(error_at(confidences[confidences >= threshold]).mean())


def test_the_bound_is_that_of_clopper_and_pearson():
    assert upper_bound(0, 299, 0.95) == pytest.approx(1 - 0.05 ** (1 / 299))
    assert upper_bound(2, 50, 0.95) == pytest.approx(0.1206, abs=1e-4)
    assert upper_bound(3, 3, 0.95) == 1.0


def test_299_right_values_certify_one_percent_and_298_do_not():
    values = [Observation("total", 0.99, True, f"vendor {number}") for number in range(299)]
    assert certify(values).threshold is not None
    short = certify(values[:298])
    assert (short.threshold, short.share, short.needed, short.independent) == (None, 0.0, 299, 298)


def test_the_loosest_threshold_that_holds_is_taken_and_its_counts_are_told():
    sure = [Observation("total", 0.9995, True, f"sure {number}") for number in range(400)]
    unsure = [Observation("total", 0.6, number % 2 == 0, f"unsure {number}") for number in range(100)]
    found = certify([*sure, *unsure])
    assert 0.6 < found.threshold <= 0.9995
    assert (found.approved, found.wrong, found.share, found.values) == (400, 0, 0.8, 500)
    assert found.bound == pytest.approx(upper_bound(0, 400, 0.95))


def test_confidence_that_says_nothing_automates_nothing():
    rng = np.random.default_rng(0)
    assert certify(drawn(rng, 5_000, lambda confidence: 0.05 + 0 * confidence)).threshold is None


def test_many_documents_of_few_vendors_support_no_claim_on_new_vendors():
    values = [Observation("total", 0.999, True, f"vendor {number % 20}") for number in range(2_000)]
    assert certify(values).threshold is None
    assert certify(values).independent == 20
    assert certify(values, unit="document").threshold is not None


def test_one_value_of_each_vendor_is_drawn_and_the_seed_says_which():
    values = [Observation("total", number / 100, True, f"vendor {number % 3}") for number in range(90)]
    one, again, other = (one_of_each(values, seed) for seed in (1, 1, 2))
    assert [each.vendor for each in one] == ["vendor 0", "vendor 1", "vendor 2"]
    assert one == again != other


def test_every_field_has_its_own_certificate():
    values = [Observation("total", 0.99, True, f"vendor {number}") for number in range(400)]
    values += [Observation("date", 0.99, number % 2 == 0, f"vendor {number}") for number in range(400)]
    found = certify_all(values, "val.json")
    assert [(each.field, each.threshold is None) for each in found.certificates] == [
        ("total", False),
        ("date", True),
    ]
    assert found.approves("total", 0.99)
    assert not found.approves("total", 0.1)
    assert not found.approves("date", 1.0)
    assert not found.approves("vendor.name", 1.0)


def test_a_share_of_the_approved_documents_is_audited_and_always_the_same_ones():
    automation = certify_all([], "val.json")
    audited = [automation.audits(f"document {number}") for number in range(4_000)]
    assert 150 < sum(audited) < 250
    assert audited == [automation.audits(f"document {number}") for number in range(4_000)]


CURVES = {
    "falling steadily": lambda confidence: 0.3 * (1 - confidence),
    "falling late": lambda confidence: np.where(confidence > 0.99, 0.002, 0.2),
    "just not enough": lambda confidence: np.where(confidence > 0.9, 0.0101, 0.3),
}


@pytest.mark.parametrize("name", CURVES)
def test_the_claim_is_wrong_in_at_most_one_case_of_twenty(name):
    error_at, cases = CURVES[name], 120
    rng = np.random.default_rng(7)
    thresholds = [certify(drawn(rng, 800, error_at)).threshold for _ in range(cases)]
    broken = sum(each is not None and true_risk(error_at, each) > 0.01 for each in thresholds)
    assert broken <= 12  # with 5% of 120, more than 12 come up in less than one of a hundred times


def test_the_claim_holds_for_new_vendors_where_vendors_differ():
    rng = np.random.default_rng(11)
    broken = claimed = 0
    for _ in range(100):
        bad = rng.random(400) < 0.02  # one vendor in fifty is always misread, whatever the confidence
        values = [
            Observation("total", 0.999, not bad[vendor], f"vendor {vendor}")
            for vendor in range(400)
            for _ in range(rng.integers(1, 4))
        ]
        claimed += certify(values, unit="document").threshold is not None
        broken += certify(values).threshold is not None
    assert broken <= 10  # 2% of what comes from new vendors is wrong: every certificate is a broken claim
    assert claimed >= broken


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.sampled_from([0.1, 0.3])
)
@settings(max_examples=60, deadline=None)
def test_what_is_certified_keeps_its_bound_on_the_data_itself(pairs, rate):
    values = [Observation("total", sure, right, str(number)) for number, (sure, right) in enumerate(pairs)]
    found = certify(values, rate=rate)
    if found.threshold is None:
        assert (found.share, found.approved, found.bound) == (0.0, 0, None)
        return
    above = [each for each in values if each.confidence >= found.threshold]
    assert found.approved == len(above) >= found.needed
    assert found.wrong == sum(not each.right for each in above)
    assert found.wrong / found.approved <= found.bound <= rate
