"""What the clients of a load count as answered, refused and failed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from benchmarks.load import HEAD, Outcome, promote_two, row_of, run_load, serve_first, serve_second


class Moody(BaseHTTPRequestHandler):
    """Answers, refuses, fails and cuts off in turn."""

    protocol_version = "HTTP/1.1"
    served = 0

    def do_GET(self) -> None:
        Moody.served += 1
        turn = Moody.served % 4
        if turn == 3:
            self.close_connection = True
            return
        self.send_response((200, 503, 500)[turn])
        if turn == 1:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.get("/")


def test_what_says_when_to_come_again_is_no_error_and_all_else_is(url: str) -> None:
    outcome = asyncio.run(run_load(url, ask, clients=3, seconds=1.5))
    assert len(outcome.seconds) > 3
    assert outcome.refused > 3
    assert outcome.elapsed >= 1.5
    assert outcome.errors["500"] > 3
    assert set(outcome.errors) == {"500", "RemoteProtocolError"}


def test_a_row_has_a_cell_for_each_heading() -> None:
    outcome = Outcome([0.1] * 98 + [2.0, 9.0], elapsed=10.0, refused=4, errors=Counter({"500": 2}))
    cells = [cell.strip() for cell in row_of("infer", 8, outcome, (100.0, 1234.0)).split("|")[1:-1]]
    assert len(cells) == HEAD.splitlines()[0].count("|") - 1
    assert cells == ["infer", "8", "10.0", "0.10 s", "0.10 s", "2.07 s", "4", "2 x 500", "100 MB", "1,234 MB"]


@pytest.mark.parametrize(("seconds", "cell"), [([], "0.00 s"), ([1.5], "1.50 s")])
def test_a_load_with_one_answer_or_none_has_a_row_too(seconds: list[float], cell: str) -> None:
    assert f"| {cell} | {cell} | {cell} |" in row_of("infer", 1, Outcome(seconds), (0.0, 0.0))


def test_two_versions_can_be_swapped_again_and_again(tmp_path: Path) -> None:
    registry = promote_two(tmp_path)
    served = []
    for swap in (serve_first, serve_second, serve_first, serve_second, serve_first):
        swap(registry)
        version = registry.served()
        served.append(version.number if version else None)
    assert served == [1, 2, 1, 2, 1]
