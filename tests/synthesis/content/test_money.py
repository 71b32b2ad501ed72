"""Amounts, dates and currencies as documents print them."""

import pytest

from finscribe.synthesis.content.locales import LOCALES
from finscribe.synthesis.content.money import prints_currency

_BY_CODE = {locale.code: locale for locale in LOCALES}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de-DE", "Total EUR  53,40"),
        ("it-IT", "TOTALE EURO: 10,00"),
        ("en-MY", "AMOUNT (RM)"),
        ("en-US", "Amount ($)"),
        ("fr-FR", "Prix(\u20ac)"),
        ("en-ZA", "Total ZAR"),
    ],
)
def test_a_label_prints_the_currency(code: str, text: str) -> None:
    assert prints_currency(text, _BY_CODE[code], signed=False)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de-DE", "EUROPA Reisen"),
        ("de-DE", "AMATEUR"),
        ("en-ZA", "Block R 5"),
        ("en-MY", "PHARMACY"),
        ("en-IN", "Rs"),
    ],
)
def test_letters_that_mean_something_else_do_not(code: str, text: str) -> None:
    assert not prints_currency(text, _BY_CODE[code], signed=False)


def test_a_sign_beside_an_amount_does_while_it_is_there() -> None:
    assert prints_currency("R5.00", _BY_CODE["en-ZA"], signed=True)
    assert not prints_currency("5.00", _BY_CODE["en-ZA"], signed=True)
