"""A server of its own for a benchmark, which asks it over loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0  # seconds that the server may take to start, and for each document


@contextmanager
def serve(folder: Path, model: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server that keeps its data in a folder, once it can read with a model: its address and its process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        **os.environ,
        "FINSCRIBE_DATA_DIR": str(folder / "data"),
        "UNSLOTH_MODEL_DIR": str(model),
        "FINSCRIBE_RATE_LIMIT": "100000000",
    }
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)]
    url, said = f"http://127.0.0.1:{port}", folder / "server.log"
    with said.open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: server.poll() is not None or _can_read(url), "the server")
            if server.poll() is not None:
                raise SystemExit(f"the server ended: {said.read_text()}")
            yield url, psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait()


def wait_for(found: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Returns when something is found; ends the program where it does not come in so many seconds."""
    until = time.monotonic() + seconds
    while not found():
        if time.monotonic() > until:
            raise SystemExit(f"{what}: it does not come in {seconds:g} seconds")
        time.sleep(0.1)


def _can_read(url: str) -> bool:
    try:
        return bool(httpx2.get(f"{url}/api/v1/unsloth/health").json().get("model_available"))
    except (httpx2.HTTPError, ValueError):
        return False
