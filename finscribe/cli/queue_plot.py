"""Corrections over time and by field as one SVG picture, drawn without a library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from html import escape
from itertools import islice

from finscribe.cli.table import label_of
from finscribe.training.queue.stats import QueueStats

_MOST_BARS = 31
_MOST_FIELDS = 14
_WIDTH, _LEFT, _RIGHT = 860, 64, 24
_TIME_HEIGHT, _TOP, _ROW = 220, 76, 24
_LABELS = 170  # pixels for the names of fields
_GREEN, _BLUE, _INK, _FAINT, _GRID = "#2c8c3c", "#1f77b4", "#222", "#667", "#dde"


def over_time(by_day: Mapping[date, int]) -> tuple[str, list[tuple[str, int]]]:
    """The unit (day, week or month) in which the whole time has at most 31 bars, and the bars, empty ones too."""
    if not by_day:
        return "day", []
    span = (max(by_day) - min(by_day)).days + 1
    unit = "day" if span <= _MOST_BARS else "week" if span <= 7 * (_MOST_BARS - 1) else "month"
    counts: Counter[date] = Counter()
    for day, count in by_day.items():
        counts[_start(day, unit)] += count
    days = _starts(min(counts), max(counts), unit)
    return unit, [(f"{day:%Y-%m}" if unit == "month" else f"{day:%Y-%m-%d}", counts[day]) for day in days]


def _start(day: date, unit: str) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _starts(first: date, last: date, unit: str) -> Iterator[date]:
    while first <= last:
        yield first
        step = {"day": 1, "week": 7, "month": 31}[unit]
        first = _start(first + timedelta(days=step), unit)


def draw_plot(stats: QueueStats) -> str:
    """The picture as SVG: above, corrections over time; below, changes by field."""
    unit, bars = over_time(stats.by_day)
    fields = [(label_of(path), count) for path, count in islice(stats.by_field.items(), _MOST_FIELDS)]
    below = _TOP + _TIME_HEIGHT + 86
    height = below + _ROW * max(1, len(fields)) + 24
    parts = [
        _text(_LEFT, 34, "Corrections", size=20, weight="bold"),
        _text(_LEFT, 56, f"{stats.live:,} live, {stats.total:,} in all", colour=_FAINT),
        *_columns(bars, unit),
        _text(_LEFT, below - 16, "Changes by field", weight="bold"),
        *_rows(fields, below),
    ]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" font-family="system-ui, sans-serif">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _columns(bars: list[tuple[str, int]], unit: str) -> Iterator[str]:
    """A column for each day, week or month, on a scale of whole numbers."""
    bottom = _TOP + _TIME_HEIGHT
    if not bars:
        yield _text(_LEFT, _TOP + 40, "none yet", colour=_FAINT)
        return
    step = _tick(max(count for _, count in bars))
    top = max(step, -(-max(count for _, count in bars) // step) * step)
    scale = (_TIME_HEIGHT - 12) / top
    for value in range(0, top + 1, step):
        yield _gridline(bottom - value * scale, f"{value:,}")
    room = (_WIDTH - _LEFT - _RIGHT) / len(bars)
    width = min(room * 0.8, 48)
    every = -(-len(bars) // 8)  # so that labels do not touch
    for index, (label, count) in enumerate(bars):
        middle = _LEFT + room * (index + 0.5)
        yield _rect(
            middle - width / 2, bottom - count * scale, width, count * scale, _GREEN, f"{label}: {count:,}"
        )
        if index % every == 0:
            yield _text(middle, bottom + 18, label, colour=_FAINT, anchor="middle", size=11)
    yield _text((_LEFT + _WIDTH - _RIGHT) / 2, bottom + 38, unit, colour=_FAINT, anchor="middle")
    yield _text(
        20, _TOP + _TIME_HEIGHT / 2, f"corrections a {unit}", colour=_FAINT, anchor="middle", turned=True
    )


def _rows(fields: list[tuple[str, int]], top: int) -> Iterator[str]:
    """A bar for each field, commonest first."""
    if not fields:
        yield _text(_LEFT, top + 14, "no correction says what the model had read", colour=_FAINT)
        return
    left = _LEFT + _LABELS
    scale = (_WIDTH - left - _RIGHT - 50) / max(count for _, count in fields)
    for row, (label, count) in enumerate(fields):
        y = top + _ROW * row
        yield _text(left - 10, y + 14, label, anchor="end")
        yield _rect(left, y + 2, max(1, count * scale), _ROW - 8, _BLUE, f"{label}: {count:,}")
        yield _text(left + count * scale + 8, y + 14, f"{count:,}", colour=_FAINT)


def _tick(highest: int) -> int:
    """The distance of gridlines: 1, 2 or 5 times a power of ten, at most six of them."""
    step = 1
    while highest / step > 5:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def _gridline(y: float, label: str) -> str:
    line = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GRID}"/>'
    return line + _text(_LEFT - 8, y + 4, label, colour=_FAINT, anchor="end", size=11)


def _rect(x: float, y: float, width: float, height: float, colour: str, title: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    colour: str = _INK,
    anchor: str = "start",
    weight: str = "normal",
    turned: bool = False,
) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}"{turn}>{escape(text)}</text>'
    )
