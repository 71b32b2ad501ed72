"""How well answers agree with what is known: typed equality, field and line-item scores. Pure functions.

Every metric is defined in docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, TypeAlias, get_args

from finscribe.folding import fold
from finscribe.invoice import CELLS, FIELDS, HEADER_FIELDS, LINES, Invoice, Kind, Truth, Value, kind_of

Match: TypeAlias = Literal["folded", "exact"]
"""How text is compared: `folded` without case, white space, punctuation and Unicode variants, or `exact`."""
Answer: TypeAlias = Invoice | Truth | None
"""What a model said of a document; `None` when it gave no readable answer."""
Line: TypeAlias = Mapping[str, Value]


# --- equality ----------------------------------------------------------------------------------------


def equal(path: str, one: Value, other: Value, match: Match = "folded") -> bool:
    """Typed equality of two values: text by `match`, numbers by value, dates and enums as they are."""
    return _key(path, one, match) == _key(path, other, match)


def _key(path: str, value: Value, match: Match) -> Hashable:
    """What two equal values have in common."""
    folded = match == "folded" and kind_of(path) in (Kind.SPAN, Kind.PHRASE)
    return (fold(value) or value) if folded and isinstance(value, str) else value


# --- scores ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of values: `hits` right ones among `predicted` given ones and `support` known ones."""

    hits: int = 0
    predicted: int = 0
    support: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.predicted + other.predicted, self.support + other.support)

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.predicted + self.support) if self.predicted + self.support else 0.0


@dataclass(frozen=True, slots=True)
class Mean:
    """Means over fields, each field counting the same."""

    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one document or of many: `fields` by header field, `cells` by cell of a line (in all lines).

    Add two to get the scores of both.
    """

    fields: Mapping[str, Score]
    cells: Mapping[str, Score]
    line_rows: Score = Score()

    def __add__(self, other: Scores) -> Scores:
        return Scores(
            _merged(self.fields, other.fields),
            _merged(self.cells, other.cells),
            self.line_rows + other.line_rows,
        )

    @property
    def micro(self) -> Score:
        """All header values counted together."""
        return sum(self.fields.values(), Score())

    @property
    def macro(self) -> Mean:
        """The mean over the header fields that the truth has values of."""
        scored = [score for score in self.fields.values() if score.support]
        count = len(scored) or 1
        return Mean(
            sum(score.precision for score in scored) / count,
            sum(score.recall for score in scored) / count,
            sum(score.f1 for score in scored) / count,
        )

    @property
    def line_cells(self) -> Score:
        """All cells of all lines counted together."""
        return sum(self.cells.values(), Score())


def _merged(one: Mapping[str, Score], other: Mapping[str, Score]) -> dict[str, Score]:
    known = one.keys() | other.keys()
    return {path: one.get(path, Score()) + other.get(path, Score()) for path in FIELDS if path in known}


def score(predictions: Sequence[Answer], truths: Sequence[Truth], match: Match = "folded") -> Scores:
    """Scores of answers against the truths of the same documents, in the same order.

    Only what a truth knows is scored; a value that both lack counts nowhere. Raises `ValueError` when there
    are not as many answers as truths.
    """
    if len(predictions) != len(truths):
        raise ValueError(f"{len(predictions)} predictions for {len(truths)} truths")
    pairs = zip(predictions, truths, strict=True)
    return reduce(Scores.__add__, (score_document(*pair, match) for pair in pairs), Scores({}, {}))


def score_document(prediction: Answer, truth: Truth, match: Match = "folded") -> Scores:
    """Scores of one answer: what `score` adds up. Raises `ValueError` for a match that there is not."""
    if match not in get_args(Match):
        raise ValueError(f"match must be one of {', '.join(get_args(Match))}, not {match!r}")
    answer = Truth.of(prediction) if isinstance(prediction, Invoice) else prediction or Truth({})
    lines = [_without_blanks(line) for line in answer.lines or ()]
    values = _without_blanks(answer.values)
    fields = {
        path: _compare(path, values.get(path), truth.values[path], match)
        for path in HEADER_FIELDS
        if path in truth.values
    }
    return Scores(fields, *_score_lines(lines, truth.lines, match))


def _without_blanks(values: Line) -> Line:
    """What is given: an empty text is no answer, as null is none."""
    return {path: value for path, value in values.items() if value != ""}


def _compare(path: str, given: Value, known: Value, match: Match) -> Score:
    hit = known is not None and given is not None and equal(path, given, known, match)
    return Score(int(hit), int(given is not None), int(known is not None))


# --- lines -------------------------------------------------------------------------------------------


def match_lines(
    predicted: Sequence[Line], known: Sequence[Line], match: Match = "folded"
) -> list[tuple[int, int]]:
    """Pairs (predicted line, true line) of the assignment with the most equal cells, by predicted line.

    Optimal assignment after Kuhn and Munkres. Ties go to more lines that are right as a whole, then to fewer
    wrong cells, then to the order of the lines.
    """
    if not predicted or not known:
        return []
    from scipy.optimize import linear_sum_assignment

    asked = _asked(known)
    given, true = _keys(predicted, match), _keys(known, match)
    size = max(len(given), len(true)) + 1
    worth = [
        [_worth(row, line, asked, size) - abs(i - j) / size**2 for j, line in enumerate(true)]
        for i, row in enumerate(given)
    ]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]


def _worth(row: Mapping[str, Hashable], line: Mapping[str, Hashable], asked: Sequence[str], size: int) -> int:
    """What a pair adds: an equal cell outweighs all whole lines, a whole line all wrong cells spared."""
    given = [cell for cell in line if row.get(cell) is not None]
    hits = sum(row[cell] == line[cell] for cell in given)
    whole = hits > 0 and all(row.get(cell) == value for cell, value in line.items())
    spared = sum(row.get(cell) is not None for cell in asked) - len(given)
    most_wrong = 2 * len(CELLS) * size
    return (hits * size + whole) * most_wrong + spared


def _keys(lines: Iterable[Line], match: Match) -> list[dict[str, Hashable]]:
    return [{cell: _key(f"{LINES}.{cell}", value, match) for cell, value in line.items()} for line in lines]


def _asked(known: Sequence[Line]) -> tuple[str, ...]:
    """The cells that some true line knows; all of them when the truth is that there are no lines."""
    return tuple(cell for cell in CELLS if not known or any(cell in line for line in known))


def _score_lines(
    predicted: Sequence[Line], known: Sequence[Line] | None, match: Match
) -> tuple[dict[str, Score], Score]:
    """Scores by cell and of whole lines; a predicted line without a partner is wrong in every cell."""
    if known is None:
        return {}, Score()
    asked = _asked(known)
    predicted = [line for line in predicted if _has_values(line, asked)]
    partners = dict(match_lines(predicted, known, match))
    alone = set(range(len(known))) - set(partners.values())
    pairs: list[tuple[Line, Line]] = [
        (line, known[partners[row]] if row in partners else dict.fromkeys(asked))
        for row, line in enumerate(predicted)
    ] + [({}, known[row]) for row in alone]
    cells = {f"{LINES}.{cell}": _score_cell(cell, pairs, match) for cell in asked}
    hits = sum(_same_line(given, line, match) for given, line in pairs)
    return cells, Score(hits, len(predicted), sum(_has_values(line, CELLS) for line in known))


def _has_values(line: Line, cells: Iterable[str]) -> bool:
    return any(line.get(cell) is not None for cell in cells)


def _score_cell(cell: str, pairs: Sequence[tuple[Line, Line]], match: Match) -> Score:
    path = f"{LINES}.{cell}"
    scores = (_compare(path, given.get(cell), line[cell], match) for given, line in pairs if cell in line)
    return sum(scores, Score())


def _same_line(given: Line, line: Line, match: Match) -> bool:
    """Whether every known cell is right, the empty ones too."""
    return _has_values(line, CELLS) and all(
        equal(f"{LINES}.{cell}", given.get(cell), value, match) for cell, value in line.items()
    )
