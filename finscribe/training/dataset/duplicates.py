"""Exact and near duplicates in bounded memory: MinHash signatures on disk, compared band by band.

A *duplicate* says nothing new and is dropped: an older correction of the same invoice (where none is named, of exactly
the same text), or the same text with a truth that does not contradict, or nearly the same one of no other named
invoice. Two monthly invoices of one vendor are no duplicates. A *cluster* holds texts that are alike but for their
digits, whatever their truths; the split never cuts through one. The signatures are MinHash (Broder, 1997), the bands
locality-sensitive hashing (Indyk and Motwani, 1998).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.errors import MissingDependency

Longs: TypeAlias = NDArray[np.uint64]
Places: TypeAlias = NDArray[np.int64]

FACTS = ("number", "date", "total")
_HASHES = ("text", "exact", "family", "alias", "invoice", *FACTS)
KEYS = np.dtype([(name, "u8") for name in (*_HASHES, "values")] + [("time", "f8")])
"""What is remembered of each record.

Hashes (0 = not known), `text` being that of the document's key, `exact` that of the text itself and `alias` that of the
other name of its family, or of the same; how many values it knows; and the time of the correction (-inf = not known).
"""

WORDS_IN_SHINGLE = 3
NEAR = 0.9
"""The estimated Jaccard similarity of two texts, digits included, from which one of them is enough."""
ALIKE = 0.7
"""The estimated similarity, digits masked, from which two texts belong to one part of the split."""
_SEED = 20_11
_NEIGHBOURS = 6
_ROWS_AT_ONCE = 100_000
_PAIRS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Sketch:
    """How texts are compared: values in a signature, and in each of its bands."""

    size: int
    band: int
    masked: bool

    def signatures(self, texts: Sequence[Sequence[str]]) -> NDArray[np.uint32]:
        """One signature a text, each given as its words (see `words_of`): (texts, size)."""
        hashing = _import_rensa()
        shingles = [_shingles(_masked(words) if self.masked else words) for words in texts]
        rows = hashing.digest_matrix_from_token_sets(shingles, self.size, _SEED).to_rows()
        return np.array(rows, dtype=np.uint32).reshape(len(texts), self.size)


def _import_rensa() -> Any:
    """What makes MinHash signatures; raises MissingDependency."""
    try:
        from rensa import RMinHash
    except ImportError as error:
        raise MissingDependency(
            "preparing training data takes rensa, which is not installed",
            hint="pip install 'finscribe[prepare]'",
        ) from error
    return RMinHash


NEAR_SKETCH = Sketch(size=128, band=8, masked=False)
ALIKE_SKETCH = Sketch(size=64, band=4, masked=True)

_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


def words_of(text: str) -> list[str]:
    """The words of a text as texts are compared by them."""
    return _WORD.findall(text.casefold())


def _masked(words: Sequence[str]) -> list[str]:
    """Words with 0 for every run of digits."""
    return ["0" if word.isdecimal() else word if word.isalpha() else _DIGITS.sub("0", word) for word in words]


def _shingles(words: Sequence[str]) -> list[str]:
    shifted = (words[start:] for start in range(WORDS_IN_SHINGLE))
    return list(map(" ".join, zip(*shifted, strict=False))) or [" ".join(words)]


def hash_text(text: str) -> int:
    """64 bits that stand for a text; 0 for the empty one, which means "not known"."""
    return (
        int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) if text else 0
    )


REASONS = ("", "superseded", "same-text", "corrected-again", "near-identical")
"""Why a record is dropped; the first, of those that are kept, is none."""


def find_duplicates(keys: NDArray[Any], near: Path) -> NDArray[np.uint8]:
    """For each record why it says nothing new, as a position in `REASONS`.

    The newest correction is kept; of equally old ones that which knows most values, then the last. `keys` has the
    dtype `KEYS`; `near` is the file of signatures of `NEAR_SKETCH`, one row a record. An older correction of an invoice
    goes first, so that it unites no others. Where no invoice is named, the exact text names it.
    """
    kept = np.arange(len(keys))
    reasons = np.zeros(len(keys), np.uint8)
    for reason in range(1, len(REASONS)):
        best = kept[_best(_labels(REASONS[reason], keys, kept, near), keys[kept])]
        dropped = best != kept
        if REASONS[reason] == "corrected-again":
            dropped &= keys["invoice"][kept] == 0
        reasons[kept[dropped]] = reason
        kept = kept[~dropped]
    return reasons


def _labels(reason: str, keys: NDArray[Any], kept: Places, near: Path) -> Places:
    """One label a kept record; those with the same say the same."""
    if reason in ("superseded", "corrected-again"):
        name = "invoice" if reason == "superseded" else "exact"
        return connect(len(kept), [_equal(keys[name][kept])])
    if reason == "same-text":
        facts = [keys[name][kept] for name in FACTS]  # equal ones come together
        return _merge(keys[kept], iter([_equal(keys["text"][kept], *facts)]))
    return _merge(keys[kept], pairs_above(near, NEAR_SKETCH, NEAR, kept, keys["text"]), (*FACTS, "invoice"))


def find_clusters(keys: NDArray[Any], alike: Path, kept: Places) -> Places:
    """Clusters of kept records whose texts are alike but for their digits: one label for each of `kept`."""
    labels = np.arange(len(kept))
    for pairs in pairs_above(alike, ALIKE_SKETCH, ALIKE, kept, keys["text"]):
        labels = connect(int(labels.max()) + 1, [labels[pairs]])[labels]
    return labels


def connect(count: int, edges: Sequence[Places]) -> Places:
    """Labels 0, 1, ... of the connected parts of a graph of `count` nodes; edges are arrays (2, edges)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = np.concatenate([np.zeros((2, 0), np.int64), *edges], axis=1)
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(count, count))
    return connected_components(graph, directed=False)[1].astype(np.int64)  # type: ignore[no-any-return]


def pairs_above(file: Path, sketch: Sketch, least: float, rows: Places, ties: Longs) -> Iterator[Places]:
    """Pairs of positions in `rows` whose signatures agree in at least the share `least`: arrays (2, pairs), by band.

    Candidates share a band and stand near each other in its order, so that a family of a million texts of one
    template costs no more than others; whole clusters are found through chains of neighbours.
    """
    if len(rows) < 2:  # and an empty file cannot be mapped
        return
    signatures = np.memmap(file, np.uint32, "r").reshape(-1, sketch.size)
    for start in range(0, sketch.size, sketch.band):
        for pairs in _neighbours(_band_hashes(file, sketch, start)[rows], ties[rows]):
            alike = np.flatnonzero(_agreement(signatures, rows[pairs]) >= least)
            yield pairs[:, alike]


def _band_hashes(file: Path, sketch: Sketch, start: int) -> Longs:
    """One hash a row of the values `start` to `start + band`: multiply-add with fixed odd numbers."""
    odd = np.random.default_rng(_SEED).integers(0, 2**63, sketch.band, dtype=np.uint64) * 2 + 1
    total = file.stat().st_size // (4 * sketch.size)
    out = np.empty(total, np.uint64)
    with file.open("rb") as stream:
        for row in range(0, total, _ROWS_AT_ONCE):
            block = np.fromfile(stream, np.uint32, _ROWS_AT_ONCE * sketch.size).reshape(-1, sketch.size)
            out[row : row + len(block)] = (block[:, start : start + sketch.band] * odd).sum(axis=1)
    return out


def _neighbours(hashes: Longs, ties: Longs) -> Iterator[Places]:
    """Pairs of positions of equal hash that stand at most a few places apart when sorted."""
    order = np.lexsort((ties, hashes))
    ordered = hashes[order]
    for step in range(1, min(_NEIGHBOURS, len(order) - 1) + 1):
        same = np.flatnonzero(ordered[step:] == ordered[:-step])
        if len(same):
            yield np.stack([order[same], order[same + step]])


def _agreement(signatures: NDArray[np.uint32], pairs: Places) -> NDArray[np.float64]:
    """The share of equal values in two signatures: an estimate of the Jaccard similarity."""
    blocks = [
        (signatures[first] == signatures[second]).mean(axis=1)
        for first, second in (
            pairs[:, start : start + _PAIRS_AT_ONCE] for start in range(0, pairs.shape[1], _PAIRS_AT_ONCE)
        )
    ]
    return np.concatenate(blocks) if blocks else np.zeros(0)


def _equal(hashes: Longs, *ties: Longs) -> Places:
    """Pairs of records with the same hash, each with the next when sorted by `ties`; 0 equals nothing."""
    order = np.lexsort((*ties, hashes))
    ordered = hashes[order]
    same = np.flatnonzero((ordered[1:] == ordered[:-1]) & (ordered[1:] != 0))
    return np.stack([order[same], order[same + 1]])


def _best(labels: Places, keys: NDArray[Any]) -> Places:
    """For each record the newest with its label; of equally old ones that which knows most, then the last."""
    order = np.lexsort((np.arange(len(labels)), keys["values"], keys["time"]))
    best = np.zeros(int(labels.max(initial=0)) + 1, np.int64)
    best[labels[order]] = order  # the last assignment stays
    return best[labels]


def _merge(keys: NDArray[Any], found: Iterator[Places], telling: Sequence[str] = FACTS) -> Places:
    """Labels of records united by pairs, where what is known of a union and telling never contradicts."""
    parents = np.arange(len(keys))
    facts = np.stack([keys[name] for name in telling], axis=1)
    for pairs in found:
        roots = _roots(parents)[pairs]
        for first, second in pairs[:, roots[0] != roots[1]].T:
            _unite(parents, facts, int(first), int(second))
    return _roots(parents)


def _roots(parents: Places) -> Places:
    while not np.array_equal(higher := parents[parents], parents):
        parents = higher
    return parents


def _unite(parents: Places, facts: Longs, first: int, second: int) -> None:
    one, other = _root(parents, first), _root(parents, second)
    known = (facts[one] != 0) & (facts[other] != 0)
    if one != other and not (known & (facts[one] != facts[other])).any():
        parents[other] = one
        facts[one] = np.where(facts[one] != 0, facts[one], facts[other])


def _root(parents: Places, node: int) -> int:
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = int(parents[node])
    return node
