"""Electronic invoices inside PDFs, and given alone."""

import pickle
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from finscribe.documents import read_document
from finscribe.errors import UnsupportedFormat
from finscribe.ocr.reader import embedded_einvoice, media_type
from finscribe.settings import Settings
from tests.einvoices.files import PAGE, XML, attach, draw, einvoice


def test_a_document_has_the_electronic_invoice_inside_its_pdf_and_the_text_of_its_page_alone() -> None:
    document = read_document(einvoice())
    assert document.einvoice
    assert document.einvoice.name == "factur-x.xml"
    assert document.einvoice.claims
    assert document.einvoice.claims.header["invoice_number"] == ("F-1",)
    assert document.text == read_document(draw()).text
    assert pickle.loads(pickle.dumps(document)) == document


def test_other_attachments_are_none() -> None:
    assert read_document(draw()).einvoice is None
    assert read_document(attach(draw(), {"terms.pdf": draw(), "settings.xml": "<a/>"})).einvoice is None
    assert read_document(b"text").einvoice is None


def test_the_pages_need_not_be_read_to_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("finscribe.ocr.text_layer.read_text_layer")
    found = embedded_einvoice(einvoice(), "a.pdf")
    assert found
    assert found.claims


@pytest.mark.parametrize("xml", ["<torn", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "\0\1\2", " "])
def test_an_xml_that_cannot_be_read_leaves_the_page_as_it_is(xml: str) -> None:
    document = read_document(einvoice(xml))
    assert document.text.startswith(PAGE[0])
    assert document.einvoice
    assert document.einvoice.claims is None
    assert document.einvoice.problem


def test_an_xml_larger_than_a_text_may_be_is_not_read() -> None:
    document = read_document(einvoice(XML + " " * 5000), settings=Settings(max_text_bytes=5000))
    assert document.einvoice
    assert document.einvoice.claims is None
    assert "FINSCRIBE_MAX_TEXT_BYTES allows 5,000" in document.einvoice.problem


def test_an_attachment_whose_name_is_no_text_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_name(_attachment: object) -> str:
        return b"\x00\xd8".decode("utf-16-le")

    monkeypatch.setattr("pypdfium2.PdfAttachment.get_name", get_name)
    assert read_document(einvoice()).einvoice is None


def test_only_so_many_attachments_are_looked_at() -> None:
    files: dict[str, str | bytes] = {f"{number}.xml": "<a/>" for number in range(200)}
    document = read_document(attach(draw(), files | {"z.xml": XML}))
    assert document.einvoice is None


def test_a_process_that_reads_pages_starts_without_the_schema_of_invoices() -> None:
    code = "import finscribe.ocr.reader, sys; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_nothing_but_pdfium_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("facturx", "lxml", "pypdf"):
        monkeypatch.setitem(sys.modules, package, None)
    assert read_document(einvoice()).einvoice


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_xml_alone_is_said_to_be_an_electronic_invoice(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "invoice.xml"
    path.write_text(XML, encoding=encoding)
    with pytest.raises(
        UnsupportedFormat, match=r"invoice\.xml: this is the XML of an electronic invoice"
    ) as caught:
        read_document(path)
    assert "PDF" in caught.value.hint
    with pytest.raises(UnsupportedFormat):
        media_type(path.read_bytes()[:4096], "invoice.xml")


def test_what_is_no_pdf_holds_none() -> None:
    with pytest.raises(UnsupportedFormat, match="no PDF"):
        embedded_einvoice(zlib.compress(b"text"), "a.pdf")
