import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.metrics.confidence import (
    automation_curve,
    coverage_at,
    expected_calibration_error,
    reliability,
)

SURE = np.array([0.95, 0.95, 0.55, 0.55, 0.05])
RIGHT = np.array([True, False, True, True, False])


def test_bins_have_their_mean_confidence_and_accuracy():
    low, middle, high = reliability(SURE, RIGHT)
    assert (low.low, low.count, low.accuracy) == (0.0, 1, 0.0)
    assert (middle.count, middle.confidence, middle.accuracy) == (2, pytest.approx(0.55), 1.0)
    assert (high.low, high.high, high.accuracy) == (0.9, 1.0, 0.5)


def test_the_calibration_error_is_the_mean_gap_weighted_by_count():
    assert expected_calibration_error(SURE, RIGHT) == pytest.approx((2 * 0.45 + 2 * 0.45 + 0.05) / 5)
    assert expected_calibration_error(np.array([]), np.array([], bool)) is None


def test_full_confidence_falls_into_the_last_bin():
    (only,) = reliability(np.array([1.0]), np.array([True]))
    assert (only.low, only.high, only.count) == (0.9, 1.0, 1)


def test_a_threshold_covers_a_share_of_all_values_those_missed_too():
    found = coverage_at(0.5, SURE, RIGHT, total=8)
    assert (found.coverage, found.accuracy, found.approved) == (0.5, 0.75, 4)
    nothing = coverage_at(0.99, SURE, RIGHT, total=8)
    assert (nothing.coverage, nothing.accuracy) == (0.0, None)
    assert coverage_at(0.5, np.array([]), np.array([], bool), total=0).coverage == 0.0


def test_the_curve_approves_values_of_one_confidence_together():
    curve = automation_curve(SURE, RIGHT, total=10)
    assert [(each.coverage, each.accuracy) for each in curve] == [(0.2, 0.5), (0.4, 0.75), (0.5, 0.6)]
    assert automation_curve(np.array([]), np.array([], bool), total=3) == []


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300))
def test_the_curve_ends_with_everything_approved(values):
    sure, right = np.array([each for each, _ in values]), np.array([each for _, each in values])
    curve = automation_curve(sure, right, total=len(values))
    assert curve[-1].coverage == 1.0
    assert curve[-1].accuracy == pytest.approx(right.mean())
    assert len(curve) <= 101
    assert [each.threshold for each in curve] == sorted((each.threshold for each in curve), reverse=True)
