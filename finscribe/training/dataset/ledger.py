"""The split's ledger: which vendor family and which text went to train, val or gate, for good.

The ledger is a JSON Lines file beside the output, `<output stem>.split.jsonl`. Its lines are `{"family": NAME, "part":
PART}` and `{"text": HASH, "part": PART}`, HASH being 64 bits of BLAKE2b of the document's key in hexadecimal. Lines are
only ever added. What it holds decides before anything else, so that data added later never moves a record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.errors import LedgerError, MissingDependency
from finscribe.training.dataset.duplicates import Longs, Places, connect, hash_text

Parts: TypeAlias = NDArray[np.int8]
"""Positions in `PARTS`, or one of the negative marks below."""

PARTS = ("train", "val", "gate")
TRAIN = 0
UNKNOWN = -1
BRIDGE = -2
"""A record that would tie two parts together."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was decided before: sorted hashes of families and of texts, each with its part."""

    families: tuple[Longs, Parts]
    texts: tuple[Longs, Parts]

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """The ledger at `path`, empty where there is none; raises LedgerError with the line."""
        found: dict[str, dict[int, int]] = {"family": {}, "text": {}}
        for number, line in enumerate(_lines(path), 1):
            kind, key, part = _entry(path, number, line)
            found[kind][key] = part
        return cls(_sorted(found["family"]), _sorted(found["text"]))

    def part_of_families(self, hashes: Longs) -> Parts:
        """The part of each family, `UNKNOWN` where it is new."""
        return _look_up(self.families, hashes)

    def part_of_texts(self, hashes: Longs) -> Parts:
        """The part of each text, `UNKNOWN` where it is new."""
        return _look_up(self.texts, hashes)


def ledger_path(output: Path) -> Path:
    """Where the ledger of an output lies."""
    return output.with_name(f"{output.stem}.split.jsonl")


_encode = json.JSONEncoder(ensure_ascii=False).encode


def family_line(name: str, part: int) -> str:
    """The ledger's line for a family."""
    return f'{{"family": {_encode(name)}, "part": "{PARTS[part]}"}}\n'


def text_line(text_hash: int, part: int) -> str:
    """The ledger's line for a text."""
    return f'{{"text": "{text_hash:016x}", "part": "{PARTS[part]}"}}\n'


def _lines(path: Path) -> Iterator[str]:
    try:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as lines:
                yield from lines
    except OSError as error:
        raise LedgerError(
            f"{path}: the split's ledger cannot be read: {error.strerror or error}",
            hint="Check its permissions. Without it the split is made anew, and val records may enter train.",
        ) from error


def _entry(path: Path, number: int, line: str) -> tuple[str, int, int]:
    try:
        entry = json.loads(line)
        part = PARTS.index(entry["part"])
        if "family" in entry:
            return "family", hash_text(entry["family"]), part
        return "text", int(entry["text"], 16), part
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(
            f"{path}:{number}: not a line of the split's ledger: {line.strip()[:80]!r}",
            hint="Restore the file from a copy. Without it the split is made anew, and val records may enter train.",
        ) from error


def _sorted(entries: Mapping[int, int]) -> tuple[Longs, Parts]:
    hashes = np.fromiter(entries.keys(), np.uint64, len(entries))
    parts = np.fromiter(entries.values(), np.int8, len(entries))
    order = np.argsort(hashes)
    return hashes[order], parts[order]


def _look_up(known: tuple[Longs, Parts], hashes: Longs) -> Parts:
    keys, parts = known
    if not len(keys):
        return np.full(len(hashes), UNKNOWN, np.int8)
    places = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
    return np.where(keys[places] == hashes, parts[places], UNKNOWN).astype(np.int8)


# --- the split ---------------------------------------------------------------------------------------


def split(
    keys: NDArray[Any], clusters: Places, ledger: Ledger, ratios: Mapping[int, float], seed: int
) -> Parts:
    """The part of each record, or `BRIDGE`: `keys` of dtype `KEYS` and the cluster of each record's text.

    Records are edges between families and clusters; what hangs together is a group and goes to one part. A group
    that the ledger knows follows it, the others go where most is missing. `ratios` has the shares of the parts but
    train's, which gets the rest. The result depends on the records, the ledger and the seed, not on the order.
    """
    _, families = np.unique(keys["family"], return_inverse=True)
    nodes = np.stack([families, clusters + (int(families.max(initial=-1)) + 1)])
    count = int(nodes.max(initial=-1)) + 1
    groups = connect(count, [nodes])
    known = _known(count, nodes, keys, ledger)
    parts = _spread(known, groups, nodes)
    _assign_new(parts, groups[nodes[0]], keys, nodes, ratios, seed)
    of_family, of_cluster = parts[nodes[0]], parts[nodes[1]]
    own = ledger.part_of_texts(keys["text"])
    bridges = np.where(own == UNKNOWN, of_cluster != of_family, own != of_family)
    return np.where(bridges, BRIDGE, of_family).astype(np.int8)


def _known(count: int, nodes: Places, keys: NDArray[Any], ledger: Ledger) -> Parts:
    """The part of each node by the ledger; a cluster with texts of two parts is a `BRIDGE`."""
    parts = np.full(count, UNKNOWN, np.int8)
    own = ledger.part_of_texts(keys["text"])
    for part in range(len(PARTS)):
        touched = nodes[1][own == part]
        parts[touched] = np.where(np.isin(parts[touched], (UNKNOWN, part)), part, BRIDGE)
    parts[nodes[0]] = ledger.part_of_families(keys["family"])
    return parts


def _spread(known: Parts, groups: Places, nodes: Places) -> Parts:
    """The known parts carried over their groups; within a group of several parts, from node to node."""
    parts = known.copy()
    contested = _contested(known, groups)
    for part in range(len(PARTS)):
        here = np.zeros(len(contested), bool)
        here[groups[known == part]] = True
        parts[(parts == UNKNOWN) & here[groups] & ~contested[groups]] = part
    while grown := _borders(parts, nodes, contested[groups]):
        places, carried = grown
        parts[places] = carried  # of several parts the last stays
    return parts


def _contested(known: Parts, groups: Places) -> NDArray[np.bool_]:
    """Of each group, whether the ledger knows it in more than one part."""
    total = int(groups.max(initial=-1)) + 1
    seen = np.zeros((len(PARTS), total), bool)
    for part in range(len(PARTS)):
        seen[part, groups[known == part]] = True
    bridged = np.zeros(total, bool)
    bridged[groups[known == BRIDGE]] = True
    return bridged | (seen.sum(axis=0) > 1)  # type: ignore[no-any-return]


def _borders(parts: Parts, nodes: Places, contested: NDArray[np.bool_]) -> tuple[Places, Parts] | None:
    """Unknown nodes of contested groups next to a known one, and its part, in the order of `PARTS`; or None."""
    here, there = np.concatenate([nodes, nodes[::-1]], axis=1)
    edges = np.flatnonzero(contested[here] & (parts[here] == UNKNOWN) & (parts[there] >= 0))
    if not len(edges):
        return None
    carried = parts[there[edges]]
    order = np.argsort(carried, kind="stable")
    return here[edges[order]], carried[order]


def _assign_new(
    parts: Parts,
    record_groups: Places,
    keys: NDArray[Any],
    nodes: Places,
    ratios: Mapping[int, float],
    seed: int,
) -> None:
    """Give each group that nobody knows a part, large ones first, the part that misses the largest share of itself."""
    placed = parts[nodes[0]]
    target = {part: share * len(keys) for part, share in ratios.items() if share > 0}
    target[TRAIN] = len(keys) - sum(target.values())
    missing = {part: goal - int((placed == part).sum()) for part, goal in target.items()}
    queue = _new_groups(record_groups[placed == UNKNOWN], keys[placed == UNKNOWN], seed)
    chosen = {group: _choose(size, missing, target) for group, size in queue}
    _fill_empty(chosen, queue, missing, target)
    if chosen:
        table = np.full(int(record_groups.max()) + 1, UNKNOWN, np.int8)
        table[list(chosen)] = list(chosen.values())
        for side in nodes:
            parts[side] = np.where(parts[side] == UNKNOWN, table[record_groups], parts[side])


def _new_groups(groups: Places, keys: NDArray[Any], seed: int) -> list[tuple[int, int]]:
    """Groups and their sizes, the largest first, equal ones shuffled by the seed and what they hold."""
    mixed = _mix(keys["text"] ^ np.uint64(hash_text(f"seed {seed}")))
    labels, inverse, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    draws = np.full(len(labels), np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(draws, inverse, mixed)
    order = np.lexsort((draws, -sizes))
    return [(int(labels[place]), int(sizes[place])) for place in order]


def _mix(hashes: Longs) -> Longs:
    """SplitMix64's finaliser (Steele, Lea and Flood, 2014): every bit of a hash depends on every other."""
    mixed = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _choose(size: int, missing: dict[int, float], target: Mapping[int, float]) -> int:
    fitting = [part for part in target if part == TRAIN or size <= missing[part] + 0.5]
    part = max(fitting, key=lambda each: (missing[each] / max(target[each], 1), -each))
    missing[part] -= size
    return part


def _fill_empty(
    chosen: dict[int, int],
    queue: Sequence[tuple[int, int]],
    missing: Mapping[int, float],
    target: Mapping[int, float],
) -> None:
    """Where no group was small enough for a part, give it the smallest of train's, unless that is train's last."""
    for part in (part for part in target if part != TRAIN and missing[part] == target[part]):
        spare = [group for group, _ in reversed(queue) if chosen[group] == TRAIN]
        if len(spare) > 1:
            chosen[spare[0]] = part


# --- one preparation at a time -----------------------------------------------------------------------


@contextmanager
def only_one(output: Path) -> Iterator[None]:
    """Hold the lock of an output, whose folder is made; raises LedgerError where another preparation holds it.

    Raises MissingDependency on a system without `fcntl` (Windows), where two of them would mix.
    """
    try:
        import fcntl
    except ImportError as error:
        raise MissingDependency(
            "this system cannot lock files (there is no fcntl), so two preparations could mix",
            hint="Prepare on Linux or macOS; on Windows, in WSL or in the container.",
        ) from error
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(f".{output.stem}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LedgerError(
                f"another preparation is writing {output}",
                hint="Wait until it is done, or give another --output.",
            ) from error
        yield
