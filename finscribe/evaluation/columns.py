"""The counts of a system as one array: documents by columns by what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.invoice import FIELDS, HEADER_FIELDS, LINES, Truth
from finscribe.metrics import Paired, similarity
from finscribe.metrics.scores import Score, score_pair, score_rows

COLUMNS: tuple[str, ...] = (*FIELDS, LINES)
"""Every field, then whole lines."""
COLUMN = {path: index for index, path in enumerate(COLUMNS)}
HITS, PREDICTED, SUPPORT, CASES, SIMILARITY = range(5)
"""What is counted, as `finscribe.metrics.Score` has it; similarity is summed."""

GROUPS: dict[str, tuple[str, ...]] = {
    "all": tuple(FIELDS),
    "header": HEADER_FIELDS,
    "cells": tuple(path for path in FIELDS if path.startswith(LINES)),
    "rows": (LINES,),
}
"""Columns that are counted together: every value, those of the header, cells of lines, lines as wholes."""

Counts: TypeAlias = NDArray[np.float32]
"""Shape `[documents, columns, 5]`, or `[columns, 5]` for one document."""


def count(paired: Paired, truth: Truth) -> Counts:
    """The counts of one document, `[columns, 5]`."""
    counts = np.zeros((len(COLUMNS), 5), np.float32)
    for pair in paired.values:
        row = counts[COLUMN[pair.field]]
        row[:SIMILARITY] += _as_row(score_pair(pair))
        row[SIMILARITY] += similarity(pair.field, pair.given, pair.known)
    lines = counts[COLUMN[LINES]]
    lines[:SIMILARITY] = _as_row(score_rows(paired.rows, truth))
    lines[SIMILARITY] = lines[HITS]
    return counts


def _as_row(score: Score) -> Sequence[int]:
    return score.hits, score.predicted, score.support, score.cases
