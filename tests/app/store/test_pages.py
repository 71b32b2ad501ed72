from pathlib import Path

import pytest

from app.store import einvoices
from app.store.database import Database
from app.store.inbox import get, pages
from app.store.pages import to_document
from app.store.progress import begin_reading, finish_reading
from finscribe.documents import Document, PageLayout, Token, read_document
from tests.app.store import steps
from tests.einvoices.files import XML, einvoice

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


def stored_and_back(database: Database, document: Document) -> Document:
    document_id = steps.add(database)
    with database.writing() as session:
        begin_reading(session, document_id, 1)
        assert finish_reading(session, document_id, 1, document, {1: (20, 30)})
    with database.reading() as session:
        rows = pages(session, document_id)
        assert rows[0].picture == [20, 30]
        stored = get(session, document_id)
        kept = einvoices.from_record(stored.einvoice)
        return to_document(rows, document.source, stored.language, kept)


def test_a_pdf_comes_back_as_it_was_read(database: Database) -> None:
    document = read_document(SAMPLES / "invoice-de.pdf")
    assert stored_and_back(database, document) == document


@pytest.mark.parametrize("xml", [XML, XML.replace("5.0000", "5"), "<torn"])
def test_the_electronic_invoice_inside_a_pdf_comes_back_with_all_that_it_claims(
    database: Database, xml: str
) -> None:
    document = read_document(einvoice(xml))
    assert document.einvoice
    back = stored_and_back(database, document)
    assert back == document
    assert repr(back.einvoice) == repr(document.einvoice)  # numbers of the same kind, with the same digits


@pytest.mark.parametrize("text", ["A\tB\n\n\nC  d\f\fE", "\f\fonly the third", "x\n\n"])
def test_blank_lines_columns_and_empty_pages_come_back(database: Database, text: str) -> None:
    document = Document.from_text(text)
    assert stored_and_back(database, document) == document


def test_words_without_boxes_or_confidence_come_back(database: Database) -> None:
    layout = PageLayout([[[Token("A b", None, 0.25)]]], 10.5, 20.0, "px", "ocr", 90)
    document = Document.assemble([layout], "scan")
    assert stored_and_back(database, document) == document
