"""Which predicted line of an invoice stands for which true one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias

from finscribe.invoice import CELLS, LINES, Value
from finscribe.metrics.values import Match, key

Line: TypeAlias = Mapping[str, Value]
MOST_PAIRS = 250_000
"""Of lines that are weighed where somebody waits for it; of more, each stands for the one in its place."""


def match_lines(
    predicted: Sequence[Line], known: Sequence[Line], match: Match = "folded"
) -> list[tuple[int, int]]:
    """Pairs (predicted line, true line) of the assignment with the most equal cells, by predicted line.

    Optimal assignment after Kuhn and Munkres. Ties go to more lines that are right as a whole, then to fewer
    wrong cells, then to more cells that both lines have, then to the order of the lines.
    """
    if not predicted or not known:
        return []
    from scipy.optimize import linear_sum_assignment

    asked = asked_cells(known)
    given, true = _keys(predicted, match), _keys(known, match)
    size = max(len(given), len(true)) + 1
    worth = [
        [_worth(row, line, asked, size) - abs(i - j) / size**2 for j, line in enumerate(true)]
        for i, row in enumerate(given)
    ]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]


def asked_cells(known: Sequence[Line]) -> tuple[str, ...]:
    """The cells that some true line knows; all of them when the truth is that there are no lines."""
    return tuple(cell for cell in CELLS if not known or any(cell in line for line in known))


def _worth(row: Mapping[str, Hashable], line: Mapping[str, Hashable], asked: Sequence[str], size: int) -> int:
    """What a pair adds: an equal cell outweighs all whole lines, a whole line all wrong cells spared, and so on."""
    given = [cell for cell in line if row.get(cell) is not None]
    hits = sum(row[cell] == line[cell] for cell in given)
    whole = hits > 0 and all(row.get(cell) == value for cell, value in line.items())
    spared = sum(row.get(cell) is not None for cell in asked) - len(given)
    shared = sum(line[cell] is not None for cell in given)
    most = 2 * len(CELLS) * size
    return ((hits * size + whole) * most + spared) * most + shared


def _keys(lines: Iterable[Line], match: Match) -> list[dict[str, Hashable]]:
    return [{cell: key(f"{LINES}.{cell}", value, match) for cell, value in line.items()} for line in lines]
