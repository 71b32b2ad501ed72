"""Amounts that slipped off their lines are still all there, in their order."""

from __future__ import annotations

from random import Random

from finscribe.synthesis.noise import slip
from finscribe.synthesis.page import Cell, Row


def receipt() -> list[Row]:
    items = [
        [
            Cell(f"Item {at}", f"line_items.{at}.desc"),
            Cell(f"{at}.00", f"line_items.{at}.line_total"),
            Cell("A"),
        ]
        for at in range(1, 7)
    ]
    return [[Cell("Corner shop", "vendor.name")], *items, [Cell("Total"), Cell("21.00")]]


def amounts(rows: list[Row]) -> list[str]:
    return [cell.text for row in rows for cell in row if cell.path.endswith("line_total")]


def test_no_amount_is_lost_and_some_leave_their_line() -> None:
    moved = 0
    for seed in range(200):
        rows = receipt()
        slip(Random(seed), rows)
        assert amounts(rows) == [f"{at}.00" for at in range(1, 7)]
        assert [cell.text for row in rows for cell in row if cell.path.endswith("desc")] == [
            f"Item {at}" for at in range(1, 7)
        ]
        assert rows[0][0].text == "Corner shop"
        assert [cell.text for cell in rows[-1]] == ["Total", "21.00"]
        moved += len(rows) > len(receipt())
    assert moved > 150


def test_an_amount_that_sank_stands_beside_the_next_description() -> None:
    sunk = 0
    for seed in range(200):
        rows = receipt()
        slip(Random(seed), rows)
        sunk += any(row[0].text == "Item 3" and any(cell.text == "2.00" for cell in row) for row in rows)
    assert sunk > 20


def test_a_page_without_items_stays_as_it_is() -> None:
    rows = [[Cell("Corner shop", "vendor.name")], [Cell("Total"), Cell("21.00")]]
    slip(Random(0), rows)
    assert len(rows) == 2
