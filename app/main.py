"""The HTTP application: `uvicorn app.main:app --host 127.0.0.1 --port 8000`."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.responses import RedirectResponse

import finscribe
from app.api import problems, unsloth
from app.api.guards import BodyLimit, LocalOnly
from app.core.models.unsloth_service import UnslothService, get_unsloth_service
from app.settings import AppSettings
from finscribe.errors import SettingsError
from finscribe.settings import Settings


def create_app(
    service: UnslothService | None = None,
    *,
    app_settings: AppSettings | None = None,
    settings: Settings | None = None,
) -> FastAPI:
    """The application, around a service and settings of its own in tests; raises SettingsError."""
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
    app.state.service = service or get_unsloth_service()
    problems.install(app, members={unsloth.INFER: unsloth.problem_members})
    app.include_router(unsloth.router)
    app.openapi = partial(_described, app.openapi)  # type: ignore[method-assign]
    app.add_api_route("/", _front_page, include_in_schema=False)
    # JSON may spend six bytes on one of the text ("\u00e9").
    app.add_middleware(BodyLimit, limit=6 * settings.max_text_bytes + 64 * 1024)
    if not app_settings.allow_remote:
        app.add_middleware(LocalOnly)
    return app


def _described(openapi: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    schema = openapi()
    unsloth.add_example(schema)
    return schema


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: UnslothService = app.state.service
    service.preload()
    yield
    service.close()


async def _front_page() -> RedirectResponse:
    return RedirectResponse("docs")


def _app() -> FastAPI:
    try:
        return create_app()
    except SettingsError as error:
        sys.exit(f"{error.message}. {error.hint}")


app = _app()
