"""Synthetic documents as PDF with a real text layer: invoices on A4, receipts on a till roll.

The page is laid out from the text and the places of the values in it. Needs the extra `synthesis` (reportlab).
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from finscribe.synthesis.generate import Sample

from .fonts import fonts_of, reportlab
from .typesetting import TILL_GUTTER, SetLine, Sheet, set_lines, widest

_A4 = (595.0, 842.0)
_ROLL_ENDS = 24.0
_WIDEST_ROLL = 340.0
_LEAST_SHRUNK = 0.75
"""Type on a roll is made smaller by no more than this before the roll gets wider."""
_HANGING = 0.3
"""How much of the font size is below the line on which letters stand."""
_CLOSEST = 1.1
"""The least distance of lines, as a multiple of the font size."""
_LEFT_OVER = 0.12
"""A last page that is filled no more than this is saved by setting the lines closer."""


def render_pdf(sample: Sample) -> bytes:
    """The document as a PDF; the same sample gives the same bytes.

    Raises MissingDependency without reportlab, FinScribeError where no font at hand has the sample's characters.
    """
    canvas_module = reportlab("reportlab.pdfgen.canvas")
    sheet = _sheet(sample)
    pages, sheet = _pages(set_lines(sample, sheet), sheet)
    out = io.BytesIO()
    canvas = canvas_module.Canvas(out, pagesize=(sheet.width, sheet.height), invariant=1)
    for page in pages:
        _draw(canvas, page, sheet)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheet(sample: Sample) -> Sheet:
    """Paper and type, drawn from the sample's text."""
    rng = Random(zlib.crc32(sample.text.encode()))
    fonts = fonts_of(sample.text, rng)
    roll = sample.family.startswith("receipt")
    size = rng.uniform(8, 10) if roll else rng.uniform(8.5, 11)
    margin = 14.0 if roll else rng.uniform(36, 64)
    width, height = (rng.uniform(226, 290), 0.0) if roll else _A4
    if roll:
        needed = widest(sample, fonts[1], TILL_GUTTER)
        size = max(min(size, (width - 2 * margin) / needed), _LEAST_SHRUNK * size)
        width = min(max(width, needed * size + 2 * margin), _WIDEST_ROLL)
    return Sheet(
        roll=roll,
        width=width,
        height=height,
        margin=margin,
        size=size,
        fonts=fonts,
        leading=rng.uniform(1.2, 1.5),
        gap=rng.choice((0, 0, rng.uniform(4, 12))) if roll else rng.uniform(5, 20),
        split=rng.uniform(0.45, 0.65),
        indent=rng.choice((0.0, rng.uniform(0.4, 0.6))),
        near=rng.random() < 0.7,
        centred=roll and rng.random() < 0.5,
        name_size=rng.choice((1, 1.15, rng.uniform(1.1, 1.5 if roll else 2))),
        title_size=rng.choice((1, 1.2, rng.uniform(1.1, 1.5 if roll else 2))),
        title_right=not roll and rng.random() < 0.2,
        bold_total=rng.random() < 0.5,
        heads=rng.choice(("plain", "bold", "rule", "rule", "band"))
        if not roll
        else rng.choice(("plain", "bold")),
        ruled=rng.random() < (0.4 if roll else 0.1),
        foot_down=not roll and rng.random() < 0.5,
    )


def _pages(lines: list[SetLine], sheet: Sheet) -> tuple[list[list[SetLine]], Sheet]:
    """The lines by page, and the sheet with the height that a roll takes or the leading that saves a page."""
    length = _length(lines, sheet)
    if sheet.roll:
        return [lines], replace(sheet, height=length + 2 * _ROLL_ENDS)
    room = sheet.height - 2 * sheet.margin
    if length <= room:
        for line in lines:
            if line.foot and sheet.foot_down:
                line.gap += room - length
        return [lines], sheet
    if length % room < _LEFT_OVER * room:
        sheet = _closer(lines, sheet, length % room)
    return list(_broken(lines, sheet, room)), sheet


def _closer(lines: Sequence[SetLine], sheet: Sheet, over: float) -> Sheet:
    """The sheet with its lines, and half of the gaps between parts, so much closer that `over` points are saved."""
    for line in lines:
        over -= line.gap / 2
        line.gap /= 2
    less = (over + 2 * sheet.size) / sum(line.size for line in lines)
    return replace(sheet, leading=max(sheet.leading - max(less, 0), _CLOSEST))


def _length(lines: Sequence[SetLine], sheet: Sheet) -> float:
    return sum(line.size * sheet.leading + line.gap for line in lines)


def _broken(lines: Sequence[SetLine], sheet: Sheet, room: float) -> Iterator[list[SetLine]]:
    """The lines of each page; where the head of a table is printed again, the next one begins."""
    page: list[SetLine] = []
    for line in lines:
        used = _length([*page, line], sheet)
        if page and (used > room or (line.again and used > room / 2)):
            yield page
            page = []
        if not page:
            line.gap, line.rule = 0, False
        page.append(line)
    yield page


def _draw(canvas: Any, page: Sequence[SetLine], sheet: Sheet) -> None:
    y = sheet.height - (_ROLL_ENDS if sheet.roll else sheet.margin)
    for line in page:
        y -= line.size * sheet.leading + line.gap
        _draw_rules(canvas, line, y, sheet)
        canvas.setFont(sheet.fonts[line.bold], line.size)
        for x, text in line.cells:
            canvas.drawString(x, y, text)


def _draw_rules(canvas: Any, line: SetLine, y: float, sheet: Sheet) -> None:
    """The rule between two parts, that under the head of a table, or the grey behind it."""
    canvas.setLineWidth(0.5)
    canvas.setDash(*((3, 2) if sheet.roll else ()))
    ends = sheet.margin, sheet.width - sheet.margin
    if line.rule:
        middle = y + line.size * (0.25 + sheet.leading / 2) + line.gap / 2
        canvas.line(ends[0], middle, ends[1], middle)
    if line.head and sheet.heads == "rule":
        canvas.line(ends[0], y - _HANGING * line.size, ends[1], y - _HANGING * line.size)
    if line.head and sheet.heads == "band":
        canvas.setFillGray(0.88)
        canvas.rect(ends[0], y - _HANGING * line.size, sheet.inner, 1.2 * line.size, stroke=0, fill=1)
        canvas.setFillGray(0)
