"""The HTTP application: `uvicorn app.main:app --host 127.0.0.1 --port 8000`."""

import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

import finscribe
from app import logs
from app.address import check_free, listens_beyond
from app.api import documents, export, learning, models, operation, problems, queue, reviews, unsloth
from app.api.allowance import Allowance
from app.api.callers import Callers
from app.api.guards import BodyLimit, KnownCallers, SameOrigin, SecurityHeaders
from app.api.observed import Observed
from app.api.sessions import Sessions
from app.backend import Backend, MakeWork, make_backend
from app.core.memory import keep_little
from app.core.models.unsloth_service import UnslothService, get_unsloth_service
from app.settings import AppSettings
from app.web import login, pages
from finscribe.errors import FinScribeError
from finscribe.settings import Settings

FILES_AT_ONCE = 4  # of the largest size; more of smaller ones


def create_app(
    service: UnslothService | None = None,
    *,
    app_settings: AppSettings | None = None,
    settings: Settings | None = None,
    make_work: MakeWork | None = None,
    with_pages: bool = False,
    beyond: bool = False,
) -> FastAPI:
    """The application, around a service, settings and background work of its own in tests; raises SettingsError.

    The pages can be had once in a process. `beyond` says that it listens on more than a loopback address.
    """
    app_settings = app_settings or AppSettings.from_environment()
    settings = settings or Settings.from_environment()
    app = FastAPIOffline(
        redoc_url=None,
        static_url="/docs/assets",
        title="FinScribe Smart Scan",
        version=finscribe.__version__,
        description="Invoices in, JSON out, in which every value is one that the document prints.",
        swagger_ui_parameters={"validatorUrl": None},  # a badge from another site
        lifespan=_lifespan,
    )
    app.state.service = service = service or get_unsloth_service()
    app.state.backend = backend = make_backend(service, settings, app_settings, make_work)
    sessions = Sessions(settings.data_dir)
    app.state.callers = callers = Callers(backend.database, sessions, app_settings, beyond=beyond)
    problems.install(app, members={unsloth.INFER: unsloth.problem_members})
    _add_routes(app)
    app.include_router(login.make_router(backend.database, sessions))
    if with_pages:
        pages.install(app, backend)
    else:
        app.add_api_route("/", _front_page, include_in_schema=False)
    _add_guards(app, settings, app_settings, callers)
    return app


def _add_routes(app: FastAPI) -> None:
    for room in (documents, reviews, queue, export, models, unsloth):
        app.include_router(room.router)
    for router in (learning.datasets, learning.training, learning.evaluations, operation.router):
        app.include_router(router)
    app.openapi = partial(_described, app.openapi)  # type: ignore[method-assign]


def _add_guards(app: FastAPI, settings: Settings, app_settings: AppSettings, callers: Callers) -> None:
    """What a request passes before it is answered; what is added last is passed first."""
    app.add_middleware(BodyLimit, limit=partial(_most_bytes, settings), seconds=app_settings.body_seconds)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownCallers, callers=callers, allowance=Allowance(app_settings.rate_limit, 60))
    app.add_middleware(Observed)
    app.add_middleware(SecurityHeaders)


def _described(openapi: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    schema = openapi()
    unsloth.add_example(schema)
    schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{}, {"key": []}]  # at this machine, none is needed
    return schema


def _most_bytes(settings: Settings, path: str) -> int:
    """What a request may have: several files of the largest size, or a text, of which JSON may spend six bytes on one
    ("\\u00e9").
    """
    if path == documents.UPLOAD:
        return FILES_AT_ONCE * settings.max_bytes + 64 * 1024
    if path == login.LOGIN:
        return 64 * 1024
    return 6 * settings.max_text_bytes + 64 * 1024


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    backend: Backend = app.state.backend
    await run_in_threadpool(backend.start)
    yield
    await run_in_threadpool(backend.close)


async def _front_page() -> RedirectResponse:
    return RedirectResponse("docs")


def _app() -> FastAPI:
    keep_little()
    try:
        app_settings = AppSettings.from_environment()
        if logging.getLogger("uvicorn").handlers:  # it serves this, and has set up how to log
            logs.install(app_settings.log)
        check_free()
        app = create_app(app_settings=app_settings, with_pages=True, beyond=listens_beyond())
        app.state.callers.check_start()
    except FinScribeError as error:
        sys.exit(f"{error.message}. {error.hint}")
    return app


app = _app()
