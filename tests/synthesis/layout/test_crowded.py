"""Crowded invoices: more that is no value stands on them, and it never becomes one."""

from __future__ import annotations

import re
from functools import cache
from random import Random

import pytest

from finscribe.synthesis import Sample, generate
from finscribe.synthesis.content.vocabulary import VOCABULARY
from finscribe.synthesis.layout import annotated, composed
from finscribe.synthesis.layout.composed import INVOICE, compose_family
from finscribe.synthesis.layout.families import Family
from finscribe.synthesis.layout.layouts import BLOCKS, SHAPES
from finscribe.synthesis.layout.page import Piece

CROWDS = (
    "vendor-form",
    "client-form",
    "title-line",
    "references",
    "remarks",
    "tax-breakdown",
    "sums-of-nothing",
    "allowances",
    "sender",
    "pay-by",
    "company-foot",
    "full-totals",
    "totals-by-rates",
    "totals-by-remarks",
    "totals-across-remarks",
    "vendor-contact",
    "client-contact",
    "letter-opening",
    "letter-closing",
    "page-turn",
)


@cache
def families() -> tuple[Family, ...]:
    rng = Random(0)
    return tuple(compose_family(rng, INVOICE) for _ in range(4000))


def drawn(share: float, monkeypatch: pytest.MonkeyPatch, count: int = 300) -> list[Sample]:
    monkeypatch.setattr(composed, "CROWDED_SHARE", share)
    monkeypatch.setattr(composed, "FULL_SHARE", 0.0)
    return [generate(seed, [INVOICE]) for seed in range(count)]


def test_every_crowded_block_is_drawn_and_can_be_printed() -> None:
    names = {part for family in families() for block in family.blocks for part in block.split("&")}
    assert set(CROWDS) <= names <= {*BLOCKS, "title", "items"}
    assert {shape for family in families() for shape in family.items} <= set(SHAPES)


def test_nearly_half_of_the_composed_invoices_are_crowded() -> None:
    crowded = sum("annotated" in family.items for family in families())
    assert abs(crowded / len(families()) - composed.CROWDED_SHARE) < 0.03


def test_crowded_invoices_print_more_that_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, crowded = drawn(0.0, monkeypatch), drawn(1.0, monkeypatch)
    assert _other_text(crowded) > 1.4 * _other_text(plain)


def _other_text(samples: list[Sample]) -> float:
    """Characters a document outside of values."""
    return sum(
        len(sample.text) - sum(piece.end - piece.start for piece in sample.pieces) for sample in samples
    ) / len(samples)


def test_notes_below_an_item_are_not_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [sample for sample in drawn(1.0, monkeypatch) if sample.locale.startswith("en")]
    notes = [re.split(r"[{:]", note)[0].strip().lower() for note in VOCABULARY["en"]["item_note"]]
    lines = [line.strip().lower() for sample in samples for line in sample.text.splitlines()]
    assert any(line.startswith(tuple(filter(None, notes))) for line in lines)
    described = [item["desc"] or "" for sample in samples for item in sample.truth["line_items"]]
    assert described
    assert not [
        desc for desc in described if re.search(r"batch |serial no|delivery note|list price", desc.lower())
    ]


def _lines(samples: list[Sample]) -> list[str]:
    return [line for sample in samples for line in sample.text.splitlines()]


def test_codes_in_brackets_and_headings_of_sections_are_no_part_of_what_is_sold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples = drawn(1.0, monkeypatch, 3000)
    lines = _lines(samples)
    assert sum(line.startswith("[") for line in lines) > 20
    assert sum(bool(re.match(r"--- .+ ---$", line)) for line in lines) > 10
    described = [item["desc"] or "" for sample in samples for item in sample.truth["line_items"]]
    assert not [desc for desc in described if "[" in desc or "---" in desc]


@pytest.mark.parametrize(
    ("arrangement", "path"),
    [(("amount", "below"), "line_total"), (("amount", "above"), "line_total"), (("desc", "above"), "desc")],
)
def test_a_row_may_be_read_as_two_lines(
    arrangement: tuple[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands alone is the item's all the same."""
    monkeypatch.setattr(annotated, "_ARRANGEMENTS", (arrangement,))
    monkeypatch.setattr(composed, "_CROWDED_ITEMS", ["annotated"])
    samples = drawn(1.0, monkeypatch, 100)
    alone = [
        piece.path
        for sample in samples
        for piece in sample.pieces
        if piece.path.startswith("line_items") and _is_alone(sample.text, piece)
    ]
    assert sum(each.endswith(path) for each in alone) > 0.9 * sum(
        len(sample.truth["line_items"]) for sample in samples
    )


def _is_alone(text: str, piece: Piece) -> bool:
    """Whether a value has its line to itself, currencies aside."""
    before, after = text[: piece.start].rpartition("\n")[2], text[piece.end :].partition("\n")[0]
    return "  " not in f"{before}{after}"


def test_the_last_section_has_a_sum_only_where_another_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed, "_CROWDED_ITEMS", ["annotated"])
    for sample in drawn(1.0, monkeypatch, 600):
        cut_off = sample.text.endswith("---")
        assert (len(re.findall(r"^---.+---$", sample.text.replace(" ", ""), re.MULTILINE)) != 1) or cut_off


def test_an_address_that_only_the_sender_line_prints_is_the_vendor_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed, "CROWDED_SHARE", 1.0)
    lines = [
        (sample, line)
        for sample in drawn(1.0, monkeypatch, 600)
        for line in sample.text.splitlines()
        if " · " in line and (sample.truth["vendor"]["name"] or "-") == line.split(" · ")[0]
    ]
    assert len(lines) > 3
    assert all(sample.truth["vendor"]["address"] for sample, _ in lines)


def test_allowances_print_the_discount_that_the_totals_know(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        sample.truth["financial_summary"]["discount"]
        for sample in drawn(1.0, monkeypatch, 600)
        if re.search(r"\d% x [\d.,' ]+  ", sample.text)
    ]
    assert len(rows) > 10
    assert sum(discount is not None for discount in rows) > 0.9 * len(rows)


def test_discounts_in_several_rows_come_to_what_the_sums_say(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = [
        sum(map(_digits, parts)) == _digits(str(whole))
        for sample in drawn(1.0, monkeypatch, 3000)
        if len(parts := re.findall(r"%[^\n-]+  -([\d.,']+(?: \d{3}[\d.,]*)*)", sample.text)) > 1
        and (whole := sample.truth["financial_summary"]["discount"])
    ]
    assert len(agreed) > 5
    assert sum(agreed) > 0.7 * len(agreed)  # OCR errors and torn pages take away some digits


def _digits(amount: str) -> int:
    return int(re.sub(r"\D", "", amount))


def test_the_number_of_a_related_invoice_is_not_the_invoice_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    label = re.compile(rf"(?:{'|'.join(map(re.escape, VOCABULARY['de']['related']))})[ :.=-]+(.+)")
    found = [
        (sample.truth["invoice_number"], match[1])
        for sample in drawn(1.0, monkeypatch, 2500)
        if sample.locale.startswith("de") and (match := label.search(sample.text))
    ]
    known = [(own, other) for own, other in found if own]
    assert len(known) > 3
    assert all(not other.startswith(own) for own, other in known)


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_every_language_has_words_for_what_crowds_a_page(language: str) -> None:
    own = VOCABULARY[language]
    keys = "refs name_key contact remarks item_note prose pay_by greeting letter closing promotion measures"
    assert all(own[key] for key in keys.split())
    later = "premises related share_of base adjustment seller buyer titles of_day to_pay other_party"
    assert language == "en" or not any(own[key] == VOCABULARY["en"][key] for key in later.split())
    assert all("{due}" in words for words in own["pay_by"])
    assert language == "en" or own["prose"] != VOCABULARY["en"]["prose"]


def only(block: str, shape: str, monkeypatch: pytest.MonkeyPatch, count: int = 300) -> list[Sample]:
    """Crowded invoices whose sums and items are printed in one way."""
    monkeypatch.setattr(composed, "_CROWDED_TOTALS", [block])
    monkeypatch.setattr(composed, "_CROWDED_ITEMS", [shape])
    return drawn(1.0, monkeypatch, count)


def test_sums_of_nothing_are_printed_down_to_what_is_to_be_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = only("full-totals", "table", monkeypatch)
    sums = [sample.truth["financial_summary"] for sample in samples]
    full = [each for each in sums if each["amount_due"] is not None and each["tax_amount"] is not None]
    assert len(full) > 60
    assert sum(each["discount"] == 0 for each in full) > 20
    assert sum(each["amount_due"] == each["grand_total"] for each in full) > 40


def test_what_is_left_to_pay_is_not_the_total_by_whichever_label(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bool] = []
    for sample in only("full-totals", "table", monkeypatch, 600):
        table = VOCABULARY[sample.locale[:2]]
        words = tuple(word.lower() for word in table["to_pay"])
        gross = tuple(word.partition("{")[0].lower() for word in table["gross_sum"])
        if not any(line.lower().startswith(gross) for line in sample.text.splitlines()):
            continue  # these sums are of prices with the tax in them, and labelled otherwise
        sums = sample.truth["financial_summary"]
        for piece in sample.pieces:
            line = sample.text[sample.text.rfind("\n", 0, piece.start) + 1 : piece.end].lower()
            if line.startswith(words) and piece.path.startswith("financial_summary."):
                assert piece.path == "financial_summary.amount_due", sample.text
                left.append(sums["grand_total"] not in (None, sums["amount_due"]))
    assert len(left) > 30
    assert 0.1 < sum(left) / len(left) < 0.6


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_no_label_is_of_two_things(language: str) -> None:
    words = {key: {word.lower() for word in found} for key, found in VOCABULARY[language].items()}
    others = words["other_party"]
    groups = (
        (words["from"] | words["seller"], words["to"] | words["buyer"], others),
        (words["seller"], words["buyer"], others, words["holder"]),
        (words["po"], words["refs"]),
        (words["gross_sum"], words["to_pay"], words["rounded"]),
    )
    for group in groups:
        assert len(set().union(*group)) == sum(map(len, group))


def test_two_rates_in_a_table_have_their_sum_for_the_tax(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = only("totals-by-rates", "table", monkeypatch, 900)
    two = [
        sample
        for sample in samples
        if sample.truth["financial_summary"]["tax_amount"] is not None
        and len(set(re.findall(r"(?<![\d.,])(\d\d?[.,]?\d?\d?) ?%", sample.text))) > 1
    ]
    assert len(two) > 20
    assert sum(sample.truth["financial_summary"]["tax_rate"] is None for sample in two) > 5


def test_rows_of_wide_tables_go_over_several_lines_and_their_columns_run_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples = only("totals-by-rates", "wide", monkeypatch)
    lines = _lines(samples)
    assert sum(bool(re.match(r"(\d{3}|\d0|1\.\d) ", line)) for line in lines) > 100
    assert sum(bool(re.search(r"\d (kWh|kg|pcs|Stk|h|m²)( |$)", line)) for line in lines) > 30
    items = [item for sample in samples for item in sample.truth["line_items"]]
    assert sum(", " in (item["desc"] or "") for item in items) > 0.1 * len(items)
    assert sum(None not in item.values() for item in items) > 0.95 * len(items)


def test_a_person_between_name_and_address_is_part_of_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed, "_ATTENDED_SHARE", 1.0)
    samples = [sample for sample in drawn(0.0, monkeypatch) if sample.locale == "de-DE"]
    named = [sample for sample in samples if re.search("Ansprechpartner", sample.text, re.IGNORECASE)]
    assert named
    parties = [sample.truth[party] for sample in named for party in ("vendor", "client")]
    values = [value for party in parties for value in party.values() if value]
    assert not [value for value in values if re.search("Ansprechpartner", value, re.IGNORECASE)]
