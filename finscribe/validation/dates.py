"""Dates: of the right form, plausible, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from finscribe.invoice import Invoice
from finscribe.validation.findings import Finding, Limits

_AHEAD = timedelta(days=60)
_OLD = timedelta(days=30 * 365)
_LONGEST_TERM = timedelta(days=2 * 365)


def dates_plausible(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Dates are dates, and the invoice was neither written decades ago nor months ahead."""
    for path, value in (("invoice_date", invoice.invoice_date), ("due_date", invoice.due_date)):
        if value is not None and _day(value) is None:
            message = f"{value!r} is no date of the form YYYY-MM-DD"
            yield Finding("date-format", "error", (path,), message, None, value)
    issued, due = _day(invoice.invoice_date), _day(invoice.due_date)
    if issued and not limits.today - _OLD <= issued <= limits.today + _AHEAD:
        message = f"an invoice date far from today, {limits.today}: {issued}"
        yield Finding("date-implausible", "warning", ("invoice_date",), message, None, invoice.invoice_date)
    if issued and due and due - issued > _LONGEST_TERM:
        message = f"due on {due}, years after the invoice date, {issued}"
        fields = ("invoice_date", "due_date")
        yield Finding("date-implausible", "warning", fields, message, None, invoice.due_date)


def date_order(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """An invoice is not due before it is written."""
    issued, due = _day(invoice.invoice_date), _day(invoice.due_date)
    if issued and due and due < issued:
        message = f"due on {due}, before the invoice date, {issued}"
        fields = ("invoice_date", "due_date")
        yield Finding("date-order", "error", fields, message, invoice.invoice_date, invoice.due_date)


def _day(value: str | None) -> date | None:
    if value is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
