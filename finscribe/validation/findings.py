"""What a check finds, what it judges by, and when two amounts count as equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from finscribe.invoice import FinancialSummary, Invoice, Value

Severity = Literal["error", "warning"]

ZERO = Decimal(0)
CENT = Decimal("0.01")
FINEST = Decimal("0.0001")
"""The last decimal of amounts that are said."""
HIGHEST_TAX = Decimal("0.3")
"""What a tax that is not known may come to, as a share of what it is on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement within an invoice.

    `fields` are the paths that take part (`line_items[2].line_total`), the one at odds last; `found` is its
    value and `expected` what the others imply, `None` where they imply no single value.
    """

    code: str
    severity: Severity
    fields: tuple[str, ...]
    message: str
    expected: Value
    found: Value

    @property
    def is_error(self) -> bool:
        """Whether something is wrong; what a warning is about may be right as it is."""
        return self.severity == "error"


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as near enough: `unit` is the rounding of one amount, `today` the day to judge dates by."""

    unit: Decimal
    today: date


Rule = Callable[[Invoice, Limits], Iterator[Finding]]


def near(one: Decimal, other: Decimal, allowed: Decimal) -> bool:
    """Whether two amounts are at most `allowed` apart."""
    return abs(one - other) <= allowed


def near_any(value: Decimal, fitting: Iterable[Decimal], allowed: Decimal) -> bool:
    """Whether an amount is at most `allowed` from one of those that would fit."""
    return any(near(value, each, allowed) for each in fitting)


def nearest(value: Decimal, fitting: Iterable[Decimal]) -> Decimal:
    """Of what would fit, what comes closest; the first of equals."""
    return min(fitting, key=lambda each: abs(each - value))


def for_lines(invoice: Invoice, limits: Limits) -> Decimal:
    """What amounts rounded line by line may be off by: half a unit each."""
    return limits.unit * (len(invoice.line_items) + 2) / 2


def signed_discount(summary: FinancialSummary) -> Decimal:
    """The discount; below 0, whatever its own sign is, where it is taken off a negative amount."""
    base = summary.grand_total if summary.subtotal is None else summary.subtotal
    discount = summary.discount or ZERO
    return -abs(discount) if base is not None and base < 0 else discount


def rounded(value: Decimal, limits: Limits, like: Decimal) -> Decimal:
    """An implied amount with the decimals of the currency, or of a printed amount like it where that has more."""
    if not limits.unit:
        return value
    unit = min(limits.unit, CENT) if limits.unit < 1 else Decimal(1)
    return value.quantize(min(unit, max(last_place(like), FINEST)))


def last_place(value: Decimal) -> Decimal:
    """One in the last decimal that a number is printed with; 1 for whole numbers, with zeros at their end or not."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))
