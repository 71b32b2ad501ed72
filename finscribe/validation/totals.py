"""The sums of an invoice: its lines to the subtotal, the subtotal to the total, the total to what is due.

Invoices are printed by one plain rule, subtotal − discount + charges + tax + rounding = total, or with a single
departure from it: the prices hold the tax already, the subtotal stands behind the discount, or the charges are
within the subtotal. A departure that the lines or the tax rate of the same invoice speak against is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from finscribe.invoice import FinancialSummary, Invoice, cell_path
from finscribe.validation.findings import (
    HIGHEST_TAX,
    ZERO,
    Finding,
    Limits,
    for_lines,
    near,
    near_any,
    nearest,
    signed_discount,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What leads from a subtotal to the total; what is not printed is nothing, but for a tax, which is unknown."""

    discount: Decimal
    charges: Decimal
    tax: Decimal | None
    rate: Decimal | None
    rounding: Decimal

    @classmethod
    def of(cls, summary: FinancialSummary) -> Parts:
        charges = (summary.shipping or ZERO) + (summary.other_charges or ZERO)
        discount = signed_discount(summary)
        rate = summary.tax_rate if summary.tax_rate is not None and 0 <= summary.tax_rate < 1 else None
        return cls(discount, charges, summary.tax_amount, rate, summary.rounding or ZERO)

    def unknown_tax(self, base: Decimal, rate: Decimal) -> Decimal:
        """How much an unknown tax may add, with the sign of what it is on; `rate` where none is printed."""
        share = rate if self.rate is None else self.rate
        return (base - self.discount + self.charges) * share if self.tax is None else ZERO

    def total(self, base: Decimal) -> Decimal:
        """What the plain rule makes of a subtotal, without a tax that is unknown."""
        return base - self.discount + self.charges + (self.tax or ZERO) + self.rounding


def totals_add_up(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Subtotal − discount + shipping + other charges + tax + rounding = grand total, or one departure from it."""
    summary = invoice.financial_summary
    if summary.subtotal is None or summary.grand_total is None:
        return
    parts = Parts.of(summary)
    fitting = _totals(invoice, summary.subtotal, parts, limits)
    total = _as_signed(summary.grand_total, fitting[0], invoice)
    if _within(total, fitting, parts.unknown_tax(summary.subtotal, HIGHEST_TAX), limits.unit * 2):
        return
    expected = nearest(summary.grand_total, fitting)
    names = ("subtotal", "discount", "shipping", "other_charges", "tax_amount", "rounding")
    known = [name for name in names if getattr(summary, name) is not None]
    yield Finding(
        "total",
        "error",
        tuple(f"financial_summary.{name}" for name in (*known, "grand_total")),
        f"{', '.join(known).replace('_', ' ')} make {expected}, the grand total is {summary.grand_total}",
        expected,
        summary.grand_total,
    )


def sum_of_lines(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """The line totals add up to the subtotal, or to the total where there is none, or one departure from it."""
    expected = lines_sum(invoice)
    summary = invoice.financial_summary
    name = "grand_total" if summary.subtotal is None else "subtotal"
    found = getattr(summary, name)
    if expected is None or found is None:
        return
    parts, allowed = Parts.of(summary), for_lines(invoice, limits)
    expected = _as_signed(expected, found, invoice)
    if summary.subtotal is None:
        fitting = _totals(invoice, expected, parts, limits)
        fits = _within(found, fitting, parts.unknown_tax(expected, ZERO), allowed)
    else:
        fits = near_any(expected, _sums(summary.subtotal, parts, summary.grand_total), allowed)
    if not fits:
        fields = [cell_path(index, "line_total") for index in range(len(invoice.line_items))]
        yield Finding(
            "sum-of-lines",
            "error",
            (*fields, f"financial_summary.{name}"),
            f"the lines add up to {expected}, the {name.replace('_', ' ')} is {found}",
            expected,
            found,
        )


def _as_signed(amount: Decimal, other: Decimal, invoice: Invoice) -> Decimal:
    """The amount with the sign of the other one on credit notes, some of which sign only their lines or their sums."""
    turned = invoice.document_type == "credit_note" and amount * other < 0
    return -amount if turned else amount


def lines_sum(invoice: Invoice) -> Decimal | None:
    """The line totals added up; None where there is no line, or one without its total."""
    totals = [line.line_total for line in invoice.line_items if line.line_total is not None]
    return sum(totals, ZERO) if totals and len(totals) == len(invoice.line_items) else None


def amount_due(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """The amount due is at most the total; less is a prepayment, more an earlier balance or a misreading."""
    total, due = invoice.financial_summary.grand_total, invoice.financial_summary.amount_due
    if total is None or due is None:
        return
    more = due - total if total >= 0 else total - due
    if more > limits.unit * 2:
        yield Finding(
            "amount-due",
            "warning",
            ("financial_summary.grand_total", "financial_summary.amount_due"),
            f"more is due ({due}) than the grand total ({total})",
            total,
            due,
        )


# --- departures --------------------------------------------------------------------------------------


def _totals(invoice: Invoice, base: Decimal, parts: Parts, limits: Limits) -> list[Decimal]:
    """What a subtotal may lead to: the plain total first, then with each departure that nothing speaks against."""
    plain = parts.total(base)
    found = [plain]
    if parts.tax and not _is_on_top(base, parts, for_lines(invoice, limits)):
        found.append(plain - parts.tax)
    if parts.discount and not _lines_lack(invoice, parts.discount, limits):
        found.append(plain + parts.discount)
    if parts.charges and not _lines_lack(invoice, parts.charges, limits):
        found.append(plain - parts.charges)
    return found


def _sums(subtotal: Decimal, parts: Parts, total: Decimal | None) -> list[Decimal]:
    """What lines may add up to: the subtotal first, then with each departure."""
    tax = parts.tax
    if tax is None and total is not None:
        tax = total - parts.total(subtotal)
    found = [subtotal, subtotal + (tax or ZERO), subtotal + parts.discount, subtotal - parts.charges]
    return [*found, subtotal * (1 + parts.rate)] if parts.rate else found


def _is_on_top(base: Decimal, parts: Parts, allowed: Decimal) -> bool:
    """Whether the rate shows that a tax was added to the prices and not taken out of them."""
    if parts.tax is None or not parts.rate:
        return False
    bases = [base - less + more for less in (parts.discount, ZERO) for more in (parts.charges, ZERO)]
    added = near_any(parts.tax, (each * parts.rate for each in bases), allowed)
    held = near_any(parts.tax, (each * parts.rate / (1 + parts.rate) for each in bases), allowed)
    return added and not held


def _lines_lack(invoice: Invoice, part: Decimal, limits: Limits) -> bool:
    """Whether the lines make up the subtotal without a discount or charge, so that it is still to be counted."""
    total, subtotal = lines_sum(invoice), invoice.financial_summary.subtotal
    if total is None or subtotal is None or not near(total, subtotal, for_lines(invoice, limits)):
        return False
    return all(abs(line.line_total or ZERO) != abs(part) for line in invoice.line_items)


def _within(value: Decimal, fitting: Iterable[Decimal], more: Decimal, allowed: Decimal) -> bool:
    """Whether a value is one of those that would fit, or up to `more` beyond it."""
    return any(
        min(each, each + more) - allowed <= value <= max(each, each + more) + allowed for each in fitting
    )
