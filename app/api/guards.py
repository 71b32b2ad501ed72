"""What keeps a request out before anybody reads it: who sends it, and how large it is."""

from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import HINTS, problem, respond

LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class LocalOnly:
    """Middleware that turns away clients on other machines, and pages that pretend to be this one.

    The name by which the server is addressed is looked at too: a page in a browser on this machine can make
    a name of its own point here (DNS rebinding), and would read the answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is local."""
        if scope["type"] == "lifespan" or not (refused := _refusal(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            code, detail = refused
            hint = (
                "There is no login yet. Ask from the same machine at http://127.0.0.1:8000, or set "
                "FINSCRIBE_ALLOW_REMOTE=1 in a network in which everybody may read and send invoices."
            )
            await respond(Request(scope), problem(403, code, detail, hint))(scope, receive, send)


def _refusal(scope: Scope) -> tuple[str, str] | None:
    client = scope.get("client")  # none on a Unix socket
    if client and not _is_loopback(client[0]):
        return "remote-client", f"This server answers clients on its own machine only, not {client[0]}."
    host = Headers(scope=scope).get("host", "localhost")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name.lower() not in LOCAL_NAMES:
        return "unknown-host", f"This server does not answer to the name {name}."
    return None


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


class BodyLimit:
    """Middleware that reads no more of a body than `limit` bytes, announced or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is small enough, as it comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _announced(scope) > self.limit:
            too_large = problem(413, "document-too-large", self._detail(), HINTS[413])
            await respond(Request(scope), too_large)(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Callable[[], Awaitable[Message]]:
        read = 0

        async def count() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.limit:
                # FastAPI passes exactly this kind of error on from the reading of a body.
                raise HTTPException(413, self._detail())
            return message

        return count

    def _detail(self) -> str:
        return f"The request is larger than {self.limit:,} bytes."


def _announced(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
