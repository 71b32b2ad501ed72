"""The command, its workers and its driver, killed while it works."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter

import psutil
import pytest

from tests.app.waiting import wait_until
from tests.batch.fakes import write_texts
from tests.cli.fakes import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

DOCUMENTS = 48
PATIENCE = 300.0


@pytest.fixture
def folder(tmp_path):
    pytest.importorskip("ray", exc_type=ImportError)
    write_texts(tmp_path / "in", DOCUMENTS)
    (tmp_path / "in" / "empty.pdf").write_bytes(b"")
    return tmp_path


def start(folder):
    command = [sys.executable, "-m", "finscribe", "batch", "in", "--output", "out.jsonl", "--workers", "2"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    environ.pop("RAY_ADDRESS", None)
    return subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True)


def lines(path):
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def workers_of(process):
    """The actors that read, by the title that Ray gives to a process."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            found += [child] if "MapWorker" in " ".join(child.cmdline()) else []
        except psutil.Error:
            continue
    return found


def wait_for_rows(process, folder, count):
    def enough():
        assert process.poll() is None, "it ended before it was killed"
        return len(lines(folder / "out.jsonl")) >= count or None

    wait_until(enough, PATIENCE)


def finish(process):
    out, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, out.splitlines()[0]


def assert_each_document_has_one_row(folder):
    rows = [json.loads(line) for line in lines(folder / "out.jsonl")]
    rejects = [json.loads(line) for line in lines(folder / "out.jsonl.rejects.jsonl")]
    named = Counter(row["source"].rpartition("/")[2] for row in [*rows, *rejects])
    assert named == dict.fromkeys(os.listdir(folder / "in"), 1)
    assert [row["error"]["code"] for row in rejects] == ["empty-document"]
    assert all(row["invoice"]["vendor"]["name"] for row in rows)


def test_killed_workers_lose_nothing(folder):
    running = start(folder)
    for rows in (1, DOCUMENTS // 3):
        wait_for_rows(running, folder, rows)
        workers_of(running)[0].kill()
    assert finish(running) == (3, f"{DOCUMENTS + 1} inputs: {DOCUMENTS} done, 1 rejected, 0 already done")
    assert_each_document_has_one_row(folder)


def test_a_killed_driver_loses_nothing_and_another_run_does_only_what_is_left(folder):
    running = start(folder)
    wait_for_rows(running, folder, DOCUMENTS // 4)
    family = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=PATIENCE)
    wait_until(lambda: None if any(each.is_running() for each in family) else True, PATIENCE)
    whole = len(lines(folder / "out.jsonl"))
    with (folder / "out.jsonl").open("ab") as file:  # as of a write that the end came into
        file.write(lines(folder / "out.jsonl")[0][:100])

    code, counts = finish(start(folder))
    known = whole + len(lines(folder / "out.jsonl.torn"))
    assert code in (0, 3)
    assert counts.startswith(f"{DOCUMENTS + 1} inputs: ")
    assert_each_document_has_one_row(folder)
    done, rejected, already = (int(part.split()[0]) for part in counts.partition(": ")[2].split(", "))
    assert done + rejected + already == DOCUMENTS + 1
    assert done == DOCUMENTS - whole
    assert DOCUMENTS // 4 <= whole < DOCUMENTS
    assert known == whole + 1
