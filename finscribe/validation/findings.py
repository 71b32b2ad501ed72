"""What a check finds, what it judges by, and when two amounts count as equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from finscribe.invoice import Invoice, Value

Severity = Literal["error", "warning"]

ZERO = Decimal(0)
CENT = Decimal("0.01")


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


def rounded(value: Decimal, limits: Limits) -> Decimal:
    """An implied amount with the decimals of the currency."""
    return value.quantize(min(limits.unit, CENT) if limits.unit < 1 else Decimal(1)) if limits.unit else value
