import socket

import pytest

from app.address import check_free, is_loopback, listens_beyond
from finscribe.errors import SettingsError

APP = "app.main:app"


@pytest.mark.parametrize(
    "options",
    [[], ["--host", "127.0.0.1"], ["--host=localhost"], ["--host", "::1"], ["--reload", "--port", "9000"]],
)
def test_a_loopback_address_is_of_this_machine_alone(options: list[str]) -> None:
    assert not listens_beyond(["/venv/bin/uvicorn", APP, *options])


@pytest.mark.parametrize(
    "options",
    [
        ["--host", "0.0.0.0"],
        ["--host=::"],
        ["--host", "192.0.2.7"],
        ["--host", "invoices.example"],
        ["--uds", "/run/finscribe"],
        ["--fd", "3"],
    ],
)
@pytest.mark.parametrize("program", ["/venv/bin/uvicorn", "/venv/lib/uvicorn/__main__.py", "uvicorn.exe"])
def test_any_other_address_and_a_socket_are_more(program: str, options: list[str]) -> None:
    assert listens_beyond([program, APP, *options])


def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UVICORN_HOST", "0.0.0.0")
    assert listens_beyond(["uvicorn", APP])


def test_what_is_no_uvicorn_is_not_looked_at() -> None:
    assert not listens_beyond(["/venv/bin/pytest", "--host", "0.0.0.0"])


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.8.8.8", True), ("::ffff:127.0.0.1", True), ("::ffff:192.0.2.7", False), ("testclient", False)],
)
def test_loopback_has_many_addresses(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_a_port_that_is_taken_is_an_error_and_a_free_one_is_none(host: str) -> None:
    with socket.create_server((host, 0)) as other:
        port = other.getsockname()[1]
        options = ["uvicorn", APP, "--host", host, "--port", str(port)]
        with pytest.raises(SettingsError, match=f"port {port}") as raised:
            check_free(options)
        check_free(["pytest", *options])
        check_free([*options, "--fd", "3"])
    assert "PORT=NUMBER" in raised.value.hint
    check_free(options)


def test_an_address_that_cannot_be_had_is_left_to_uvicorn() -> None:
    check_free(["uvicorn", APP, "--host", "192.0.2.1"])
    check_free(["uvicorn", APP, "--port", "0"])


def test_a_number_that_is_no_port_is_said() -> None:
    with pytest.raises(SettingsError, match="99999 is no port"):
        check_free(["uvicorn", APP, "--port", "99999"])


def test_processes_that_are_handed_a_socket_check_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.address.parent_process", object)
    with socket.create_server(("127.0.0.1", 0)) as other:
        check_free(["uvicorn", APP, "--port", str(other.getsockname()[1])])
