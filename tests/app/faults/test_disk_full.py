"""The disk fills up while documents are read, and gets room again: a small file system that is really full."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.faults.conftest import (
    DOCUMENTS,
    in_progress,
    in_state,
    pdf_of,
    send,
    send_one,
    served,
    text_of,
    wait_for_line,
    wait_until,
)

pytestmark = pytest.mark.e2e

SIZE = 16  # MiB
COUNT = 20


@pytest.fixture
def small_disk(data: Path) -> Iterator[Path]:
    """A data folder that is a file system of its own; the log of the server lies beside it."""
    folder = data / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("mounting a file system takes root (in a container: --cap-add SYS_ADMIN)")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that leaves no room."""
    path = folder / "in-the-way"
    with path.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    assert os.statvfs(folder).f_bavail == 0
    return path


def test_a_full_disk_refuses_what_is_new_and_loses_nothing(data: Path, small_disk: Path, model: Path) -> None:
    with served(data, model, FINSCRIBE_DATA_DIR=str(small_disk)) as client:
        first = send_one(client, text_of(1))
        version = in_state(client, first, "needs_review")["version"]
        ids = {first, *(send_one(client, text_of(number)) for number in range(2, COUNT))}
        long = send_one(client, pdf_of(30), "long.pdf")
        ids.add(long)
        in_state(client, long, "reading")
        in_the_way = fill(small_disk)

        refused = send(client, b"Acme\n" * 20_000)
        assert (refused.status_code, refused.json()["code"]) == (507, "disk-full")
        review = client.post(
            f"{DOCUMENTS}/{first}/approve", json={"version": version, "confirmed": ["vendor"]}
        )
        assert review.status_code in (200, 503), review.text
        assert {client.get(path).status_code for path in ("/healthz", DOCUMENTS, f"/review/{first}")} == {200}
        wait_for_line(data, "A document waits", long)

        in_the_way.unlink()
        wait_until(lambda: None if in_progress(client) else True)
        found = client.get(DOCUMENTS, params={"limit": 200}).json()["documents"]
        assert {document["id"] for document in found} == ids
        assert {document["state"] for document in found} <= {"needs_review", "approved"}
        assert send(client, b"Acme\n" * 20_000).status_code == 201
