"""One synthetic document from a seed: the main path of the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain
from operator import attrgetter
from random import Random
from typing import Any

from .content import names
from .content.facts import UNIT_CODES, ZERO, Facts, Item, discount_lines, draw_facts, quantum, settle
from .content.locales import DRAW, DRAW_FURTHER, Locale
from .content.money import TILL_DATES, draw_style, prints_currency
from .content.vocabulary import VOCABULARY
from .dice import Dice
from .layout.composed import COMPOSED, compose_family
from .layout.draft import Draft
from .layout.families import BY_NAME, HELD_OUT, TRAINED, Family
from .layout.layouts import compose
from .layout.page import Piece, Row, lay_out, numbered, read_truth
from .noise import LEVELS, degrade, slip, slip_sums, squeeze

FAMILIES: tuple[str, ...] = (*TRAINED, *COMPOSED, *HELD_OUT)
HELD_OUT_FAMILIES: tuple[str, ...] = HELD_OUT
COMPOSED_SHARE = 0.7
"""How much of what models are trained on has a layout composed for it alone."""
TILL_DATE_SHARE = 0.25
"""How many of the composed receipts have a date without a space in it, such as `16AUG2026`."""
PREMISES_SHARE = 0.15
"""How many of the composed receipts are of shops whose address has no street."""
LONG_NUMBER_SHARE = 0.2
"""How many of the composed invoices have a number of several parts or many digits."""
CODED_UNIT_SHARE = 0.1
"""How many of the composed invoices have units by their codes."""
FURTHER_SHARE = 0.12
"""How many of the composed documents are from countries that listed layouts do not show."""
HONORIFIC_SHARE = 0.06
"""How many of the composed invoices are for a person with a word such as *Mrs* before the name."""
SOLE_TRADER_SHARE = 0.05
"""How many of the composed invoices are of a person whose name is followed by the trade."""
COUNTRY_SHARE = 0.15
"""How many of the composed invoices name the country at the end of both addresses."""
SET_OFF_SHARE = {"en-US": 0.35, "en-CA": 0.3, "es-ES": 0.5, "pt-BR": 0.25, "pt-PT": 0.4}
"""How many of the composed documents of a country have a comma before the vendor's legal form."""
GIVEN_SHARE = 0.07
"""How many of the composed documents with items print something that costs nothing."""
SLIPPED_SHARE = 0.06
"""How many of the composed documents have amounts that are not on the line of what they belong to."""
SLIPPED_SUMS_SHARE = 0.08
"""How many of the composed receipts have the amounts of their sums a line off their labels."""

_SIGNED = attrgetter("currency")

LONGEST = 8.0
"""The size of the longest documents: 161 rows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A document's text with columns two or more spaces apart, and the truth that it prints.

    `pieces` are the places where values are printed, by their paths in `truth` (`line_items.0.qty`).
    """

    text: str
    truth: dict[str, Any]
    family: str
    locale: str
    pieces: tuple[Piece, ...] = ()


def generate(seed: int, families: Sequence[str] | None = None, size: float = 1.0) -> Sample:
    """The document of this seed; `size` from 0, a few lines, over 1, the full variety, to `LONGEST`, many pages."""
    rng = Dice(seed)
    family = _family(rng, families)
    locale = _locale(rng, family)
    draft = _draft(rng, family, locale, min(max(size, 0.0), LONGEST))
    rows = _cropped(rng, compose(draft, family), draft.facts.kind)
    if rng.random() < _squeezed_share(family):
        squeeze(rows, dates=family.name in COMPOSED)
    if family.name in COMPOSED and rng.random() < SLIPPED_SHARE:
        slip(rng, rows)
    if family.name in COMPOSED and family.receipt and rng.random() < SLIPPED_SUMS_SHARE:
        slip_sums(rng, rows)
    if rng.random() < 0.35:
        degrade(rng, rows, rng.choice(LEVELS))
    return _sample(rng, rows, draft, family)


def _locale(rng: Random, family: Family) -> Locale:
    """Where a document comes from; one in eight of the composed ones from further countries."""
    further = family.name in COMPOSED and rng.random() < FURTHER_SHARE
    return rng.choice(DRAW_FURTHER if further else DRAW)


def _squeezed_share(family: Family) -> float:
    """How often a document has no spaces inside its values."""
    if family.name in COMPOSED:
        return 0.3 if family.receipt else 0.02
    return 0.06 if family.receipt else 0.01


def _family(rng: Random, families: Sequence[str] | None) -> Family:
    """One of the families named, else one that models are trained on: most often a composed one."""
    name = rng.choice(families or (COMPOSED if rng.random() < COMPOSED_SHARE else TRAINED))
    return compose_family(rng, name) if name in COMPOSED else BY_NAME[name]


def _draft(rng: Random, family: Family, locale: Locale, size: float) -> Draft:
    kind = _kind(rng, family)
    style = draw_style(rng, locale)
    count = _count(rng, family, size)
    size = min(size, 1.0)
    units = VOCABULARY[locale.language]["units"]
    facts = draw_facts(rng, locale, kind, family.receipt, count, style.decimals, units)
    shape = rng.choice(family.items)
    if rng.random() < (0.06 if shape == "table" else 0.03):
        discount_lines(rng, facts, quantum(style.decimals), shape == "table")
    settle(rng, facts, quantum(style.decimals), _extras(rng, kind, family, size))
    draft = Draft(rng, locale, style, facts, size)
    draft.shape = shape
    if family.name in COMPOSED:
        _vary(draft, family)
    return draft


def _vary(draft: Draft, family: Family) -> None:
    """What listed layouts do not print: rarer labels, and on some documents what is rarer of their kind."""
    rng, items = draft.rng, draft.facts.items
    draft.vary_labels()
    if rng.random() < SET_OFF_SHARE.get(draft.locale.code, 0.0):
        draft.facts.vendor = names.set_off(draft.facts.vendor, draft.locale)
    if family.receipt:
        _vary_receipt(draft)
    else:
        _vary_invoice(draft)
    if items and rng.random() < GIVEN_SHARE:
        _give_away(draft)


def _vary_receipt(draft: Draft) -> None:
    rng = draft.rng
    if rng.random() < TILL_DATE_SHARE:
        draft.date_pattern = rng.choice(TILL_DATES)
    if rng.random() < PREMISES_SHARE:
        draft.facts.vendor_address = names.premises(rng, draft.locale)


def _vary_invoice(draft: Draft) -> None:
    rng, facts = draft.rng, draft.facts
    if rng.random() < LONG_NUMBER_SHARE:
        facts.number = names.long_code(rng, draft.locale)
    _vary_parties(rng, facts)
    if rng.random() < CODED_UNIT_SHARE:
        for item in facts.items:
            item.unit = rng.choice(UNIT_CODES)


def _vary_parties(rng: Random, facts: Facts) -> None:
    locale = facts.locale
    if rng.random() < SOLE_TRADER_SHARE:
        trade = rng.choice(VOCABULARY[locale.language]["trades"])
        facts.vendor = f"{names.person(rng, locale)} {trade}"
    if rng.random() < HONORIFIC_SHARE:
        facts.client = names.with_honorific(rng, locale)
    if rng.random() < COUNTRY_SHARE:
        country = rng.choice(locale.countries)
        for address in (facts.vendor_address, facts.client_address):
            if address[-1] not in locale.countries:
                address.append(country)


def _give_away(draft: Draft) -> None:
    """Adds an item that costs nothing, behind the first one or later."""
    rng, locale, items = draft.rng, draft.locale, draft.facts.items
    given = Item(names.product(rng, locale), Decimal(1), ZERO, ZERO, items[0].unit)
    items.insert(rng.randint(1, len(items)), given)


def _count(rng: Random, family: Family, size: float) -> int:
    draw = rng.random()
    most = 1 + round((3 if draw < 0.6 else 8 if draw < 0.9 else 20) * size)
    if "items" not in family.blocks or rng.random() < 0.06 + 0.3 * (1 - size):
        return 0
    return rng.randint(1, most)


def _kind(rng: Random, family: Family) -> str:
    if family.receipt:
        return "receipt" if rng.random() < 0.8 or "title" not in family.blocks else "invoice"
    draw = rng.random()
    return "invoice" if draw < 0.84 else "credit_note" if draw < 0.93 else "proforma"


def _extras(rng: Random, kind: str, family: Family, size: float) -> set[str]:
    scale = 0.3 + 0.7 * size
    extras = {
        name
        for name, chance in _chances(kind == "credit_note", family.receipt).items()
        if rng.random() < (chance if name == "untaxed" else chance * scale)
    }
    if "untaxed" not in extras:
        extras -= {"zero_tax"}
    if "zero_tax" in extras:
        extras -= {"two_rates"}
    if "discount" in extras or kind == "credit_note":
        extras -= {"zero_discount"}
    return extras - {"zero_rounding"} if "rounding" in extras else extras


@cache
def _chances(credit: bool, receipt: bool) -> dict[str, float]:
    """How often each of the optional amounts is there, in documents of full size."""
    return {
        "discount": 0.0 if credit else 0.14,
        "shipping": 0.02 if receipt else 0.17,
        "other": 0.14 if receipt else 0.07,
        "rounding": 0.14 if receipt else 0.03,
        "zero_rounding": 0.05,
        "paid": 0.0 if receipt or credit else 0.09,
        "untaxed": 0.28,
        "two_rates": 0.06,
        "zero_discount": 0.05,
        "zero_tax": 0.15,
    }


def _cropped(rng: Random, rows: list[Row], kind: str) -> list[Row]:
    """The rows; seldom the end is missing, of receipts the beginning too, as of a torn or cut-off page."""
    if rng.random() > 0.05 or len(rows) < 6 or kind not in ("receipt", "invoice"):
        return rows
    last = rng.randint(len(rows) * 6 // 10, len(rows) - 1)
    first = rng.randint(0, len(rows) // 4) if kind == "receipt" else 0
    kept = rows[first:last]
    return kept if any(cell.path for row in kept for cell in row) else rows


def _sample(rng: Random, rows: list[Row], draft: Draft, family: Family) -> Sample:
    gap = "  " if rng.random() < 0.85 else " " * rng.randint(3, 8)
    text, pieces = lay_out(rows, gap)
    truth = read_truth(text, pieces)
    if len(truth["line_items"]) < len(draft.facts.items):  # some were on the part that is missing
        pieces = numbered(pieces)
    truth["document_type"] = draft.facts.kind
    if prints_currency(text, draft.locale, any(map(_SIGNED, chain.from_iterable(rows)))):
        truth["currency"] = draft.locale.currency
    return Sample(text, truth, family.name, draft.locale.code, tuple(pieces))
