"""What datasets, training runs and evaluations have in common: listed, looked at, cancelled, gone on with."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from app.api.access import Behind, Who, needs
from app.api.answers import ID, Reason
from app.api.exact import ExactResponse
from app.api.problems import documented
from app.roles import Role
from app.store import runs
from app.store.runs import WrongRunState
from app.store.tables import RunKind, RunState, StoredRun

MOST_ROWS = 200

RunId = Annotated[str, Path(description="The id of a run", max_length=64)]
OK = documented(403, 404, 422, 503)
CHANGED = documented(403, 404, 409, 422, 503)


class RunAnswer(BaseModel):
    """A run: what was asked for, how far it is, and what came of it."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(examples=[ID])
    kind: RunKind = Field(examples=[RunKind.TRAINING])
    state: RunState = Field(examples=[RunState.RUNNING])
    who: str | None = Field(description="Who asked for it", examples=["ann"])
    options: dict[str, Any] = Field(description="As the command takes them", examples=[{"num_epochs": 3}])
    cancelled: bool = Field(description="It is to stop, or has", examples=[False])
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    problem: Reason | None = Field(description="Why it failed")
    result: dict[str, Any] | None = Field(
        description="Null until it is done. Of a dataset `version`, `counts`, `records` by part; of a training run "
        "`field_f1_before`, `field_f1`, `loss`, `seconds`; of an evaluation `systems`, `gain` in points, `interval`"
    )


class RunsAnswer(BaseModel):
    """A part of the runs, the newest first."""

    runs: list[RunAnswer]
    total: int = Field(examples=[1])


def run_answer(run: StoredRun) -> dict[str, Any]:
    """What is said of a run."""
    times = {name: getattr(run, name) for name in ("created_at", "started_at", "ended_at")}
    columns = ("id", "kind", "state", "who", "options", "cancelled", "problem", "result")
    return {
        **{column: getattr(run, column) for column in columns},
        **{name: time and time.isoformat() for name, time in times.items()},
        "kind": str(run.kind),
        "state": str(run.state),
    }


def run_router(kind: RunKind, prefix: str, noun: str) -> APIRouter:
    """A router with what can be done with every run of a kind."""
    router = APIRouter(
        prefix=f"/api/v1/{prefix}", tags=["learning"], dependencies=[Depends(needs(Role.TRAINER))]
    )
    for add in (_add_looks, _add_changes, _add_files, _add_deletion):
        add(router, kind, noun)
    return router


def _add_looks(router: APIRouter, kind: RunKind, noun: str) -> None:
    @router.get(
        "",
        response_model=RunsAnswer,
        responses=documented(403, 422, 503),
        description=f"The {noun}s, the newest first.",
        operation_id=f"list_{kind}s",
    )
    def list_runs(
        behind: Behind,
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> JSONResponse:
        with behind.database.reading() as session:
            found, total = runs.list_runs(session, kind, limit=limit, offset=offset)
            return ExactResponse({"runs": [run_answer(run) for run in found], "total": total})

    @router.get(
        "/{run_id}",
        response_model=RunAnswer,
        responses=OK,
        description=f"One {noun}, and how far it is.",
        operation_id=f"get_{kind}",
    )
    def get_run(behind: Behind, run_id: RunId) -> JSONResponse:
        with behind.database.reading() as session:
            return ExactResponse(run_answer(runs.get(session, kind, run_id)))


def _add_changes(router: APIRouter, kind: RunKind, noun: str) -> None:
    @router.post(
        "/{run_id}/cancel",
        response_model=RunAnswer,
        responses=CHANGED,
        description=f"Has a {noun} stop; what was done until then is kept, and it may go on later.",
        operation_id=f"cancel_{kind}",
    )
    def cancel(behind: Behind, who: Who, run_id: RunId) -> JSONResponse:
        with behind.database.writing() as session:
            answer = run_answer(runs.cancel(session, kind, run_id, who.name))
        behind.learning.runner.wake()
        return ExactResponse(answer)

    @router.post(
        "/{run_id}/resume",
        response_model=RunAnswer,
        responses=CHANGED,
        description=f"Has a {noun} that failed or was cancelled go on where it was.",
        operation_id=f"resume_{kind}",
    )
    def resume(behind: Behind, who: Who, run_id: RunId) -> JSONResponse:
        with behind.database.writing() as session:
            answer = run_answer(runs.resume(session, kind, run_id, who.name))
        behind.learning.runner.wake()
        return ExactResponse(answer)


def _add_files(router: APIRouter, kind: RunKind, noun: str) -> None:
    @router.get(
        "/{run_id}/page",
        response_class=FileResponse,
        responses=CHANGED | _file("text/html"),
        description=f"The page of a {noun} that is done: one file that loads nothing from elsewhere.",
        operation_id=f"{kind}_page",
    )
    def page(behind: Behind, run_id: RunId) -> FileResponse:
        with behind.database.reading() as session:
            run = runs.get(session, kind, run_id)
        path = behind.learning.places.page(run)
        if run.state is not RunState.DONE or not path.is_file():
            raise WrongRunState(f"this {noun} is {run.state} and has no page", hint="Wait until it is done.")
        return FileResponse(path, media_type="text/html")

    @router.get(
        "/{run_id}/log",
        response_class=PlainTextResponse,
        responses=CHANGED | _file("text/plain"),
        description=f"What the command of a {noun} has said so far.",
        operation_id=f"{kind}_log",
    )
    def log(behind: Behind, run_id: RunId) -> Response:
        with behind.database.reading() as session:
            path = behind.learning.places.log(runs.get(session, kind, run_id))
        if not path.is_file():
            raise WrongRunState(f"this {noun} was not begun yet", hint="Wait for those before it.")
        # As a file it would be sent with the length that it had before, and it grows.
        return PlainTextResponse(path.read_bytes())


def _add_deletion(router: APIRouter, kind: RunKind, noun: str) -> None:
    @router.delete(
        "/{run_id}",
        status_code=204,
        response_class=Response,
        responses=CHANGED,
        description=f"Erases a {noun} that is over, with all that it made; versions of models stay.",
        operation_id=f"delete_{kind}",
        dependencies=[Depends(needs(Role.ADMIN))],
    )
    def delete(behind: Behind, who: Who, run_id: RunId) -> Response:
        behind.learning.delete(kind, run_id, who.name)
        return Response(status_code=204)


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "The file", "content": {media_type: {"schema": {"type": "string"}}}}}
