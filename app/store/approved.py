"""The documents that people approved, with what they approved: what leaves the application."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, load_only

from app.store import inbox
from app.store.database import Database
from app.store.tables import State, StoredDocument, StoredExtraction
from finscribe.invoice import Invoice

SOME = 100  # documents in memory at a time


@dataclass(frozen=True, slots=True)
class Approved:
    """A document and the invoice that a person approved; `reviewer` is who last corrected it, where that is known."""

    document: StoredDocument
    invoice: Invoice
    model: str
    reviewer: str | None


def approved(database: Database, since: datetime | None = None) -> Iterator[Approved]:
    """The approved documents, oldest first, changed at `since` or later; raises DatabaseUnavailable."""
    last: StoredDocument | None = None
    while True:
        with database.reading() as session:
            documents = _some(session, since, last)
            found = [each for document in documents if (each := _opened(session, document)) is not None]
            session.expunge_all()
        yield from found
        if len(documents) < SOME:
            return
        last = documents[-1]


def _some(session: Session, since: datetime | None, last: StoredDocument | None) -> list[StoredDocument]:
    """The next documents after one, so that no transaction has to stay open while somebody reads slowly."""
    place = tuple_(StoredDocument.created_at, StoredDocument.id)
    query = select(StoredDocument).where(StoredDocument.state == State.APPROVED)
    if since is not None:
        query = query.where(StoredDocument.changed_at >= since)
    if last is not None:
        query = query.where(place > tuple_(last.created_at, last.id))
    return list(session.scalars(query.order_by(StoredDocument.created_at, StoredDocument.id).limit(SOME)))


def _opened(session: Session, document: StoredDocument) -> Approved | None:
    query = select(StoredExtraction).where(StoredExtraction.document_id == document.id)
    columns = load_only(StoredExtraction.invoice, StoredExtraction.model)
    newest = query.options(columns).order_by(StoredExtraction.run.desc()).limit(1)
    extraction = session.scalars(newest).one_or_none()
    if extraction is None:
        return None
    review = inbox.latest_review(session, extraction.id)
    invoice = Invoice.from_record((review or extraction).invoice)
    return Approved(document, invoice, extraction.model, review.reviewer if review else None)
