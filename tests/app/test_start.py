"""Starting the server as it is documented, on an address that others reach."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.web.conftest import free_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.e2e


def start(folder: Path, **settings: str) -> tuple[bool, str]:
    """Whether a server on all addresses started, and what it said; it is ended at once."""
    with subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", str(free_port())],
        cwd=ROOT,
        env={**os.environ, "FINSCRIBE_DATA_DIR": str(folder), "FINSCRIBE_LOG": "json", **settings},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        said = ""
        for line in server.stderr:
            said += line
            if "Started server process" in line:
                server.kill()
    assert server.returncode in (1, -9)
    return server.returncode != 1, said


def test_without_users_and_keys_it_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    started, said = start(tmp_path)
    assert not started
    assert "neither users nor keys" in said
    assert "python -m app users add NAME" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "settings", [{"FINSCRIBE_API_KEYS": "0123456789abcdef"}, {"FINSCRIBE_ALLOW_REMOTE": "1"}]
)
def test_with_a_key_or_the_setting_for_containers_it_starts(tmp_path: Path, settings: dict[str, str]) -> None:
    started, said = start(tmp_path, **settings)
    assert started
    assert "0123456789abcdef" not in said


def test_a_setting_that_is_wrong_is_said_without_a_traceback(tmp_path: Path) -> None:
    started, said = start(tmp_path, FINSCRIBE_API_KEYS="short")
    assert not started
    assert "a key of 5 characters" in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_said_without_a_traceback_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "uvicorn", "app.main:app", "--port", port],
            cwd=ROOT,
            env={**os.environ, "FINSCRIBE_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"another program listens on port {port} already" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_in_place_of_the_data_folder_is_said_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("kept")
    started, said = start(file, FINSCRIBE_ALLOW_REMOTE="1")
    assert not started
    assert f"FINSCRIBE_DATA_DIR is {file}, and {file} is a file" in said
    assert "Traceback" not in said
    assert file.read_text() == "kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_may_not_be_written_is_said_without_a_traceback(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    started, said = start(tmp_path / "data", FINSCRIBE_ALLOW_REMOTE="1")
    assert not started
    assert f"{tmp_path} may not be written" in said
    assert "Traceback" not in said


def test_a_database_that_is_not_there_is_said_without_a_traceback(tmp_path: Path) -> None:
    address = f"postgresql://me:secret@/nothing?host={tmp_path}"
    started, said = start(tmp_path, FINSCRIBE_DATABASE_URL=address)
    assert not started
    assert "the database does not answer" in said
    assert "secret" not in said


def test_a_user_made_on_the_command_line_lets_it_start(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "app", "users", "add", "ann"],
        cwd=ROOT,
        env={**os.environ, "FINSCRIBE_DATA_DIR": str(tmp_path)},
        input="correct horse battery\n",
        text=True,
        check=True,
        capture_output=True,
    )
    started, _ = start(tmp_path)
    assert started
