"""What a document mentions beside its own values: other numbers, days, amounts and names, alone or in sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache

from finscribe.synthesis.content import names
from finscribe.synthesis.content.facts import rounded

from .draft import Draft
from .page import Cell


def number(d: Draft) -> str:
    """A number of something else, in one of the many ways numbers are written."""
    pattern = d.rng.choice(_NUMBERS)
    return names.fill(d.rng, pattern, d.locale) if pattern else names.code(d.rng, d.locale)


_NUMBERS = (
    "",
    "",
    "######",
    "##########",
    "#############",
    "@@-####",
    "####/##",
    "### ### ###",
    "@@###@@#",
    "####-@@",
)


def trade(d: Draft) -> str:
    """A word for a branch of trade."""
    return d.rng.choice(d.table["trades"])


def phone(d: Draft) -> str:
    """A telephone number of the country."""
    return names.fill(d.rng, d.rng.choice(d.locale.phones), d.locale)


def mail(d: Draft) -> str:
    """An address of mail or web."""
    place = names.site(d.rng, d.facts.vendor if d.rng.random() < 0.7 else d.facts.client)
    return d.rng.choice(
        ("info@{}.com", "{}@mail.com", "billing@{}.net", "{}.{}@web.eu", "www.{}.com")
    ).format(place, place)


def other_day(d: Draft) -> Cell:
    """A day near the document's, none of its own."""
    return d.plain_day(d.facts.day + timedelta(days=d.rng.randint(-200, 90)))


def some_amount(d: Draft) -> str:
    """An amount of the size of the total."""
    part = rounded(max(d.facts.total, d.step) * d.rng.randint(1, 180) / Decimal(100), d.step)
    return d.money("", part, False).printed


def sentence(d: Draft, key: str) -> str:
    """One of the language's sentences of this kind."""
    return filled(d, d.rng.choice(d.table[key]))


_FILLERS: dict[str, Callable[[Draft], str]] = {
    "{day}": lambda d: other_day(d).text,
    "{no}": number,
    "{sum}": some_amount,
    "{person}": lambda d: names.person(d.rng, d.locale),
    "{vendor}": lambda d: d.facts.vendor,
    "{client}": lambda d: d.facts.client,
}


def filled(d: Draft, pattern: str) -> str:
    """The sentence with days, numbers, amounts and names in its braces."""
    parts = [
        _FILLERS[part](d) if part in _FILLERS else names.fill(d.rng, part, d.locale) if "{" in part else part
        for part in _parts(pattern)
    ]
    return d.case("".join(parts))


@cache
def _parts(pattern: str) -> list[str]:
    """The sentence cut before and behind the marks that are filled in here."""
    return re.split(f"({'|'.join(map(re.escape, _FILLERS))})", pattern)
