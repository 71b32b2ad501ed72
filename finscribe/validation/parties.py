"""The two parties, and whether there is an invoice at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from finscribe.folding import fold
from finscribe.invoice import Invoice
from finscribe.legal_forms import form_behind
from finscribe.validation.findings import Finding, Limits

SAME_PARTY = "same-party"
"""The code of what is said where both parties have one name, or one address."""

_WORD = re.compile(r"\w+")

ADDRESS = 12
"""How many letters and digits make an address; a town alone has fewer, and two parties may share it."""


def parties_differ(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """Vendor and client are not the same by name, and neither's address is a part of the other's."""
    vendor, client = invoice.vendor, invoice.client
    if vendor.name and client.name and is_same_name(vendor.name, client.name):
        yield _same("name", client.name)
    if vendor.address and client.address and is_same_address(vendor.address, client.address):
        yield _same("address", client.address)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are one, with its legal form or without."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    first, rest = longer[: len(shorter)], longer[len(shorter) :]
    same = fold("".join(shorter)) == fold("".join(first))
    return fold(one) == fold(other) or (
        same and bool(rest) and form_behind(" ".join(shorter), rest) == len(rest)
    )


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses are one, or one with more words around it."""
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    long_enough = len(shorter.replace(" ", "")) >= ADDRESS
    return fold(one) == fold(other) or (long_enough and shorter in longer)


def _words(address: str) -> str:
    """The folded words with a space around each, so that 1 is no part of 21."""
    return f" {' '.join(map(fold, _WORD.findall(address)))} "


def _same(what: str, client: str) -> Finding:
    message = f"vendor and client have the same {what}: one of them was probably misread"
    return Finding(SAME_PARTY, "warning", (f"vendor.{what}", f"client.{what}"), message, None, client)


def anything_read(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """There is a party, a number, a date, an amount or a line."""
    chosen = {"document_type", "currency"}
    read = (value for path, value in invoice.values().items() if path not in chosen)
    if not invoice.line_items and all(value is None for value in read):
        message = "nothing was found in this document: it may be no invoice"
        yield Finding("nothing-found", "warning", ("document_type",), message, None, invoice.document_type)
