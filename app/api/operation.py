"""For those who operate the server: is it alive, is it ready, and what does it measure."""

import logging
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from app import metrics
from app.api.access import Behind, needs
from app.backend import Backend
from app.processing.elsewhere import WorkElsewhere
from app.roles import Role
from app.store import inbox, reviews
from app.store.files import Files, FilesUnavailable
from app.store.tables import IN_PROGRESS

logger = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

_silent = WeakSet[Files]()
"""The places of documents that did not answer when they were last asked."""


@router.get("/healthz")
async def health() -> JSONResponse:
    """Says that the process is alive."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
def ready(behind: Behind) -> JSONResponse:
    """Says whether documents can be taken, read and answered; 503 where not, with what is missing."""
    checks = {
        "database": "ready" if _database_answers(behind) else "unavailable",
        "files": "ready" if _files_answer(behind) else "unavailable",
        "model": behind.service.health()["status"],
        "workers": _workers(behind),
    }
    is_ready = all(state in ("ready", "elsewhere") for state in checks.values())
    return JSONResponse({"ready": is_ready, **checks}, 200 if is_ready else 503)


def _workers(behind: Backend) -> str:
    if isinstance(behind.work, WorkElsewhere):
        return "elsewhere"
    return "ready" if behind.work.running else "stopped"


@router.get("/metrics", dependencies=[Depends(needs(Role.REVIEWER))])
def measured(behind: Behind) -> Response:
    """What is counted and measured, for Prometheus."""
    return Response(metrics.exposition(lambda: _gauges(behind)), media_type=CONTENT_TYPE_LATEST)


def _database_answers(behind: Backend) -> bool:
    try:
        with behind.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _files_answer(behind: Backend) -> bool:
    try:
        behind.files.check()
    except FilesUnavailable as error:
        if behind.files not in _silent:
            logger.warning("Documents cannot be kept: %s", error)
        _silent.add(behind.files)
        return False
    if behind.files in _silent:
        logger.info("Documents can be kept again")
    _silent.discard(behind.files)
    return True


def _gauges(behind: Backend) -> Iterator[GaugeMetricFamily]:
    """What is looked up: how much waits, and which model answers. Without a database, only the model."""
    yield _model(behind.service.health())
    try:
        with behind.database.reading() as session:
            counts = {str(state): number for state, number in inbox.counts(session).items()}
            owed = reviews.owed(session)
    except SQLAlchemyError:
        return
    yield metrics.gauge("documents", "Documents in every state", "state", counts)
    waiting = {"documents": sum(counts[state] for state in IN_PROGRESS), "errands": owed}
    yield metrics.gauge("queue_depth", "What is still to be done in the background", "of", waiting)


def _model(health: dict[str, Any]) -> GaugeMetricFamily:
    labels = {name: health[name] or "" for name in ("model", "origin", "backend", "gate", "status")}
    family = GaugeMetricFamily("finscribe_model", "1 where this model answers", labels=list(labels))
    family.add_metric(list(labels.values()), float(health["model_available"]))
    return family
