"""Counts of pairs: precision, recall, F1 and accuracy, by field and over all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from finscribe.invoice import FIELDS, LINES, Truth
from finscribe.metrics.pairs import Answer, Pair, Paired, RowPair, known_has_values, pair_up
from finscribe.metrics.values import Match


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of values: `hits` right ones among `predicted` given ones and `support` known ones.

    `cases` are the values that were given or are known, or both.
    """

    hits: int = 0
    predicted: int = 0
    support: int = 0
    cases: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.hits + other.hits,
            self.predicted + other.predicted,
            self.support + other.support,
            self.cases + other.cases,
        )

    @property
    def accuracy(self) -> float:
        """Hits of what was predicted or to be found or both, 0 to 1."""
        return self.hits / self.cases if self.cases else 0.0

    @property
    def precision(self) -> float:
        """Hits of what was predicted, 0 to 1."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Hits of what was to be found, 0 to 1."""
        return self.hits / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1."""
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
    return count(pair_up(prediction, truth, match), truth)


def count(paired: Paired, truth: Truth) -> Scores:
    """The scores of an answer that was paired up with its truth."""
    fields: dict[str, Score] = {}
    for pair in paired.values:
        fields[pair.field] = fields.get(pair.field, Score()) + score_pair(pair)
    header = {path: found for path, found in fields.items() if not path.startswith(LINES)}
    cells = {path: fields[path] for path in FIELDS if path in fields.keys() - header.keys()}
    return Scores(header, cells, score_rows(paired.rows, truth))


def score_pair(pair: Pair) -> Score:
    """What one pair adds."""
    given, known = pair.given is not None, pair.known is not None
    return Score(int(pair.right), int(given), int(known), int(pair.counted))


def score_rows(rows: Iterable[RowPair], truth: Truth) -> Score:
    """The lines as wholes: a true line without any value supports nothing."""
    known = truth.lines or ()
    total = Score()
    for row in rows:
        supported = row.known_row is not None and known_has_values(known[row.known_row])
        total += Score(int(row.right), int(row.given_row is not None), int(supported), 1)
    return total
