"""Composed layouts vary, and none of them opens as a held-out family does."""

from __future__ import annotations

import re
from random import Random

import pytest

from finscribe.readings import read_dates
from finscribe.synthesis import Sample, generate
from finscribe.synthesis.layout.composed import COMPOSED, compose_family
from finscribe.synthesis.layout.families import BY_NAME, HELD_OUT


def opening(blocks: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        block
        for block in blocks[: blocks.index("items")]
        if block not in ("till-head", "card-slip", "promotion")
    )


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


def test_codes_and_packings_stand_between_an_article_and_its_numbers() -> None:
    samples = [generate(seed, ["receipt-composed"]) for seed in range(600)]
    between = re.compile(r"\n.*\d( - | ?/ ?| )\d{1,2}(\*\d+)?\n\d{13}  \d")
    assert sum(bool(between.search(sample.text)) for sample in samples) > 10


def test_names_of_two_words_may_stand_on_two_lines() -> None:
    samples = [generate(seed, ["receipt-composed"]) for seed in range(600)]
    names = [(sample.text, sample.truth["vendor"]["name"]) for sample in samples]
    short = [(text, name.split(" ")) for text, name in names if name and name.count(" ") == 1]
    assert sum("\n".join(words) in text for text, words in short) > 5


def test_usual_prices_and_savings_are_no_items() -> None:
    samples = [generate(seed, ["receipt-composed"]) for seed in range(2000)]
    english = [sample for sample in samples if sample.locale.startswith("en")]
    offers = [
        line
        for sample in english
        for line in sample.text.splitlines()
        if re.match(r"(RRP|You saved|REG)\b", line)
    ]
    assert offers
    items = [item["desc"] or "" for sample in english for item in sample.truth["line_items"]]
    assert not [desc for desc in items if desc.startswith(("RRP", "You saved", "REG"))]


def receipts() -> list[Sample]:
    return [generate(seed, ["receipt-composed"]) for seed in range(1200)]


def test_slips_of_cards_name_amounts_that_are_no_values_of_the_document() -> None:
    amount = re.compile(r"^(PURCHASE|AUTH AMT)  .*\d.*$", re.MULTILINE)
    slips = [(sample, found) for sample in receipts() if (found := amount.search(sample.text))]
    assert slips
    for sample, found in slips:
        assert not any(found.start() <= piece.start < found.end() for piece in sample.pieces)


def test_tills_have_words_of_their_own_for_the_total() -> None:
    due = [
        sample
        for sample in receipts()
        if re.search(r"^(BALANCE DUE|TO PAY|PLEASE PAY)\b", sample.text, re.MULTILINE)
    ]
    assert len(due) > 5
    assert all(sample.truth["financial_summary"]["grand_total"] is not None for sample in due)


def test_measures_stand_between_quantity_and_price() -> None:
    weighed = re.compile(
        r"^\d+([.,]\d+)? ?(kg|lb|L|l|m) ?[@xX] ?.{0,4}\d+[.,]?\d*.{0,4}/(kg|lb|L|l|m)$", re.MULTILINE
    )
    found = [sample for sample in receipts() if weighed.search(sample.text)]
    assert len(found) > 3
    assert all(any(item["unit_price"] for item in sample.truth["line_items"]) for sample in found)


@pytest.mark.parametrize("name", COMPOSED)
def test_some_articles_cost_nothing(name: str) -> None:
    items = [item for seed in range(600) for item in generate(seed, [name]).truth["line_items"]]
    assert 5 < sum(item["line_total"] == 0 for item in items) < 0.05 * len(items)


def test_dates_of_tills_have_no_spaces_and_are_read_as_what_they_are() -> None:
    dates = [
        sample.text[piece.start : piece.end]
        for sample in receipts()
        for piece in sample.pieces
        if piece.path == "invoice_date" and any(day.value == piece.value for day in read_dates(sample.text))
    ]
    assert len(dates) > 0.98 * sum(sample.truth["invoice_date"] is not None for sample in receipts())
    named = [text for text in dates if re.search(r"[^\W\d]{3}", text)]
    assert 0.25 < sum(" " not in text for text in named) / len(named) < 0.95
