import re
from xml.etree import ElementTree

import pytest

from finscribe.reports.comparison import (
    Change,
    Group,
    Measured,
    Series,
    changes,
    grouped_bars,
    heat_table,
    unit_chart,
)

EVIL = "<script>alert('1')</script> & \"more\""


def all_of(svg, name, kind=None):
    found = ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{name}")
    return [each for each in found if kind is None or each.get("class") == kind]


def test_bars_are_as_long_as_their_values_and_whiskers_as_their_intervals():
    svg = grouped_bars([Group("a", [Measured(0.5, "one", (0.25, 0.75)), Measured(1.0, "two")])], "F1")
    full = float(all_of(svg, "rect", "track")[0].get("width"))
    assert float(all_of(svg, "rect", "one")[0].get("width")) == pytest.approx(full / 2, abs=0.1)
    assert float(all_of(svg, "rect", "two")[0].get("width")) == pytest.approx(full, abs=0.1)
    whisker, *_ = all_of(svg, "line", "whisker")
    assert float(whisker.get("x2")) - float(whisker.get("x1")) == pytest.approx(full / 2, abs=0.1)
    assert len(all_of(svg, "line", "whisker")) == 3


def test_an_interval_that_leaves_the_scale_ends_at_its_border():
    svg = grouped_bars([Group("a", [Measured(0.9, "one", (0.5, 1.4))])], "F1")
    track = all_of(svg, "rect", "track")[0]
    right = float(track.get("x")) + float(track.get("width"))
    assert max(float(each.get("x2")) for each in all_of(svg, "line", "whisker")) == pytest.approx(
        right, abs=0.1
    )


def test_gains_stand_right_of_nothing_and_losses_left():
    svg = changes([Change("gain", 10, (5, 15), "two"), Change("loss", -10, (-15, -5), "warn")], "points")
    (zero,) = all_of(svg, "line", "zero")
    (gain,), (loss,) = all_of(svg, "circle", "dot two"), all_of(svg, "circle", "dot warn")
    middle = float(zero.get("x1"))
    assert float(gain.get("cx")) - middle == pytest.approx(middle - float(loss.get("cx")), abs=0.1)
    assert float(gain.get("cx")) > middle
    assert "+10.0 (+5.0 to +15.0)" in svg


@pytest.mark.parametrize(
    "rows", [[], [Change("none", 0.0, None, "quiet")], [Change("all", 100, None, "two")]]
)
def test_any_differences_can_be_drawn(rows):
    svg = changes(rows, "points")
    assert len(all_of(svg, "circle")) == len(rows)
    assert "nan" not in svg


def test_the_unit_chart_goes_from_corner_to_corner():
    svg = unit_chart([Series([(0, 0), (1, 1)], "one", [3, 5], ["a", "b"])], "curve", "x", "y", ideal=True)
    (line,) = all_of(svg, "polyline")
    assert line.get("points") == "70.0,322.0 546.0,14.0"
    assert [float(dot.get("r")) for dot in all_of(svg, "circle")] == [3, 5]
    assert len(all_of(svg, "line", "ideal")) == 1


def test_a_floor_is_the_lowest_share_that_is_drawn():
    svg = unit_chart([Series([(0.5, 0.8), (1, 0.9)], "one")], "curve", "x", "y", floor=0.8)
    (line,) = all_of(svg, "polyline")
    assert line.get("points") == "308.0,322.0 546.0,168.0"
    assert "85%" in svg
    assert all_of(unit_chart([Series([], "one")], "nothing", "x", "y"), "polyline") == []


def test_heat_grows_with_the_count_and_earlier_counts_stand_behind():
    table = heat_table(["missed", "partial"], {"a": [8, 0], "b": [2, 0]}, {"a": [1, 3]})
    strengths = [int(each) for each in re.findall(r"var\(--warn\) (\d+)%", table)]
    assert strengths[0] > strengths[1] > 0
    assert '8 <span class="was">1</span>' in table
    assert '0 <span class="was">3</span>' in table
    assert '<td class="sum">8 <span class="was">4</span></td>' in table
    assert "was" not in heat_table(["missed"], {"a": [8]})


def test_texts_are_escaped():
    drawn = [
        grouped_bars([Group(EVIL, [Measured(0.5, "one", None, EVIL)], EVIL)], EVIL),
        changes([Change(EVIL, 1.0, None, "one", EVIL)], EVIL),
        unit_chart([Series([(0, 0)], "one", [3], [EVIL])], EVIL, EVIL, EVIL),
        heat_table([EVIL], {EVIL: [1]}),
    ]
    assert not any("<script" in each for each in drawn)
