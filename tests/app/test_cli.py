"""`python -m app`: users and keys. Purging is tested with what it does."""

import io
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app import cli
from app.backend import open_store
from app.roles import Role
from app.settings import AppSettings
from app.store import accounts
from app.store.database import Database
from finscribe.settings import Settings

PASSWORD = "correct horse battery"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    code = caught.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def database(data_dir: Path) -> Database:
    return open_store(Settings.from_environment(), AppSettings())[0]


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_users_are_made_listed_changed_and_removed(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, PASSWORD + "\n")
    assert run("users", "add", "ann", "--role", "trainer") == 0
    type_in(monkeypatch, "another horse battery\n")
    assert run("users", "password", "ann") == 0
    with database.reading() as session:
        assert accounts.log_in(session, "ann", PASSWORD) is None
        user = accounts.log_in(session, "ann", "another horse battery")
        assert user
        assert user.role is Role.TRAINER
    assert run("users", "list") == 0
    assert "ann\ttrainer\tsince 20" in capsys.readouterr().out
    assert run("users", "remove", "ann") == 0
    with database.reading() as session:
        assert accounts.users(session) == []


def test_a_key_is_printed_once_and_listed_without_itself(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("keys", "add", "scanner", "--role", "admin") == 0
    printed = capsys.readouterr()
    (key,) = printed.out.splitlines()
    assert "cannot be shown again" in printed.err
    with database.reading() as session:
        assert accounts.of_key(session, key)
    assert run("keys", "list") == 0
    listed = capsys.readouterr().out
    assert "scanner\tadmin" in listed
    assert key[-20:] not in listed
    assert run("keys", "remove", "scanner") == 0
    with database.reading() as session:
        assert accounts.keys(session) == []


def test_what_cannot_be_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "short\n")
    assert run("users", "add", "ann") == 1
    said = capsys.readouterr().err
    assert "error: the password has 5 characters" in said
    assert "hint: " in said
    assert run("users", "remove", "bob") == 1
    assert run("users", "add", "ann", "--role", "king") == 2


def test_a_database_that_does_not_answer_is_said_without_its_statement(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("server closed the connection"))

    monkeypatch.setattr(accounts, "users", gone)
    assert run("users", "list") == 1
    said = capsys.readouterr().err
    assert "the database does not answer: server closed the connection" in said
    assert "secret" not in said
