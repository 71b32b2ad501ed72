"""Errors leave numbers what they are; amounts that slipped off their lines are all there, in their order."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from finscribe.synthesis.layout.page import Cell, Row, lay_out, read_truth
from finscribe.synthesis.noise import degrade, slip, slip_sums


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


def sums(*, apart: bool) -> list[Row]:
    amounts = {"subtotal": "20.00", "tax_amount": "1.00", "grand_total": "21.00"}
    cells = [Cell(text, f"financial_summary.{field}", Decimal(text)) for field, text in amounts.items()]
    for cell in [] if apart else cells:
        cell.before = f"{cell.path.rpartition('.')[2]}: "
    rows = [[Cell(cell.path.rpartition(".")[2]), cell] if apart else [cell] for cell in cells]
    return [*receipt()[:-1], *rows, [Cell("Thank you")]]


def test_amounts_of_sums_slip_above_their_labels_or_below_them() -> None:
    found: set[tuple[str, ...]] = set()
    for seed in range(20):
        for apart in (True, False):
            rows = sums(apart=apart)
            truth = read_truth(*lay_out(rows))
            slip_sums(Random(seed), rows)
            assert read_truth(*lay_out(rows)) == truth
            assert [row[0].text for row in rows[:7]] == [row[0].text for row in receipt()[:7]]
            found.add(tuple(lay_out(rows)[0].replace(":", "").split("\n")[7:]))
    assert found == {
        ("20.00", "subtotal  1.00", "tax_amount  21.00", "grand_total", "Thank you"),
        ("subtotal", "tax_amount  20.00", "grand_total  1.00", "21.00", "Thank you"),
    }


def test_a_single_sum_stays_on_its_line() -> None:
    rows = [
        *receipt()[:-1],
        [Cell("Total"), Cell("21.00", "financial_summary.grand_total", Decimal("21.00"))],
    ]
    before = lay_out(rows)
    slip_sums(Random(0), rows)
    assert lay_out(rows) == before
