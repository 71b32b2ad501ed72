"""`/api/v1/unsloth`: the text of an invoice in, JSON out."""

import asyncio
import json
import re
from dataclasses import asdict
from time import perf_counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from app import metrics
from app.api import examples
from app.api.access import needs
from app.api.exact import ExactResponse
from app.api.invoice_schema import invoice_schema
from app.api.problems import Problem, documented
from app.core.models.unsloth_service import UnslothService
from app.roles import Role
from finscribe.documents import served_text
from finscribe.exact_json import write_exactly
from finscribe.extract import Extraction

PREFIX = "/api/v1/unsloth"
INFER = f"{PREFIX}/infer"

router = APIRouter(prefix=PREFIX, tags=["unsloth"], dependencies=[Depends(needs(Role.REVIEWER))])

_SURROGATES = re.compile("[\ud800-\udfff]")


def _writable(value: Any) -> Any:
    # JSON may hold halves of characters ("\ud800"), which neither the model nor an answer can be given.
    value = str(value) if type(value) is int else value  # an id may come as a number
    return _SURROGATES.sub("\ufffd", value) if isinstance(value, str) else value


def _readable(value: Any) -> Any:
    return _SURROGATES.sub("", value) if isinstance(value, str) else value


Id = Annotated[str, BeforeValidator(_writable)]
Text = Annotated[str, BeforeValidator(_readable)]


class InferRequest(BaseModel):
    """The text of one invoice, and how to read it. Keys not named here are ignored."""

    ocr_text: Text = Field(
        description="What is printed, as OCR read it, line by line", examples=[examples.TEXT]
    )
    doc_id: Id | None = Field(
        None,
        description="Your name for the document, given back as it is",
        examples=["doc-123"],
        max_length=1000,
    )
    instruction: Text | None = Field(
        None, description="Replaces the instruction of the prompt; values stay as printed", max_length=10_000
    )
    max_new_tokens: int | None = Field(None, ge=1, description="The longest answer to write, in tokens")
    temperature: float | None = Field(
        None, ge=0, le=2, description="Accepted for older clients, without effect: decoding is greedy"
    )


class InferAnswer(BaseModel):
    """The invoice, and what every value rests on."""

    doc_id: str | None = Field(description="The id of the request")
    parsed: Annotated[dict[str, Any], WithJsonSchema(invoice_schema())] = Field(description="The invoice")
    model_available: bool = Field(description="Whether a model answered; true here")
    error: str | None = Field(description="What went wrong; null here")
    evidence: dict[str, Any] = Field(description="For every value by its path: where it is printed, how sure")
    text: str = Field(
        description="The text that was read: `start` and `end` of a place are characters (code points) of it"
    )
    findings: list[Any] = Field(description="What does not add up")
    settled: list[Any] = Field(
        description="Numbers read otherwise than the model wrote them, so that it adds up: before, after, identities"
    )
    reread: list[str] = Field(
        description="Codes of the findings for which the lines or the parties were read once more, and which hold now"
    )
    complete: bool = Field(description="False where `max_new_tokens` cut the answer off")
    model: str = Field(description="The model that answered")
    timings: dict[str, float] = Field(description="Seconds of each stage; `request` from asking to answering")


class Tried(BaseModel):
    """What the problem has besides where no model is loaded."""

    tried: list[str] = Field(description="What was passed over or would not load, and why")


class Health(BaseModel):
    """Whether a model is there to answer."""

    status: Literal["idle", "loading", "ready", "failed"]
    model_available: bool
    model: str | None = Field(description="Its name")
    origin: str | None = Field(description="Which setting chose it: model-dir, model-name, starter or remote")
    backend: str | None = Field(description="What runs it: onnx, onnx-int8, transformers, unsloth, or remote")
    context_length: int | None = Field(description="Tokens that fit in")
    gate: str | None = Field(
        description="Of a model of your own: gate passed, forced, or not gated; null for others"
    )
    tried: list[str] = Field(description="What was passed over or would not load, and why")
    error: str | None = Field(description="Why there is no model")
    hint: str | None = Field(description="What to do about it")
    not_swapped: str | None = Field(
        description="Why the model that was promoted does not answer, and the one before it still does"
    )


def get_service(request: Request) -> UnslothService:
    """The service that the application was made with."""
    service: UnslothService = request.app.state.service
    return service


Service = Annotated[UnslothService, Depends(get_service)]


def answer(extraction: Extraction, text: str, doc_id: str | None, seconds: float) -> dict[str, Any]:
    """What `infer` answers to a text as a model reads it."""
    found = asdict(extraction)
    return {
        "doc_id": doc_id,
        "parsed": extraction.invoice.model_dump(),
        "model_available": True,
        "error": None,
        "evidence": found["evidence"],
        "text": text,
        "findings": found["findings"],
        "settled": found["settled"],
        "reread": found["reread"],
        "complete": extraction.complete,
        "model": extraction.model,
        "timings": {**extraction.seconds, "request": round(seconds, 4)},
    }


@router.post(
    "/infer",
    response_model=InferAnswer,
    responses=documented(400, 403, 413, 422, 429, 500, 503, members={503: Tried}),
)
async def infer(body: InferRequest, request: Request, service: Service) -> JSONResponse:
    """Reads an invoice; waits while the model is still being loaded."""
    started = perf_counter()
    request.state.doc_id = body.doc_id
    future = await run_in_threadpool(
        service.submit,
        body.ocr_text,
        instruction=body.instruction,
        max_new_tokens=body.max_new_tokens,
        temperature=body.temperature,
    )
    extraction = await asyncio.wrap_future(future)
    metrics.extracted(extraction.seconds, (found.confidence for found in extraction.evidence.values()))
    text = await run_in_threadpool(served_text, body.ocr_text)
    return ExactResponse(answer(extraction, text, body.doc_id, perf_counter() - started))


@router.get("/health", response_model=Health, responses=documented(403))
async def health(service: Service) -> JSONResponse:
    """Says at once whether a model is loaded, and which."""
    return JSONResponse(service.health())


def add_example(schema: dict[str, Any]) -> None:
    """Writes the example of an answer into an OpenAPI schema: FastAPI would leave out its nulls."""
    content = schema["paths"][INFER]["post"]["responses"]["200"]["content"]["application/json"]
    content["example"] = json.loads(
        write_exactly(answer(examples.EXTRACTION, examples.TEXT, "doc-123", 0.21))
    )


def problem_members(request: Request, found: Problem) -> dict[str, Any]:
    """What problems of `infer` have besides: the members of an answer."""
    return {
        "doc_id": _writable(getattr(request.state, "doc_id", None)),
        "parsed": None,
        "model_available": get_service(request).available,
        "error": found.detail,
        **({} if get_service(request).available else {"tried": get_service(request).health()["tried"]}),
    }
