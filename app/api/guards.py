"""What keeps a request out before anybody reads it: who sends it, and how large it is."""

import asyncio
from collections.abc import Callable
from math import ceil
from time import monotonic
from urllib.parse import urlencode, urlsplit

from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from app.api.access import Caller
from app.api.allowance import Allowance, RateLimited
from app.api.callers import Callers, NotLoggedIn
from app.api.problems import HINTS, headers_of, of_error, problem, respond
from app.store.database import unavailable
from finscribe.errors import FinScribeError

SECONDS_OF_TRUST = 30.0
OPEN = {"/login", "/logout", "/healthz", "/readyz"}
"""What may be asked for without saying who one is."""


class KnownCallers:
    """Middleware that finds out who asks, and turns away whom nobody knows and who asks too often.

    Websockets last: of them it asks again every `again` seconds, and closes those of whom it knows no more.
    """

    def __init__(
        self, app: ASGIApp, *, callers: Callers, allowance: Allowance, again: float = SECONDS_OF_TRUST
    ) -> None:
        self.app, self._callers, self._allowance, self._again = app, callers, allowance, again

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what comes from somebody known, with the caller in the state of the request."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        try:
            caller = await run_in_threadpool(self._find, HTTPConnection(scope))
        except FinScribeError as error:
            await _turn_away(error, scope)(scope, receive, send)
        except OperationalError as error:
            await _turn_away(unavailable(error), scope)(scope, receive, send)
        else:
            scope.setdefault("state", {})["caller"] = caller
            lasts = scope["type"] == "websocket" and caller.name
            await self.app(scope, self._watched(scope, receive, caller) if lasts else receive, send)

    def _watched(self, scope: Scope, receive: Receive, caller: Caller) -> Receive:
        checked = monotonic()

        async def watched() -> Message:
            nonlocal checked
            message = await receive()
            if monotonic() - checked >= self._again:
                checked = monotonic()
                if not await run_in_threadpool(self._is_still, scope, caller):
                    return {"type": "websocket.disconnect", "code": 1008}
            return message

        return watched

    def _is_still(self, scope: Scope, caller: Caller) -> bool:
        try:
            return self._callers.find(HTTPConnection(scope)) == caller
        except (FinScribeError, OperationalError):
            return False

    def _find(self, request: HTTPConnection) -> Caller:
        host = request.client.host if request.client else "socket"
        try:
            caller = self._callers.find(request)
        except FinScribeError:
            self._take(f"host {host}")
            raise
        self._take(f"user {caller.name}" if caller.name else f"host {host}")
        return caller

    def _take(self, caller: str) -> None:
        if wait := self._allowance.take(caller):
            raise RateLimited(
                "these are too many requests in a minute",
                wait,
                hint=f"Try again in {ceil(wait)} seconds; FINSCRIBE_RATE_LIMIT says how many are allowed.",
            )


def _turn_away(error: FinScribeError, scope: Scope) -> ASGIApp:
    if scope["type"] == "websocket":
        return WebSocketClose(code=1008)
    request = Request(scope)
    if isinstance(error, NotLoggedIn) and _is_for_a_page(request):
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?{urlencode({'next': address})}", 303)
    return respond(request, of_error(error), headers_of(error))


def _is_for_a_page(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


SAFE = {"GET", "HEAD", "OPTIONS"}


class SameOrigin:
    """Middleware that turns away what a page of another site sends in the name of a user (CSRF).

    Browsers say from which site a request comes that changes something, or that opens a websocket.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what comes from a page of this server, or from no page."""
        if not _is_foreign(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            detail = "This request was sent by a page of another site."
            hint = "Use the pages of this server, or a program that sends no Origin."
            found = problem(403, "foreign-origin", detail, hint)
            await respond(Request(scope), found)(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["method"] in SAFE):
        return False
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Nothing from other sites. Pages are drawn by Vue, which makes functions of templates in the browser."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Middleware that tells browsers to load nothing from elsewhere, and to let nobody frame or embed this."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the headers to every answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


SLOWEST = 16 * 1024
"""Bytes of a body that have to come in every second beyond those that all of it may take."""


class BodyLimit:
    """Middleware that reads no more of a body than `limit(path)` bytes, announced or not, and waits no longer for it
    than `seconds` and one more for every 16 KiB that have come.
    """

    def __init__(self, app: ASGIApp, limit: Callable[[str], int], seconds: float) -> None:
        self.app, self.limit, self._seconds = app, limit, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is small enough, as it comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit(scope["path"])
        if _announced(scope) > limit:
            too_large = problem(413, "document-too-large", _detail(limit), HINTS[413])
            await respond(Request(scope), too_large)(scope, receive, send)
        else:
            await self.app(scope, _Body(receive, limit, self._seconds).receive, send)


class _Body:
    """The body of a request while it comes. FastAPI passes exactly the errors raised here on from reading it."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive, self._limit, self._seconds = receive, limit, seconds
        self._read, self._waited, self._ended = 0, 0.0, False

    async def receive(self) -> Message:
        """The next part of it; for what comes after it, the end of the connection, there is no limit."""
        if self._ended:
            return await self._receive()
        message = await self._in_time()
        self._ended = not message.get("more_body", False)
        self._read += len(message.get("body", b""))
        if self._read > self._limit:
            raise HTTPException(413, _detail(self._limit))
        return message

    async def _in_time(self) -> Message:
        started = monotonic()
        left = self._seconds + self._read / SLOWEST - self._waited
        try:
            return await asyncio.wait_for(self._receive(), left)
        except TimeoutError as error:
            self._ended = True
            detail = f"The body has brought {self._read:,} bytes in {self._seconds:g} seconds or more."
            raise HTTPException(408, detail, {"Connection": "close"}) from error
        finally:
            self._waited += monotonic() - started


def _detail(limit: int) -> str:
    return f"The request is larger than {limit:,} bytes."


def _announced(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
