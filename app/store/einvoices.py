"""The electronic invoice inside a PDF, in and out of the tables, and what an invoice is checked by beside it."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from finscribe.agreement import compare_with
from finscribe.einvoices.claims import Candidates, Claims
from finscribe.einvoices.reading import EInvoice
from finscribe.invoice import ALL_FIELDS, Invoice
from finscribe.validate import Finding, validate


def check(invoice: Invoice, einvoice: EInvoice | None) -> tuple[Finding, ...]:
    """What does not add up in an invoice, and where it is not what the electronic invoice beside it says."""
    _, differences = compare_with(einvoice, invoice, ALL_FIELDS)
    return (*validate(invoice), *differences)


def to_record(einvoice: EInvoice | None) -> dict[str, Any] | None:
    """An electronic invoice as it is kept: all that it claims, numbers as Decimal."""
    return asdict(einvoice) if einvoice else None


def from_record(record: Mapping[str, Any] | None) -> EInvoice | None:
    """The electronic invoice that was kept."""
    if record is None:
        return None
    return EInvoice(record["name"], _claims(record["claims"]), record["problem"])


def _claims(record: Mapping[str, Any] | None) -> Claims | None:
    if record is None:
        return None
    return Claims(_candidates(record["header"]), tuple(_candidates(line) for line in record["lines"]))


def _candidates(record: Mapping[str, Any]) -> dict[str, Candidates]:
    return {path: tuple(map(_value, said)) for path, said in record.items()}


def _value(kept: Any) -> Any:
    return Decimal(kept) if isinstance(kept, int) else kept
