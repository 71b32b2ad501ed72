import pytest

from finscribe.reports.charts import Chart, Line, in_rows
from finscribe.reports.pictures import COLOURS, draw_charts


def chart(*lines):
    return Chart("Loss", "by step", lines)


def colours(image):
    return {colour for _, colour in image.getcolors(1 << 24)}


def rgb(name):
    digits = COLOURS[name][1:]
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))


def test_every_curve_is_drawn_in_its_colour():
    lines = [
        Line([(0, 1.0), (9, 2.0)], "one"),
        Line([(0, 2.0)], "warn"),
        Line([(3, 1.0)], "two", dotted=True),
    ]
    found = colours(draw_charts("Training", "a sentence", [chart(*lines)]))
    assert {rgb("one"), rgb("warn"), rgb("two"), rgb("card"), rgb("page")} <= found
    assert rgb("three") not in found


@pytest.mark.parametrize(
    ("count", "rows"), [(0, []), (1, [1]), (2, [2]), (3, [3]), (4, [2, 2]), (5, [2, 3]), (7, [2, 2, 3])]
)
def test_no_chart_stands_alone_in_the_last_row(count, rows):
    assert [len(row) for row in in_rows([chart()] * count)] == rows


def test_a_picture_is_as_high_as_its_rows():
    line = Line([(0, 1.0), (9, 2.0)], "one", name="training")
    one, two = (draw_charts("T", "s", [chart(line)] * count).size for count in (2, 5))
    assert one[0] == two[0] == 1600
    assert two[1] - one[1] == 424
