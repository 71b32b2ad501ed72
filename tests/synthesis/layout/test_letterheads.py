"""Letterheads: what stands on paper beside the vendor's name and address is not part of them."""

from __future__ import annotations

from functools import cache

import pytest

from finscribe.synthesis import Sample, generate
from finscribe.synthesis.content.locales import DRAW, DRAW_FURTHER
from finscribe.synthesis.dice import Dice
from finscribe.synthesis.generate import _draft
from finscribe.synthesis.layout.composed import INVOICE, compose_family
from finscribe.synthesis.layout.crowded import company_foot
from finscribe.synthesis.layout.draft import Draft
from finscribe.synthesis.layout.layouts import Block
from finscribe.synthesis.layout.letterheads import (
    letter_date,
    ordered,
    vendor_columns,
    vendor_logo,
    vendor_strip,
)
from finscribe.synthesis.layout.page import lay_out, read_truth
from finscribe.synthesis.layout.payment import payment_rows


def drafts(count: int = 200) -> list[Draft]:
    found = []
    for seed in range(count):
        rng = Dice(seed)
        found.append(_draft(rng, compose_family(rng, INVOICE), rng.choice((*DRAW, *DRAW_FURTHER)), 1.0))
    return found


@cache
def invoices() -> tuple[Sample, ...]:
    return tuple(generate(seed, [INVOICE]) for seed in range(1500))


@pytest.mark.parametrize("block", [vendor_strip, vendor_columns])
def test_name_and_address_are_told_apart_from_what_follows_them(block: Block) -> None:
    for draft in drafts():
        text, pieces = lay_out(block(draft))
        vendor = read_truth(text, pieces)["vendor"]
        assert vendor["name"] == draft.case(draft.facts.vendor)
        words = " ".join(draft.case(line) for line in draft.facts.vendor_address)
        assert only_words(vendor["address"]) == only_words(words)


def only_words(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_a_logo_is_no_value_and_lacks_the_legal_form() -> None:
    for draft in drafts():
        rows = vendor_logo(draft)
        assert not any(cell.path for row in rows for cell in row)
        assert rows[0][0].text != draft.facts.vendor
        words = set(draft.facts.vendor.casefold().replace(",", "").split())
        assert words & set(rows[0][0].text.casefold().split())


@pytest.mark.parametrize(("block", "path"), [(letter_date, "invoice_date"), (ordered, "purchase_order")])
def test_a_sentence_prints_its_value_in_every_language(block: Block, path: str) -> None:
    languages = set()
    for draft in drafts():
        text, pieces = lay_out(block(draft))
        assert [piece.path for piece in pieces] == [path]
        assert "{" not in text
        languages.add(draft.language)
    assert len(languages) == 11


def test_a_vendor_has_one_account_wherever_it_is_printed() -> None:
    several = 0
    for draft in drafts():
        cells = [cell for row in (*vendor_columns(draft), *payment_rows(draft, 1.0)) for cell in row]
        printed = [cell for cell in cells if draft.facts.iban in cell.text]
        several += len(printed) > 1
        assert sum(cell.path == "payment.iban" for cell in cells) == (len(printed) > 0)
    assert several > 5


def test_a_tax_id_that_is_printed_is_known() -> None:
    for draft in drafts():
        text, pieces = lay_out([*vendor_strip(draft), *company_foot(draft)])
        known = read_truth(text, pieces)["vendor"]["tax_id"]
        assert (known is not None) == (draft.facts.tax_id in text)


def test_three_blocks_may_stand_beside_each_other() -> None:
    rng = Dice(0)
    blocks = [block for _ in range(400) for block in compose_family(rng, INVOICE).blocks]
    assert 5 < sum(block.count("&") == 2 for block in blocks) < 150
    assert max(block.count("&") for block in blocks) == 2


def test_vendors_at_the_foot_are_learnable() -> None:
    named = [sample for sample in invoices() if sample.truth["vendor"]["name"]]
    below = [
        sample
        for sample in named
        if next(piece.start for piece in sample.pieces if piece.path == "vendor.name")
        > 0.7 * len(sample.text)
    ]
    assert 0.08 < len(below) / len(named) < 0.4
