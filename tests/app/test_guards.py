"""Who may ask."""

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.core.models.unsloth_service import UnslothService
from app.main import create_app
from app.settings import AppSettings
from finscribe.errors import SettingsError
from tests.app.conftest import InlineWork, client_of

HEALTH = "/api/v1/unsloth/health"


@pytest.mark.parametrize(
    "address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.7", "testclient"]
)
def test_a_client_on_another_machine_is_turned_away(service: UnslothService, address: str) -> None:
    with client_of(service, client=(address, 50000)) as client:
        response = client.get(HEALTH)
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "remote-client"
    assert address in response.json()["detail"]
    assert "FINSCRIBE_ALLOW_REMOTE=1" in response.json()["hint"]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_a_client_on_this_machine_is_answered(service: UnslothService, address: str) -> None:
    assert client_of(service, client=(address, 50000)).get(HEALTH).status_code == 200


@pytest.mark.parametrize(
    "name", ["http://localhost", "http://LOCALHOST:9", "http://[::1]:8000", "http://[::1]"]
)
def test_this_machine_may_be_addressed_by_its_local_names(service: UnslothService, name: str) -> None:
    assert client_of(service, base_url=name).get(HEALTH).status_code == 200


@pytest.mark.parametrize(
    "name", ["http://attacker.example:8000", "http://localhost.example", "http://192.0.2.7"]
)
def test_another_name_that_points_here_is_turned_away(service: UnslothService, name: str) -> None:
    with client_of(service, base_url=name) as client:
        response = client.get(HEALTH)
    assert (response.status_code, response.json()["code"]) == (403, "unknown-host")


def test_a_problem_of_infer_has_its_members_even_when_nobody_is_let_in(service: UnslothService) -> None:
    with client_of(service, client=("192.0.2.7", 1)) as client:
        response = client.post("/api/v1/unsloth/infer", json={})
    assert response.status_code == 403
    assert response.json().keys() >= {"doc_id", "parsed", "model_available", "error"}


@pytest.mark.parametrize("beyond", [False, True])
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("localhost:8000", 200),
        ("192.0.2.1:8000", 200),
        ("[2001:db8::1]:8000", 200),
        ("Invoices.example:8000", 200),
        ("attacker.example:8000", 403),
        ("192.0.2.1.attacker.example", 403),
    ],
)
def test_remote_clients_are_answered_where_the_setting_says_so_under_names_that_are_known(
    service: UnslothService, name: str, status: int, beyond: bool
) -> None:
    settings = AppSettings(allow_remote=True, hosts=frozenset({"invoices.example"}))
    app = create_app(service, app_settings=settings, make_work=InlineWork, beyond=beyond)
    with TestClient(app, base_url=f"http://{name}", client=("192.0.2.7", 50000)) as client:
        response = client.get(HEALTH)
    assert response.status_code == status
    if status == 403:
        assert response.json()["code"] == "unknown-host"
        assert "FINSCRIBE_HOSTS" in response.json()["hint"]


def test_names_of_the_server_are_read_from_the_environment() -> None:
    settings = AppSettings.from_environment({"FINSCRIBE_HOSTS": " api, Invoices.lan,"})
    assert settings.hosts == {"api", "invoices.lan"}


@pytest.mark.parametrize("text", ["http://invoices.lan", "invoices.lan:8000", "*", "a b"])
def test_what_is_no_name_of_a_server_is_an_error(text: str) -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_HOSTS"):
        AppSettings.from_environment({"FINSCRIBE_HOSTS": text})


@pytest.mark.parametrize(("text", "allowed"), [("1", True), ("Yes", True), ("0", False), (" ", False)])
def test_the_setting_is_read_from_the_environment(text: str, allowed: bool) -> None:
    assert AppSettings.from_environment({"FINSCRIBE_ALLOW_REMOTE": text}).allow_remote is allowed
    assert AppSettings.from_environment({}).allow_remote is False


def test_a_setting_that_is_neither_yes_nor_no_is_an_error() -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_ALLOW_REMOTE is 'maybe'"):
        AppSettings.from_environment({"FINSCRIBE_ALLOW_REMOTE": "maybe"})


@pytest.mark.parametrize("path", [HEALTH, "/docs", "/nothing", "/openapi.json"])
def test_browsers_are_told_to_load_nothing_from_elsewhere(service: UnslothService, path: str) -> None:
    headers = client_of(service).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_one_who_is_turned_away_gets_the_headers_too(service: UnslothService) -> None:
    with client_of(service, client=("192.0.2.7", 1)) as client:
        response = client.get(HEALTH)
    assert (response.status_code, response.headers["x-frame-options"]) == (403, "DENY")


def test_a_websocket_of_another_site_is_turned_away(service: UnslothService) -> None:
    client = client_of(service)
    with (
        pytest.raises(WebSocketDisconnect) as caught,
        client.websocket_connect("/anything", headers={"origin": "https://attacker.example"}),
    ):
        pass
    assert caught.value.code == 1008
