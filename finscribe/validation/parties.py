"""The two parties, and whether there is an invoice at all."""

from __future__ import annotations

from collections.abc import Iterator

from finscribe.folding import fold
from finscribe.invoice import Invoice
from finscribe.validation.findings import Finding, Limits


def parties_differ(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """Vendor and client are not the same, neither by name nor by address."""
    for what in ("name", "address"):
        vendor, client = getattr(invoice.vendor, what), getattr(invoice.client, what)
        if vendor is not None and client is not None and fold(vendor) == fold(client):
            message = f"vendor and client have the same {what}: one of them was misread"
            yield Finding(
                "same-party", "warning", (f"vendor.{what}", f"client.{what}"), message, None, client
            )


def anything_read(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """There is a party, a number, a date, an amount or a line."""
    chosen = {"document_type", "currency"}
    read = (value for path, value in invoice.values().items() if path not in chosen)
    if not invoice.line_items and all(value is None for value in read):
        message = "nothing was found in this document: it may be no invoice"
        yield Finding("nothing-found", "warning", ("document_type",), message, None, invoice.document_type)
