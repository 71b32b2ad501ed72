"""Composed layouts vary, and none of them opens as a held-out family does."""

from __future__ import annotations

import re
from random import Random

import pytest

from finscribe.synthesis import generate
from finscribe.synthesis.composed import COMPOSED, compose_family
from finscribe.synthesis.families import BY_NAME, HELD_OUT


def opening(blocks: tuple[str, ...]) -> tuple[str, ...]:
    return blocks[: blocks.index("items")]


@pytest.mark.parametrize("name", COMPOSED)
def test_no_composed_layout_opens_as_a_held_out_family_does(name: str) -> None:
    rng = Random(0)
    held_out = {opening(BY_NAME[family].blocks) for family in HELD_OUT}
    drawn = {opening(compose_family(rng, name).blocks) for _ in range(5000)}
    assert not drawn & held_out
    assert len(drawn) > 150


@pytest.mark.parametrize("name", COMPOSED)
def test_every_composed_layout_prints_its_vendor_items_and_totals(name: str) -> None:
    rng = Random(1)
    for _ in range(2000):
        blocks = " ".join(compose_family(rng, name).blocks)
        assert "vendor" in blocks
        assert "items" in blocks
        assert "total" in blocks


def test_two_blocks_stand_beside_each_other_line_by_line() -> None:
    samples = [generate(seed, ["invoice-composed"]) for seed in range(300)]
    columns = [line for sample in samples for line in sample.text.splitlines()[:12] if "  " in line]
    assert len(columns) > 300


def test_supermarkets_print_a_number_before_the_article_or_grown_into_it() -> None:
    samples = [generate(seed, ["receipt-composed"]) for seed in range(600)]
    lines = [line for sample in samples for line in sample.text.splitlines()]
    apart = [line for line in lines if re.match(r"[EFTN*A]  \d{3,6}  \D", line)]
    grown = [line for line in lines if re.match(r"[EFTN*A1]  \d{3,6}[A-Z]", line)]
    assert len(apart) > 10
    assert len(grown) > 10
