"""A server of OpenAI's protocol on this machine, whose answers and faults are written down beforehand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from finscribe.decoding.remote.endpoints import Pace
from finscribe.decoding.remote.model import RemoteModel, load_remote
from finscribe.settings import RemoteSettings, Settings


@dataclass(frozen=True)
class Sent:
    """What goes over the wire; `cut` announces more than is sent, `hang` sends nothing until the server closes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cut: bool = False
    hang: bool = False


Reply = Sent | Callable[[dict[str, Any]], Sent]


def as_json(value: object, status: int = 200, **headers: str) -> Sent:
    """A JSON body; names of headers with `_` for `-`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Sent(json.dumps(value).encode(), status, {"Content-Type": "application/json", **named})


def says(text: str | None, ended: str = "stop", **more: Any) -> Callable[[dict[str, Any]], Sent]:
    """A model's answer, in the form of whichever address is asked."""

    def reply(request: dict[str, Any]) -> Sent:
        choice: dict[str, Any] = {"index": 0, "finish_reason": ended}
        choice |= (
            {"message": {"role": "assistant", "content": text}} if "messages" in request else {"text": text}
        )
        return as_json({"model": request["model"], "choices": [choice | more.get("choice", {})]})

    return reply


def refuses(status: int, **error: str) -> Sent:
    """An error of the protocol."""
    return as_json({"error": error}, status)


def later(status: int, after: str | None = None) -> Sent:
    """A server that is too busy, or broken for now."""
    return as_json({}, status, **({"Retry_After": after} if after else {}))


class Server:
    """Answers each POST with the next of its replies, the last one again and again."""

    def __init__(self, *replies: Reply, models: Reply | None = None) -> None:
        self.replies, self.models = list(replies), models or listing("invoices")
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []
        self.busiest = 0
        self._busy, self._lock, self._closing = 0, threading.Lock(), threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Server:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._send(self, _made(server.models, {}))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                reply = server._next(self.path, body, self.headers.get("Authorization"))
                try:
                    sent = _made(reply, body)
                finally:  # before it is sent: whoever has the answer may ask again at once
                    with server._lock:
                        server._busy -= 1
                server._send(self, sent)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _next(self, path: str, body: dict[str, Any], key: str | None) -> Reply:
        with self._lock:
            self.asked.append(body)
            self.paths.append(path)
            self.keys.append(key)
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def _send(self, handler: BaseHTTPRequestHandler, sent: Sent) -> None:
        if sent.hang:
            self._closing.wait(30)
            return
        handler.send_response(sent.status)
        for name, value in sent.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(sent.body) + (100 if sent.cut else 0)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(sent.body)
        handler.close_connection = True


def _made(reply: Reply, request: dict[str, Any]) -> Sent:
    return reply if isinstance(reply, Sent) else reply(request)


def listing(*names: str, owner: str = "somebody", **more: Any) -> Sent:
    """A server's list of models."""
    return as_json({"object": "list", "data": [{"id": name, "owned_by": owner, **more} for name in names]})


class Clock:
    """Time that passes in pauses alone."""

    def __init__(self) -> None:
        self.time, self.pauses = 1000.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    @property
    def pace(self) -> Pace:
        return Pace(lambda: self.time, self.sleep, lambda: 1.0)


@contextmanager
def served(
    *replies: Reply, clock: Clock | None = None, models: Reply | None = None, **settings: Any
) -> Iterator[tuple[Server, RemoteModel]]:
    """A server with its script, and the model that it serves."""
    with Server(*replies, models=models) as server:
        yield server, load([server], clock, **settings)


def load(servers: Sequence[Server], clock: Clock | None = None, **settings: Any) -> RemoteModel:
    """The model of some servers; `seconds` limits a request, `max_seconds` all that an answer takes."""
    limit = settings.pop("max_seconds", 300.0)
    remote = RemoteSettings(urls=tuple(server.url for server in servers), **settings)
    return load_remote("remote:", Settings(remote=remote, max_seconds=limit), (clock or Clock()).pace)
