"""Every request gets an id, a line in the log, and is counted."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, metrics
from app.api.access import Caller
from app.api.problems import EXAMPLES, problem, respond

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
QUIET = ("/_nicegui", "/docs/assets", "/healthz", "/readyz", "/metrics")
"""What is asked for all the time, and logged only where it fails."""

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class Observed:
    """Middleware that takes over or makes an `X-Request-ID`, and says what became of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and notes its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = Headers(scope=scope).get(HEADER, "")
        name = sent if _ID.fullmatch(sent) else uuid4().hex
        token = logs.request_id.set(name)
        started, status = perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            logger.error("A request failed", exc_info=error)
            if status:
                raise
            await respond(Request(scope), problem(500, *EXAMPLES[500]))(scope, receive, noting)
        finally:
            _note(scope, status, perf_counter() - started)
            logs.request_id.reset(token)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = str(getattr(scope.get("route"), "path", None) or "none")
    method = scope["method"] if scope["method"] in METHODS else "other"
    metrics.REQUESTS.labels(method, route, status).inc()
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)
    said = logging.DEBUG if status < 400 and scope["path"].startswith(QUIET) else logging.INFO
    caller: Caller | None = scope.get("state", {}).get("caller")
    known = {
        "method": method,
        "route": route,
        "status": status,
        "seconds": round(seconds, 4),
        "user": caller.name if caller else None,
        "document_id": scope.get("path_params", {}).get("document_id"),
    }
    logger.log(said, "Answered", extra=logs.fields(**{key: value for key, value in known.items() if value}))
