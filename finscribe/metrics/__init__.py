"""How well answers agree with what is known. Pure functions; every metric is defined in docs/metrics.md.

values.py      typed equality of two values, and how alike two are
lines.py       which predicted line stands for which true one
pairs.py       an answer beside its truth, value by value
scores.py      counts of such pairs: precision, recall, F1 by field and over all
public.py      the scores of SROIE and of CORD, for comparison with papers
confidence.py  whether confidence can be believed (needs NumPy, as paired.py does)
paired.py      whether one system is better than another: bootstrap by cluster, McNemar's test
"""

from finscribe.metrics.lines import MOST_PAIRS, Line, match_lines
from finscribe.metrics.pairs import Answer, Pair, Paired, pair_up
from finscribe.metrics.scores import Mean, Score, Scores, score, score_document
from finscribe.metrics.values import Match, equal, similarity

__all__ = [
    "MOST_PAIRS",
    "Answer",
    "Line",
    "Match",
    "Mean",
    "Pair",
    "Paired",
    "Score",
    "Scores",
    "equal",
    "match_lines",
    "pair_up",
    "score",
    "score_document",
    "similarity",
]
