"""A websocket lasts as long as its caller is known."""

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from app.api.access import Caller
from app.api.allowance import Allowance
from app.api.callers import NotLoggedIn
from app.api.guards import KnownCallers
from app.roles import Role


class Known:
    """Stands in for `Callers`."""

    def __init__(self) -> None:
        self.caller: Caller | None = Caller("ann", Role.TRAINER)

    def find(self, _request: HTTPConnection) -> Caller:
        if self.caller is None:
            raise NotLoggedIn("nobody knows")
        return self.caller


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
    await websocket.close(1008)


def client(known: Known, again: float) -> TestClient:
    app = Starlette(routes=[WebSocketRoute("/", echo)])
    app.add_middleware(KnownCallers, callers=known, allowance=Allowance(100, 60), again=again)  # type: ignore[arg-type]
    return TestClient(app)


def is_answered(known: Known, again: float, change: Caller | None) -> bool:
    with client(known, again).websocket_connect("/") as socket:
        socket.send_text("one")
        assert socket.receive_text() == "one"
        known.caller = change
        socket.send_text("two")
        return socket.receive()["type"] == "websocket.send"


def test_a_caller_who_is_still_known_goes_on() -> None:
    assert is_answered(Known(), 0, Caller("ann", Role.TRAINER))


def test_a_caller_who_was_removed_or_may_less_now_is_cut_off() -> None:
    assert not is_answered(Known(), 0, None)
    assert not is_answered(Known(), 0, Caller("ann", Role.REVIEWER))


def test_nobody_is_looked_up_for_every_message() -> None:
    assert is_answered(Known(), 30, None)
