"""PDFs with an embedded Factur-X, ZUGFeRD or XRechnung XML: free truth for the text of their pages.

What the page does not print is no truth for the page: it is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

from finscribe.decoding.align import reach
from finscribe.decoding.printed import Printed
from finscribe.documents import read_document
from finscribe.errors import DocumentError, MissingDependency, RecordError
from finscribe.invoice import FIELDS, LINES, Kind, Truth, Value
from finscribe.training.reading.shapes.cii import read_cii
from finscribe.training.reading.shapes.claims import Candidates, Claims
from finscribe.training.reading.shapes.parts import NOT_PRINTED, Known, Text, build_record
from finscribe.training.reading.shapes.ubl import read_ubl
from finscribe.training.records import Origin, Record


def read_einvoice(path: Path, origin: Origin) -> Record:
    """The text of a PDF with what its XML and its pages agree on.

    Raises `RecordError` (no-truth, bad-truth, bad-document) and `MissingDependency`.
    """
    try:
        pdf = path.read_bytes()
        claims = _claims(_parsed(_embedded_xml(pdf, path)))
        text = read_document(pdf, name=path.name).text
    except DocumentError as error:
        raise RecordError(error.message, reason="bad-document", hint=error.hint) from error
    except OSError as error:
        raise RecordError(
            f"{path}: {error.strerror}", reason="unreadable", hint="Check its permissions."
        ) from error
    return build_record("e-invoice", origin, Text(text), printed_truth(claims, Printed(text)), {})


def _embedded_xml(pdf: bytes, path: Path) -> bytes:
    try:
        from facturx import get_xml_from_pdf
    except ImportError as error:
        raise MissingDependency(
            f"{path.name}: reading the XML inside a PDF takes the package factur-x",
            hint="pip install 'finscribe[prepare]'",
        ) from error
    try:
        name, xml = get_xml_from_pdf(pdf, check_xsd=False)
    except Exception as error:  # the PDF library raises what it likes on a broken file
        raise RecordError(
            f"{path.name}: not a readable PDF ({error!r:.120})",
            reason="bad-document",
            hint="Export it again.",
        ) from error
    if not name:
        raise RecordError(
            f"{path.name}: no electronic invoice is embedded in it",
            reason="no-truth",
            hint="Extract and review it, then prepare the queue.",
        )
    return bytes(xml)


class _Tree(ElementTree.TreeBuilder):
    """A tree without a document type, and so without entities."""

    def doctype(self, *_declared: str | None) -> NoReturn:
        raise RecordError(
            "the XML declares a document type", reason="bad-truth", hint="Electronic invoices have none."
        )


def _parsed(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml, ElementTree.XMLParser(target=_Tree()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise RecordError(
            f"the XML cannot be read: {error}", reason="bad-truth", hint="Export it again."
        ) from error


def _claims(root: ElementTree.Element) -> Claims:
    name = root.tag.rpartition("}")[2]
    if name in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return read_cii(root)
    if name in ("Invoice", "CreditNote"):
        return read_ubl(root)
    raise RecordError(
        f"the XML is a {name}, not an invoice", reason="no-truth", hint="Only invoices are read."
    )


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
