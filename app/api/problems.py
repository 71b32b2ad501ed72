"""Errors as RFC 9457 problem details: the one place that maps them to HTTP."""

import errno
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.api.access import Forbidden
from app.api.allowance import RateLimited
from app.api.callers import NotLoggedIn, RemoteClient
from app.api.cursor import InvalidCursor
from app.core.models.batching import TooBusy
from app.learning.models import NoSuchVersion
from app.processing.intake import KeyReused
from app.store.database import DatabaseUnavailable, unavailable
from app.store.files import FilesUnavailable
from app.store.inbox import NoSuchDocument
from app.store.reviews import NotReadYet, StaleVersion
from app.store.runs import NoSuchRun, WrongRunState
from finscribe.errors import (
    DocumentError,
    DocumentTooLarge,
    EvaluationError,
    FinScribeError,
    InvoiceShapeError,
    MissingDependency,
    ModelError,
    PromptTooLong,
    QueueError,
    RegistryError,
    SettingsError,
    UnsupportedFormat,
)
from finscribe.exact_json import write_exactly

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[FinScribeError], int] = {  # the nearest class up the tree counts
    DocumentError: 422,
    DocumentTooLarge: 413,
    UnsupportedFormat: 415,
    InvoiceShapeError: 422,
    ModelError: 503,
    MissingDependency: 503,
    PromptTooLong: 413,
    InvalidCursor: 422,
    NoSuchDocument: 404,
    StaleVersion: 409,
    NotReadYet: 409,
    NoSuchRun: 404,
    WrongRunState: 409,
    NoSuchVersion: 404,
    RegistryError: 409,
    EvaluationError: 422,
    KeyReused: 422,
    DatabaseUnavailable: 503,
    FilesUnavailable: 503,
    QueueError: 503,
    TooBusy: 429,
    NotLoggedIn: 401,
    Forbidden: 403,
    RemoteClient: 403,
    RateLimited: 429,
    SettingsError: 503,
    FinScribeError: 500,
}
RETRY_AFTER = {"Retry-After": "2"}  # seconds
REFERENCE = "#/components/schemas/{model}"
EVERYWHERE = (401, 403, 429)
"""Problems that every address of the API may answer with."""


class FieldError(BaseModel):
    """A field of a request that is not as it should be."""

    field: str = Field(description="Where in the body, dotted; `body` for the whole", examples=["ocr_text"])
    message: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What went wrong, and what to do about it (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="A name for this kind of problem", examples=["urn:finscribe:problem:empty-document"]
    )
    title: str = Field(description="The kind in words", examples=["Empty document"])
    status: int = Field(description="The HTTP status", examples=[422])
    detail: str = Field(description="What happened, with which value", examples=["ocr_text: no text in it"])
    hint: str = Field(description="What to do about it", examples=["Check that the pages are not blank."])
    code: str = Field(description="The kind for machines; does not change", examples=["empty-document"])
    errors: list[FieldError] | None = Field(None, description="With a request that does not fit: the fields")


def problem(
    status: int, code: str, detail: str, hint: str, errors: list[FieldError] | None = None
) -> Problem:
    """A problem of a kind that `code` names, as in "empty-document"."""
    return Problem(
        type=f"urn:finscribe:problem:{code}",
        title=code.replace("-", " ").capitalize(),
        status=status,
        detail=detail,
        hint=hint,
        code=code,
        errors=errors,
    )


class ProblemResponse(JSONResponse):
    """Problem details; characters that UTF-8 cannot write go out as JSON escapes."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """Never fails, whatever the message quotes."""
        return write_exactly(content).encode("utf-8", "backslashreplace")


Members = Callable[[Request, Problem], Mapping[str, Any]]


def install(app: FastAPI, members: Mapping[str, Members]) -> None:
    """Makes every error of an app a problem; `members` gives what a path adds to its problems."""
    app.state.problem_members = members
    app.exception_handler(FinScribeError)(_on_engine_error)
    app.exception_handler(RequestValidationError)(_on_invalid_request)
    app.exception_handler(HTTPException)(_on_http_error)
    app.exception_handler(OperationalError)(_on_silent_database)
    app.exception_handler(OSError)(_on_system_error)
    app.exception_handler(Exception)(_on_anything_else)


def respond(
    request: Request,
    found: Problem,
    headers: Mapping[str, str] | None = None,
    *,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """The answer that carries a problem, with the members that the path of the request and `extra` add."""
    content = {**found.model_dump(exclude_none=True), **(extra or {})}
    if add := request.app.state.problem_members.get(request.url.path):
        content |= add(request, found)
    return ProblemResponse(content, found.status, headers)


def of_error(error: FinScribeError) -> Problem:
    """The problem that an error of the engine is."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return problem(status, error.code, error.message, error.hint)


def headers_of(error: FinScribeError) -> Mapping[str, str] | None:
    """What the answer to an error says besides: when to try again, how to say who one is."""
    if isinstance(error, RateLimited):
        return {"Retry-After": str(ceil(error.wait))}
    if isinstance(error, NotLoggedIn):
        return {"WWW-Authenticate": "Bearer"}
    return RETRY_AFTER if error.retryable else None


async def _on_engine_error(request: Request, error: FinScribeError) -> Response:
    found = of_error(error)
    if found.status == 500:  # of our own making, and its message full of our insides
        logger.error("A request failed", exc_info=error)
        found = problem(500, *EXAMPLES[500])
    return respond(request, found, headers_of(error))


async def _on_invalid_request(request: Request, error: RequestValidationError) -> Response:
    if isinstance(error.body, dict) and isinstance(error.body.get("doc_id"), str):
        request.state.doc_id = error.body["doc_id"]
    errors = [FieldError(field=_field(found["loc"]), message=str(found["msg"])) for found in error.errors()]
    found = problem(
        422,
        "invalid-request",
        "; ".join(f"{wrong.field}: {wrong.message}" for wrong in errors),
        'Send JSON such as {"ocr_text": "..."} with Content-Type: application/json; /docs lists the fields.'
        if request.url.path.endswith("/infer")
        else "/docs lists what this address takes.",
        errors,
    )
    return respond(request, found)


def _field(location: tuple[Any, ...]) -> str:
    inside = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    # JSON that does not parse is located by its character.
    return "body" if not inside or (len(inside) == 1 and inside[0].isdigit()) else ".".join(inside)


HINTS = {
    400: "Send JSON in UTF-8, or files as multipart/form-data.",
    404: "/docs lists the addresses.",
    405: "/docs lists the methods of every address.",
    408: "Send it faster, or in smaller parts; FINSCRIBE_BODY_SECONDS says how long a body may take.",
    413: "Send one invoice at a time, or raise FINSCRIBE_MAX_TEXT_BYTES.",
}


async def _on_http_error(request: Request, error: HTTPException) -> Response:
    code = "document-too-large" if error.status_code == 413 else _code(error.status_code)
    found = problem(error.status_code, code, str(error.detail), HINTS.get(error.status_code, ""))
    return respond(request, found, error.headers)


async def _on_silent_database(request: Request, error: OperationalError) -> Response:
    found = unavailable(error)
    logger.error("%s", found)
    return respond(request, of_error(found), RETRY_AFTER)


async def _on_system_error(request: Request, error: OSError) -> Response:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        logger.error("A request failed", exc_info=error)
        return respond(request, problem(500, *EXAMPLES[500]))
    return respond(request, problem(507, *EXAMPLES[507]))


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


async def _on_anything_else(request: Request, _error: Exception) -> Response:
    # The server raises it again after this answer and so logs it; the client learns nothing of our insides.
    return respond(request, problem(500, *EXAMPLES[500]))


def documented(
    *statuses: int, members: Mapping[int, type[BaseModel]] | None = None
) -> dict[int | str, dict[str, Any]]:
    """The problems that an address may answer with, for its OpenAPI description.

    `members` are models of what the problem of a status may have besides; answers have to name the models they use.
    """
    too_slow = {408} if 400 in statuses else set()  # what has a body waits for it
    more = members or {}
    return {
        status: _described(status, more.get(status)) for status in sorted({*EVERYWHERE, *statuses} | too_slow)
    }


def _described(status: int, members: type[BaseModel] | None) -> dict[str, Any]:
    code, detail, hint = EXAMPLES[status]
    example = problem(status, code, detail, hint).model_dump(exclude_none=True)
    schema = Problem.model_json_schema(ref_template=REFERENCE)
    schema["properties"]["errors"] = {"type": "array", "items": FieldError.model_json_schema()}
    if members is not None:
        schema["properties"] |= members.model_json_schema(ref_template=REFERENCE)["properties"]
    schema.pop("$defs")
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    return {"description": example["title"], "content": content}


EXAMPLES = {  # code, detail, hint
    400: ("bad-request", "There was an error parsing the body", HINTS[400]),
    401: (
        "not-logged-in",
        "this takes a login or a key",
        "Log in at /login, or send a key that you were given: Authorization: Bearer KEY.",
    ),
    403: (
        "forbidden",
        "this takes the role trainer, and yours is reviewer",
        "Ask somebody who has it, or an admin for the role.",
    ),
    404: (
        "no-such-document",
        "there is no document '5f0c4e7d9a3b4c1e8f6a2d7b9c0e1f23'",
        "It may have been deleted; GET /api/v1/documents lists those that are there.",
    ),
    408: ("request-timeout", "The body has brought 12 bytes in 60 seconds or more.", HINTS[408]),
    409: (
        "stale-version",
        "version 2 was decided about, and the document is at version 3",
        "Look at what is there now, and decide again.",
    ),
    413: ("document-too-large", "ocr_text: the text is larger than 2,097,152 bytes", HINTS[413]),
    415: (
        "unsupported-format",
        "invoice.docx: this is an Office or ZIP file; known are PDF, PNG, JPEG, TIFF, WebP and text",
        "Save the document as PDF, or unpack the archive.",
    ),
    422: (
        "empty-document",
        "ocr_text: no text in it",
        "Check that the pages are not blank, and that a scan is sharp enough to be read.",
    ),
    429: (
        "too-busy",
        "512 requests are waiting already",
        "Try again in a moment, with fewer requests at a time.",
    ),
    500: (
        "internal-error",
        "Something went wrong in the server.",
        "Try again; if it happens again, the log of the server has the details.",
    ),
    503: (
        "model-not-found",
        "UNSLOTH_MODEL_DIR: models/mine does not exist",
        "Give a model folder, or the name of a model; or unset UNSLOTH_MODEL_DIR to use the default.",
    ),
    507: (
        "disk-full",
        "There is no room left where documents are kept.",
        "Make room on the disk of FINSCRIBE_DATA_DIR, and try again.",
    ),
}
