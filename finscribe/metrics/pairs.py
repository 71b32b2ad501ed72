"""An answer beside its truth, value by value: what every score counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, get_args

from finscribe.invoice import CELLS, HEADER_FIELDS, LINES, Invoice, Truth, Value, cell_path
from finscribe.metrics.lines import Line, asked_cells, match_lines
from finscribe.metrics.values import Match, equal

Answer: TypeAlias = Invoice | Truth | None
"""What a model said of a document; `None` when it gave no readable answer."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What was given and what is known for one value; either may be missing.

    `field` is the path without its row (`line_items.qty`), `given_path` and `known_path` those with it; the path
    is None where the other side's line has no partner.
    """

    field: str
    given: Value
    known: Value
    right: bool
    given_path: str | None
    known_path: str | None

    @property
    def counted(self) -> bool:
        """Whether the pair counts: a value that both sides lack does not."""
        return self.given is not None or self.known is not None


@dataclass(frozen=True, slots=True)
class RowPair:
    """A predicted line and the true one it stands for; either may be missing. Right when every known cell is."""

    given_row: int | None
    known_row: int | None
    right: bool


@dataclass(frozen=True, slots=True)
class Paired:
    """An answer beside its truth: all values that the truth knows something of, and the lines as wholes."""

    values: tuple[Pair, ...]
    rows: tuple[RowPair, ...]

    @property
    def perfect(self) -> bool:
        """Whether every value and line that counts is right, and there is one that does."""
        counted = [pair.right for pair in self.values if pair.counted]
        return bool(counted) and all(counted) and all(row.right for row in self.rows)


def pair_up(prediction: Answer, truth: Truth, match: Match = "folded") -> Paired:
    """The pairs of one document; raises `ValueError` for a match that there is not."""
    if match not in get_args(Match):
        raise ValueError(f"match must be one of {', '.join(get_args(Match))}, not {match!r}")
    answer = Truth.of(prediction) if isinstance(prediction, Invoice) else prediction or Truth({})
    values = _without_blanks(answer.values)
    header = tuple(
        _pair(path, values.get(path), truth.values[path], match, path, path)
        for path in HEADER_FIELDS
        if path in truth.values
    )
    if truth.lines is None:
        return Paired(header, ())
    lines = _pair_lines([_without_blanks(line) for line in answer.lines or ()], truth.lines, match)
    cells = (pair for row in lines for pair in _pair_cells(row, answer.lines or (), truth.lines or (), match))
    return Paired((*header, *cells), tuple(row for row in lines if _counts(row, truth.lines)))


def _without_blanks(values: Line) -> Line:
    """What is given: an empty text is no answer, as null is none."""
    return {path: value for path, value in values.items() if value != ""}


def _pair(
    field: str, given: Value, known: Value, match: Match, given_path: str | None, known_path: str | None
) -> Pair:
    right = known is not None and given is not None and equal(field, given, known, match)
    return Pair(field, given, known, right, given_path, known_path)


# --- lines -------------------------------------------------------------------------------------------


def _pair_lines(predicted: Sequence[Line], known: Sequence[Line], match: Match) -> list[RowPair]:
    """Predicted lines with their partners, then true ones that have none; lines without a value are left out."""
    asked = asked_cells(known)
    rows = [row for row, line in enumerate(predicted) if _has_values(line, asked)]
    partners = {
        rows[given]: true for given, true in match_lines([predicted[row] for row in rows], known, match)
    }
    alone = sorted(set(range(len(known))) - set(partners.values()))
    matched = [
        RowPair(row, partner, partner is not None and _same_line(predicted[row], known[partner], match))
        for row in rows
        for partner in [partners.get(row)]
    ]
    return matched + [RowPair(None, row, False) for row in alone]


def _pair_cells(
    row: RowPair, predicted: Sequence[Line], known: Sequence[Line], match: Match
) -> Iterator[Pair]:
    """The cells that the true line knows; of a line without a partner those that some true line knows."""
    given = {} if row.given_row is None else _without_blanks(predicted[row.given_row])
    true: Line = dict.fromkeys(asked_cells(known)) if row.known_row is None else known[row.known_row]
    for cell in (cell for cell in CELLS if cell in true):
        given_path = None if row.given_row is None else cell_path(row.given_row, cell)
        known_path = None if row.known_row is None else cell_path(row.known_row, cell)
        yield _pair(f"{LINES}.{cell}", given.get(cell), true[cell], match, given_path, known_path)


def _counts(row: RowPair, known: Sequence[Line]) -> bool:
    """Whether a line counts: a predicted one unless nothing is known of its partner, a true one with a value."""
    if row.known_row is None:
        return True
    line = known[row.known_row]
    return known_has_values(line) if row.given_row is None else bool(line)


def known_has_values(line: Line) -> bool:
    """Whether a true line has a value in any cell."""
    return _has_values(line, CELLS)


def _has_values(line: Line, cells: Iterable[str]) -> bool:
    return any(line.get(cell) is not None for cell in cells)


def _same_line(given: Line, line: Line, match: Match) -> bool:
    """Whether every known cell is right, the empty ones too."""
    return known_has_values(line) and all(
        equal(f"{LINES}.{cell}", given.get(cell), value, match) for cell, value in line.items()
    )
