"""Invoices in and out of the tables, and what a list shows of one."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from app.store.tables import StoredDocument
from app.store.worth import vendor_key
from finscribe.errors import InvoiceShapeError
from finscribe.evidence import Evidence
from finscribe.invoice import CELLS, LINES, Invoice, build_invoice
from finscribe.training.queue.known import Known, read_truth

MOST_LINES = 5_000
"""Of a correction."""


def to_record(invoice: Invoice) -> dict[str, Any]:
    """An invoice as it is kept: every key, numbers as Decimal."""
    return invoice.model_dump()


def corrected(current: Invoice, correction: Known) -> Invoice:
    """The invoice with a correction made: what that does not name stays, lines are replaced as a whole.

    Values take the form that their fields hold: ISO dates, known currencies, single spaces. Raises
    InvoiceShapeError with the field named, for a key that belongs to no field and for more than `MOST_LINES` too.
    """
    truth = read_truth(correction, "invoice")
    if truth.ignored:
        raise InvoiceShapeError(
            f"{truth.ignored[0]}: belongs to no field of an invoice",
            field=truth.ignored[0],
            hint="GET the extraction of the document, and send its invoice back with what you changed.",
        )
    if truth.lines is not None and len(truth.lines) > MOST_LINES:
        raise InvoiceShapeError(
            f"{LINES}: {len(truth.lines):,} lines, and {MOST_LINES:,} are the most",
            field=LINES,
            hint="Send the lines that the document prints.",
        )
    lines = current.lines() if truth.lines is None else truth.lines
    cells = {f"{LINES}[{row}].{cell}": line.get(cell) for row, line in enumerate(lines) for cell in CELLS}
    return build_invoice({**current.values(), **truth.values, **cells})


def evidence_record(evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """What every value rests on, as it is kept."""
    return {path: asdict(found) for path, found in evidence.items()}


def describe(document: StoredDocument, invoice: Invoice) -> None:
    """Writes what a list shows of an invoice, and what it is found by."""
    totals = invoice.financial_summary
    document.summary = {
        "vendor": invoice.vendor.name,
        "invoice_number": invoice.invoice_number,
        "invoice_date": invoice.invoice_date,
        "total": totals.grand_total if totals.grand_total is not None else totals.amount_due,
        "currency": invoice.currency,
    }
    document.vendor_key = vendor_key(invoice)
    words = (document.name, invoice.vendor.name, invoice.invoice_number, _digits(totals.grand_total))
    document.search = " ".join(filter(None, words)).lower()


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
