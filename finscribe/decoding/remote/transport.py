"""One request over HTTP, limited in time and size; redirections are not followed."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

MOST_BYTES = 16 * 1024 * 1024
"""Of what a server sends; an answer with all its log probabilities takes a tenth."""

AT_ONCE = 64 * 1024


class Failed(Exception):
    """No reply, or none that is of use; says why, in words that hold nothing of a document.

    `wait` is how many seconds the server asks for before it is asked again.
    """

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


class TimedOut(Failed):
    """A server that was reached has sent no whole reply in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _NoRedirections(urllib.request.HTTPRedirectHandler):
    """Documents and keys go to the address that was set, and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirections)


def send(url: str, body: Mapping[str, Any] | None, key: str | None, seconds: float) -> Reply:
    """Posts JSON, or gets where there is no body; raises Failed. `seconds` are those of the whole exchange."""
    headers = {"Accept": "application/json", "User-Agent": "finscribe"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    request = urllib.request.Request(url, data, headers)
    ends = time.monotonic() + seconds
    try:
        with _open(request, seconds) as response:
            known = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, known, _read(response, ends))
    except TimeoutError:
        raise TimedOut(f"no whole answer within {seconds:g} seconds") from None
    except urllib.error.URLError as error:  # it was not reached, which may have taken too long, too
        raise Failed(_why(error.reason, seconds)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise Failed(_why(error, seconds)) from None


def _open(request: urllib.request.Request, seconds: float) -> Any:
    try:
        return _opener.open(request, timeout=seconds)
    except urllib.error.HTTPError as error:  # a reply like any other
        return error


def _read(response: HTTPResponse, ends: float) -> bytes:
    """The body, piece by piece, so that one that trickles or never ends is noticed."""
    read = bytearray()
    while piece := response.read1(AT_ONCE):
        read += piece
        if len(read) > MOST_BYTES:
            raise Failed(f"an answer of more than {MOST_BYTES >> 20} MiB")
        if time.monotonic() > ends:
            raise TimeoutError
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and len(read) < int(announced):
        raise Failed("the connection was cut in the middle of the answer")
    return bytes(read)


def _why(reason: object, seconds: float) -> str:
    if isinstance(reason, TimeoutError):
        return f"no connection within {seconds:g} seconds"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return f"the connection failed ({type(reason).__name__})"
