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


@pytest.mark.parametrize(
    ("page", "codes"),
    [
        ("", {"USD", "CAD", "AUD", "SGD", "NZD", "HKD", "MXN"}),
        ("Orlando, FL 32837", {"USD"}),
        ("Springfield NY 10001-1234\nUnited States", {"USD"}),
        ("(407) 219-4089", {"USD", "CAD"}),
        ("702-431-0004\nLAS VEGAS NV89123", {"USD"}),
        ("Montréal, Quebec H4C 2E1", {"CAD"}),
        ("GST/HST No 81244 1773 RT0001", {"CAD"}),
        ("HST 13%", {"CAD", "USD"}),
        ("ABN: 12 097 860 887", {"AUD"}),
        ("Wire to ABN AMRO Bank\n(407) 219-4089", {"USD", "CAD", "AUD"}),
        ("Customer ID 10023, Ref OR 40021", {"USD", "CAD", "AUD", "SGD", "NZD", "HKD", "MXN"}),
        ("Boise, ID 83702", {"USD"}),
        ("Model MX01234567", {"USD", "CAD", "AUD", "SGD", "NZD", "HKD", "MXN"}),
        ("GST REG NO: 20-0201085-W", {"SGD"}),
        ("60 Paya Lebar Road, Singapore 409051", {"SGD", "USD"}),
        ("Singapore noodles\nReno NV 89123", {"SGD", "USD"}),
        ("Toronto, ON M5V 2T6\nship to: Austin, TX 78701", {"CAD", "USD"}),
        ("total in AUD", {"USD", "CAD", "AUD", "SGD", "NZD", "HKD", "MXN"}),
    ],
)
def test_a_bare_dollar_is_that_of_the_country_which_the_page_tells(page: str, codes: set[str]) -> None:
    text = f"{page}\n$ 5"
    place = (len(text) - 3, len(text) - 2)
    assert {code for code, where in read_currencies(text) if where == place} == codes
