"""`/api/v1/datasets`, `/training-runs` and `/evaluations`: started, followed, and what came of them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Header
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, StreamingResponse

from app.api.access import Behind, Who
from app.api.exact import ExactResponse
from app.api.problems import documented
from app.api.runs import OK, RunAnswer, RunId, run_answer, run_router
from app.backend import Backend
from app.learning.asking import DatasetAsked, EvaluationAsked, TrainingAsked
from app.store import runs
from app.store.tables import RunKind, StoredRun
from finscribe.exact_json import write_exactly

datasets = run_router(RunKind.DATASET, "datasets", "dataset")
training = run_router(RunKind.TRAINING, "training-runs", "training run")
evaluations = run_router(RunKind.EVALUATION, "evaluations", "evaluation")

LOOK = 1.0  # seconds between two looks for what is new
QUIET = 15  # looks after which a line says that nothing is

STARTED = documented(400, 403, 422, 503)
STARTED_ON = documented(400, 403, 404, 409, 422, 503)


@datasets.post("", status_code=202, response_model=RunAnswer, responses=STARTED)
def build_dataset(behind: Behind, who: Who, body: DatasetAsked) -> JSONResponse:
    """Builds a dataset of the corrections in the queue: checked, without duplicates, divided by vendor."""
    return ExactResponse(run_answer(behind.learning.start(body, who.name)), 202)


@training.post("", status_code=202, response_model=RunAnswer, responses=STARTED_ON)
def start_training(behind: Behind, who: Who, body: TrainingAsked) -> JSONResponse:
    """Fine-tunes a model on a dataset, when the runs before it are done."""
    return ExactResponse(run_answer(behind.learning.start(body, who.name)), 202)


@evaluations.post("", status_code=202, response_model=RunAnswer, responses=STARTED_ON)
def start_evaluation(behind: Behind, who: Who, body: EvaluationAsked) -> JSONResponse:
    """Compares two models on a part of a dataset, when the runs before it are done."""
    return ExactResponse(run_answer(behind.learning.start(body, who.name)), 202)


EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["metrics", "reset", "state"]},
        "id": {"type": "string", "description": "The number of a line, for `Last-Event-ID`"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "data"],
}
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`metrics` events are lines of `metrics.jsonl`, numbered by `id`; `reset` takes back all, "
        "for a run that goes on from a checkpoint; `state` events are the run, the last of them once it is over",
        "content": {"text/event-stream": {"itemSchema": EVENT}},
    }
}


@training.get("/{run_id}/events", response_class=StreamingResponse, responses=EVENTS | OK)
async def follow_training(
    behind: Behind,
    run_id: RunId,
    last_event_id: Annotated[
        str | None, Header(description="The number of the last line that was seen", pattern=r"^\d{1,9}$")
    ] = None,
) -> StreamingResponse:
    """Follows a training run as server-sent events, until it is over."""
    await run_in_threadpool(_look, behind, run_id)  # a run that is not there is a problem, not a stream
    events = _events(behind, run_id, int(last_event_id or 0))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _look(behind: Backend, run_id: str) -> tuple[StoredRun, list[dict[str, Any]]]:
    with behind.database.reading() as session:
        run = runs.get(session, RunKind.TRAINING, run_id)
    return run, behind.learning.places.metrics(run_id)


async def _events(behind: Backend, run_id: str, seen: int) -> AsyncIterator[str]:
    shown, quiet = None, 0
    while True:
        run, metrics = await run_in_threadpool(_look, behind, run_id)
        if len(metrics) < seen:
            seen = 0
            yield _event("reset", "{}")
        for number, line in enumerate(metrics[seen:], start=seen + 1):
            yield _event("metrics", json.dumps(line), number)
        quiet = 0 if len(metrics) > seen else quiet + 1
        seen = len(metrics)
        if (answer := write_exactly(run_answer(run))) != shown:
            shown = answer
            yield _event("state", answer)
        if not run.state.open:
            return
        if quiet % QUIET == QUIET - 1:
            yield ": nothing new\n\n"
        await asyncio.sleep(LOOK)


def _event(name: str, data: str, number: int | None = None) -> str:
    mark = f"id: {number}\n" if number is not None else ""
    return f"{mark}event: {name}\ndata: {data}\n\n"
