"""A server that reads nothing itself, and a worker beside it."""

import os
import subprocess
import sys
from pathlib import Path
from time import sleep

import httpx2
import pytest

from tests.app.waiting import wait_until
from tests.app.web.conftest import ROOT, serve

pytestmark = pytest.mark.e2e

FILE = {"files": ("one.txt", b"One Ltd\nInvoice O-1\nTotal 1.50 EUR\n", "text/plain")}


def state(address: str) -> str:
    document = httpx2.get(f"{address}/api/v1/documents").json()["documents"][0]
    return str(document["state"])


def test_what_a_server_takes_in_is_read_by_a_worker_and_by_nobody_else(tmp_path: Path) -> None:
    environment = {**os.environ, "FINSCRIBE_DATA_DIR": str(tmp_path)}
    with serve(tmp_path, FINSCRIBE_READS="off") as address:
        assert httpx2.post(f"{address}/api/v1/documents", files=FILE).status_code == 201
        assert httpx2.get(f"{address}/readyz").json()["workers"] == "elsewhere"
        sleep(5)
        assert state(address) == "queued"
        worker = subprocess.Popen([sys.executable, "-m", "app", "worker"], cwd=ROOT, env=environment)
        try:
            wait_until(lambda: state(address) == "needs_review" or None, pause=0.5)
        finally:
            worker.terminate()
        assert worker.wait(30) == 0
