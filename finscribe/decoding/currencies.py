"""Currencies as documents print them: ISO 4217 codes, signs and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from finscribe.decoding.dollars import dollars

_SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "S$": "SGD", "NZ$": "NZD", "HK$": "HKD",
    "NT$": "TWD", "R$": "BRL", "MX$": "MXN", "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP",
    "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY", "₹": "INR", "RS": "INR PKR LKR", "RM": "MYR",
    "RP": "IDR", "KR": "SEK NOK DKK", "ZŁ": "PLN", "ZL": "PLN", "KČ": "CZK", "FT": "HUF", "LEI": "RON", "₺": "TRY",
    "TL": "TRY", "₽": "RUB", "₩": "KRW", "₫": "VND", "฿": "THB", "₱": "PHP", "₪": "ILS", "₴": "UAH", "FR": "CHF",
    "SFR": "CHF", "DH": "AED", "R": "ZAR", "Q": "GTQ",
}  # fmt: skip
_CODES = frozenset(
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GTQ HKD HUF IDR ILS INR ISK JPY KES KRW KWD LKR "
    "MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)
_NAMES = _CODES | _SIGNS.keys() | {"$"}
_SIGN = re.compile(r"(?:US|CA|AU|NZ|HK|NT|MX|[CASR])?\$|[€£¥￥円元₹₺₽₩₫฿₱₪₴]")
_AMOUNT_AFTER = re.compile(r"\.?[ \t]?\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEEDS_AMOUNT = frozenset({"R", "Q", "FR", "FT", "TL", "DH", "RS", "LEI", "ZL"})


def read_currencies(text: str, whole: str | None = None) -> Iterator[tuple[str, tuple[int, int]]]:
    """ISO 4217 codes, each with the characters `start, end` of the sign that may stand for it; signs before words.

    Whose dollar a bare `$` is, the `whole` tells that the text is part of.
    """
    bare = dollars(text if whole is None else whole) if "$" in text else ()
    for pattern in (_SIGN, _LETTERS):
        for match in pattern.finditer(text):
            if match[0].upper() in _NAMES:
                for code in bare if match[0] == "$" else _codes(match, text):
                    yield code, match.span()


def _codes(match: re.Match[str], text: str) -> Sequence[str]:
    sign = match[0].upper()
    if sign in _CODES and (match[0] == sign or _beside_amount(match, text)):
        return (sign,)
    if sign in _NEEDS_AMOUNT and not _beside_amount(match, text):
        return ()
    return _SIGNS.get(sign, "").split()


def _beside_amount(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 2) : match.start()].rstrip(" \t")
    return before[-1:].isdigit() or _AMOUNT_AFTER.match(text, match.end()) is not None
