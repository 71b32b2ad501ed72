"""A model that knows one invoice by heart, and running the command line."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from finscribe.cli import main
from finscribe.documents import Document
from finscribe.evidence import Evidence, Place, Support
from finscribe.extract import Extraction
from finscribe.invoice import FinancialSummary, Invoice, LineItem, Vendor
from finscribe.validate import Finding

ROOT = Path(__file__).parents[2]
TEXT = "TechCorp Inc.\nInvoice INV-7\n2 Widgets  10.00  20.00\nTotal 20.00\nThanks"
PRINTED = {
    "vendor.name": "TechCorp Inc.",
    "invoice_number": "INV-7",
    "line_items[0].desc": "Widgets",
    "line_items[0].qty": "2",
    "line_items[0].unit_price": "10.00",
    "line_items[0].line_total": "20.00",
    "financial_summary.grand_total": "20.00",
}
FINDING = Finding(
    "total", "error", ("financial_summary.grand_total",), "the sum is 21.00", Decimal("21.00"), None
)


@dataclass
class Model:
    name: str = "fake"
    backend: str = "none"
    context_length: int = 4096
    window_tokens: int | None = None


@dataclass
class Served:
    model: Model
    origin: str = "starter"
    tried: tuple[str, ...] = ("models/x: no weights",)
    standing: str | None = None


def extraction_of(document: Document, grounding: str = "grounded") -> Extraction:
    """What a perfect model finds in TEXT, with one finding."""
    line = LineItem(desc="Widgets", qty=Decimal(2), unit_price=Decimal("10.00"), line_total=Decimal("20.00"))
    invoice = Invoice(
        document_type="invoice",
        vendor=Vendor(name="TechCorp Inc."),
        invoice_number="INV-7",
        line_items=(line,),
        financial_summary=FinancialSummary(grand_total=Decimal("20.00")),
    )
    values = {**invoice.values(), **{f"line_items[0].{cell}": value for cell, value in dict(line).items()}}
    evidence = {path: evidence_of(document, path, value) for path, value in values.items()}
    return Extraction(invoice, evidence, (FINDING,), "fake", grounding, {"decode": 0.5}, 3)


def evidence_of(document: Document, path: str, value: str | Decimal | None) -> Evidence:
    if path not in PRINTED:
        support = Support.ABSENT if value is None else Support.INFERRED
        return Evidence(path, value, support, 0.99, 0.99)
    start = document.text.index(PRINTED[path])
    place = Place(start, start + len(PRINTED[path]), 1)
    return Evidence(path, value, Support.PRINTED, 0.9, 0.955, ((place,),))


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command line."""
    with pytest.raises(SystemExit) as exit_:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return int(exit_.value.code or 0), captured.out, captured.err
