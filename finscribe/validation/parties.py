"""The two parties, and whether there is an invoice at all."""

from __future__ import annotations

from collections.abc import Iterator

from finscribe.folding import fold
from finscribe.invoice import Invoice
from finscribe.validation.findings import Finding, Limits

ADDRESS = 12
"""How many letters and digits make an address; a town alone has fewer, and two parties may share it."""


def parties_differ(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """Vendor and client are not the same by name, and neither's address is a part of the other's."""
    names = invoice.vendor.name, invoice.client.name
    addresses = invoice.vendor.address, invoice.client.address
    if None not in names and fold(names[0] or "") == fold(names[1] or ""):
        yield _same("name", names[1])
    if None not in addresses and _share(*(fold(address or "") for address in addresses)):
        yield _same("address", addresses[1])


def _share(one: str, other: str) -> bool:
    """Whether two folded addresses are one, or one with more around it."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= ADDRESS and shorter in longer)


def _same(what: str, client: str | None) -> Finding:
    message = f"vendor and client have the same {what}: one of them was misread"
    return Finding("same-party", "warning", (f"vendor.{what}", f"client.{what}"), message, None, client)


def anything_read(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """There is a party, a number, a date, an amount or a line."""
    chosen = {"document_type", "currency"}
    read = (value for path, value in invoice.values().items() if path not in chosen)
    if not invoice.line_items and all(value is None for value in read):
        message = "nothing was found in this document: it may be no invoice"
        yield Finding("nothing-found", "warning", ("document_type",), message, None, invoice.document_type)
