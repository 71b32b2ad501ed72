"""The split: which vendor families and which texts that are alike go to train, val or gate together.

Whole groups are moved, so that what is learned and what is judged by never share a vendor or a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finscribe.training.dataset.duplicates import Longs, Places, connect, hash_text
from finscribe.training.dataset.ledger import BRIDGE, PARTS, TRAIN, UNKNOWN, Ledger, Parts


def split(
    keys: NDArray[Any], clusters: Places, ledger: Ledger, ratios: Mapping[int, float], seed: int
) -> tuple[Parts, Parts]:
    """The part of each record, or `BRIDGE`, and that of its family's other name, which only texts known by the ledger
    have elsewhere: `keys` of dtype `KEYS` and the cluster of each record's text.

    Records join the two names of a family, and it with a cluster; what hangs together is a group and goes to one part.
    A group that the ledger knows follows it, the others go where most is missing. `ratios` has the shares of the parts
    but train's, which gets the rest. The result depends on the records, the ledger and the seed, not on the order.
    """
    _, names = np.unique(np.concatenate([keys["family"], keys["alias"]]), return_inverse=True)
    nodes = np.stack([*names.reshape(2, -1), clusters + (int(names.max(initial=-1)) + 1)])
    edges = np.concatenate([nodes[[0, 1]], nodes[[0, 2]]], axis=1)
    count = int(nodes.max(initial=-1)) + 1
    groups = connect(count, [edges])
    known = _known(count, nodes, keys, ledger)
    parts = _spread(known, groups, edges)
    _assign_new(parts, groups[nodes[0]], keys, nodes, ratios, seed)
    of_family = parts[nodes[0]]
    own = ledger.part_of_texts(keys["text"])
    bridges = np.where(own == UNKNOWN, (parts[nodes] != of_family).any(axis=0), own != of_family)
    return np.where(bridges, BRIDGE, of_family).astype(np.int8), parts[nodes[1]]


def _known(count: int, nodes: Places, keys: NDArray[Any], ledger: Ledger) -> Parts:
    """The part of each node by the ledger; a cluster with texts of two parts is a `BRIDGE`."""
    parts = np.full(count, UNKNOWN, np.int8)
    own = ledger.part_of_texts(keys["text"])
    for part in range(len(PARTS)):
        touched = nodes[2][own == part]
        parts[touched] = np.where(np.isin(parts[touched], (UNKNOWN, part)), part, BRIDGE)
    for side, name in enumerate(("family", "alias")):
        parts[nodes[side]] = ledger.part_of_families(keys[name])
    return parts


def _spread(known: Parts, groups: Places, edges: Places) -> Parts:
    """The known parts carried over their groups; within a group of several parts, from node to node."""
    parts = known.copy()
    contested = _contested(known, groups)
    for part in range(len(PARTS)):
        here = np.zeros(len(contested), bool)
        here[groups[known == part]] = True
        parts[(parts == UNKNOWN) & here[groups] & ~contested[groups]] = part
    while grown := _borders(parts, edges, contested[groups]):
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


def _borders(parts: Parts, edges: Places, contested: NDArray[np.bool_]) -> tuple[Places, Parts] | None:
    """Unknown nodes of contested groups next to a known one, and its part, in the order of `PARTS`; or None."""
    here, there = np.concatenate([edges, edges[::-1]], axis=1)
    found = np.flatnonzero(contested[here] & (parts[here] == UNKNOWN) & (parts[there] >= 0))
    if not len(found):
        return None
    carried = parts[there[found]]
    order = np.argsort(carried, kind="stable")
    return here[found[order]], carried[order]


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
