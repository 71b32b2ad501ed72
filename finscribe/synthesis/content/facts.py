"""What happened: who sold what to whom, and the amounts, computed exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from random import Random

from . import names
from .locales import Locale
from .tax_ids import draw_tax_id

ZERO = Decimal(0)
_ONE, _HUNDRED = Decimal(1), Decimal(100)
UNIT_CODES = tuple("C62 H87 PCE EA XPK SET HUR DAY MON KGM GRM LTR MTR MTK KWH LS".split())
"""Pieces, hours, kilograms and so on by UN/ECE Recommendations 20 and 21, with the older PCE."""


@dataclass(slots=True)
class Item:
    """One line: quantity times price is the total, rounded to the document's decimals.

    `off` is a discount in percent; `cut` its amount, where it is taken off below the line and not in it.
    """

    desc: str
    qty: Decimal
    price: Decimal
    total: Decimal
    unit: str
    off: int = 0
    cut: Decimal = ZERO


@dataclass
class Facts:
    """Everything that a document of this sale might print: amounts in its currency, `rate` a fraction.

    `rate_text` is the rate in percent as it is printed. What most documents leave out is drawn when it is first asked
    for.
    """

    rng: Random
    locale: Locale
    kind: str
    vendor: str
    vendor_address: list[str]
    number: str
    day: date
    due: date
    items: list[Item]
    rate: Decimal
    rate_text: str
    tax_name: str
    inclusive: bool
    subtotal: Decimal = ZERO
    discount: Decimal = ZERO
    discount_percent: int = 0
    other_percent: int = 0
    shipping: Decimal = ZERO
    other: Decimal = ZERO
    tax: Decimal = ZERO
    rounding: Decimal = ZERO
    total: Decimal = ZERO
    paid: Decimal = ZERO
    line_discounts: bool = False
    extras: set[str] = field(default_factory=set)

    @cached_property
    def tax_id(self) -> str:
        """That of the vendor."""
        return draw_tax_id(self.rng, self.locale)

    @cached_property
    def iban(self) -> str:
        """The vendor's account."""
        return names.iban(self.rng, self.locale)

    @cached_property
    def client(self) -> str:
        """Who buys: a company or a person."""
        draw = names.company if self.rng.random() < 0.75 else names.person
        return draw(self.rng, self.locale)

    @cached_property
    def client_address(self) -> list[str]:
        """The lines of the buyer's address."""
        return names.address(self.rng, self.locale)

    @cached_property
    def po(self) -> str:
        """The number of the buyer's order."""
        if self.rng.random() < 0.6:
            return names.code(self.rng, self.locale)
        return f"PO-{self.rng.randint(100, 99999)}"

    def code(self, at: int) -> str:
        """The code of the article in a line."""
        while len(self._codes) <= at:
            self._codes.append(names.product_code(self.rng, self.locale))
        return self._codes[at]

    @cached_property
    def _codes(self) -> list[str]:
        return []

    @property
    def net(self) -> Decimal:
        """The total without the tax, before it was rounded."""
        return self.total - self.rounding - self.tax

    @property
    def one_rate(self) -> bool:
        """Whether there is tax, all of it at the one rate."""
        return bool(self.tax) and "two_rates" not in self.extras


@cache
def quantum(decimals: int) -> Decimal:
    """The smallest amount that is printed with so many decimals."""
    return Decimal(1).scaleb(-decimals)


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """The nearest number with the decimals of a quantum, halves away from zero."""
    return value.quantize(step, ROUND_HALF_UP)


def nearest_multiple(value: Decimal, unit: Decimal) -> Decimal:
    """The nearest multiple of a unit, halves away from zero."""
    return rounded(value / unit, _ONE) * unit


def _price(rng: Random, locale: Locale, step: Decimal, receipt: bool) -> Decimal:
    cents = int(10 ** rng.uniform(2.0, 3.9 if receipt else 5.2))
    if rng.random() < 0.35:
        cents = max(cents // 100, 1) * 100
    elif rng.random() < 0.5:
        cents = max(cents // 10, 1) * 10
    value = cents * locale.scale / _HUNDRED
    if locale.scale >= 1000:
        value = nearest_multiple(value, _HUNDRED) or Decimal(500)
    return max(rounded(value, step), step)


def _quantity(rng: Random, receipt: bool) -> Decimal:
    draw = rng.random()
    if draw < (0.55 if receipt else 0.35):
        return _ONE
    if draw < 0.9:
        return Decimal(rng.randint(2, 6 if receipt else 40))
    if draw < 0.96:
        return Decimal(rng.randint(7, 36 if receipt else 500))
    return Decimal(rng.randint(2, 6000)) / Decimal(1000 if rng.random() < 0.5 else 4)


def _item(rng: Random, locale: Locale, step: Decimal, receipt: bool, unit: str) -> Item:
    qty = _quantity(rng, receipt)
    price = _price(rng, locale, step, receipt)
    total = rounded(qty * price, step)
    if not total:
        qty, total = Decimal(1), price
    return Item(names.product(rng, locale), qty, price, total, unit)


def rate_of(percent: str) -> Decimal:
    """The fraction that a printed percentage is, whichever decimal point it has."""
    return Decimal(percent.replace(",", ".")) / _HUNDRED


_FIRST_DAY = date(2010, 1, 1)


def draw_facts(
    rng: Random, locale: Locale, kind: str, receipt: bool, count: int, decimals: int, units: tuple[str, ...]
) -> Facts:
    """A sale of `count` items; amounts are added by `settle`."""
    step = quantum(decimals)
    day = _FIRST_DAY + timedelta(int(rng.random() * 6200))
    rate_text = rng.choice(locale.rates).rstrip("%")
    maker = names.company if rng.random() < 0.96 else names.person
    return Facts(
        rng,
        locale,
        kind=kind,
        vendor=maker(rng, locale),
        vendor_address=names.address(rng, locale),
        number=names.code(rng, locale),
        day=day,
        due=day + timedelta(rng.choice((0, 7, 8, 10, 14, 15, 20, 21, 28, 30, 30, 30, 45, 60, 90))),
        items=[_item(rng, locale, step, receipt, rng.choice(units)) for _ in range(count)],
        rate=rate_of(rate_text),
        rate_text=rate_text,
        tax_name=rng.choice(locale.taxes),
        inclusive=rng.random() < locale.tax_included + (0.25 if receipt and locale.tax_included > 0.1 else 0),
    )


def discount_lines(rng: Random, facts: Facts, step: Decimal, in_column: bool) -> None:
    """Discounts on items: in their own column (totals are net) or on a line below (totals stay gross)."""
    facts.line_discounts = in_column
    for item in facts.items:
        off = rng.choice((0, 0, 5, 10, 10, 15, 20, 25, 30, 50))
        part = rounded(item.total * off / 100, step)
        if not part or part >= item.total:
            continue
        item.off = off
        if in_column:
            item.total -= part
        else:
            item.cut = part


def settle(rng: Random, facts: Facts, step: Decimal, extras: set[str]) -> None:
    """Compute the summary from the items and the extras: which optional amounts there are."""
    facts.extras = extras
    if "zero_tax" in extras:
        facts.rate, facts.rate_text = ZERO, "0"
    goods = sum((item.total - item.cut for item in facts.items), ZERO)
    if not facts.items:
        goods = rounded(Decimal(rng.randint(100, 90000)) / 100 * (1 if step < 1 else 1000), step)
    if "discount" in extras:
        facts.discount_percent = rng.choice((2, 3, 5, 10, 10, 15, 20, 25))
        facts.discount = max(rounded(goods * facts.discount_percent / 100, step), step)
    base = goods - facts.discount
    if "shipping" in extras:
        facts.shipping = rounded(max(goods * rng.randint(2, 15) / 100, step), step)
    if "other" in extras:
        facts.other_percent = rng.choice((5, 10, 10, 12, 3))
        facts.other = rounded(max(goods * facts.other_percent / 100, step), step)
    base += facts.shipping + facts.other
    _add_tax(facts, goods, base, step)
    if "rounding" in extras:
        target = nearest_multiple(facts.total, step * (50 if step == 1 else 5))
        facts.rounding, facts.total = target - facts.total, target
    if "paid" in extras:
        facts.paid = rounded(facts.total * rng.choice((10, 20, 30, 50, 50, 100)) / 100, step)
    if facts.kind == "credit_note" and rng.random() < 0.6:
        _negate(facts, rng.random() < 0.7)


def _add_tax(facts: Facts, goods: Decimal, base: Decimal, step: Decimal) -> None:
    facts.subtotal = goods
    if "untaxed" in facts.extras:
        facts.total = base
    elif facts.inclusive:
        facts.tax = rounded(base * facts.rate / (1 + facts.rate), step)
        facts.total = base
    else:
        facts.tax = rounded(base * facts.rate, step)
        facts.total = base + facts.tax


def _negate(facts: Facts, quantities: bool) -> None:
    """Makes the sums and the totals of lines negative, and `quantities` if asked to; prices stay positive."""
    for name in ("subtotal", "shipping", "other", "tax", "rounding", "total", "paid"):
        setattr(facts, name, -getattr(facts, name))
    for item in facts.items:
        item.total, item.cut = -item.total, -item.cut
        item.qty = -item.qty if quantities else item.qty
