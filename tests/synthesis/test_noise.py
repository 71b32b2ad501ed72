"""Errors leave numbers what they are; amounts that slipped off their lines are all there, in their order."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from finscribe.synthesis.layout.page import Cell, Row, lay_out
from finscribe.synthesis.noise import degrade, slip


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


def test_a_number_never_shares_a_column_with_another_one() -> None:
    texts = set()
    for seed in range(3000):
        qty = Cell("1", "line_items.0.qty", Decimal(1))
        rows = [[Cell("Jam"), qty, Cell("147.20", "line_items.0.line_total", Decimal("147.20")), Cell("A")]]
        degrade(Random(seed), rows, 1.0)
        texts.add(lay_out(rows)[0])
    assert all("1  147.20" in text for text in texts)
    assert any("147.20 A" in text for text in texts)
