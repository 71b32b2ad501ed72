"""What a review needs of a document, and which document comes next: no browser in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.api.answers import page_answer
from app.backend import Backend
from app.local import Local
from app.store import einvoices, inbox
from app.store.inbox import Filter, NoSuchDocument, Order
from app.store.tables import State, StoredDocument
from app.web.form import ReviewForm
from finscribe.invoice import Invoice


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it was when it was opened; `form` is None as long as it was not read."""

    document: StoredDocument
    pages: Sequence[dict[str, Any]]
    form: ReviewForm | None

    @property
    def version(self) -> tuple[str, int]:
        """The id of the document, and its version."""
        return self.document.id, self.document.version


def open_document(backend: Backend, document_id: str, local: Local) -> Opened:
    """Everything that a review needs, written as at a place; raises NoSuchDocument."""
    with backend.database.reading() as session:
        document = inbox.get(session, document_id)
        extraction = inbox.latest_extraction(session, document_id)
        pages = [page_answer(page) for page in inbox.pages(session, document_id)]
        if extraction is None or document.state.in_progress:
            return Opened(document, pages, None)
        review = inbox.latest_review(session, extraction.id)
        extracted = Invoice.from_record(extraction.invoice)
        current = Invoice.from_record(review.invoice) if review else extracted
        form = ReviewForm(
            extracted,
            current,
            extraction.evidence,
            review.confirmed if review else (),
            settled=extraction.settled or (),
            reread=extraction.reread or (),
            local=local,
            einvoice=einvoices.from_record(document.einvoice),
            complete=extraction.complete,
        )
        return Opened(document, pages, form)


def next_document(backend: Backend, after: str) -> tuple[str, int] | None:
    """The id and the version of the document that is most worth a review next to this one."""
    with backend.database.reading() as session:
        found, _ = inbox.list_documents(session, Filter([State.NEEDS_REVIEW]), Order.WORTH, limit=2)
        return next(((each.id, each.version) for each in found if each.id != after), None)


def open_next(backend: Backend, after: str, local: Local) -> Opened | None:
    """That document, opened; None where there is none, or it has just gone."""
    following = next_document(backend, after)
    try:
        return open_document(backend, following[0], local) if following else None
    except NoSuchDocument:
        return None
