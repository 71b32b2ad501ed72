"""How one document prints its numbers, amounts and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

from .facts import ZERO, quantum
from .locales import Locale
from .vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """The habits of one document: separators, decimals, sign and its place, how a minus is drawn."""

    thousands: str
    point: str
    decimals: int
    sign: str
    before: bool
    gap: str
    minus: str  # "-" before, "after" for one behind, "()" around
    indian: bool

    def plain(self, value: Decimal, decimals: int | None = None) -> str:
        """The digits of a number with this style's separators, without a sign for the currency."""
        places = self.decimals if decimals is None else decimals
        return self.digits(value.quantize(quantum(places)))

    def digits(self, value: Decimal) -> str:
        """The digits of a number that has the decimals that are to be printed."""
        whole, _, fraction = str(value).lstrip("-").partition(".")
        if self.thousands and len(whole) > 3:
            whole = (
                _in_lakhs(whole, self.thousands)
                if self.indian
                else f"{int(whole):,}".replace(",", self.thousands)
            )
        return f"{whole}{self.point}{fraction}" if fraction else whole

    def amount(self, value: Decimal, signed: bool = False) -> str:
        """An amount with its decimals as printed, with the currency's sign when `signed`, negative in this style."""
        text = self.digits(value)
        if signed and self.sign:
            text = f"{self.sign}{self.gap}{text}" if self.before else f"{text}{self.gap}{self.sign}"
        return self.negative(text) if value < ZERO else text

    def negative(self, text: str) -> str:
        """The printed amount marked as negative."""
        if self.minus == "()":
            return f"({text})"
        return f"{text}-" if self.minus == "after" else f"-{text}"


def _in_lakhs(whole: str, mark: str) -> str:
    """The digits in groups of two, the last three apart."""
    odd = (len(whole) - 3) % 2
    pairs = [whole[at : at + 2] for at in range(odd, len(whole) - 3, 2)]
    return mark.join([*([whole[0]] if odd else []), *pairs, whole[-3:]])


def draw_style(rng: Random, locale: Locale) -> NumberStyle:
    """A number style that the locale's printers use."""
    thousands, point, decimals = locale.thousands, locale.point, locale.decimals
    if rng.random() < 0.3:
        thousands = ""
    if locale.code == "id-ID" and rng.random() < 0.6:
        thousands, point = rng.choice(((",", "."), (",", "."), ("", ".")))
        decimals = rng.choice((0, 0, 0, 2)) if thousands else 0
    elif locale.code == "id-ID" and thousands:
        decimals = rng.choice((0, 0, 0, 2))
    elif rng.random() < 0.04:
        thousands, point = ("", ".") if point == "," else (" ", point)
    sign = rng.choice(locale.signs)
    first = locale.language in ("en", "id") or locale.currency in ("BRL", "CHF")
    before = rng.random() < (0.93 if first else 0.25)
    gap = rng.choice(("", "", " ")) if before and len(sign) < 3 else rng.choice(("", " ", " ", " "))
    minus = rng.choice(("-", "-", "-", "-", "()", "after"))
    return NumberStyle(
        thousands, point, decimals, sign, before, gap, minus, locale.currency == "INR" and thousands == ","
    )


def prints_currency(text: str, locale: Locale, signed: bool) -> bool:
    """Whether a text still prints the locale's currency: in a label, as in `Total EUR`, or if `signed` at an amount."""
    if signed and any(sign in text for sign in (locale.currency, *locale.signs)):
        return True
    words, by_themselves = _currency_words(locale.currency, locale.signs)
    return (
        any(word in text for word in words) and by_themselves.search(text) is not None
    )  # most have none of them


BESIDE_AMOUNTS = frozenset(("R", "Rs", "Rs.", "Fr.", "zl"))
"""Signs that mean something else where no amount stands beside them."""
_SPELLED = {"EUR": ("EURO",)}
"""Currencies as labels spell them out, as in `TOTALE EURO`."""


@cache
def _currency_words(code: str, signs: tuple[str, ...]) -> tuple[list[str], re.Pattern[str]]:
    words = sorted({code, *_SPELLED.get(code, ()), *signs} - BESIDE_AMOUNTS)
    return words, re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])")


def print_date(day: date, pattern: str, language: str) -> str:
    """A date in a pattern of d D m M y Y (padded, plain) and Mon, MON, Month."""
    words = VOCABULARY[language]
    month, short = words["months"][day.month - 1], words["months_short"][day.month - 1]
    parts = {
        "Month": month,
        "MON": short.upper(),
        "Mon": short,
        "Y": day.year,
        "y": day.year % 100,
        "d": day.day,
        "m": day.month,
    }
    return _template(pattern) % parts


TILL_DATES = tuple(
    """
    Mond'y Mon.d'y d.Mon'y dMon'y DMON'y dMony dMONy dMonY DMonY dMONY MONd,Y Mond,Y Mond.Y d-MON-Y MON-d-y Y/m/d
    """.split()
)
"""Dates as tills print them, without a space."""

_TOKENS = {
    "Month": "%(Month)s",
    "MON": "%(MON)s",
    "Mon": "%(Mon)s",
    "Y": "%(Y)d",
    "y": "%(y)02d",
    "d": "%(d)02d",
    "D": "%(d)d",
    "m": "%(m)02d",
    "M": "%(m)d",
}
_TOKEN = re.compile("|".join(_TOKENS))


@cache
def _template(pattern: str) -> str:
    return _TOKEN.sub(lambda token: _TOKENS[token[0]], pattern)
