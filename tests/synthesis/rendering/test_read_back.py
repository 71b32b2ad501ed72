"""What was printed is found again in what was read, and the truth is in its words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finscribe.decoding import Printed
from finscribe.decoding.align import align
from finscribe.invoice import Truth
from finscribe.synthesis import Sample, generate
from finscribe.synthesis.layout.page import Cell, Row, lay_out, read_truth
from finscribe.synthesis.rendering.read_back import moved, read_back


def sample_of(*rows: Row) -> Sample:
    text, pieces = lay_out(rows)
    return Sample(text, read_truth(text, pieces), "invoice", "en-US", tuple(pieces))


SHOP = sample_of(
    [Cell("Corner shop", "vendor.name"), Cell("Receipt")],
    [Cell("12 Mill Lane", "vendor.address")],
    [Cell("Leeds", "vendor.address")],
    [Cell("A-17", "invoice_number", before="No:")],
    [Cell("Green apples", "line_items.0.desc"), Cell("3.50", "line_items.0.line_total", Decimal("3.50"))],
    [Cell("Milk", "line_items.1.desc"), Cell("2.00", "line_items.1.line_total", Decimal("2.00"))],
)


def read(old: str, new: str) -> Sample:
    """The shop's receipt where `new` was read for `old`."""
    assert old in SHOP.text
    return moved(SHOP, SHOP.text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("Corner", "Comer", "Comer shop"),
        ("Corner shop", "Cornershop", "Cornershop"),
        ("shop", "sh op", "Corner sh op"),
        ("Corner shop", ".Corner shop'", ".Corner shop'"),
        ("shop  Receipt", "shop Receipt", "Corner shop"),
        ("Corner shop", "Corner  shop", "Corner shop"),
    ],
)
def test_a_text_value_is_what_is_read_in_its_place(old: str, new: str, name: str) -> None:
    assert read(old, new).truth["vendor"]["name"] == name


def test_a_label_that_is_glued_to_a_value_is_no_part_of_it() -> None:
    assert read("No:A-17", "No::A-l7").truth["invoice_number"] == "A-l7"


def test_values_over_several_lines_and_lines_in_another_order_are_found() -> None:
    found = read("Green apples  3.50\nMilk  2.00", "Milk  2.00\nGreen app1es  3.50")
    assert [line["desc"] for line in found.truth["line_items"]] == ["Green app1es", "Milk"]
    assert read("Leeds", "Leed5").truth["vendor"]["address"] == "12 Mill Lane Leed5"


def test_numbers_keep_their_value_and_what_is_lost_keeps_what_was_printed() -> None:
    found = read("Green apples  3.50\n", "Green apples  8.50\n")
    assert found.truth["line_items"][0]["line_total"] == Decimal("3.50")
    found = read("Green apples  3.50\n", "")
    assert found.truth == SHOP.truth
    assert not any(piece.path.startswith("line_items.0") for piece in found.pieces)
    assert moved(SHOP, "nothing like it").truth == SHOP.truth


def test_places_are_those_of_the_text_that_was_read() -> None:
    found = read("Corner shop", "The  Comer shop")
    assert {found.text[piece.start : piece.end] for piece in found.pieces} >= {"Comer shop", "Leeds", "2.00"}


@pytest.mark.parametrize("page", ["pdf", "scan"])
def test_nearly_all_of_a_page_that_is_read_can_be_learned(page: str) -> None:
    pytest.importorskip("reportlab")
    from finscribe.synthesis.rendering.pages import render_pdf
    from finscribe.synthesis.rendering.scanning import render_scan

    values = lost = 0
    for seed in range(3 if page == "scan" else 20):
        sample = generate(9_000_000 + seed, size=0.5)
        found = read_back(sample, render_pdf(sample) if page == "pdf" else render_scan(sample, seed))
        values += len({piece.path for piece in sample.pieces})
        lost += len(align(Truth.read(found.truth), Printed(found.text)).unreachable)
    assert values > 25
    assert lost <= 0.06 * values
