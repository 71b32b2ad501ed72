"""Typed equality of two values, and how alike two of them are."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable
from typing import Literal, TypeAlias

from finscribe.folding import fold
from finscribe.invoice import Value, kind_of

Match: TypeAlias = Literal["folded", "exact"]
"""How text is compared: `folded` without case, white space, punctuation and Unicode variants, or `exact`."""

LEAST_SIMILAR = 0.5
"""Below this a text is another text, not a misspelled one (the threshold of ANLS)."""


def equal(path: str, one: Value, other: Value, match: Match = "folded") -> bool:
    """Typed equality of two values: text by `match`, numbers by value, dates and enums as they are."""
    return key(path, one, match) == key(path, other, match)


def key(path: str, value: Value, match: Match) -> Hashable:
    """What two equal values have in common."""
    folded = match == "folded" and kind_of(path).textual
    return (fold(value) or value) if folded and isinstance(value, str) else value


def similarity(path: str, given: Value, known: Value) -> float:
    """How alike two values are, 0 to 1: texts by their edit distance, all else 1 when equal; a missing value is 0.

    For texts the normalised Levenshtein similarity of ANLS (Biten et al. 2019), case and runs of white space aside:
    1 - distance / length of the longer one, and 0 below one half.
    """
    if given is None or known is None:
        return 0.0
    if not kind_of(path).textual:
        return float(given == known)
    from rapidfuzz.distance import Levenshtein

    found = Levenshtein.normalized_similarity(_plain(str(given)), _plain(str(known)))
    return found if found >= LEAST_SIMILAR else 0.0


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
