"""Who has to log in, and who is let in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.models.unsloth_service import UnslothService
from app.keys import parse_keys
from app.main import create_app
from app.roles import Role
from app.settings import AppSettings
from app.store import accounts
from finscribe.errors import SettingsError
from tests.app.api.conftest import DOCUMENTS, problem
from tests.app.conftest import InlineWork, client_of

KEY = "0123456789abcdef"
WITH_KEY = AppSettings(api_keys=parse_keys(f"admin:{KEY}"))
REMOTE = {"client": ("192.0.2.7", 50000), "base_url": "http://invoices.example"}


@contextmanager
def served(service: UnslothService, settings: AppSettings, **options: Any) -> Iterator[TestClient]:
    with client_of(service, app_settings=settings, **options) as client:
        yield client


def add_user(client: TestClient) -> None:
    with client.app.state.backend.database.writing() as session:  # type: ignore[attr-defined]
        accounts.add_user(session, "ann", Role.REVIEWER, "correct horse battery")


def test_on_this_machine_no_login_is_needed_whoever_has_one(service: UnslothService) -> None:
    with served(service, WITH_KEY) as client:
        add_user(client)
        assert client.get(DOCUMENTS).status_code == 200


def test_on_this_machine_a_wrong_key_is_said_to_be_wrong(service: UnslothService) -> None:
    with served(service, WITH_KEY) as client:
        wrong = client.get(DOCUMENTS, headers={"Authorization": "Bearer wrong"})
        problem(wrong, 401, "not-logged-in")


@pytest.mark.parametrize("settings", [AppSettings(require_login=True, api_keys=WITH_KEY.api_keys), WITH_KEY])
def test_where_everybody_has_to_log_in_this_machine_has_to_too(
    service: UnslothService, settings: AppSettings
) -> None:
    with served(service, settings, beyond=not settings.require_login) as client:
        problem(client.get(DOCUMENTS), 401, "not-logged-in")
        assert client.get(DOCUMENTS, headers={"Authorization": f"bearer {KEY}"}).status_code == 200


def test_others_are_asked_for_a_login_as_soon_as_anybody_has_one(service: UnslothService) -> None:
    with served(service, AppSettings(), **REMOTE) as client:
        problem(client.get(DOCUMENTS), 403, "remote-client")
        add_user(client)
        problem(client.get(DOCUMENTS), 401, "not-logged-in")


def test_everybody_is_let_in_by_the_setting_until_anybody_has_a_login(service: UnslothService) -> None:
    settings = AppSettings(allow_remote=True, hosts=frozenset({"invoices.example"}))
    with served(service, settings, beyond=True, **REMOTE) as client:
        assert client.get(DOCUMENTS).status_code == 200
        add_user(client)
        problem(client.get(DOCUMENTS), 401, "not-logged-in")


@pytest.mark.parametrize(
    ("settings", "beyond"), [(AppSettings(), True), (AppSettings(require_login=True), False)]
)
def test_a_server_that_nobody_could_log_in_to_does_not_start(
    service: UnslothService, settings: AppSettings, beyond: bool
) -> None:
    app = create_app(service, app_settings=settings, make_work=InlineWork, beyond=beyond)
    with pytest.raises(SettingsError, match="neither users nor keys") as caught:
        app.state.callers.check_start()
    for way_out in ("python -m app users add", "FINSCRIBE_API_KEYS", "FINSCRIBE_ALLOW_REMOTE=1", "127.0.0.1"):
        assert way_out in caught.value.hint


@pytest.mark.parametrize(
    ("settings", "beyond"),
    [(AppSettings(), False), (AppSettings(allow_remote=True), True), (WITH_KEY, True)],
)
def test_a_server_that_somebody_may_ask_starts(
    service: UnslothService, settings: AppSettings, beyond: bool
) -> None:
    app = create_app(service, app_settings=settings, make_work=InlineWork, beyond=beyond)
    app.state.callers.check_start()


def test_a_user_is_enough_to_start(service: UnslothService) -> None:
    with client_of(service, beyond=True) as client:
        add_user(client)
        client.app.state.callers.check_start()  # type: ignore[attr-defined]


def test_who_asks_too_often_is_told_when_to_come_again(service: UnslothService) -> None:
    settings = AppSettings(api_keys=WITH_KEY.api_keys, rate_limit=2)
    with served(service, settings) as client:
        answers = [client.get(DOCUMENTS) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        problem(answers[2], 429, "rate-limited")
        assert 0 < int(answers[2].headers["retry-after"]) <= 30
        assert client.get(DOCUMENTS, headers={"Authorization": f"Bearer {KEY}"}).status_code == 200


def test_who_guesses_keys_is_slowed_too(service: UnslothService) -> None:
    settings = AppSettings(api_keys=WITH_KEY.api_keys, rate_limit=2)
    with served(service, settings, **REMOTE) as client:
        codes = [
            client.get(DOCUMENTS, headers={"Authorization": f"Bearer {n}"}).status_code for n in range(3)
        ]
        assert codes == [401, 401, 429]


def test_a_database_that_does_not_answer_is_a_503_to_who_has_to_log_in(service: UnslothService) -> None:
    with served(service, AppSettings(), **REMOTE) as client:
        client.app.state.backend.database.migrate("base")  # type: ignore[attr-defined]
        problem(client.get(DOCUMENTS), 503, "database-unavailable")
        client.app.state.backend.database.migrate()  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["0", "-1", "many", "1e3"])
@pytest.mark.parametrize("name", ["rate_limit", "read_at_once"])
def test_a_number_that_is_none_is_an_error(name: str, text: str) -> None:
    variable = f"FINSCRIBE_{name.upper()}"
    with pytest.raises(SettingsError, match=variable):
        AppSettings.from_environment({variable: text})
    assert getattr(AppSettings.from_environment({variable: "7"}), name) == 7


@pytest.mark.parametrize("name", ["a/b", "..", "a b", "x" * 200])
def test_the_name_of_a_machine_has_to_be_fit_for_a_file(name: str) -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_EXECUTOR"):
        AppSettings.from_environment({"FINSCRIBE_EXECUTOR": name})
    assert AppSettings.from_environment({"FINSCRIBE_EXECUTOR": "node-1.lan"}).executor == "node-1.lan"
