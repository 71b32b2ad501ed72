"""Whether an invoice agrees with itself: sums, taxes, dates, check digits and parties.

Each rule is a small function in `RULES`, and lives in `finscribe/validation/`. An identity with an unknown part is
skipped. What many invoices leave out counts as nothing: discount, shipping, other charges and rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Context, Decimal, localcontext

from finscribe.invoice import Invoice
from finscribe.validation.dates import date_order, dates_plausible
from finscribe.validation.findings import CENT, Finding, Limits, Rule, Severity
from finscribe.validation.identifiers import WHOLE, currency_known, iban_checksum, vat_id_checksum
from finscribe.validation.lines import duplicate_lines, quantity_times_price
from finscribe.validation.parties import anything_read, parties_differ
from finscribe.validation.taxes import tax_amount, tax_rate_plausible
from finscribe.validation.totals import amount_due, sum_of_lines, totals_add_up

__all__ = [
    "RULES",
    "Finding",
    "Limits",
    "Rule",
    "Severity",
    "amount_due",
    "anything_read",
    "currency_known",
    "date_order",
    "dates_plausible",
    "duplicate_lines",
    "iban_checksum",
    "parties_differ",
    "quantity_times_price",
    "sum_of_lines",
    "tax_amount",
    "tax_rate_plausible",
    "totals_add_up",
    "validate",
    "vat_id_checksum",
]

RULES: tuple[Rule, ...] = (
    quantity_times_price,
    sum_of_lines,
    duplicate_lines,
    totals_add_up,
    amount_due,
    tax_rate_plausible,
    tax_amount,
    dates_plausible,
    date_order,
    iban_checksum,
    vat_id_checksum,
    currency_known,
    parties_differ,
    anything_read,
)


def validate(
    invoice: Invoice,
    *,
    tolerance: Decimal | None = None,
    today: date | None = None,
    rules: Iterable[Rule] | None = None,
) -> list[Finding]:
    """Everything about an invoice that does not add up, rule by rule; never raises.

    `tolerance` is how far one rounded amount may be off, in the invoice's currency (default: its smallest
    usual unit, 0.01 or 1); sums of many lines are allowed more. `today` (default: now, UTC) is what dates are
    judged by. `rules` (default: `RULES`) are those to judge by.
    """
    unit = tolerance if tolerance is not None else Decimal(1) if invoice.currency in WHOLE else CENT
    limits = Limits(unit, today or datetime.now(UTC).date())
    with localcontext(Context(prec=50, traps=[])):
        return [finding for rule in rules or RULES for finding in rule(invoice, limits)]
