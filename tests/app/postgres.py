"""A PostgreSQL server of the tests' own, on a socket in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"
MISSING = "PostgreSQL is not installed: apt install postgresql"
DEBIAN = Path("/usr/lib/postgresql")  # where its programs lie, and no path leads to


def programs() -> Path | None:
    """Where the programs of PostgreSQL lie, or None."""
    found = shutil.which("initdb") or next(map(str, sorted(DEBIAN.glob("*/bin/initdb"), reverse=True)), None)
    return Path(found).resolve().parent if found else None


class Server:
    """A server that keeps its data in a folder, and may be stopped and started again."""

    def __init__(self, programs: Path, folder: str) -> None:
        self._programs, self._folder = programs, folder
        self._options = {"user": USER} if os.geteuid() == 0 else {}  # PostgreSQL refuses to run as root
        if self._options:
            shutil.chown(folder, USER)
        self.address = f"postgresql://{USER}@/postgres?host={folder}"
        self._run("initdb", "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8")

    def start(self) -> None:
        """Returns when it answers."""
        settings = f"-c listen_addresses='' -c fsync=off -k {self._folder}"
        self._run("pg_ctl", "-w", "-l", f"{self._folder}/log", "-o", settings, "start")

    def stop(self, how: str = "immediate") -> None:
        """Returns when it has stopped, if it ran, and all connections are cut."""
        if not Path(self._folder, "data", "postmaster.pid").exists():
            return
        self._run("pg_ctl", "-w", "-m", how, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", f"{self._folder}/data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._options)


@contextmanager
def running() -> Iterator[Server]:
    """A server that lives as long as the context; without PostgreSQL, the test is skipped."""
    where = programs()
    if where is None:
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="finscribe-pg-") as folder:
        server = Server(where, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def server() -> Iterator[str]:
    """The address of a database on a server that lives as long as the context."""
    with running() as found:
        yield found.address
