"""Currencies as documents print them."""

import pytest

from finscribe.decoding.currencies import read_currencies


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Total 5.00 EUR", {"EUR"}),
        ("€ 5", {"EUR"}),
        ("S$ 5", {"SGD"}),
        ("RM 5", {"MYR"}),
        ("R 5", {"ZAR"}),
        ("R stands alone", set()),
        ("5 eur", {"EUR"}),
        ("Eur 5", {"EUR"}),
        ("eur stands alone", set()),
        ("Fr. 7'112.09", {"CHF"}),
        ("21 485,80 zl", {"PLN"}),
        ("nothing", set()),
    ],
)
def test_currencies_come_from_codes_and_signs(text: str, codes: set[str]) -> None:
    assert {code for code, _ in read_currencies(text)} == codes


def test_a_bare_dollar_may_be_any_dollar() -> None:
    assert {("USD", (0, 1)), ("CAD", (0, 1)), ("SGD", (0, 1))} <= set(read_currencies("$ 5"))
