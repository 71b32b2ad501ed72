"""Tax ids as authorities give them: one that names its country has the check digits that this country asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from stdnum import luhn
from stdnum.at import uid as austrian
from stdnum.ch import uid as swiss
from stdnum.dk import cvr as danish
from stdnum.gb import vat as british
from stdnum.ie import vat as irish
from stdnum.iso7064 import mod_11_10, mod_97_10
from stdnum.nl import bsn as dutch
from stdnum.pl import nip as polish
from stdnum.pt import nif as portuguese

from .locales import Locale
from .names import fill


def draw_tax_id(rng: Random, locale: Locale) -> str:
    """A tax id of the locale."""
    return draw_valid(rng, rng.choice(locale.tax_ids), locale)


def draw_valid(rng: Random, pattern: str, locale: Locale) -> str:
    """A tax id of a pattern, # being its digits and @ its letters; one that begins with letters names its country."""
    while True:
        drawn = fill(rng, pattern, locale)
        if not drawn[:2].isalpha():
            return drawn
        if drawn.startswith("IE"):
            return drawn[:-1] + irish.calc_check_digit(drawn[2:-1])
        at = pattern.rindex("##")
        digits = "".join(filter(str.isdigit, drawn[:at]))
        last = _ending(drawn[:2], digits, int(drawn[at : at + 2]))
        if last is not None:
            valid = f"{drawn[:at]}{last:02d}{drawn[at + 2 :]}"
            return _with_key(valid, pattern.index("##")) if drawn.startswith("FR") else valid


def _ending(country: str, digits: str, first: int) -> int | None:
    """The last two digits of a valid id by those before: `first` or the next behind it, 00 being next to 99."""
    if country == "GB":
        return _next(first, _british(digits))
    if country == "BE":
        key = 97 - int(digits) % 97
        return _next(first, [last for last in (key, key + 97) if last < 100])
    if country == "NL":
        return _dutch(digits, first)
    if country == "FR" and digits[2:5] == "000":  # of Monaco, where nothing but the key is checked
        return first
    return _with_check_digit(_CHECK_DIGITS[country], digits, first)


def _next(first: int, endings: Iterable[int]) -> int:
    return min(endings, key=lambda last: (last - first) % 100)


def _with_check_digit(check: Callable[[str], int], digits: str, first: int) -> int | None:
    """Any digit and behind it the one that checks the others, where there is one."""
    for tens in range(first // 10, first // 10 + 11):
        last = 10 * tens + check(f"{digits}{tens % 10}")
        if first <= last < 10 * (tens + 1):
            return last % 100
    return None


_NOBODY = 10
"""In place of a check digit: ids of these digits are not given to anybody."""


def _german(digits: str) -> int:
    return int(mod_11_10.calc_check_digit(digits)) if digits[0] != "0" else _NOBODY


def _portuguese(digits: str) -> int:
    return int(portuguese.calc_check_digit(digits)) if digits[0] != "0" else _NOBODY


def _danish(digits: str) -> int:
    return -danish.checksum(digits) % 11 if digits[0] != "0" else _NOBODY


def _italian(digits: str) -> int:
    """By the company's seven digits and the three of its province."""
    return int(luhn.calc_check_digit(digits)) if int(digits[:7]) and int(digits[7:]) else _NOBODY


_CHECK_DIGITS: dict[str, Callable[[str], int]] = {
    "AT": lambda digits: int(austrian.calc_check_digit(f"U{digits}")),
    "CH": lambda digits: int(swiss.calc_check_digit(digits)),
    "DE": _german,
    "DK": _danish,
    "ES": lambda digits: int(luhn.calc_check_digit(digits)),
    "FR": lambda digits: int(luhn.calc_check_digit(digits[2:])),
    "IT": _italian,
    "PL": polish.checksum,
    "PT": _portuguese,
    "SE": lambda digits: int(luhn.calc_check_digit(digits)),
}
"""What the digit behind these has to be; a French one checks those behind the key."""


def _british(digits: str) -> list[int]:
    """Two digits that complete the weighted sum of the others to one that is allowed."""
    sums = (0, 42, 55) if digits[0] != "0" else (0,)
    keys = [(total - british.checksum(digits)) % 97 for total in sums]
    return [last for key in keys for last in (key, key + 97) if last < 100]


def _dutch(digits: str, first: int) -> int | None:
    """Any but 00 behind nine digits that check themselves, else two that check all."""
    if not int(digits):
        return None
    if not dutch.checksum(digits):
        return first or 1
    key = int(mod_97_10.calc_check_digits(f"NL{digits}B")) % 97
    return _next(first, [last for last in (key, key + 97) if 0 < last < 100])


def _with_key(number: str, at: int) -> str:
    """A French id, whose first two digits follow from its others."""
    siren = int("".join(filter(str.isdigit, number[at + 2 :])))
    return f"{number[:at]}{(12 + 3 * siren) % 97:02d}{number[at + 2 :]}"
