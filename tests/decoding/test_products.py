"""Numbers in one line of a page of which two make a third."""

from decimal import Decimal

import pytest

from finscribe.decoding.layout import Layout
from finscribe.decoding.printed import Printed
from finscribe.decoding.products import MOST_PRINTS, Products, key_of
from finscribe.decoding.rows import Rows


def products(text: str) -> Products:
    return Products(Rows(Layout(Printed(text))))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Tea  2  10.00  20.00", [("2", "10.00", "20.00"), ("10.00", "2", "20.00")]),
        ("Gas  131.9 kWh  0.1580  20.84", [("131.9", "0.1580", "20.84"), ("0.1580", "131.9", "20.84")]),
        ("Tea  -2  10.00  -20.00", [("-2", "10.00", "-20.00"), ("10.00", "-2", "-20.00")]),
        ("Tea  1  20.00  20.00", []),
        ("Tea  0  20.00  0.00", []),
        ("Tea  2  10.00  20.01", []),
        ("5  Pens  2  2.49  4.98", [("2", "2.49", "4.98"), ("2.49", "2", "4.98")]),
        ("Tea", []),
        ("", []),
    ],
)
def test_two_numbers_of_a_line_make_a_third(line: str, found: list[tuple[str, ...]]) -> None:
    read = products(line).of(0)
    assert {each.json for each in read if each.json[2][:1] != "-" or "-" in line} >= set(found)
    assert bool(read) == bool(found)


def test_prints_of_a_product_are_found_whichever_is_the_quantity_and_lines_counted_once() -> None:
    page = products(
        "Tea  2  10.00  20.00\nJam  10.00  2  20.00\nSalt  4  5.00  20.00\nTea  2  10.00  2  20.00"
    )
    key = key_of((Decimal(2), Decimal(10), Decimal(20)))
    assert {each.line for each in page.printing(key)} == {0, 1, 3}
    assert page.count(key) == 3
    assert page.count(key_of((Decimal(3), Decimal(7), Decimal(21)))) == 0


def test_only_the_last_numbers_of_a_long_line_are_tried() -> None:
    many = "  ".join(str(number) for number in range(101, 101 + MOST_PRINTS))
    assert products(f"2  10.00  20.00  {many}").of(0) == []
