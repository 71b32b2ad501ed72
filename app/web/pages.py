"""The pages on the application."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI, Request
from nicegui import app as nicegui
from nicegui import ui
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import compile_path

from app.api.access import Forbidden, needs
from app.api.problems import HINTS, ProblemResponse, problem, respond
from app.backend import Backend
from app.roles import Role
from app.web import texts
from app.web.dashboard import Dashboard
from app.web.inbox import Inbox
from app.web.learn.page import LearnPage
from app.web.review import ReviewPage

_backend: Backend | None = None  # of the one application that NiceGUI serves in a process


def install(app: FastAPI, backend: Backend) -> None:
    """Puts the pages on an application; only one in a process can have them."""
    global _backend
    _backend = backend
    _page("/", Role.REVIEWER, _inbox)
    _page("/review/{document_id}", Role.REVIEWER, _review)
    _page("/learn", Role.TRAINER, _learn)
    _page("/dashboard", Role.REVIEWER, _dashboard)
    nicegui.exception_handler(Forbidden)(_forbidden)
    nicegui.exception_handler(404)(partial(_not_found, app))
    ui.run_with(app, title=texts.TITLE, language="en-US", dark=None, show_welcome_message=False)


async def _forbidden(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}. {getattr(error, 'hint', '')}", 403)


async def _not_found(app: FastAPI, request: Request, _error: Exception) -> Response:
    """A problem for programs and, as nothing is at the address that a person asked for, the way back for people.

    An address of the API that is asked in another way than it takes gets here too, as pages may be anywhere.
    """
    if taken := _methods(app, request.url.path):
        detail = f"{request.url.path} takes {' and '.join(taken)}, not {request.method}"
        request.scope["app"] = app  # whose answers say more at some addresses
        return respond(
            request, problem(405, "method-not-allowed", detail, HINTS[405]), {"Allow": ", ".join(taken)}
        )
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/"):
        return HTMLResponse(texts.NO_SUCH_PAGE, 404)
    found = problem(404, "not-found", f"nothing is at {request.url.path}", HINTS[404])
    return ProblemResponse(found.model_dump(exclude_none=True), 404)


def _methods(app: FastAPI, path: str) -> list[str]:
    """What may be asked of an address of the API; nothing where there is none."""
    known = app.openapi()["paths"].items()
    return sorted(
        {name.upper() for here, names in known if compile_path(here)[0].match(path) for name in names}
    )


def _page(path: str, role: Role, build: Callable[..., Any]) -> None:
    """A page, built by `build` for those who have the role."""
    ui.page(path, dependencies=[Depends(needs(role))])(build)


def _the_backend() -> Backend:
    assert _backend is not None, "pages are served after they were installed"
    return _backend


def _inbox() -> None:
    Inbox(_the_backend()).build()


def _review(document_id: str) -> None:
    ReviewPage(_the_backend(), document_id).build()


def _learn(tab: str = "") -> None:
    LearnPage(_the_backend(), tab).build()


def _dashboard() -> None:
    Dashboard(_the_backend()).build()
