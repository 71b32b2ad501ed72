"""A server with the starter and a browser in front of it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def chromium() -> str | None:
    """The browser of the system; the setting names another one."""
    return os.environ.get("FINSCRIBE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def served_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def address(served_data: Path) -> Iterator[str]:
    """A server of its own, with pages and the real background work."""
    with serve(served_data) as address:
        yield address


@contextmanager
def serve(folder: Path, **settings: str) -> Iterator[str]:
    """A server whose data lie in a folder."""
    port = free_port()
    environment = {
        **os.environ,
        "FINSCRIBE_DATA_DIR": str(folder),
        "UNSLOTH_MODEL_DIR": str(ROOT / "finscribe/starter/finscribe-starter"),
        **settings,
    }
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)]
    command += ["--timeout-keep-alive", "75"]  # a client that reuses a connection may be slow where much runs
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, stdout=log)
        try:
            wait_for(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Returns when a server listens."""
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
    pytest.fail("the server does not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    executable = chromium()
    if executable is None:
        pytest.skip("there is no Chromium: apt install chromium, or FINSCRIBE_CHROMIUM names one")
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page at 1280 pixels that fails the test for any error and any request to another server."""
    with opening(browser, address) as opened:
        yield opened


@contextmanager
def opening(browser: Any, address: str, **options: Any) -> Iterator[Any]:
    """A page of a server, watched; `options` are those of a context of Playwright."""
    size = {"width": 1280, "height": 860}
    context = browser.new_context(viewport=size, base_url=address, reduced_motion="reduce", **options)
    context.set_default_timeout(60_000)
    opened, wrong = context.new_page(), []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if is_fault(message) else None)
    opened.on("request", lambda sent: None if is_ours(sent.url, address) else wrong.append(sent.url))
    yield opened
    context.close()
    assert wrong == []


def is_fault(message: Any) -> bool:
    """Whether the browser complains; that an upload was refused is none."""
    return message.type == "error" and "Failed to load resource" not in message.text


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws"))) or not url.startswith(("http", "ws"))
