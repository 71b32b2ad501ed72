"""Long documents: windows of whole lines that overlap, so that nothing is cut off and no line counts twice.

A small model loses its place in a long table, and reads the same rows well a few at a time. It is given them in short
windows then, and the whole page besides, for who sells and who buys may stand at its two ends.

A line that alone is longer than a window, as in texts without line breaks, is cut between its columns or words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from finscribe.decoding.printed import Printed
from finscribe.errors import DocumentTooLarge, ModelBroken, PromptTooLong
from finscribe.settings import LEAST_WINDOW

OVERLAP_LINES = 6
SHORT_OVERLAP_LINES = 4
SHARE_OF_CONTEXT = 0.35
"""How much of the model's context a window's text may take; the request and the answer need the rest.

The answer to a page full of lines is up to 1.8 times as long as its text: the keys come on top.
"""

WINDOW_TOKENS_KEY = "finscribe_window_tokens"
"""Where a model's `config.json` says how many tokens of text it reads lines best in."""

LONGEST_TOKEN = 32
"""Characters of a text for each token of a window behind which it is not even counted as a whole."""

PIECES = 32
"""How many pieces of a cut line a window holds; they overlap as lines do, so that each value is whole in one."""

_CUTS = (re.compile(r"\s{2,}"), re.compile(r"\s"))
"""Where a line is cut best: at the gap between two columns, at a space."""


@dataclass(frozen=True, slots=True)
class Window:
    """Characters `start:end` of a text; lines that are found in `mine_from:mine_to` count, the rest is overlap.

    One for the `header_only` is asked for no lines: shorter windows are read for them.
    """

    start: int
    end: int
    mine_from: int
    mine_to: int
    header_only: bool = False


def plan_windows(
    text: str,
    count_tokens: Callable[[str], int],
    context_length: int,
    *,
    window_tokens: int | None = None,
    most: int | None = None,
) -> list[Window]:
    """The windows in which a model reads a text: the fewest that hold it, as its context allows.

    For a model that reads lines best in texts of at most `window_tokens`, these are for the header alone, and short
    ones follow. Raises DocumentTooLarge where there are more than `most`, short ones aside, and PromptTooLong where a
    window of the model does not even hold a character.
    """
    budget = max(1, int(context_length * SHARE_OF_CONTEXT))
    windows = _windows(text, count_tokens, budget, OVERLAP_LINES, most)
    if window_tokens is None or window_tokens >= budget:
        return windows
    short = _windows(text, count_tokens, window_tokens, SHORT_OVERLAP_LINES)
    if len(short) == 1:
        return short
    return [*(replace(window, header_only=True) for window in windows), *short]


def window_tokens_of(config: Mapping[str, Any]) -> int | None:
    """What the configuration of a model says of its windows, None where nothing; raises ModelBroken."""
    said = config.get(WINDOW_TOKENS_KEY)
    if said is not None and not (isinstance(said, int) and said >= LEAST_WINDOW):
        raise ModelBroken(
            f"{WINDOW_TOKENS_KEY} is {said!r} in the model's config.json, and not a number from {LEAST_WINDOW} on",
            hint="Correct it, or leave it out.",
        )
    return said


def _windows(
    text: str, count_tokens: Callable[[str], int], budget: int, overlap: int, most: int | None = None
) -> list[Window]:
    """The fewest windows of so many tokens that hold a text, with so many lines in common."""
    if len(text) <= budget // 4 or (len(text) <= budget * LONGEST_TOKEN and count_tokens(text) <= budget):
        return [Window(0, len(text), 0, len(text))]
    lines: list[str] = []
    costs: list[int] = []
    room = math.inf if most is None else most * budget
    for line, cost in _lines(text, count_tokens, budget):
        lines.append(line)
        costs.append(cost)
        room -= cost
        if room < 0:
            raise _too_large(most, budget)
    spans = _spans(costs, budget, overlap)
    if most is not None and len(spans) > most:
        raise _too_large(most, budget)
    return _with_borders(spans, lines)


def _too_large(most: int | None, budget: int) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"the text is longer than {most} windows of {budget} tokens, the most that this model reads of a document",
        hint="Send one invoice at a time, or raise FINSCRIBE_MAX_WINDOWS.",
    )


def _lines(text: str, count_tokens: Callable[[str], int], budget: int) -> Iterator[tuple[str, int]]:
    """The lines of a text and their tokens; one that is longer than a window in small pieces."""
    for line in text.splitlines(keepends=True):
        yield from _pieces(line, count_tokens, budget)


def _pieces(line: str, count_tokens: Callable[[str], int], budget: int) -> Iterator[tuple[str, int]]:
    width = budget * LONGEST_TOKEN
    if len(line) <= width:
        cost = count_tokens(line)
        if cost <= budget:
            yield line, cost
            return
        if len(line) == 1:
            raise PromptTooLong(
                f"{line!r} has {cost} tokens, a window of this model holds {budget}",
                hint="Use a model with a longer context.",
            )
        width = max(1, len(line) * budget // (PIECES * cost))
    start = 0
    while start < len(line):
        end = _cut(line, start, width)
        yield from _pieces(line[start:end], count_tokens, budget)
        start = end


def _cut(line: str, start: int, width: int) -> int:
    """Where the piece that begins at `start` ends, about `width` characters on: never in a word that is shorter."""
    end = start + width
    if end >= len(line):
        return len(line)
    for pattern in _CUTS:
        cuts = [match.end() for match in pattern.finditer(line, start + width // 4, end)]
        if cuts:
            return cuts[-1]
    words = [word.start for word in Printed(line[start:end]).words[1:]]
    return start + words[-1] if words else end


def _spans(costs: list[int], budget: int, overlap: int) -> list[tuple[int, int]]:
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
        first = max(last - overlap, first + 1)
        while sum(costs[first : last + 1]) > budget:  # before a long line: less overlap, but something new
            first += 1


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
