"""What the API says of documents: the shapes of its answers, and how they are made of rows."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.api.invoice_schema import invoice_schema
from app.core.models.unsloth_service import UnslothService
from app.processing.intake import Answered
from app.store.tables import State, StoredDocument, StoredExtraction, StoredPage, StoredReview
from app.store.worth import OF_A_FINDING, OF_A_NEW_VENDOR
from finscribe.documents import PAGE_BREAK

ID = "5f0c4e7d9a3b4c1e8f6a2d7b9c0e1f23"

InvoiceJson = Annotated[dict[str, Any], WithJsonSchema(invoice_schema())]


class Answer(BaseModel):
    """An answer, described field by field."""

    model_config = ConfigDict(extra="forbid")


class Reason(Answer):
    """Why a document is not further than it is."""

    code: str = Field(examples=["encrypted-document"])
    detail: str = Field(examples=["it needs a password"])
    hint: str = Field(examples=["Save it without one."])


class Summary(Answer):
    """What a list shows of an invoice."""

    vendor: str | None = Field(examples=["TechCorp Inc."])
    invoice_number: str | None = Field(examples=["INV-001"])
    invoice_date: str | None = Field(examples=["2026-03-14"])
    total: float | None = Field(examples=[10.0])
    currency: str | None = Field(examples=["EUR"])


class Worth(Answer):
    """How many values are probably wrong, and what this expectation is made of."""

    value: float = Field(description="The sum of the parts: what `sort=worth` goes by", examples=[2.3])
    doubt: float = Field(description="Values expected to be wrong, by their confidences", examples=[0.3])
    findings: float = Field(description="One for every check that fails", examples=[1.0])
    new_vendor: float = Field(description="One where nothing of this vendor was approved yet", examples=[1.0])


class DocumentAnswer(Answer):
    """A document, and how far it has come."""

    id: str = Field(examples=[ID])
    name: str = Field(description="The name of the file, to be shown only", examples=["invoice.pdf"])
    media_type: str = Field(description="By its content", examples=["application/pdf"])
    size: int = Field(description="Bytes", examples=[2515])
    sha256: str = Field(examples=["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"])
    state: State = Field(examples=[State.NEEDS_REVIEW])
    version: int = Field(description="What a decision has to name", examples=[2])
    created_at: datetime
    changed_at: datetime
    page_count: int | None = Field(examples=[1])
    language: str | None = Field(examples=["en"])
    summary: Summary | None = Field(description="Null until an invoice was extracted")
    confidence: float | None = Field(description="The mean of all values, 0 to 1", examples=[0.93])
    worth: Worth
    problem: Reason | None = Field(description="Why it failed or was rejected")
    waiting: Reason | None = Field(
        description="What a document in progress waits for, where something is amiss"
    )


class TakenAnswer(Answer):
    """A document of an upload."""

    file: int = Field(description="Which of the files it is, counted from 0", examples=[0])
    document: DocumentAnswer
    new: bool = Field(description="False where the same bytes were there already", examples=[True])


class RefusedAnswer(Answer):
    """A file of an upload that was not taken, and why."""

    file: int = Field(description="Which of the files it is, counted from 0", examples=[1])
    name: str = Field(description="Its name, to be shown only", examples=["letter.docx"])
    code: str = Field(examples=["unsupported-format"])
    detail: str = Field(examples=["letter.docx: this is an Office or ZIP file"])
    hint: str = Field(examples=["Save the document as PDF, or unpack the archive."])


class RefusedFiles(Answer):
    """The files of an upload that were not taken."""

    refused: list[RefusedAnswer] = Field(description="In their order; empty where all were taken")


class UploadAnswer(RefusedFiles):
    """What became of the files of an upload: each is a document, or was refused."""

    documents: list[TakenAnswer] = Field(description="In the order of their files")


class ListAnswer(Answer):
    """A part of the documents asked for."""

    documents: list[DocumentAnswer]
    total: int = Field(description="How many were asked for, in all parts", examples=[1])
    limit: int = Field(examples=[50])
    offset: int = Field(examples=[0])
    next: str | None = Field(description="What `after` takes for the part behind this one; null at the end")
    counts: dict[State, int] = Field(description="How many documents there are in every state")


class PageAnswer(Answer):
    """A page: sizes are in `unit`, pictures in pixels; boxes times picture width / width are pixels."""

    number: int = Field(examples=[1])
    width: float | None = Field(examples=[595.0])
    height: float | None = Field(examples=[842.0])
    unit: str | None = Field(examples=["pt"])
    picture: list[int] | None = Field(
        description="Width and height of its PNG; null for text", examples=[[1272, 1800]]
    )


class WordsAnswer(PageAnswer):
    """A page with its words."""

    lines: list[list[list[Any]]] = Field(
        description="Words are [text, start, end, [x0, y0, x1, y1] or null, confidence or null]",
        examples=[[["Total", 70, 75, [50, 700, 90, 712], 0.99]]],
    )


class ReviewAnswer(Answer):
    """What a reviewer last made of it."""

    invoice: InvoiceJson
    confirmed: list[str] = Field(examples=[["vendor.name"]])
    reviewer: str | None = Field(examples=["ann"])
    version: int = Field(examples=[3])
    created_at: datetime


class ElectronicAnswer(Answer):
    """The electronic invoice inside a PDF, and what of it was read."""

    file: str = Field(description="The name of its file", examples=["factur-x.xml"])
    says: dict[str, Any] = Field(
        description="Its values by path, rows as it counts them", examples=[{"invoice_number": "INV-001"}]
    )
    agrees: list[str] = Field(
        description="The paths of the values read that it says too", examples=[["invoice_number"]]
    )
    problem: str | None = Field(description="Why it cannot be read; null where it was")


class ExtractionAnswer(Answer):
    """What a model read of a document, and what a reviewer made of it."""

    document_id: str = Field(examples=[ID])
    version: int = Field(description="What a decision has to name", examples=[2])
    invoice: InvoiceJson = Field(description="As the model read it")
    review: ReviewAnswer | None = Field(description="Null where nobody has saved one")
    evidence: dict[str, Any] = Field(description="For every value by its path: where it is printed, how sure")
    text: str = Field(description="The text whose characters (code points) places count")
    findings: list[Any] = Field(
        description="What does not add up in what the model read, and where the electronic invoice says otherwise"
    )
    settled: list[Any] = Field(
        description="Numbers read otherwise than the model wrote them, so that it adds up: path, before, after, "
        "identities"
    )
    reread: list[str] = Field(
        description="Codes of the findings for which the lines or the parties were read once more, and which hold now"
    )
    electronic_invoice: ElectronicAnswer | None = Field(
        description="What the XML inside a PDF (Factur-X, ZUGFeRD, XRechnung) says; null where there is none"
    )
    pages: list[PageAnswer]
    complete: bool = Field(description="False where the limit of tokens cut the answer off")
    model: str = Field(examples=["finscribe-starter"])
    created_at: datetime


def document_answer(document: StoredDocument, service: UnslothService | None = None) -> dict[str, Any]:
    """What is said of a document; with a service, also that it waits for a model."""
    columns = (
        "id",
        "name",
        "media_type",
        "size",
        "sha256",
        "version",
        "page_count",
        "language",
        "confidence",
    )
    return {
        **{column: getattr(document, column) for column in columns},
        "state": str(document.state),
        "created_at": document.created_at.isoformat(),
        "changed_at": document.changed_at.isoformat(),
        "summary": document.summary,
        "worth": worth_answer(document),
        "problem": document.problem,
        "waiting": waiting_for(document, service) if service else None,
    }


def upload_answer(answered: Answered, service: UnslothService) -> dict[str, Any]:
    """What is said of the files of an upload."""
    return {
        "documents": [
            {"file": each.file, "document": document_answer(each.document, service), "new": each.new}
            for each in answered.taken
        ],
        "refused": [
            {
                "file": each.file,
                "name": each.name,
                "code": each.error.code,
                "detail": each.error.message,
                "hint": each.error.hint,
            }
            for each in answered.refused
        ],
    }


def worth_answer(document: StoredDocument) -> dict[str, float]:
    """The parts of what a review is worth."""
    findings, new = OF_A_FINDING * document.findings, OF_A_NEW_VENDOR * document.new_vendor
    doubt = max(0.0, document.worth - findings - new)
    return {
        "value": round(document.worth, 4),
        "doubt": round(doubt, 4),
        "findings": findings,
        "new_vendor": new,
    }


def waiting_for(document: StoredDocument, service: UnslothService) -> dict[str, Any] | None:
    """That there is no model, where a document in progress will need one."""
    health = service.health() if document.state.in_progress else None
    if health is None or health["status"] != "failed":
        return None
    return {"code": "no-model", "detail": health["error"], "hint": health["hint"] or ""}


def page_answer(page: StoredPage) -> dict[str, Any]:
    """What is said of a page."""
    return {key: getattr(page, key) for key in ("number", "width", "height", "unit", "picture")}


def review_answer(review: StoredReview) -> dict[str, Any]:
    """What is said of a review."""
    return {
        **{key: getattr(review, key) for key in ("invoice", "confirmed", "reviewer", "version")},
        "created_at": review.created_at.isoformat(),
    }


def extraction_answer(
    document: StoredDocument,
    extraction: StoredExtraction,
    review: StoredReview | None,
    pages: list[StoredPage],
) -> dict[str, Any]:
    """What is said of an extraction."""
    columns = ("invoice", "evidence", "findings", "electronic_invoice", "complete", "model")
    return {
        **{column: getattr(extraction, column) for column in columns},
        "document_id": document.id,
        "version": document.version,
        "review": review_answer(review) if review else None,
        "settled": extraction.settled or [],
        "reread": extraction.reread or [],
        "text": PAGE_BREAK.join(page.text for page in pages),
        "pages": [page_answer(page) for page in pages],
        "created_at": extraction.created_at.isoformat(),
    }
