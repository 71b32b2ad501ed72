"""What processes that hold models keep of what was freed: servers and workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

EIGHT_THREADS = """
import ctypes
from threading import Barrier, Thread
{first}
together = Barrier(8)
def allocate():
    held = bytes(100_000)
    together.wait(30)
threads = [Thread(target=allocate) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def heaps(first: str, folder: Path) -> int:
    """How many heaps glibc has for the eight threads of a process."""
    program = [sys.executable, "-c", EIGHT_THREADS.format(first=first)]
    environment = {**os.environ, "FINSCRIBE_DATA_DIR": str(folder)}
    ended = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return ended.stderr.count("Arena ")


WORKER = """
from app import cli
def stop(*_): raise InterruptedError
cli.make_backend = stop
try: cli.work()
except InterruptedError: pass
"""


@pytest.mark.skipif("CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="another C library")
def test_all_threads_of_a_server_and_of_a_worker_share_two_heaps(tmp_path: Path) -> None:
    assert heaps("", tmp_path) > 2
    assert heaps("import app.main", tmp_path) == 2
    assert heaps(WORKER, tmp_path) == 2
