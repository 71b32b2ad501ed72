"""The axes of a line chart: where a point lies, round numbers beside them; the same for SVG and for pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
STEPS = (1.0, 2.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True)
class Box:
    """The part of a chart that curves are drawn in, in its own units; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Axes:
    """Values `low` to `high` across and 0 to `tallest` upwards, with the places of round numbers."""

    box: Box
    low: float
    high: float
    tallest: float
    heights: Sequence[float]
    """Round numbers of the upward axis, from 0 to `tallest`."""

    def place(self, x: float, y: float) -> Point:
        """Where a point lies in the units of the box; what is higher than the axis lies at its top."""
        across = (x - self.low) / ((self.high - self.low) or 1)
        upwards = min(y, self.tallest) / self.tallest
        return (
            self.box.left + (self.box.right - self.box.left) * across,
            self.box.bottom - (self.box.bottom - self.box.top) * upwards,
        )

    @property
    def height_labels(self) -> list[str]:
        """The round numbers as text, all with as many decimals as they need."""
        step = self.heights[1]
        if step < 0.001:
            return ["0", *(f"{value:.1e}".replace("e-0", "e-") for value in self.heights[1:])]
        decimals = next(digits for digits in range(7) if round(step, digits) == round(step, 9))
        return [f"{value:,.{decimals}f}" for value in self.heights]

    @property
    def across(self) -> list[float]:
        """Round whole numbers of the axis across, about five of them."""
        step = max(1.0, _round_up((self.high - self.low) / 6))
        step = float(round(step)) if step >= 1 else step
        first = math.ceil(self.low / step)
        return [step * count for count in range(first, math.floor(self.high / step) + 1)]


def axes_for(points: Sequence[Point], box: Box, top: float | None = None) -> Axes:
    """Axes that hold all points; `top` ends the upward axis (default: a round number above the highest)."""
    low, high = min(x for x, _ in points), max(x for x, _ in points)
    step, count = (top / 4, 4) if top else _round_scale(max(y for _, y in points))
    return Axes(box, low, high, step * count, [step * number for number in range(count + 1)])


def _round_scale(highest: float) -> tuple[float, int]:
    """The round step, and how many of them (4 or 5), that reach just above a number."""
    if highest <= 0:
        return 0.25, 4
    return min(((_round_up(highest / count), count) for count in (4, 5)), key=lambda each: each[0] * each[1])


def _round_up(value: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (*STEPS, 10.0) if step * power >= value * (1 - 1e-9))
