"""Charts as inline SVG: bars, lines, a histogram, one divided bar. Colours are classes of the page's style."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from finscribe.reports.axes import Axes, Box, Point, axes_for

WIDTH = 640
_LABEL = 214
_VALUE = 58
_ROW = 26
_BAR = 14
_ROUND = 3
_LONGEST = 31
"""Characters of a label."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: its label, its pieces as (value, class) from left to right, and what is written behind."""

    label: str
    pieces: Sequence[tuple[float, str]]
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: its points as (x, y), the class of its colour, whether the points are drawn, and its name."""

    points: Sequence[Point]
    kind: str
    dotted: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves over one axis from 0 to `top` (default: a round number above the highest point), and what they show."""

    title: str
    said: str
    lines: Sequence[Line]
    top: float | None = None


def in_rows(charts: Sequence[Chart]) -> list[Sequence[Chart]]:
    """Two charts side by side, or three in the last row where one would stand alone."""
    pairs = len(charts) - 3 if len(charts) % 2 and len(charts) > 1 else len(charts)
    rows = [charts[start : start + 2] for start in range(0, pairs, 2)]
    return [*rows, charts[pairs:]] if pairs < len(charts) else rows


def line_chart(
    lines: Sequence[Line],
    title: str,
    *,
    top: float | None = None,
    width: float = WIDTH,
    say: Callable[[float], str] = "{:,.0f}".format,
) -> str:
    """Curves over one axis from 0 to `top` (default: a round number above the highest); what they share is x.

    `say` writes an x, a day for instance.
    """
    points = [point for line in lines for point in line.points]
    if not points:
        return ""
    box = Box(48, 14, width - 10, 214)
    axes = axes_for(points, box, top)
    body = "".join(
        _grid(label, axes.place(axes.low, height)[1], box.left, WIDTH - box.right)
        for height, label in zip(axes.heights, axes.height_labels, strict=True)
    )
    body += "".join(_curve(line, axes, say) for line in lines)
    body += "".join(
        _text("tick", axes.place(tick, 0)[0], box.bottom + 18, say(tick), "middle") for tick in axes.across
    )
    return _svg(title, box.bottom + 26, body, width)


def _curve(line: Line, axes: Axes, say: Callable[[float], str]) -> str:
    spots = [axes.place(x, y) for x, y in line.points]
    path = " ".join(f"{across:.1f},{down:.1f}" for across, down in spots)
    drawn = f'<polyline class="{line.kind}" points="{path}"/>'
    if line.dotted or len(spots) == 1:
        for (across, down), (x, y) in zip(spots, line.points, strict=True):
            hint = f"<title>{escape(say(x))}: {y:,.4g}</title>"
            drawn += f'<circle class="{line.kind}" cx="{across:.1f}" cy="{down:.1f}" r="4">{hint}</circle>'
    return drawn


def bar_chart(rows: Sequence[Bar], title: str, most: float | None = None) -> str:
    """Horizontal bars on one scale, `most` (default: the longest) being the full width."""
    full = most or max((sum(value for value, _ in row.pieces) for row in rows), default=0) or 1
    height = _ROW * len(rows) + 4
    body = "".join(_bar(row, place, full) for place, row in enumerate(rows))
    return _svg(title, height, body)


def _bar(row: Bar, place: int, full: float) -> str:
    room = WIDTH - _LABEL - _VALUE
    middle = place * _ROW + _ROW / 2
    left = float(_LABEL)
    pieces = ""
    for value, kind in row.pieces:
        width = room * value / full
        if value:
            pieces += _rect(left, middle - _BAR / 2, max(width, 1.5), _BAR, kind)
        left += width
    track = _rect(_LABEL, middle - _BAR / 2, room, _BAR, "track")
    return (
        f"<g><title>{escape(row.hint or f'{row.label}: {row.value}')}</title>{track}{pieces}"
        f"{_label(row.label, middle + 4)}"
        f"{_text('value', WIDTH, middle + 4, row.value, 'end')}</g>"
    )


def divided_bar(pieces: Sequence[tuple[str, float, str]], title: str) -> str:
    """One bar divided among (label, value, class); what is nothing is left out."""
    total = sum(value for _, value, _ in pieces) or 1
    drawn = [piece for piece in pieces if piece[1]]
    gap, left, body = 2.0, 0.0, ""
    room = WIDTH * 2 - gap * max(0, len(drawn) - 1)
    for label, value, kind in drawn:
        width = max(room * value / total, 2)
        body += f"<g><title>{escape(f'{label}: {value:,.0f}')}</title>{_rect(left, 0, width, 26, kind)}</g>"
        left += width + gap
    return _svg(title, 26, body, WIDTH * 2)


def histogram(
    edges: Sequence[float],
    heights: Sequence[int],
    title: str,
    *,
    unit: str,
    counted: str,
    limit: float | None = None,
    marks: Sequence[tuple[str, float]] = (),
) -> str:
    """Columns between `edges` (in `unit`), as high as there are things `counted` between them.

    Those from `limit` on have another colour; `marks` are named places on the axis.
    """
    top, ground, left, right = 34, 214, 44, 10
    low, high = edges[0], max(edges[-1], edges[0] + 1)
    tallest = max(heights, default=1) or 1

    def across(value: float) -> float:
        return left + (WIDTH - left - right) * (value - low) / (high - low)

    body = "".join(
        _grid(f"{count:,}", ground - (ground - top) * count / tallest, left, right)
        for count in sorted({0, tallest // 2, tallest})
    )
    for start, end, count in zip(edges, edges[1:], heights, strict=False):
        tall = (ground - top) * count / tallest
        kind = "warn" if limit and start >= limit else "one"
        hint = f"<title>{start:,.0f} to {end:,.0f} {escape(unit)}: {count:,} {escape(counted)}</title>"
        width = max(across(end) - across(start) - 1.5, 1)
        body += f"<g>{hint}{_rect(across(start), ground - tall, width, tall, kind)}</g>" if count else ""
    body += "".join(_mark(name, value, across(value), top, ground) for name, value in marks)
    ticks = (low + (high - low) * step / 4 for step in range(5))
    body += "".join(_text("tick", across(tick), ground + 18, f"{tick:,.0f}", "middle") for tick in ticks)
    return _svg(title, ground + 26, body)


def _grid(label: str, height: float, left: float, right: float) -> str:
    return (
        f'<line class="grid" x1="{left}" x2="{WIDTH - right}" y1="{height:.1f}" y2="{height:.1f}"/>'
        f"{_text('tick', left - 8, height + 4, label, 'end')}"
    )


def _mark(name: str, value: float, place: float, top: float, ground: float) -> str:
    side = "end" if place > WIDTH - 110 else "start"
    shift = -5 if side == "end" else 5
    return (
        f'<line class="mark" x1="{place:.1f}" x2="{place:.1f}" y1="{top - 14}" y2="{ground}"/>'
        f"{_text('tick', place + shift, top - 6, f'{name} {value:,.0f}', side)}"
    )


def _text(kind: str, across: float, down: float, words: str, anchor: str, more: str = "") -> str:
    place = f'x="{across:.1f}" y="{down:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}{more}>{escape(words)}</text>'


def _label(words: str, down: float) -> str:
    """A label before a bar; a long one is cut, and squeezed to the room that there is."""
    if len(words) <= _LONGEST:
        return _text("label", _LABEL - 10, down, words, "end")
    fitted = f' textLength="{_LABEL - 14}" lengthAdjust="spacingAndGlyphs"'
    return _text("label", _LABEL - 10, down, words[: _LONGEST - 1] + "…", "end", fitted)


def _rect(left: float, top: float, width: float, height: float, kind: str) -> str:
    corner = min(_ROUND, width / 2, height / 2)
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {place} rx="{corner:.1f}"/>'


def _svg(title: str, height: float, body: str, width: float = WIDTH) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )
