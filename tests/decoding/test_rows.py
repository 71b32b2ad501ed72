"""Guessing the lines of an invoice from the prices on the page."""

from finscribe.decoding import Printed
from finscribe.decoding.layout import Layout
from finscribe.decoding.rows import Rows

TEXT = (
    "ACME Trading Ltd\nDate: 03.05.2024\nItem  Qty  Price  Amount\nGreen tea  2  10.00  20.00\n"
    "Coffee beans  3  5.00  15.00\nSubtotal  35.00\nTotal EUR  42.00\nThank you"
)


def test_rows_are_found_by_their_products() -> None:
    rows = Rows(Layout(Printed(TEXT))).guesses
    assert [row.cells["line_total"] for row in rows] == ["20.00", "15.00"]


def test_a_line_of_thousands_of_numbers_is_no_row_without_a_word_that_describes_it() -> None:
    assert Rows(Layout(Printed("1 " * 3000))).guesses == []
