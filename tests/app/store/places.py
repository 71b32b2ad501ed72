"""Places for files that a test may break: an object store in memory, and one that speaks the protocol of S3."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.store.files import Files
from app.store.folder import FilesInFolder
from app.store.objects import FilesInStore
from tests.app.waiting import wait_until

BUCKET = "documents"
KINDS = ["folder", "memory", "s3"]
ASKED = ("cat_file", "find", "get_file", "info", "open", "pipe_file", "put", "rm")
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "somebody",
    "AWS_SECRET_ACCESS_KEY": "something",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class Outage:
    """Takes a store away and gives it back; `asked` counts what it was asked while it was gone."""

    def __init__(self, files: FilesInStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files, self.on, self.asked = files, False, 0
        for name in ASKED:
            monkeypatch.setattr(files._system, name, self._unless_gone(getattr(files._system, name)))

    def _unless_gone(self, really: Any) -> Any:
        def ask(*args: Any, **options: Any) -> Any:
            if self.on:
                self.asked += 1
                raise ConnectionRefusedError("connection refused")
            return really(*args, **options)

        return ask

    def end(self) -> None:
        """The store is back, and has been found."""
        self.on = False
        self.files.check()


def in_memory(folder: Path) -> FilesInStore:
    """A store of its own in this process."""
    return FilesInStore(f"memory://{uuid4().hex}/finscribe", folder / "copies")


def everything_in(files: Files) -> list[str]:
    """The names of all that a place holds, but for the mark of a store."""
    if isinstance(files, FilesInFolder):
        return sorted(str(path) for path in files.folder.rglob("*") if path.is_file())
    assert isinstance(files, FilesInStore)
    return [name for name in files._system.find(files._root) if not name.endswith("/.finscribe")]


@contextmanager
def s3(folder: Path) -> Iterator[None]:
    """A server that speaks S3, with a bucket; skipped where its packages are missing."""
    if not all(map(importlib.util.find_spec, ("s3fs", "moto", "flask"))):
        pytest.skip("pip install 's3fs' 'moto[server]' into an environment of its own")
    said = folder / "moto.log"
    command = [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with said.open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **CREDENTIALS})
    try:
        with pytest.MonkeyPatch.context() as patched:
            for name, value in CREDENTIALS.items():
                patched.setenv(name, value)
            patched.setenv("AWS_ENDPOINT_URL", wait_until(lambda: _address_in(said.read_text()), 60))
            _make_bucket()
            yield
    finally:
        server.kill()
        server.wait()


def _address_in(text: str) -> str | None:
    found = [word for word in text.split() if word.startswith("http://127.0.0.1:")]
    return found[0] if found else None


def _make_bucket() -> None:
    import s3fs

    s3fs.S3FileSystem(skip_instance_cache=True).mkdir(BUCKET)


def place(kind: str, folder: Path) -> Files:
    """An empty place of a kind; that of S3 takes the bucket that `s3` gives."""
    if kind == "folder":
        return FilesInFolder(folder / "documents")
    if kind == "memory":
        return in_memory(folder)
    return FilesInStore(f"s3://{BUCKET}/{uuid4().hex}", folder / "copies")
