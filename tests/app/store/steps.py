"""Documents brought as far as a test needs them."""

from dataclasses import replace

from app.api.examples import EXTRACTION, TEXT
from app.store import inbox, progress
from app.store.database import Database
from app.store.files import new_id
from app.store.tables import StoredDocument
from finscribe.documents import Document
from finscribe.einvoices.reading import EInvoice
from finscribe.extract import Extraction
from finscribe.invoice import Invoice


def add(database: Database, name: str = "a.txt", content: str | None = None) -> str:
    """A document that came in; its bytes are those of `content`, or of no other document."""
    document_id = new_id()
    file = inbox.Incoming(document_id, content or document_id, name, "text/plain", 7)
    with database.writing() as session:
        return inbox.add(session, file)[0].id


def read(
    database: Database, document_id: str, text: str = TEXT, run: int = 1, einvoice: EInvoice | None = None
) -> bool:
    """Reads the pages of a document, and the electronic invoice inside."""
    document = replace(Document.from_text(text), einvoice=einvoice)
    with database.writing() as session:
        progress.begin_reading(session, document_id, run)
        return progress.finish_reading(session, document_id, run, document, {})


def extract(database: Database, document_id: str, extraction: Extraction = EXTRACTION, run: int = 1) -> bool:
    """Extracts the invoice of a document."""
    with database.writing() as session:
        return progress.finish_extraction(session, document_id, run, extraction)


def to_review(database: Database, extraction: Extraction = EXTRACTION, name: str = "a.txt") -> str:
    """A document that waits for a reviewer, at version 2."""
    document_id = add(database, name)
    read(database, document_id)
    extract(database, document_id, extraction)
    return document_id


def get(database: Database, document_id: str) -> StoredDocument:
    with database.reading() as session:
        return inbox.get(session, document_id)


def of_vendor(name: str | None, **options: object) -> Extraction:
    """An extraction of an invoice of this vendor."""
    record = EXTRACTION.invoice.model_dump() | {"vendor": {"name": name}}
    return replace(EXTRACTION, invoice=Invoice.from_record(record), **options)  # type: ignore[arg-type]
