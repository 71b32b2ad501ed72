"""Many at once, very long ones, and very slow ones."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from urllib.parse import urlsplit

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.app.faults.conftest import (
    DOCUMENTS,
    client,
    counts,
    in_state,
    pdf_of,
    send,
    send_one,
    served,
    text_of,
    wait_until,
)

pytestmark = pytest.mark.e2e

AT_ONCE = 100
MIB = 1024 * 1024


def memory_of_servers() -> int:
    """Bytes that the processes this test started have in memory."""
    processes = psutil.Process().children(recursive=True)
    return sum(each.memory_info().rss for each in processes)


def test_a_hundred_uploads_at_once_are_taken_in_order_and_memory_stays_as_it_is(
    data: Path, model: Path
) -> None:
    with served(data, model) as first:
        in_state(first, send_one(first, text_of(0)), "needs_review")
        before = memory_of_servers()
        address = str(first.base_url)

        def upload(number: int) -> tuple[int, float]:
            with client(address) as mine:
                started = perf_counter()
                return send(mine, text_of(number)).status_code, perf_counter() - started

        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(upload, range(1, AT_ONCE + 1)))
        assert {status for status, _ in answers} == {201}
        assert max(seconds for _, seconds in answers) < 30

        listed = first.get(DOCUMENTS, params={"sort": "oldest", "limit": 200}).json()["documents"]
        assert len(listed) == AT_ONCE + 1
        wait_until(lambda: counts(first)["needs_review"] == AT_ONCE + 1 or None)
        found = first.get(DOCUMENTS, params={"sort": "oldest", "limit": 200}).json()["documents"]
        done = sorted(range(len(found)), key=lambda place: found[place]["changed_at"])
        # Sixteen are with the model at a time; nobody waits for many that came later.
        assert all(abs(place - came) <= 32 for place, came in enumerate(done))
        assert memory_of_servers() < before + 400 * MIB


def test_what_is_more_than_may_wait_is_told_to_come_again(data: Path, model: Path) -> None:
    with served(data, model, FINSCRIBE_MAX_WAITING="10") as first:
        answers = [send(first, text_of(number)) for number in range(40)]
        refused = [each for each in answers if each.status_code != 201]
        assert refused
        assert {each.status_code for each in refused} == {429}
        assert all(int(each.headers["retry-after"]) > 0 for each in refused)
        wait_until(lambda: counts(first)["needs_review"] == len(answers) - len(refused) or None)
        assert send(first, text_of(99)).status_code == 201


def test_a_pdf_of_five_hundred_pages_is_refused_with_what_to_do_and_stops_nobody(
    data: Path, model: Path
) -> None:
    with served(data, model) as first:
        refused = in_state(first, send_one(first, pdf_of(500), "long.pdf"), "failed")
        assert "500 pages" in refused["problem"]["detail"]
        assert refused["problem"]["hint"]
        in_state(first, send_one(first, text_of(1)), "needs_review")


def test_a_pdf_of_five_hundred_pages_is_read_where_that_is_allowed(data: Path, model: Path) -> None:
    with served(data, model, FINSCRIBE_MAX_PAGES="500", FINSCRIBE_MAX_WINDOWS="1000") as first:
        long = send_one(first, pdf_of(500), "long.pdf")
        in_state(first, long, "extracting", "needs_review", "failed")
        assert first.get(f"{DOCUMENTS}/{long}").json()["page_count"] == 500
        started = perf_counter()
        assert first.get(DOCUMENTS).status_code == 200
        assert first.get(f"{DOCUMENTS}/{long}/pages/500.png").headers["content-type"] == "image/png"
        assert perf_counter() - started < 20


def scan_of(pages: int) -> bytes:
    """A PDF of pictures of text, which take OCR a second each."""
    sheets = []
    for number in range(pages):
        sheet = Image.new("RGB", (1240, 1754), "white")
        text = "\n".join(f"Article {number}-{line} of the catalogue   {line + 3}.50" for line in range(40))
        ImageDraw.Draw(sheet).text((90, 90), text, "black", ImageFont.load_default(28))
        sheets.append(sheet)
    out = BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=150)
    return out.getvalue()


def test_a_scan_of_many_pages_holds_up_no_other_document(data: Path, model: Path) -> None:
    with served(data, model) as first:
        scan = send_one(first, scan_of(30), "scan.pdf")
        in_state(first, scan, "reading")
        in_state(first, send_one(first, text_of(1)), "needs_review")
        assert first.get(f"{DOCUMENTS}/{scan}").json()["state"] == "reading"


SLOW = 200
"""Clients that send a byte a second: more than the server has threads."""


@contextmanager
def dripping(address: str, count: int) -> Iterator[None]:
    """Clients that have announced a body and send it a byte a second, until the context ends."""
    where, ended = urlsplit(address), Event()
    assert where.hostname
    assert where.port
    head = (
        f"POST {DOCUMENTS} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 100000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    )
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_connection((where.hostname, where.port))) for _ in range(count)
        ]
        for each in sockets:
            each.sendall(head.encode())

        def drip() -> None:
            while not ended.wait(1):
                for each in sockets:
                    each.sendall(b"x")

        thread = Thread(target=drip)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def test_clients_that_send_a_byte_a_second_stop_nobody(data: Path, model: Path) -> None:
    with served(data, model) as first, dripping(str(first.base_url), SLOW):
        longest = 0.0
        for number in range(30):
            started = perf_counter()
            send_one(first, text_of(number))
            assert first.get(DOCUMENTS).status_code == 200
            longest = max(longest, perf_counter() - started)
        assert longest < 5
        wait_until(lambda: counts(first)["needs_review"] == 30 or None)


def test_a_body_that_comes_too_slowly_is_answered_with_408_and_its_connection_ends(
    data: Path, model: Path
) -> None:
    body = b"--x\r\n" + b"a" * 1000
    with served(data, model, FINSCRIBE_BODY_SECONDS="2") as first:
        where = urlsplit(str(first.base_url))
        head = (
            f"POST {DOCUMENTS} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        with socket.create_connection((where.hostname or "", where.port or 0), timeout=60) as slow:
            slow.sendall(head.encode())
            started, answer = perf_counter(), b""
            slow.settimeout(0.2)
            for byte in body:
                slow.sendall(bytes([byte]))
                with suppress(TimeoutError):
                    answer += slow.recv(4096)
                    break
            slow.settimeout(60)
            while part := slow.recv(4096):  # until the server ends it
                answer += part
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"request-timeout" in answer
        assert 1.5 < perf_counter() - started < 20
        send_one(first, text_of(1))
