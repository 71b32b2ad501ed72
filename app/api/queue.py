"""`/api/v1/queue`: the corrections that the next training learns from."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from app.api.access import Behind, Who, needs
from app.api.exact import ExactResponse, ExactRoute
from app.api.problems import documented
from app.api.reviews import Correction
from app.roles import Role
from app.training.active_learning import export_training_example
from finscribe.training.queue.known import nested
from finscribe.training.queue.stored import Stored
from finscribe.training.queue.training_queue import TrainingQueue

router = APIRouter(
    prefix="/api/v1/queue",
    tags=["queue"],
    route_class=ExactRoute,
    dependencies=[Depends(needs(Role.TRAINER))],
)

MOST_ROWS = 200


class Example(BaseModel):
    """A correction of a document that did not come through the inbox."""

    model_config = ConfigDict(extra="forbid")

    raw_ocr: str | dict[str, Any] = Field(
        description="The text, or older OCR output", examples=["TechCorp Inc.\nTotal 10.00"]
    )
    corrected_invoice: Correction = Field(
        description="What is known: a key that is left out is unknown, null is known not to be printed",
        examples=[{"vendor": {"name": "TechCorp Inc."}}],
    )
    invoice_id: str | None = Field(None, description="Joins corrections of the same invoice", max_length=1000)
    reviewer: str | None = Field(None, max_length=255)
    model: str | None = Field(None, max_length=1000)
    extracted: Correction | None = Field(None, description="What the model said")
    confirmed: list[str] | None = Field(None, description="What the reviewer vouches for", max_length=10_000)
    source_file: str | None = Field(None, max_length=1000)


class ExportedAnswer(BaseModel):
    """A correction that is on disk."""

    id: str = Field(examples=["9d1c7b5e0a3f4c2d8e6b1a7f5c3d9e0b"])
    new: bool = Field(description="False where it was there already", examples=[True])
    ignored: list[str] = Field(description="Keys that belong to no field", examples=[[]])


class QueueAnswer(BaseModel):
    """The queue, counted, and its newest corrections."""

    stats: dict[str, Any] = Field(description="Counts; `current` is what would be learned from now")
    examples: list[dict[str, Any]] = Field(
        description="The newest first: id, state, time, invoice, reviewer, model, changed fields, what is known"
    )


ALREADY_THERE: dict[int | str, dict[str, Any]] = {
    200: {"model": ExportedAnswer, "description": "It was there already"}
}


@router.get("", response_model=QueueAnswer, responses=documented(403, 422, 503))
def get_queue(behind: Behind, limit: Annotated[int, Query(ge=0, le=MOST_ROWS)] = 50) -> JSONResponse:
    """What has come together to learn from, and the newest of it."""
    queue = TrainingQueue(behind.data_dir)
    stored = list(queue.stored()) if queue.general.exists() else []
    newest = stored[::-1][:limit]
    return ExactResponse({"stats": queue.stats().to_dict(), "examples": [_example(each) for each in newest]})


@router.post(
    "",
    status_code=201,
    response_model=ExportedAnswer,
    responses=ALREADY_THERE | documented(400, 403, 413, 422, 503),
)
def add_example(behind: Behind, who: Who, body: Example) -> JSONResponse:
    """Stores a correction, and answers when it is on disk; the same one twice is stored once."""
    values = body.model_dump() | {"reviewer": who.name or body.reviewer}
    exported = export_training_example(**values, folder=behind.data_dir)
    answer = {"id": exported.id, "new": exported.new, "ignored": list(exported.ignored)}
    return ExactResponse(answer, 201 if exported.new else 200)


def _example(stored: Stored) -> dict[str, Any]:
    correction = stored.correction
    return {
        "id": correction.id,
        "state": str(stored.state),
        "timestamp": correction.timestamp and correction.timestamp.isoformat(),
        "invoice_id": correction.invoice_id,
        "reviewer": correction.reviewer,
        "model": correction.model,
        "source_file": correction.source_file,
        "changed": sorted({change.field for change in correction.changes or ()}),
        "output": nested(correction.truth),
    }
