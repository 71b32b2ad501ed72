"""Logging in and out: a plain form, for the pages are for those who have."""

import logging
import secrets
from html import escape
from math import ceil
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import logs, metrics
from app.api.allowance import Allowance
from app.api.sessions import COOKIE, SECONDS, Sessions
from app.keys import same
from app.store import accounts
from app.store.database import Database
from app.web import texts

logger = logging.getLogger(__name__)

LOGIN, LOGOUT = "/login", "/logout"
TOKEN = "finscribe_form"  # the cookie that a form has to agree with: a page of another site cannot read it
TRIES, SECONDS_FOR_TRIES = 5, 300  # of one name, and from one address; then one a minute

Field = Annotated[str, Form()]
PAGE = Path(__file__).with_name("login.html").read_text()


def make_router(database: Database, sessions: Sessions) -> APIRouter:
    """The routes of logging in to a database."""
    desk = LoginDesk(database, sessions, Allowance(TRIES, SECONDS_FOR_TRIES))
    router = APIRouter(include_in_schema=False)
    router.add_api_route(LOGIN, desk.show, methods=["GET"])
    router.add_api_route(LOGIN, desk.log_in, methods=["POST"])
    router.add_api_route(LOGOUT, desk.log_out, methods=["POST"])
    return router


class LoginDesk:
    """Where people log in and out; those who fail have to wait longer and longer."""

    def __init__(self, database: Database, sessions: Sessions, tries: Allowance) -> None:
        self._database, self._sessions, self._tries = database, sessions, tries

    async def show(self, request: Request, next: str = "/") -> Response:
        """The form."""
        return _form(request, next)

    async def log_in(
        self, request: Request, name: Field = "", password: Field = "", token: Field = "", next: Field = "/"
    ) -> Response:
        """Begins a session, and leads to where somebody wanted to go."""
        if not _is_ours(request, token):
            return _form(request, next, texts.STALE_FORM, 403)
        callers = (f"name {name[:64]}", f"host {request.client.host if request.client else ''}")
        if wait := max(self._tries.take(caller) for caller in callers):
            metrics.LOGINS.labels("slowed").inc()
            said = texts.TOO_MANY_TRIES.format(seconds=ceil(wait))
            return _form(request, next, said, 429, {"Retry-After": str(ceil(wait))})
        cookie = await run_in_threadpool(self._begin, name, password)
        metrics.LOGINS.labels("done" if cookie else "failed").inc()
        if cookie is None:
            logger.warning(
                "A login failed", extra=logs.fields(address=request.client and request.client.host)
            )
            return _form(request, next, texts.WRONG_PASSWORD, 401)
        for caller in callers:
            self._tries.give_back(caller)
        response = RedirectResponse(_on_this_server(next), 303)
        _set_cookie(response, request, COOKIE, cookie)
        return response

    async def log_out(self, request: Request, token: Field = "") -> Response:
        """Ends all sessions of a user."""
        if not _is_ours(request, token):
            return _form(request, "/", texts.STALE_FORM, 403)
        if found := self._sessions.read(request.cookies.get(COOKIE, "")):
            await run_in_threadpool(self._end, *found)
        response = RedirectResponse(LOGIN, 303)
        response.delete_cookie(COOKIE)
        return response

    def _begin(self, name: str, password: str) -> str | None:
        with self._database.reading() as session:
            user = accounts.log_in(session, name, password)
            return self._sessions.begin(user) if user else None

    def _end(self, name: str, stamp: str) -> None:
        with self._database.writing() as session:
            if accounts.of_session(session, name, stamp):
                accounts.log_out(session, name)


def form_token(request: Request) -> str:
    """What a form of a page sends back, to show that it is one of ours."""
    return request.cookies.get(TOKEN) or secrets.token_urlsafe(32)


def _is_ours(request: Request, token: str) -> bool:
    kept = request.cookies.get(TOKEN, "")
    return kept != "" and same(kept, token)


def _on_this_server(address: str) -> str:
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def _form(
    request: Request, next: str, message: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    token = form_token(request)
    values = {
        "title": f"{texts.LOG_IN} · {texts.TITLE}",
        "heading": texts.TITLE,
        "name": texts.USER_NAME,
        "password": texts.PASSWORD,
        "button": texts.LOG_IN,
        "message": message,
        "token": token,
        "next": _on_this_server(next),
    }
    html = PAGE.format_map({key: escape(value) for key, value in values.items()})
    response = HTMLResponse(html, status, {"Cache-Control": "no-store", **(headers or {})})
    _set_cookie(response, request, TOKEN, token)
    return response


def _set_cookie(response: Response, request: Request, name: str, value: str) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=SECONDS, httponly=True, samesite="lax", secure=secure)
