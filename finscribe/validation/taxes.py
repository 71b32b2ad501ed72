"""Taxes: a plausible rate, and the amount that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from finscribe.invoice import FinancialSummary, Invoice
from finscribe.validation.findings import ZERO, Finding, Limits, for_lines, near_any, rounded, signed_discount


def tax_rate_plausible(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """A tax rate is a fraction from 0 to below 1."""
    rate = invoice.financial_summary.tax_rate
    if rate is not None and not ZERO <= rate < 1:
        message = f"a tax rate of {rate} is no fraction from 0 to 1"
        yield Finding("tax-rate", "error", ("financial_summary.tax_rate",), message, None, rate)


def tax_amount(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Tax rate × base = tax amount; less may mean that only a part is taxed. Without a rate it is below the total."""
    summary = invoice.financial_summary
    rate, tax = summary.tax_rate, summary.tax_amount
    if rate is None:
        yield from _below_total(summary)
    fitting = _taxes_that_fit(summary)
    if rate is None or tax is None or not fitting or not ZERO <= rate < 1:
        return
    if near_any(tax, fitting, for_lines(invoice, limits)):
        return
    expected = rounded(fitting[0], limits, tax)
    base = "grand_total" if summary.subtotal is None else "subtotal"
    yield Finding(
        "tax-amount",
        "error" if abs(tax) > max(map(abs, fitting)) else "warning",
        tuple(f"financial_summary.{part}" for part in (base, "tax_rate", "tax_amount")),
        f"a tax of {_percent(rate)} comes to {expected}, not {tax}",
        expected,
        tax,
    )


def _below_total(summary: FinancialSummary) -> Iterator[Finding]:
    tax, total = summary.tax_amount, summary.grand_total
    if tax and total and abs(tax) >= abs(total):
        fields = "financial_summary.grand_total", "financial_summary.tax_amount"
        message = f"the tax, {tax}, is no part of the grand total, {total}"
        yield Finding("tax-amount", "warning", fields, message, None, tax)


def _taxes_that_fit(summary: FinancialSummary) -> list[Decimal]:
    """Rate × each base that may be taxed: net of tax, or with the tax within."""
    rate, rounding = summary.tax_rate or ZERO, summary.rounding or ZERO
    shipping, other = summary.shipping or ZERO, summary.other_charges or ZERO
    on_top: list[Decimal] = []
    within: list[Decimal] = []
    if summary.subtotal is not None:
        discounts = (signed_discount(summary), ZERO)
        charges = (shipping + other, shipping, other, ZERO)
        on_top += [summary.subtotal - less + more for less in discounts for more in charges]
        within += on_top
    if summary.grand_total is not None:
        within += [summary.grand_total, summary.grand_total - rounding]
    return [base * rate for base in on_top] + [base * rate / (1 + rate) for base in within]


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"
