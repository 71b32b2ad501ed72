"""Long documents: windows of whole lines that overlap, so that nothing is cut off and nothing read twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from finscribe.errors import PromptTooLong

OVERLAP_LINES = 6
SHARE_OF_CONTEXT = 0.35
"""How much of the model's context a window's text may take; the request and the answer need the rest.

The answer to a page full of lines is up to 1.8 times as long as its text: the keys come on top.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Characters `start:end` of a text; what is found in `mine_from:mine_to` counts, the rest is overlap."""

    start: int
    end: int
    mine_from: int
    mine_to: int


def plan_windows(text: str, count_tokens: Callable[[str], int], context_length: int) -> list[Window]:
    """The fewest windows that hold a text; one for nearly every document. Raises PromptTooLong for a giant line."""
    budget = int(context_length * SHARE_OF_CONTEXT)
    if len(text) <= budget // 4 or count_tokens(text) <= budget:
        return [Window(0, len(text), 0, len(text))]
    lines = text.splitlines(keepends=True)
    costs = [count_tokens(line) for line in lines]
    if max(costs) > budget:
        raise PromptTooLong(
            f"one line of the text has {max(costs)} tokens, a window of this model holds {budget}",
            hint="Break the text into lines, or use a model with a longer context.",
        )
    return _with_borders(_spans(costs, budget), lines)


def _spans(costs: list[int], budget: int) -> list[tuple[int, int]]:
    """First and one-past-last line of each window."""
    spans, first = [], 0
    while True:
        last, cost = first, 0
        while last < len(costs) and cost + costs[last] <= budget:
            cost += costs[last]
            last += 1
        spans.append((first, last))
        if last == len(costs):
            return spans
        first = max(last - OVERLAP_LINES, first + 1)


def _with_borders(spans: list[tuple[int, int]], lines: list[str]) -> list[Window]:
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    borders = [
        0,
        *((first + last + 1) // 2 for (_, last), (first, _) in pairwise(spans)),
        -1,
    ]
    return [
        Window(offsets[first], offsets[last], offsets[borders[index]], offsets[borders[index + 1]])
        for index, (first, last) in enumerate(spans)
    ]
