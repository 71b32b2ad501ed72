"""The tests' own reader of numbers and dates tells right from wrong."""

from decimal import Decimal

import pytest

from finscribe.invoice import Kind
from tests.decoding.independent_reader import is_date_at, is_number_at


@pytest.mark.parametrize(
    ("value", "kind", "text", "right"),
    [
        ("1234.50", Kind.NUMBER, "|1,234.50|", True),
        ("1234.50", Kind.NUMBER, "|1.234,50|", True),
        ("1234", Kind.NUMBER, "|1.234|", True),
        ("1.234", Kind.NUMBER, "|1.234|", True),
        ("0.50", Kind.NUMBER, "|.50|", True),
        ("-12.30", Kind.NUMBER, "(|12.30|)", True),
        ("0.2", Kind.RATE, "|20.00| %", True),
        ("5.00", Kind.REDUCTION, "-|5.00|", True),
        ("12.34", Kind.NUMBER, "|1234|", False),
        ("123", Kind.NUMBER, "|1234|", False),
        ("123.450", Kind.NUMBER, "|1,234.50|", False),
        ("1234.5", Kind.NUMBER, "|1,234.50|", False),
        ("-5", Kind.NUMBER, "total |5|", False),
        ("-5", Kind.REDUCTION, "-|5|", False),
        ("7", Kind.NUMBER, "|7|%", False),
        ("7", Kind.RATE, "|7|%", False),
    ],
)
def test_a_number_is_its_digits_with_the_point_at_a_mark(
    value: str, kind: Kind, text: str, right: bool
) -> None:
    before, inside, after = text.split("|")
    start = len(before)
    found = is_number_at(Decimal(value), kind, before + inside + after, start, start + len(inside))
    assert found is right


@pytest.mark.parametrize(
    ("value", "text", "right"),
    [
        ("2024-03-04", "03/04/2024", True),
        ("2024-04-03", "03/04/2024", True),
        ("2024-03-04", "20240304", True),
        ("2024-03-04", "2024年3月4日", True),
        ("2012-12-06", "6 décembre 2012", True),
        ("2024-03-14", "14-Mar-24", True),
        ("2025-05-25", "25.05.2025", True),
        ("2024-03-05", "03/04/2024", False),
        ("2024-03-03", "03/04/2024", False),
        ("2012-11-06", "6 décembre 2012", False),
        ("2023-03-14", "14-Mar-24", False),
        ("2024-03-04", "3/4/2024 17", False),
    ],
)
def test_a_date_is_its_year_month_and_day_and_no_other_number(value: str, text: str, right: bool) -> None:
    assert is_date_at(value, text, 0, len(text)) is right
