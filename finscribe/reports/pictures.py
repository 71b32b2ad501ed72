"""Line charts as a picture, for where a page cannot be shown: the curves and colours are those of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from finscribe.reports.axes import Axes, Box, axes_for
from finscribe.reports.charts import Chart, Line, in_rows
from finscribe.reports.page import STYLE

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

FINER = 2
"""Everything is drawn so many times larger and then made smaller, which smooths its edges."""
WIDTH, CARD_HEIGHT, GAP, MARGIN, HEAD = 1600, 400, 24, 24, 96
"""Pixels of the picture, of a chart's card, between cards, around them, and of the title above them."""
COLOURS = dict(re.findall(r"--([\w-]+): (#\w+)", STYLE.partition("}")[0]))
"""Those of the page in daylight, by the names that its style has for them."""


def draw_charts(title: str, said: str, charts: Sequence[Chart]) -> Image:
    """An RGB picture, 1600 pixels wide: a title, a sentence, and the charts side by side in rows."""
    from PIL import Image, ImageDraw

    rows = in_rows(charts)
    height = HEAD + len(rows) * (CARD_HEIGHT + GAP) + MARGIN - GAP
    image = Image.new("RGB", (WIDTH * FINER, height * FINER), COLOURS["page"])
    canvas = ImageDraw.Draw(image)
    _write(canvas, MARGIN, 20, title, 30, "ink")
    _write(canvas, MARGIN, 60, said, 18, "soft")
    for number, row in enumerate(rows):
        width = (WIDTH - 2 * MARGIN + GAP) / len(row) - GAP
        for place, chart in enumerate(row):
            left, top = MARGIN + place * (width + GAP), HEAD + number * (CARD_HEIGHT + GAP)
            _draw_card(canvas, chart, Box(left, top, left + width, top + CARD_HEIGHT))
    return image.reduce(FINER)


def _draw_card(canvas: ImageDraw, chart: Chart, card: Box) -> None:
    left, top = card.left, card.top
    around = _scaled(left, top, card.right, card.bottom)
    canvas.rounded_rectangle(around, 14 * FINER, fill=COLOURS["card"], outline=COLOURS["line"], width=FINER)
    _write(canvas, left + 24, top + 18, chart.title, 20, "ink")
    _write(canvas, left + 24, top + 46, chart.said, 16, "soft")
    _draw_legend(canvas, chart.lines, card.right - 24, top + 20)
    box = Box(left + 92, top + 92, card.right - 28, card.bottom - 48)
    axes = axes_for([point for line in chart.lines for point in line.points], box, chart.top)
    _draw_axes(canvas, axes)
    for line in chart.lines:
        _draw_curve(canvas, line, axes)


def _draw_axes(canvas: ImageDraw, axes: Axes) -> None:
    for height, label in zip(axes.heights, axes.height_labels, strict=True):
        down = axes.place(axes.low, height)[1]
        canvas.line(_scaled(axes.box.left, down, axes.box.right, down), fill=COLOURS["line"], width=FINER)
        _write(canvas, axes.box.left - 12, down, label, 15, "soft", anchor="rm")
    for tick in axes.across:
        _write(canvas, axes.place(tick, 0)[0], axes.box.bottom + 14, f"{tick:,.0f}", 15, "soft", anchor="mt")


def _draw_curve(canvas: ImageDraw, line: Line, axes: Axes) -> None:
    spots = [axes.place(x, y) for x, y in line.points]
    path = _scaled(*(number for spot in spots for number in spot))
    if len(spots) > 1:
        canvas.line(path, fill=COLOURS[line.kind], width=round(2.5 * FINER), joint="curve")
    if line.dotted or len(spots) == 1:
        for across, down in spots:
            canvas.circle(_scaled(across, down), 6 * FINER, fill=COLOURS[line.kind])


def _draw_legend(canvas: ImageDraw, lines: Sequence[Line], right: float, top: float) -> None:
    for line in reversed([line for line in lines if line.name and line.points]):
        width = canvas.textlength(line.name, font=_font(16)) / FINER
        _write(canvas, right - width, top, line.name, 16, "soft")
        mark = _scaled(right - width - 22, top + 3, right - width - 8, top + 17)
        canvas.rounded_rectangle(mark, 4 * FINER, fill=COLOURS[line.kind])
        right -= width + 46


def _write(
    canvas: ImageDraw, across: float, down: float, words: str, size: int, colour: str, anchor: str = "la"
) -> None:
    canvas.text((across * FINER, down * FINER), words, COLOURS[colour], _font(size), anchor)


def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL.ImageFont import load_default

    return load_default(size * FINER)


def _scaled(*numbers: float) -> list[float]:
    return [number * FINER for number in numbers]
