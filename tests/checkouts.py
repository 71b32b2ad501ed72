"""A fresh checkout for the commands that pages print: installed already, without data or models of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from finscribe import starter

ROOT = Path(__file__).parents[1]
LINKED = (
    "Makefile",
    "app",
    "benchmarks",
    "configs",
    "docs",
    "finscribe",
    "pyproject.toml",
    "tests",
    "unsloth",
)
PRINTED = "http://127.0.0.1:8000"
"""Where the pages find the server."""


def make_checkout(folder: Path) -> Path:
    """Fills a folder with links to what a checkout holds."""
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def environment_of(checkout: Path) -> dict[str, str]:
    """That of a shell in which `.venv` is active; the starter reads, and no setting of this machine counts.

    Nor does it matter that `make` runs the tests: what it leaves to a `make` below it is left out.
    """
    ours = ("FINSCRIBE_", "UNSLOTH_", "MAKE", "MFLAGS")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {
        "PATH": f"{checkout}/.venv/bin:{clean['PATH']}",
        "PYTHONPATH": str(checkout),
        "UNSLOTH_MODEL_NAME": str(starter.path()),
    }


def run_block(text: str, checkout: Path, *, python: bool = False) -> str:
    """What a block prints; one that fails fails the test. `make` takes what is installed for up to date."""
    text = re.sub(r"^make (?!-)", "make -o .venv/.setup ", text, flags=re.MULTILINE)
    command = [sys.executable, "-c", text] if python else ["bash", "-ec", text]
    done = subprocess.run(command, cwd=checkout, env=environment_of(checkout), capture_output=True, text=True)
    assert done.returncode == 0, f"{text}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@contextmanager
def serving(checkout: Path) -> Iterator[str]:
    """The address of a server as `make serve` starts it, but on a port that is free."""
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "0"]
    quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(
        command, cwd=checkout, env=environment_of(checkout), stdout=quiet, stderr=pipe, text=True
    ) as server:
        assert server.stderr
        try:
            started = (re.search(r"running on (http://[^\s\"]+)", line) for line in server.stderr)
            yield next(match[1] for match in started if match)
        finally:
            server.terminate()


def command_of(target: str) -> str:
    """What `make` would run for a target."""
    command = ["make", "-n", "-o", ".venv/.setup", target]
    shown = subprocess.run(
        command, cwd=ROOT, env=environment_of(ROOT), capture_output=True, text=True, check=True
    )
    return shown.stdout.strip()
