"""Charts that hold systems against each other: bars with intervals, differences, calibration, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

Interval = tuple[float, float]

STYLE = """
svg.chart text { font-size: 12px; } svg .whisker { stroke: var(--ink); stroke-width: 1.2; opacity: .62; }
svg polyline.quiet { stroke: var(--quiet); } svg polyline.pale { stroke: var(--pale); }
svg .zero { stroke: var(--soft); } svg .ideal { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
svg .range { stroke-width: 3; stroke-linecap: round; } svg .range.two { stroke: var(--two); }
svg .range.warn { stroke: var(--warn); } svg .range.quiet { stroke: var(--quiet); }
svg .dot { stroke: var(--card); stroke-width: 1.5; } svg .axis { fill: var(--soft); font-size: 12px; }
table.heat td { text-align: right; font-variant-numeric: tabular-nums; padding: 5px 10px; white-space: nowrap; }
table.heat td:first-child, table.heat th:first-child { text-align: left; padding-left: 0; }
table.heat th { text-align: right; padding: 5px 10px; white-space: normal; vertical-align: bottom; line-height: 1.25; }
table.heat .sum { color: var(--soft); } table.heat .was { color: var(--soft); font-size: 11.5px; }
mark { color: inherit; border-radius: 3px; padding: 1px 2px; margin: 0 -2px; }
mark.right { background: color-mix(in srgb, var(--two) 30%, transparent); }
mark.wrong { background: color-mix(in srgb, var(--warn) 30%, transparent); }
mark.both { background: linear-gradient(color-mix(in srgb, var(--two) 32%, transparent) 50%,
  color-mix(in srgb, var(--warn) 32%, transparent) 50%); }
details.document { border-top: 1px solid var(--line); padding: 10px 0; margin: 0; }
details.document > summary { font-weight: 550; } details.document summary span { color: var(--soft);
  font-weight: 400; }
details.document .pair { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 8fr); gap: 22px;
  margin-top: 12px; }
details.document td:first-child { white-space: nowrap; font-size: 12.5px; }
details.document td + td { min-width: 116px; }
.tile { display: flex; flex-direction: column; justify-content: space-between; gap: 4px; }
@media (max-width: 900px) { details.document .pair { grid-template-columns: minmax(0, 1fr); } }
td .from { display: block; color: var(--soft); font-size: 12px; } td.right b { color: var(--two); }
td.wrong b { color: var(--warn); } td b { font-weight: 550; }
"""
"""What these charts add to the style of a page."""

WIDE = 1150
"""Units across the whole page, so that text has the same size as elsewhere."""
_LABEL, _ROUND = 230, 2.5
_THICK, _GAP = 10.0, 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A value from 0 to 1 of one system: its interval where there is one, the class of its colour, and a hint."""

    value: float
    kind: str
    interval: Interval | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one field, a label and a few words below it."""

    label: str
    bars: Sequence[Measured]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in points with its interval, drawn as a dot on a line."""

    label: str
    points: float
    interval: Interval | None
    kind: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Points in the unit square, the class of their colour, and the size of each where they are drawn as dots."""

    points: Sequence[tuple[float, float]]
    kind: str
    sizes: Sequence[float] = ()
    hints: Sequence[str] = ()


# --- bars --------------------------------------------------------------------------------------------


def grouped_bars(groups: Sequence[Group], title: str) -> str:
    """Bars from 0 to 1 side by side, a group for each field, with a whisker for each interval."""
    left, right, top = _LABEL, WIDE - 62, 22
    height = top + sum(map(_height, groups))
    ticks = ((left + (right - left) * step / 4, f"{step / 4:.2f}") for step in range(5))
    body = "".join(_tick(across, top - 6, height, label) for across, label in ticks)
    down = float(top)
    for group in groups:
        body += _bars(group, left, right, down)
        down += _height(group)
    return _svg(title, WIDE, height, body)


def _height(group: Group) -> float:
    return max(len(group.bars) * (_THICK + _GAP) + 16, 38)


def _bars(group: Group, left: float, right: float, top: float) -> str:
    middle = top + _height(group) / 2
    drawn = _text("label", left - 14, middle - 3 if group.said else middle + 4, group.label, "end")
    drawn += _text("tick", left - 14, middle + 11, group.said, "end") if group.said else ""
    first = middle - len(group.bars) * (_THICK + _GAP) / 2
    for place, bar in enumerate(group.bars):
        drawn += _measured(bar, left, right, first + place * (_THICK + _GAP), _THICK)
    return drawn


def _measured(bar: Measured, left: float, right: float, top: float, thick: float) -> str:
    length = max((right - left) * bar.value, 1.5)
    drawn = _rect(left, top, right - left, thick, "track") + _rect(left, top, length, thick, bar.kind)
    if bar.interval:
        low, high = (left + (right - left) * min(max(end, 0.0), 1.0) for end in bar.interval)
        middle = top + thick / 2
        drawn += _line("whisker", low, middle, high, middle)
        drawn += _line("whisker", low, middle - 3, low, middle + 3) + _line(
            "whisker", high, middle - 3, high, middle + 3
        )
    value = _text("value", WIDE, top + thick - 1, f"{bar.value:.3f}", "end")
    return f"<g><title>{escape(bar.hint)}</title>{drawn}{value}</g>"


def changes(rows: Sequence[Change], title: str, width: float = WIDE) -> str:
    """Differences around 0, in points: a dot for each, a line for its interval."""
    step, top, left, right = 25, 24, _LABEL, width - 170
    farthest = max((abs(end) for row in rows for end in (row.points, *(row.interval or ()))), default=0)
    reach = next((limit for limit in (2, 5, 10, 20, 50) if limit >= farthest), 100)
    height = top + step * len(rows) + 6

    def across(points: float) -> float:
        return left + (right - left) * (max(-reach, min(reach, points)) + reach) / (2 * reach)

    ticks = (-reach, -reach / 2, reach / 2, reach)
    body = "".join(_tick(across(tick), top - 6, height, f"{tick:+g}") for tick in ticks)
    body += _line("zero", across(0), top - 2, across(0), height) + _text(
        "tick", across(0), top - 8, "0", "middle"
    )
    for place, row in enumerate(rows):
        body += _change(row, across, top + step * place + step / 2, left, width)
    return _svg(title, width, height, body)


def _change(row: Change, place: Callable[[float], float], middle: float, left: float, width: float) -> str:
    drawn = ""
    if row.interval:
        low, high = (place(end) for end in row.interval)
        drawn += _line(f"range {row.kind}", low, middle, high, middle)
    drawn += _circle(place(row.points), middle, 5, f"dot {row.kind}")
    said = f"{row.points:+.1f}" + (
        "" if row.interval is None else f" ({row.interval[0]:+.1f} to {row.interval[1]:+.1f})"
    )
    return (
        f"<g><title>{escape(row.hint or f'{row.label}: {said} points')}</title>{drawn}"
        f"{_text('label', left - 14, middle + 4, row.label, 'end')}{_text('value', width, middle + 4, said, 'end')}</g>"
    )


# --- the unit square ---------------------------------------------------------------------------------


def unit_chart(
    series: Sequence[Series], title: str, across: str, up: str, *, ideal: bool = False, floor: float = 0.0
) -> str:
    """Lines and dots over shares: both axes from 0 to 100%, the upright one from `floor`; `ideal` is the diagonal."""
    width, height, left, top, ground = 560, 372, 70, 14, 322
    right = width - 14

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (right - left) * x, ground - (ground - top) * max(0.0, y - floor) / (1 - floor)

    body = "".join(_grid(floor + (1 - floor) * step / 4, place, left, right) for step in range(5))
    body += "".join(
        _text("tick", place(step / 4, 0)[0], ground + 18, f"{step * 25}%", "middle") for step in range(5)
    )
    if ideal:
        body += _line("ideal", *place(floor, floor), *place(1, 1))
    body += "".join(_series(each, place) for each in series)
    body += _text("axis", (left + right) / 2, ground + 40, across, "middle")
    turned = f'transform="rotate(-90 14 {(top + ground) / 2:.0f})"'
    body += _text("axis", 14, (top + ground) / 2, up, "middle", turned)
    return _svg(title, width, height, body)


def _grid(
    share: float, place: Callable[[float, float], tuple[float, float]], left: float, right: float
) -> str:
    _, down = place(0, share)
    return _line("grid", left, down, right, down) + _text("tick", left - 8, down + 4, f"{share:.0%}", "end")


def _series(each: Series, place: Callable[[float, float], tuple[float, float]]) -> str:
    spots = [place(x, y) for x, y in each.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    drawn = f'<polyline class="{each.kind}" style="fill:none" points="{path}"/>' if len(spots) > 1 else ""
    sizes = each.sizes or [0.0] * len(spots)
    hints = each.hints or [""] * len(spots)
    for (x, y), size, hint in zip(spots, sizes, hints, strict=True):
        if size:
            dot = _circle(x, y, size, f"dot {each.kind}")
            drawn += f"<g><title>{escape(hint)}</title>{dot}</g>"
    return drawn


# --- tables ------------------------------------------------------------------------------------------


def heat_table(
    columns: Sequence[str],
    rows: Mapping[str, Sequence[int]],
    before: Mapping[str, Sequence[int]] | None = None,
) -> str:
    """Counts by row and column, the darker the more; `before` are another system's, in small behind."""
    most = max((count for counts in rows.values() for count in counts), default=0) or 1
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", *columns, "all"))
    body = ""
    for label, counts in rows.items():
        earlier = (before or {}).get(label, [0] * len(counts)) if before is not None else None
        cells = "".join(
            _heat(count, most, None if earlier is None else earlier[place])
            for place, count in enumerate(counts)
        )
        total = _count(sum(counts), None if earlier is None else sum(earlier))
        body += f'<tr><td>{escape(label)}</td>{cells}<td class="sum">{total}</td></tr>'
    return f'<div class="scroll"><table class="heat"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _heat(count: int, most: int, before: int | None) -> str:
    strength = round(62 * (count / most) ** 0.6) if count else 0
    colour = f' style="background:color-mix(in srgb,var(--warn) {strength}%,transparent)"' if count else ""
    return f"<td{colour}>{_count(count, before)}</td>"


def _count(count: int, before: int | None) -> str:
    if not count and not before:
        return ""
    return f"{count:,}" if before is None else f'{count:,} <span class="was">{before:,}</span>'


# --- shapes ------------------------------------------------------------------------------------------


def _tick(across: float, top: float, bottom: float, label: str) -> str:
    return _line("grid", across, top, across, bottom) + _text("tick", across, top - 4, label, "middle")


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _circle(x: float, y: float, radius: float, kind: str) -> str:
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def _rect(left: float, top: float, width: float, height: float, kind: str) -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {place} rx="{min(_ROUND, width / 2):.1f}"/>'


def _text(kind: str, x: float, y: float, words: str, anchor: str, more: str = "") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(words)}</text>'
    )


def _svg(title: str, width: float, height: float, body: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )
