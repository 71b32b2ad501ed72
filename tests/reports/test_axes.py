import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finscribe.reports.axes import Box, axes_for

BOX = Box(0, 0, 100, 100)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.floats(1e-9, 1e9))
def test_the_highest_point_lies_near_the_top_of_a_round_scale(highest):
    axes = axes_for([(0, 0.0), (9, highest)], BOX)
    assert highest * (1 - 1e-6) <= axes.tallest <= 1.7 * highest
    assert len(axes.heights) == len(set(axes.height_labels)) in (5, 6)


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (2.3, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (2e-5, ["0", "5.0e-6", "1.0e-5", "1.5e-5", "2.0e-5"]),
        (980, ["0", "250", "500", "750", "1,000"]),
    ],
)
def test_labels_have_as_many_decimals_as_they_need(highest, labels):
    assert axes_for([(0, highest)], BOX).height_labels == labels


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(1, 6, [1, 2, 3, 4, 5, 6]), (0, 142, [0, 25, 50, 75, 100, 125]), (3, 3, [3])]
)
def test_steps_are_whole_numbers(low, high, ticks):
    assert axes_for([(low, 1), (high, 1)], BOX).across == ticks


def test_a_point_lies_where_it_belongs_and_never_above_the_axis():
    axes = axes_for([(0, 0.0), (10, 1.0)], BOX, 1.0)
    assert axes.place(0, 0) == (0, 100)
    assert axes.place(10, 1) == (100, 0)
    assert axes.place(5, 7) == (50, 0)
