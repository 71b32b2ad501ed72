"""PDFs with an embedded Factur-X, ZUGFeRD or XRechnung XML: free truth for the text of their pages.

What the page does not print is no truth for the page: it is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from finscribe.decoding.align import reach
from finscribe.decoding.printed import Printed
from finscribe.documents import read_document
from finscribe.einvoices.claims import Candidates, Claims
from finscribe.errors import DocumentError, RecordError
from finscribe.invoice import FIELDS, LINES, Kind, Truth, Value
from finscribe.ocr.reader import embedded_einvoice
from finscribe.training.reading.shapes.parts import NOT_PRINTED, Known, Text, build_record
from finscribe.training.records import Origin, Record


def read_einvoice(path: Path, origin: Origin) -> Record:
    """The text of a PDF with what its XML and its pages agree on.

    Raises `RecordError` (no-truth, bad-truth, bad-document, unreadable).
    """
    try:
        pdf = path.read_bytes()
        claims = _claims(pdf, path)  # first, as pages without it need not be read
        text = read_document(pdf, name=path.name).text
    except DocumentError as error:
        raise RecordError(error.message, reason="bad-document", hint=error.hint) from error
    except OSError as error:
        raise RecordError(
            f"{path}: {error.strerror}", reason="unreadable", hint="Check its permissions."
        ) from error
    return build_record("e-invoice", origin, Text(text), printed_truth(claims, Printed(text)), {})


def _claims(pdf: bytes, path: Path) -> Claims:
    found = embedded_einvoice(pdf, path.name)
    if found is None:
        raise RecordError(
            f"{path.name}: no electronic invoice is embedded in it",
            reason="no-truth",
            hint="Extract and review it, then prepare the queue.",
        )
    if found.claims is None:
        raise RecordError(
            f"{path.name}: {found.name} in it cannot be read: {found.problem}",
            reason="bad-truth",
            hint="Export it again.",
        )
    return found.claims


def printed_truth(claims: Claims, printed: Printed) -> Known:
    """What is claimed and printed, in the page's spelling; raises `RecordError` (no-truth) where nothing is."""
    values = _printed(claims.header, "", printed)
    lines = tuple(_printed(line, f"{LINES}.", printed) for line in claims.lines)
    found = len(values) + sum(map(len, lines))
    missing = len(claims.header) + sum(map(len, claims.lines)) - found
    if not found:
        raise RecordError(
            "nothing of its XML is printed on its pages",
            reason="no-truth",
            hint="Is it the XML of this invoice?",
        )
    truth = Truth(values, lines if any(lines) else None)
    return Known(truth, +Counter({NOT_PRINTED: missing}))


def _printed(fields: Mapping[str, Candidates], block: str, printed: Printed) -> dict[str, Any]:
    found: dict[str, Value] = {}
    for path, candidates in fields.items():
        if candidates == (None,):
            found[path] = None
            continue
        spelled = (_spelled(block + path, value, printed) for value in candidates if value is not None)
        if (first := next((value for value in spelled if value is not None), None)) is not None:
            found[path] = first
    return found


def _spelled(path: str, value: str | Decimal, printed: Printed) -> Value:
    """The page's spelling of a value, None where it does not print it.

    A country's code stands somewhere on most pages: an address ends as given only where its last two words
    stand together.
    """
    if path.endswith(".address") and isinstance(value, str):
        ending = " ".join(value.split()[-2:])
        if reach(ending, Kind.SPAN, printed) is None:
            return None
    return reach(value, FIELDS[path], printed)
