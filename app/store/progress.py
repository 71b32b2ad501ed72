"""What the background work writes: a document is begun, read, extracted or failed.

Each step is one transaction that looks at the state first, so that a step that is done again, after a crash or by
another process, changes nothing. `run` is the run that a step works for: of an older one nothing is written.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.store import einvoices, inbox
from app.store.invoices import describe, evidence_record, to_record
from app.store.pages import Picture, to_document, to_rows
from app.store.tables import IN_PROGRESS, State, StoredDocument, StoredExtraction, StoredPage
from app.store.worth import doubt, errors, worth
from finscribe.documents import Document
from finscribe.errors import FinScribeError
from finscribe.extract import Extraction


def begin_reading(session: Session, document_id: str, run: int) -> str | None:
    """The name of a document that is to be read now; None where that is done, or nobody wants it any more."""
    document = _of_run(session, document_id, run)
    if document is None or document.state not in (State.QUEUED, State.READING):
        return None
    document.state = State.READING
    return document.name


def finish_reading(
    session: Session, document_id: str, run: int, read: Document, pictures: Mapping[int, Picture]
) -> bool:
    """Stores what was read of a document; False where it is stored already or the document is gone."""
    document = _of_run(session, document_id, run)
    if document is None or document.state is not State.READING:
        return False
    session.execute(delete(StoredPage).where(StoredPage.document_id == document_id))
    session.add_all(to_rows(document_id, read, pictures))
    document.state, document.page_count, document.language = (
        State.EXTRACTING,
        len(read.pages),
        read.language,
    )
    document.einvoice = einvoices.to_record(read.einvoice)
    return True


def to_extract(session: Session, document_id: str, run: int) -> Document | None:
    """The document whose invoice is to be extracted now, as it was read; None where that is done."""
    document = _of_run(session, document_id, run)
    if document is None or document.state is not State.EXTRACTING:
        return None
    einvoice = einvoices.from_record(document.einvoice)
    return to_document(inbox.pages(session, document_id), document.name, document.language, einvoice)


def finish_extraction(session: Session, document_id: str, run: int, found: Extraction) -> bool:
    """Stores what a model made of a document; False where it is stored already or the document is gone."""
    document = _of_run(session, document_id, run)
    if document is None or document.state is not State.EXTRACTING:
        return False
    doubts = doubt(found.evidence)
    session.add(_extraction(document, found, doubts))
    describe(document, found.invoice)
    document.findings = errors(found.findings)
    document.confidence = _mean_confidence(found)
    document.new_vendor = not _is_known(session, document)
    document.worth = worth(doubts, document.findings, new_vendor=document.new_vendor)
    document.state, document.version = State.NEEDS_REVIEW, document.version + 1
    return True


def fail(session: Session, document_id: str, run: int, error: FinScribeError) -> bool:
    """Notes why nothing can be made of a document; False where it is out of the machine's hands."""
    document = _of_run(session, document_id, run)
    if document is None or not document.state.in_progress:
        return False
    document.state, document.version = State.FAILED, document.version + 1
    document.problem = {"code": error.code, "detail": error.message, "hint": error.hint}
    return True


def not_handed_over(session: Session, *, limit: int) -> list[StoredDocument]:
    """Documents to be worked on of which the background work knows nothing yet, the oldest first."""
    query = select(StoredDocument).where(
        StoredDocument.handed_over.is_(False), StoredDocument.state.in_(IN_PROGRESS)
    )
    return list(session.scalars(query.order_by(StoredDocument.created_at).limit(limit)))


def hand_over(session: Session, document_id: str, run: int) -> None:
    """Notes that the background work knows of a run."""
    session.execute(
        update(StoredDocument)
        .where(StoredDocument.id == document_id, StoredDocument.run == run)
        .values(handed_over=True, changed_at=StoredDocument.changed_at)
    )


def _of_run(session: Session, document_id: str, run: int) -> StoredDocument | None:
    document = inbox.find(session, document_id, lock=True)
    return document if document is not None and document.run == run else None


def _extraction(document: StoredDocument, found: Extraction, doubts: float) -> StoredExtraction:
    findings: list[Any] = found.to_dict()["findings"]
    return StoredExtraction(
        document_id=document.id,
        run=document.run,
        invoice=to_record(found.invoice),
        evidence=evidence_record(found.evidence),
        findings=findings,
        settled=[asdict(each) for each in found.settled],
        reread=list(found.reread),
        electronic_invoice=asdict(found.electronic_invoice) if found.electronic_invoice else None,
        confidence=_mean_confidence(found),
        doubt=doubts,
        model=found.model,
        grounding=found.grounding,
        seconds=dict(found.seconds),
        forward_passes=found.forward_passes,
        complete=found.complete,
    )


def _mean_confidence(found: Extraction) -> float:
    values = [evidence.confidence for evidence in found.evidence.values()]
    return sum(values) / len(values) if values else 0.0


def _is_known(session: Session, document: StoredDocument) -> bool:
    """Whether an invoice of the same vendor was approved before."""
    if document.vendor_key is None:
        return False
    query = select(StoredDocument.id).where(
        StoredDocument.vendor_key == document.vendor_key,
        StoredDocument.state == State.APPROVED,
        StoredDocument.id != document.id,
    )
    return session.scalars(query.limit(1)).first() is not None
