import re
from xml.etree import ElementTree

import pytest

from finscribe.reports.charts import Bar, Line, bar_chart, divided_bar, histogram, line_chart

EVIL = "<script>alert('1')</script> & \"more\""


def drawn(svg):
    """The chart as a tree, which it has to be."""
    return ElementTree.fromstring(svg)


def all_of(svg, name):
    return list(drawn(svg).iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def texts(svg, kind):
    return [each.text for each in all_of(svg, "text") if each.get("class") == kind]


def widths(svg, kind):
    return [float(each.get("width")) for each in all_of(svg, "rect") if each.get("class") == kind]


def test_a_bar_is_as_long_as_its_share_of_the_scale():
    svg = bar_chart([Bar("a", [(50, "one"), (25, "warn")], "75")], "shares", 100)
    (track,) = widths(svg, "track")
    assert widths(svg, "one") == pytest.approx([track / 2], abs=0.1)
    assert widths(svg, "warn") == pytest.approx([track / 4], abs=0.1)


@pytest.mark.parametrize("rows", [[], [Bar("a", [], "0")], [Bar("a", [(0, "one")], "0")]])
def test_a_bar_chart_of_nothing_has_no_bars(rows):
    assert widths(bar_chart(rows, "nothing"), "one") == []


def test_a_long_label_is_cut_and_whole_in_the_hint():
    svg = bar_chart([Bar("x" * 50, [(1, "one")], "1")], "labels")
    assert texts(svg, "label") == ["x" * 30 + "…"]
    assert "x" * 50 in svg


def test_a_curve_goes_from_the_ground_to_the_top():
    svg = line_chart([Line([(0, 0.0), (10, 1.0)], "one", dotted=True)], "F1", top=1.0)
    (curve,) = all_of(svg, "polyline")
    assert curve.get("points") == "48.0,214.0 630.0,14.0"
    assert texts(svg, "tick")[:5] == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert len(all_of(svg, "circle")) == 2


@pytest.mark.parametrize("points", [[(5, 1.0)], [(5, 0.0)], [(0, 0.0), (1, 0.0)]])
def test_one_point_and_zeros_alone_are_drawn(points):
    (curve,) = all_of(line_chart([Line(points, "one")], "loss"), "polyline")
    assert len(curve.get("points").split()) == len(points)
    assert "nan" not in curve.get("points")


def test_without_points_there_is_no_line_chart():
    assert line_chart([], "loss") == line_chart([Line([], "one")], "loss") == ""


def test_pieces_of_a_divided_bar_share_its_width_and_nothing_is_left_out_but_zeros():
    svg = divided_bar([("train", 90, "one"), ("val", 10, "two"), ("gate", 0, "three")], "parts")
    (one,), (two,) = widths(svg, "one"), widths(svg, "two")
    assert one == pytest.approx(9 * two, rel=0.01)
    assert widths(svg, "three") == []
    assert widths(divided_bar([("train", 0, "one")], "parts"), "one") == []


@pytest.mark.parametrize(
    ("heights", "labels"), [([1, 0], ["0", "1"]), ([5, 3], ["0", "2", "5"]), ([0, 0], ["0", "1"])]
)
def test_a_histogram_is_labelled_with_whole_numbers_each_once_and_in_its_place(heights, labels):
    svg = histogram([0, 1, 2], heights, "lengths", unit="tokens", counted="records")
    grid = [each for each in all_of(svg, "line") if each.get("class") == "grid"]
    assert texts(svg, "tick")[: len(labels)] == labels
    tallest = int(labels[-1])
    expected = [214 - 180 * int(label) / tallest for label in labels]
    assert [float(each.get("y1")) for each in grid] == pytest.approx(expected)


def test_columns_from_the_limit_on_are_marked_and_say_what_they_count():
    svg = histogram(
        [0, 10, 20], [3, 4], "sizes", unit="pages", counted="files", limit=10, marks=[("p50", 12)]
    )
    assert len(widths(svg, "one")) == len(widths(svg, "warn")) == 1
    assert "0 to 10 pages: 3 files" in svg
    assert "p50 12" in texts(svg, "tick")


def test_a_histogram_of_one_value_has_a_width():
    svg = histogram([7, 7], [3], "one", unit="tokens", counted="records")
    assert len(widths(svg, "one")) == 1


def test_whatever_stands_in_a_chart_is_escaped():
    charts = (
        bar_chart([Bar(EVIL, [(1, "one")], EVIL, EVIL)], EVIL),
        divided_bar([(EVIL, 1, "one")], EVIL),
        histogram([0, 1], [1], EVIL, unit=EVIL, counted=EVIL, marks=[(EVIL, 0)]),
        line_chart([Line([(0, 1.0)], "one")], EVIL),
    )
    for svg in charts:
        drawn(svg)
        assert not re.search("<script", svg)
        assert "&lt;script&gt;" in svg
