"""`/api/v1/documents/{id}/review` and the other decisions; each names the version that it is about."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import Behind, Caller, DocumentId, Who, needs
from app.api.answers import DocumentAnswer, document_answer
from app.api.exact import ExactResponse, ExactRoute
from app.api.invoice_schema import invoice_schema
from app.api.problems import documented, of_error, respond
from app.backend import Backend
from app.roles import Role
from app.store import inbox, reviews
from app.store.reviews import StaleVersion, Verdict
from app.store.tables import StoredDocument
from finscribe.documents import clean

PREFIX = "/api/v1/documents"

router = APIRouter(
    prefix=PREFIX,
    tags=["reviews"],
    route_class=ExactRoute,
    dependencies=[Depends(needs(Role.REVIEWER))],
)

Correction = Annotated[dict[str, Any], WithJsonSchema(invoice_schema(partial=True))]
Shown = Annotated[str, BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)]
Decide = Callable[[Session], StoredDocument]
Judge = Callable[[Session, str, Verdict], StoredDocument]

_INVOICE = {"invoice_number": "INV-001", "vendor": {"name": "TechCorp Inc."}}


class Decision(BaseModel):
    """What a decision is about, and who makes it."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(description="The version that was looked at", ge=1, le=2**31 - 1, examples=[2])
    reviewer: Shown | None = Field(
        None,
        description="Who decides; of somebody who has logged in, their name counts",
        max_length=255,
        examples=["ann"],
    )

    def decided_by(self, who: Caller) -> str | None:
        """The name that goes into the audit log."""
        return who.name or self.reviewer


class ApproveRequest(Decision):
    """Approves a document, if need be with a correction."""

    invoice: Correction | None = Field(
        None,
        description="What is right. A field that is not named stays as it is, null means that it is not printed, "
        "lines are replaced as a whole.",
        examples=[_INVOICE],
    )
    confirmed: list[Shown] = Field(
        default_factory=list,
        description="What the reviewer vouches for: fields, blocks, rows or cells. Of the rest only what was changed "
        "is taken for true.",
        max_length=10_000,
        examples=[["vendor.name", "line_items[0]", "payment"]],
    )
    seconds: float | None = Field(None, description="How long the review took", ge=0, le=1e6, examples=[12.5])

    def verdict(self, who: Caller) -> Verdict:
        """As the store takes it."""
        return Verdict(**self.model_dump() | {"reviewer": self.decided_by(who)})


class ReviewRequest(ApproveRequest):
    """A corrected invoice, to be approved later."""

    invoice: Correction = Field(description="What is right", examples=[_INVOICE])


class RejectRequest(Decision):
    """Puts a document aside."""

    reason: Shown | None = Field(None, max_length=1000, examples=["This is a letter."])


class StaleAnswer(BaseModel):
    """What a 409 adds to the problem: both sides."""

    current: DocumentAnswer
    invoice: Correction | None = Field(description="The invoice as it is now")
    yours: dict[str, Any] = Field(description="The decision that was sent")


RESPONSES = documented(400, 403, 404, 409, 422, 503, members={409: StaleAnswer})


@router.post("/{document_id}/review", response_model=DocumentAnswer, responses=RESPONSES)
def review(
    behind: Behind, who: Who, request: Request, document_id: DocumentId, body: ReviewRequest
) -> Response:
    """Saves a corrected invoice; what was changed or confirmed becomes a training example."""
    return _judged(behind, request, body, document_id, body.verdict(who), reviews.review)


@router.post("/{document_id}/approve", response_model=DocumentAnswer, responses=RESPONSES)
def approve(
    behind: Behind, who: Who, request: Request, document_id: DocumentId, body: ApproveRequest
) -> Response:
    """Approves a document, with the correction where there is one; the audit log names the checks that fail then."""
    return _judged(behind, request, body, document_id, body.verdict(who), reviews.approve)


@router.post("/{document_id}/reject", response_model=DocumentAnswer, responses=RESPONSES)
def reject(
    behind: Behind, who: Who, request: Request, document_id: DocumentId, body: RejectRequest
) -> Response:
    """Puts a document aside; the examples that were made of it are taken back."""

    def decide(session: Session) -> StoredDocument:
        return reviews.reject(session, document_id, body.version, body.decided_by(who), body.reason)

    return _decided(behind, request, body, decide)


@router.post("/{document_id}/read-again", response_model=DocumentAnswer, responses=RESPONSES)
def read_again(
    behind: Behind, who: Who, request: Request, document_id: DocumentId, body: Decision
) -> Response:
    """Has the model that is served now read a document anew; also one that failed."""

    def decide(session: Session) -> StoredDocument:
        return reviews.read_again(session, document_id, body.version, body.decided_by(who))

    return _decided(behind, request, body, decide)


def _judged(
    behind: Backend, request: Request, body: Decision, document_id: str, verdict: Verdict, judge: Judge
) -> Response:
    with behind.database.reading() as session:
        verdict = reviews.compared(session, document_id, verdict)
    return _decided(behind, request, body, lambda session: judge(session, document_id, verdict))


def _decided(behind: Backend, request: Request, body: Decision, decide: Decide) -> Response:
    try:
        with behind.database.writing() as session:
            document = decide(session)
            session.refresh(document)
            answer = document_answer(document, behind.service)
    except StaleVersion as stale:
        return respond(request, of_error(stale), extra=_both(behind, stale, body))
    behind.work.wake()
    return ExactResponse(answer)


def _both(behind: Backend, stale: StaleVersion, body: Decision) -> dict[str, Any]:
    with behind.database.reading() as session:
        document = inbox.find(session, stale.document_id)
        extraction = inbox.latest_extraction(session, stale.document_id)
        review = inbox.latest_review(session, extraction.id) if extraction else None
        newest = review or extraction
        return {
            "current": document_answer(document, behind.service) if document else None,
            "invoice": newest.invoice if newest else None,
            "yours": body.model_dump(exclude_unset=True),
        }
