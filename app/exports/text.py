"""CSV and JSON Lines."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from app.exports.rows import COLUMNS, DOCUMENTS, document_row, line_rows
from app.store.approved import Approved
from finscribe.exact_json import write_exactly
from finscribe.invoice import Value, write_value

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How text begins that a spreadsheet would take for a formula, in full width too."""


def write_csv(documents: Iterable[Approved], table: str) -> Iterator[bytes]:
    """The documents, or their lines, as CSV; nothing in it is a formula."""
    yield BYTE_ORDER_MARK.encode() + csv_row(COLUMNS[table])
    for approved in documents:
        rows = [document_row(approved)] if table == DOCUMENTS else line_rows(approved)
        yield b"".join(csv_row(harmless(row[column]) for column in COLUMNS[table]) for row in rows)


def csv_row(cells: Iterable[str]) -> bytes:
    """One row."""
    row = io.StringIO()
    csv.writer(row).writerow(cells)
    return row.getvalue().encode("utf-8", "replace")


def harmless(cell: Value) -> str:
    """The cell as text; what a spreadsheet would run as a formula gets an apostrophe in front."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return write_value(cell)


def write_jsonl(documents: Iterable[Approved]) -> Iterator[bytes]:
    """One object a document, amounts with every digit."""
    for approved in documents:
        yield write_exactly(_record(approved)).encode("utf-8", "backslashreplace") + b"\n"


def _record(approved: Approved) -> Mapping[str, object]:
    document = approved.document
    return {
        "id": document.id,
        "file": document.name,
        "sha256": document.sha256,
        "version": document.version,
        "changed_at": document.changed_at.isoformat(),
        "reviewer": approved.reviewer,
        "model": approved.model,
        "invoice": approved.invoice.model_dump(),
    }
