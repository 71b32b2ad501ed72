import pytest

from app.address import is_loopback, listens_beyond

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
