"""Approved documents and their lines as rows."""

from collections.abc import Iterator

from app.store.approved import Approved
from finscribe.invoice import CELLS, HEADER_FIELDS, Value

DOCUMENTS, LINES = "documents", "lines"
COLUMNS = {
    DOCUMENTS: ("id", "file", "reviewer", *HEADER_FIELDS),
    LINES: ("id", "invoice_number", "line", *CELLS),
}
"""The columns of both tables; `id` joins them."""


def document_row(approved: Approved) -> dict[str, Value]:
    """The header of a document."""
    document = approved.document
    about = {"id": document.id, "file": document.name, "reviewer": approved.reviewer}
    return {**about, **approved.invoice.values()}


def line_rows(approved: Approved) -> Iterator[dict[str, Value]]:
    """The lines of a document, counted from 1."""
    about = {"id": approved.document.id, "invoice_number": approved.invoice.invoice_number}
    for number, line in enumerate(approved.invoice.lines(), start=1):
        yield {**about, "line": str(number), **line}
