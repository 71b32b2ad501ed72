"""In which order a run sees its examples: laid out before it starts, so that a run that goes on is where it was.

Examples of similar length stand side by side, for a batch is as long as its longest; these groups come in random
order, so that a step of the optimiser sees short and long documents.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

MIXED_STEPS = 50
"""Steps whose examples are sorted by length together: enough to find neighbours, few enough to stay random."""


def lay_out(lengths: Sequence[int], epochs: float, seed: int, *, group: int, step: int) -> list[int]:
    """Positions of the examples in the order of the whole run, every one once an epoch.

    `group` is how many of similar length stand together, `step` how many make a step of the optimiser. The longest
    example comes first: memory that does not last is noticed at once. What an epoch leaves over after its last whole
    group begins the next.
    """
    order: list[int] = []
    carried: list[int] = []
    for epoch in range(math.ceil(epochs)):
        generator = random.Random(f"{seed} {epoch}")
        count = round(len(lengths) * min(1.0, epochs - epoch))
        pool = carried + generator.sample(range(len(lengths)), count)
        whole = len(pool) - len(pool) % group
        pool, carried = pool[:whole], pool[whole:]
        groups = _grouped(pool, lengths, generator, group=group, mixed=MIXED_STEPS * max(step, group))
        if not epoch and groups:
            longest = max(groups, key=lambda each: max(lengths[position] for position in each))
            groups.sort(key=lambda each: each is not longest)
        order += [position for each in groups for position in each]
    return order + carried


def _grouped(
    pool: Sequence[int], lengths: Sequence[int], generator: random.Random, *, group: int, mixed: int
) -> list[list[int]]:
    groups: list[list[int]] = []
    for first in range(0, len(pool), mixed):
        neighbours = sorted(pool[first : first + mixed], key=lambda position: lengths[position])
        found = [neighbours[start : start + group] for start in range(0, len(neighbours), group)]
        generator.shuffle(found)
        groups += found
    return groups


def padding_share(lengths: Sequence[int], batch: int, padded_to: Callable[[int], int] = int) -> float:
    """How much of batches of so many examples, in this order, is padding: 0 to 1.

    `padded_to` is how long a batch is, from its longest example.
    """
    batches = [lengths[start : start + batch] for start in range(0, len(lengths), batch)]
    room = sum(len(each) * padded_to(max(each)) for each in batches)
    return 1 - sum(lengths) / room if room else 0.0
