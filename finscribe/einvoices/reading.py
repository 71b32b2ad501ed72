"""The XML files of a PDF -> the electronic invoice among them; what an XML may do to a reader is bounded here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from finscribe.einvoices.cii import read_cii
from finscribe.einvoices.claims import Claims
from finscribe.einvoices.ubl import read_ubl

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""What the standards call the file inside a PDF, in lower case, the newest first."""

DEEPEST = 64
"""Elements inside one another; electronic invoices have fewer than twenty."""

_ROOTS = (
    b"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice",
    b"urn:ferd:CrossIndustryDocument",
    b"urn:oasis:names:specification:ubl:schema:xsd:Invoice",
    b"urn:oasis:names:specification:ubl:schema:xsd:CreditNote",
)


@dataclass(frozen=True, slots=True)
class XmlFile:
    """An XML file inside a PDF: its name, and its bytes, or the `problem` for which there are none."""

    name: str
    data: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """An electronic invoice by the name of its file: what it claims, or the `problem` for which that is not known."""

    name: str
    claims: Claims | None = None
    problem: str = ""


def find_einvoice(files: Sequence[XmlFile]) -> EInvoice | None:
    """The first that is an invoice, those with a name of the standards before others.

    Where none is, the first with such a name, and why it cannot be read. Never raises.
    """
    named = [file for name in NAMES for file in files if file.name.lower() == name]
    others = [file for file in files if file not in named]
    broken = None
    for file in (*named, *others):
        read = read_einvoice(file)
        if read.claims is not None:
            return read
        if broken is None and file in named:
            broken = read
    return broken


def read_einvoice(file: XmlFile) -> EInvoice:
    """What an XML file claims, or why it cannot be read; never raises."""
    if file.problem:
        return EInvoice(file.name, problem=file.problem)
    try:
        return EInvoice(file.name, _claims(_parsed(file.data)))
    except Exception as error:  # of the parser, and of what nobody has thought of in a file from anywhere
        return EInvoice(file.name, problem=str(error) or type(error).__name__)


def is_einvoice(start: bytes) -> bool:
    """Whether a file that begins like this is the XML of an electronic invoice, by the names that it declares."""
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")  # UTF-16 too
    return plain.startswith(b"<") and any(root in plain for root in _ROOTS)


class _Tree(ElementTree.TreeBuilder):
    """A tree of bounded depth without a document type, and so without entities."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST} elements stand inside one another")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, *_declared: str | None) -> NoReturn:
        raise ValueError("it declares a document type, which electronic invoices do not have")


def _parsed(xml: bytes) -> Element:
    return ElementTree.fromstring(xml, ElementTree.XMLParser(target=_Tree()))


def _claims(root: Element) -> Claims:
    name = root.tag.rpartition("}")[2]
    if name in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return read_cii(root)
    if name in ("Invoice", "CreditNote"):
        return read_ubl(root)
    raise ValueError(f"it holds a {name:.80}, not an invoice")
