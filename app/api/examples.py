"""The example that the description of the API shows: a text, and what is read from it."""

from finscribe.evidence import Evidence, Place, Support
from finscribe.extract import Extraction
from finscribe.invoice import Invoice, parse_json

TEXT = """\
TechCorp Inc.
Invoice: INV-001
Date: 2026-03-14
Widget  2  5.00  10.00
Total: 10.00 EUR"""

_INVOICE = """{"document_type": "invoice", "vendor": {"name": "TechCorp Inc."}, "invoice_number": "INV-001",
 "invoice_date": "2026-03-14", "currency": "EUR",
 "line_items": [{"desc": "Widget", "qty": 2, "unit_price": 5.00, "line_total": 10.00}],
 "financial_summary": {"grand_total": 10.00}}"""


def _printed(path: str, value: str) -> Evidence:
    start = TEXT.index(value)
    place = Place(start, start + len(value), page=1)
    return Evidence(path, value, Support.PRINTED, 0.998, 0.99, ((place,),))


EXTRACTION = Extraction(
    invoice=Invoice.from_record(parse_json(_INVOICE)),
    evidence={
        found.path: found
        for found in (_printed("vendor.name", "TechCorp Inc."), _printed("invoice_number", "INV-001"))
    },
    findings=(),
    model="finscribe-starter",
    grounding="grounded",
    seconds={"decode": 0.2},
    forward_passes=21,
)
