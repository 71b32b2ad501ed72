"""What people decide about a document, each decision with all that follows from it in one transaction.

What follows: a version that others can see they missed, an errand to the training queue, a line of the audit log.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import metrics
from app.store import einvoices, inbox
from app.store.invoices import corrected, describe, to_record
from app.store.tables import (
    READ,
    Errand,
    State,
    StoredAudit,
    StoredDocument,
    StoredErrand,
    StoredExtraction,
    StoredReview,
)
from app.store.worth import OF_A_NEW_VENDOR, errors, failing, worth
from finscribe.corrections import FieldChange, compare
from finscribe.errors import FinScribeError
from finscribe.invoice import LINES, Invoice, Truth
from finscribe.training.queue.confirmed import only_confirmed
from finscribe.training.queue.known import Known
from finscribe.validate import Finding


class StaleVersion(FinScribeError):
    """A decision about a version that is not the newest, `newest`."""

    code = "stale-version"

    def __init__(self, message: str, document_id: str, newest: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.document_id, self.newest = document_id, newest


class NotReadYet(FinScribeError):
    """A decision about a document in a state in which it cannot be made."""

    code = "wrong-state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a reviewer says of version `version`: the correction, and what they vouch for.

    The correction may name some fields only; what it does not name stays as it is. `confirmed` are paths of fields,
    blocks, rows or cells; `seconds` is how long the review took. `changes` are those that `compared` found.
    """

    version: int
    invoice: Known | None = None
    confirmed: Sequence[str] = ()
    reviewer: str | None = None
    seconds: float | None = None
    changes: Sequence[FieldChange] | None = None

    @property
    def says_more(self) -> bool:
        """Whether it says anything of the invoice."""
        return self.invoice is not None or bool(self.confirmed)


@dataclass(frozen=True, slots=True)
class _Open:
    """A document that may be decided about, what was read of it, and how it stands."""

    document: StoredDocument
    extraction: StoredExtraction
    review: StoredReview | None

    @property
    def invoice(self) -> Invoice:
        return Invoice.from_record((self.review or self.extraction).invoice)

    def corrected(self, verdict: Verdict) -> Invoice:
        return self.invoice if verdict.invoice is None else corrected(self.invoice, verdict.invoice)

    def changes_to(self, invoice: Invoice) -> Sequence[FieldChange]:
        return compare(Invoice.from_record(self.extraction.invoice), invoice)


def compared(session: Session, document_id: str, verdict: Verdict) -> Verdict:
    """The verdict with what it changes, found ahead in a session that reads: others may write meanwhile.

    As it is where it says nothing, or is not about the document as it is now. Raises InvoiceShapeError.
    """
    document = inbox.find(session, document_id)
    extraction = inbox.latest_extraction(session, document_id)
    if document is None or extraction is None or document.version != verdict.version or not verdict.says_more:
        return verdict
    opened = _Open(document, extraction, inbox.latest_review(session, extraction.id))
    return replace(verdict, changes=opened.changes_to(opened.corrected(verdict)))


def review(session: Session, document_id: str, verdict: Verdict) -> StoredDocument:
    """Saves a corrected invoice; the document is then to be approved.

    Raises NoSuchDocument, StaleVersion, NotReadYet and InvoiceShapeError.
    """
    opened = _opened(session, document_id, verdict.version)
    _save(session, opened, verdict)
    _decide(session, opened.document, State.NEEDS_REVIEW)
    return opened.document


def approve(session: Session, document_id: str, verdict: Verdict) -> StoredDocument:
    """Approves a document, with the correction where the verdict has one; the errors are those of `review`.

    Checks that fail do not keep it from being approved: the audit log names them.
    """
    opened = _opened(session, document_id, verdict.version)
    saved = _save(session, opened, verdict) if verdict.says_more else None
    _decide(session, opened.document, State.APPROVED)
    failed = _failing_checks(opened, saved)
    _audit(session, opened.document, "approve", verdict.reviewer, {"failing": failed} if failed else None)
    _vendor_is_known(session, opened.document)
    return opened.document


def reject(
    session: Session, document_id: str, version: int, reviewer: str | None = None, reason: str | None = None
) -> StoredDocument:
    """Puts a document aside that is no invoice or not to be used; what was learned from it is taken back."""
    document = _current(session, document_id, version)
    if document.state.in_progress:
        raise _wrong_state(document, "rejected")
    if _has_reviews(session, document_id):
        session.add(StoredErrand(kind=Errand.RETRACT, document_id=document_id))
    hint = "Review it, or delete it."
    document.problem = {"code": "rejected", "detail": reason, "hint": hint} if reason else None
    _decide(session, document, State.REJECTED)
    _audit(session, document, "reject", reviewer)
    return document


def read_again(
    session: Session, document_id: str, version: int, reviewer: str | None = None
) -> StoredDocument:
    """Has a document read by the model that is served now; pages that were read stay as they are."""
    document = _current(session, document_id, version)
    if document.state.in_progress:
        raise _wrong_state(document, "read again")
    document.run, document.handed_over, document.problem = document.run + 1, False, None
    _decide(session, document, State.EXTRACTING if document.page_count else State.QUEUED)
    _audit(session, document, "read_again", reviewer)
    return document


def delete(session: Session, document_id: str, who: str | None = None) -> None:
    """Deletes a document with all that was read and said of it; its files and examples are erased as an errand."""
    document = inbox.get(session, document_id, lock=True)
    session.add(StoredErrand(kind=Errand.ERASE, document_id=document_id))
    if _has_reviews(session, document_id):
        session.add(StoredErrand(kind=Errand.PURGE, document_id=document_id))
    _audit(session, document, "delete", who)
    session.flush()
    session.delete(document)


def prepare() -> None:
    """Loads what a first review takes, which is half a second of SciPy: nobody is to wait for it."""
    invoice = Invoice.from_record({LINES: [{"desc": "one"}]})
    compare(invoice, corrected(invoice, {LINES: [{"desc": "two"}]}))


def owed(session: Session) -> int:
    """How many errands are still to be carried out."""
    query = select(func.count()).select_from(StoredErrand).where(StoredErrand.done_at.is_(None))
    return session.scalar(query) or 0


# --- the parts ---------------------------------------------------------------------------------------


def _current(session: Session, document_id: str, version: int) -> StoredDocument:
    document = inbox.get(session, document_id, lock=True)
    if document.version != version:
        raise StaleVersion(
            f"version {version} was decided about, and the document is at version {document.version}",
            document_id,
            document.version,
            hint="Look at what is there now, and decide again.",
        )
    return document


def _opened(session: Session, document_id: str, version: int) -> _Open:
    document = _current(session, document_id, version)
    extraction = inbox.latest_extraction(session, document_id)
    if document.state not in READ or extraction is None:
        raise _wrong_state(document, "reviewed")
    return _Open(document, extraction, inbox.latest_review(session, extraction.id))


def _wrong_state(document: StoredDocument, done: str) -> NotReadYet:
    hint = (
        "Wait until it has been read." if document.state.in_progress else "Have it read again, or delete it."
    )
    return NotReadYet(f"a document that is {document.state} cannot be {done}", hint=hint)


def _save(session: Session, opened: _Open, verdict: Verdict) -> Invoice:
    """Stores what a verdict makes of the invoice, and returns that."""
    document = opened.document
    invoice = opened.corrected(verdict)
    changes = opened.changes_to(invoice) if verdict.changes is None else verdict.changes
    saved = StoredReview(
        document_id=document.id,
        extraction_id=opened.extraction.id,
        version=document.version + 1,
        invoice=to_record(invoice),
        confirmed=list(verdict.confirmed),
        changes=[change.to_record() for change in changes],
        reviewer=verdict.reviewer,
        seconds=verdict.seconds,
    )
    session.add(saved)
    session.flush()
    if _teaches(invoice, verdict.confirmed, changes):
        session.add(StoredErrand(kind=Errand.EXPORT, document_id=document.id, review_id=saved.id))
    _describe_anew(document, opened.extraction, invoice)
    changed = sorted({change.field for change in changes})
    metrics.corrected(session, changed)
    _audit(session, document, "review", verdict.reviewer, {"changed": changed, "version": saved.version})
    return invoice


def _failing_checks(opened: _Open, saved: Invoice | None) -> list[str]:
    """The codes of the checks that fail in what was saved just now, or else in what was there."""
    if not opened.document.findings:
        return []
    return [finding.code for finding in failing(_check(opened.document, saved or opened.invoice))]


def _check(document: StoredDocument, invoice: Invoice) -> tuple[Finding, ...]:
    return einvoices.check(invoice, einvoices.from_record(document.einvoice))


def _teaches(invoice: Invoice, confirmed: Sequence[str], changes: Sequence[FieldChange]) -> bool:
    """Whether anything is known for certain; raises InvoiceShapeError for a path that is no field."""
    known = only_confirmed(Truth.of(invoice), confirmed, changes)
    return bool(known.values) or known.lines is not None


def _describe_anew(document: StoredDocument, extraction: StoredExtraction, invoice: Invoice) -> None:
    describe(document, invoice)
    document.findings = errors(_check(document, invoice))
    document.worth = worth(extraction.doubt, document.findings, new_vendor=document.new_vendor)


def _decide(session: Session, document: StoredDocument, state: State) -> None:
    document.state, document.version = state, document.version + 1
    if state in (State.NEEDS_REVIEW, State.APPROVED):
        document.problem = None  # of a rejection
    session.flush()


def _vendor_is_known(session: Session, document: StoredDocument) -> None:
    """Documents of the same vendor are worth less of a look from now on."""
    if document.vendor_key is None:
        return
    session.execute(
        update(StoredDocument)
        .where(
            StoredDocument.vendor_key == document.vendor_key,
            StoredDocument.new_vendor.is_(True),
        )
        .values(
            new_vendor=False,
            worth=StoredDocument.worth - OF_A_NEW_VENDOR,
            changed_at=StoredDocument.changed_at,
        )
    )


def _has_reviews(session: Session, document_id: str) -> bool:
    query = select(StoredReview.id).where(StoredReview.document_id == document_id).limit(1)
    return session.scalars(query).first() is not None


def _audit(
    session: Session,
    document: StoredDocument,
    action: str,
    who: str | None,
    detail: dict[str, Any] | None = None,
) -> None:
    session.add(StoredAudit(who=who, action=action, document_id=document.id, detail=detail))
