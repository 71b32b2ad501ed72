"""`/api/v1/documents`: files in, and what has become of them."""

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Header, Query, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from app import logs
from app.api.access import Behind, DocumentId, Who, needs
from app.api.answers import (
    DocumentAnswer,
    ExtractionAnswer,
    ListAnswer,
    RefusedFiles,
    UploadAnswer,
    WordsAnswer,
    document_answer,
    extraction_answer,
    page_answer,
    upload_answer,
)
from app.api.cursor import cursor_behind, place_of
from app.api.exact import ExactResponse
from app.api.problems import documented, of_error, respond
from app.processing.intake import MOST_FILES, Upload
from app.roles import Role
from app.store import inbox, reviews
from app.store.inbox import Filter, NoSuchDocument, Order
from app.store.reviews import NotReadYet
from app.store.tables import State, StoredPage

logger = logging.getLogger(__name__)

PREFIX = "/api/v1/documents"
UPLOAD = PREFIX
MOST_ROWS = 200

ALREADY_THERE: dict[int | str, dict[str, Any]] = {
    200: {"model": UploadAnswer, "description": "All that could be taken was there already"}
}
NONE_TAKEN = dict.fromkeys((413, 415, 422), RefusedFiles)
"""Where no file of an upload was taken, the problem is that of the first, and has those of all besides."""

router = APIRouter(prefix=PREFIX, tags=["documents"], dependencies=[Depends(needs(Role.REVIEWER))])


@router.post(
    "",
    status_code=201,
    response_model=UploadAnswer,
    responses=ALREADY_THERE | documented(400, 403, 413, 415, 422, 429, 503, 507, members=NONE_TAKEN),
)
def upload(
    behind: Behind,
    who: Who,
    request: Request,
    files: Annotated[
        list[UploadFile],
        File(
            description=f"PDF, PNG, JPEG, TIFF, WebP or text, at most {MOST_FILES} at a time; the content counts, "
            "not the name. Each is answered for by itself; where none can be taken, the answer is a problem.",
            min_length=1,
        ),
    ],
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A key of your own: when the same upload is repeated with it, it is answered as before",
            min_length=1,
            max_length=255,
            examples=["7f3c2f0e-scan-17"],
        ),
    ] = None,
) -> Response:
    """Takes files to be read; the same bytes are the same document. Reading goes on in the background."""
    uploads = [Upload(file.filename or "document", file.file) for file in files]
    answered = behind.intake.take(uploads, idempotency_key, who.name)
    answer = upload_answer(answered, behind.service)
    if len(answered.refused) == len(uploads):
        first = of_error(answered.refused[0].error)
        return respond(request, first, extra={"refused": answer["refused"]})
    behind.work.wake()
    for each in answered.taken:
        logger.info("A document came in", extra=logs.fields(document_id=each.document.id, new=each.new))
    return ExactResponse(answer, 201 if any(each.new for each in answered.taken) else 200)


@router.get("", response_model=ListAnswer, responses=documented(403, 422, 503))
def list_documents(
    behind: Behind,
    state: Annotated[list[State], Query(description="Of these states only")] = [],  # noqa: B006
    q: Annotated[
        str | None, Query(description="With this in the name, vendor, number or total", max_length=200)
    ] = None,
    new_vendor: Annotated[bool | None, Query(description="Of vendors that are new, or are not")] = None,
    sort: Annotated[Order, Query(description="`worth`: what a review brings most for first")] = Order.WORTH,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    after: Annotated[
        str | None,
        Query(
            description="`next` of the part before: nothing is skipped when documents come in",
            max_length=200,
        ),
    ] = None,
) -> JSONResponse:
    """The documents, those that are most worth a review first."""
    chosen, place = Filter(state, q, new_vendor), place_of(after, sort) if after else None
    with behind.database.reading() as session:
        found, total = inbox.list_documents(
            session, chosen, sort, limit=limit + 1, offset=offset, after=place
        )
        counts = {str(state): number for state, number in inbox.counts(session).items()}
    part = found[:limit]
    return ExactResponse(
        {
            "documents": [document_answer(document, behind.service) for document in part],
            "total": total,
            "limit": limit,
            "offset": offset,
            "next": cursor_behind(part[-1], sort) if len(found) > limit else None,
            "counts": counts,
        }
    )


@router.get("/{document_id}", response_model=DocumentAnswer, responses=documented(403, 404, 422, 503))
def get_document(behind: Behind, document_id: DocumentId) -> JSONResponse:
    """A document, and how far it has come."""
    with behind.database.reading() as session:
        return ExactResponse(document_answer(inbox.get(session, document_id), behind.service))


@router.delete(
    "/{document_id}",
    status_code=204,
    response_class=Response,
    responses=documented(403, 404, 422, 503),
    dependencies=[Depends(needs(Role.ADMIN))],
)
def delete_document(behind: Behind, who: Who, document_id: DocumentId) -> Response:
    """Deletes a document: its file, its pictures, its text, and the examples that were made of it."""
    with behind.database.writing() as session:
        reviews.delete(session, document_id, who.name)
    behind.work.wake()
    return Response(status_code=204)


@router.get(
    "/{document_id}/pages/{number}.png",
    response_class=FileResponse,
    responses=documented(403, 404, 422, 503) | {200: {"content": {"image/png": {}}}},
)
def get_picture(behind: Behind, document_id: DocumentId, number: int) -> Response:
    """The picture of a page, counted from 1; text has none."""
    page = _page(behind, document_id, number)
    picture = behind.files.picture(document_id, number) if page.picture else None
    if picture is None:
        raise NoSuchDocument(f"page {number} has no picture", hint="Text has none; GET its words instead.")
    kept = {"Cache-Control": "private, max-age=300"}
    if isinstance(picture, bytes):
        return Response(picture, media_type="image/png", headers=kept)
    return FileResponse(picture, media_type="image/png", headers=kept)


@router.get(
    "/{document_id}/pages/{number}", response_model=WordsAnswer, responses=documented(403, 404, 422, 503)
)
def get_page(behind: Behind, document_id: DocumentId, number: int) -> JSONResponse:
    """The words of a page, counted from 1, with their places."""
    with behind.database.reading() as session:
        inbox.get(session, document_id)
        found = [page for page in inbox.pages(session, document_id) if page.number == number]
    if not found:
        raise _no_page(number)
    return ExactResponse({**page_answer(found[0]), "lines": found[0].lines})


@router.get(
    "/{document_id}/extraction",
    response_model=ExtractionAnswer,
    responses=documented(403, 404, 409, 422, 503),
)
def get_extraction(behind: Behind, document_id: DocumentId) -> JSONResponse:
    """What was read of a document, and what a reviewer made of it; 409 as long as it was not read."""
    with behind.database.reading() as session:
        document = inbox.get(session, document_id)
        extraction = inbox.latest_extraction(session, document_id)
        if extraction is None:
            raise NotReadYet(f"the document is {document.state}", hint="Ask again when it has been read.")
        review = inbox.latest_review(session, extraction.id)
        answer: dict[str, Any] = extraction_answer(
            document, extraction, review, inbox.pages(session, document_id)
        )
    return ExactResponse(answer)


def _page(behind: Behind, document_id: str, number: int) -> StoredPage:
    with behind.database.reading() as session:
        inbox.get(session, document_id)
        page = inbox.page(session, document_id, number) if number < 2**31 else None
    if page is None:
        raise _no_page(number)
    return page


def _no_page(number: int) -> NoSuchDocument:
    return NoSuchDocument(f"there is no page {number}", hint="GET the document for how many pages it has.")
