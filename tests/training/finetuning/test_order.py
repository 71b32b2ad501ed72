"""The order of a run: grouped by length, shuffled by epoch, the same each time."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finscribe.training.finetuning.order import lay_out, padding_share

LENGTHS = random.Random(7).choices(range(100, 2000), k=1000)


def padding(order: list[int], batch: int) -> float:
    return padding_share([LENGTHS[position] for position in order], batch)


def test_padding_is_what_batches_hold_besides_their_examples() -> None:
    assert padding_share([10, 5, 4, 4], 2) == pytest.approx(5 / 28)
    assert padding_share([10, 5, 4], 1) == 0
    assert padding_share([], 2) == 0


def test_batches_of_similar_length_need_little_padding() -> None:
    order = lay_out(LENGTHS, 3, 0, group=4, step=32)
    assert padding(order, 4) < 0.02
    assert padding(random.Random(0).sample(order, len(order)), 4) > 0.3


def test_a_step_sees_short_and_long_documents() -> None:
    order = lay_out(LENGTHS, 1, 0, group=4, step=32)
    means = [sum(LENGTHS[each] for each in order[start : start + 32]) / 32 for start in range(0, 960, 32)]
    assert max(means[1:]) < 2 * min(means[1:])  # the first holds the longest


def test_the_longest_example_comes_first() -> None:
    assert max(LENGTHS) in [LENGTHS[each] for each in lay_out(LENGTHS, 2, 3, group=4, step=8)[:4]]


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_every_example_comes_once_an_epoch(
    count: int, group: int, parts: int, epochs: int, seed: int
) -> None:
    order = lay_out(LENGTHS[:count], epochs, seed, group=group, step=group * parts)
    assert Counter(order) == dict.fromkeys(range(count), epochs)


def test_a_part_of_an_epoch_takes_a_part_of_the_examples() -> None:
    assert len(lay_out(LENGTHS, 1.5, 0, group=4, step=8)) == 1500
    assert len(set(lay_out(LENGTHS, 0.25, 0, group=4, step=8))) == 250


def test_the_order_depends_on_the_seed_and_on_nothing_else() -> None:
    one, again, other = (lay_out(LENGTHS, 2, seed, group=4, step=8) for seed in (1, 1, 2))
    assert one == again != other


def test_epochs_have_different_orders() -> None:
    order = lay_out(LENGTHS, 2, 0, group=1, step=1)
    assert order[:1000] != order[1000:]
