"""Tax ids as authorities give them: one that names its country has the check digits that this country asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from stdnum.iso7064 import mod_97_10

from finscribe.validation.identifiers import is_vat_id

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
        for variant in _variants(pattern, drawn):
            if is_vat_id(variant):
                return variant


def _variants(pattern: str, drawn: str) -> Iterator[str]:
    """What was drawn with other last digits, where most countries check."""
    places = [place for place, mark in enumerate(pattern) if mark == "#"]
    first = int("".join(drawn[place] for place in places[-2:]))
    for last in _endings(drawn, first):
        variant = _with_digits(drawn, places[-2:], f"{last:02d}")
        yield _with_key(variant, places) if drawn.startswith("FR") else variant


def _endings(drawn: str, first: int) -> Iterable[int]:
    """The last two digits that an id may have, from the drawn ones on; a Dutch id allows few, which it says itself."""
    if not drawn.startswith("NL"):
        return ((first + step) % 100 for step in range(100))
    key = int(mod_97_10.calc_check_digits("".join(filter(str.isalnum, drawn[:-2])))) % 97
    right = {last for last in (key, key + 97) if last < 100}
    # Where the nine digits before have a check digit of their own, any two but 00 may follow.
    beside = {first, (first + 1) % 100}
    return sorted(right | beside, key=lambda last: (last - first) % 100)


def _with_key(number: str, places: Sequence[int]) -> str:
    """A French id, whose first two digits follow from its others."""
    siren = int("".join(number[place] for place in places[2:]))
    return _with_digits(number, places[:2], f"{(12 + 3 * siren) % 97:02d}")


def _with_digits(number: str, places: Sequence[int], digits: str) -> str:
    characters = list(number)
    for place, digit in zip(places, digits, strict=True):
        characters[place] = digit
    return "".join(characters)
