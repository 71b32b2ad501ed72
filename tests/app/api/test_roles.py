"""Every address, page and websocket is tried without the rights that it takes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount
from starlette.websockets import WebSocketDisconnect

from app.api.access import Needs
from app.api.guards import OPEN
from app.core.models.unsloth_service import UnslothService
from app.keys import ApiKey, digest
from app.main import create_app
from app.roles import Role
from app.settings import AppSettings
from finscribe.settings import Settings
from tests.app.conftest import InlineWork

KEYS = {role: f"the key of the role {role}" for role in Role}
SETTINGS = AppSettings(api_keys=tuple(ApiKey(str(role), role, digest(key)) for role, key in KEYS.items()))
LOGIN_ALONE = re.compile(r"/(openapi\.json|docs(/.*)?|_nicegui.*|favicon\.ico)|")
"""What everybody may have who has logged in: descriptions, and the parts that pages are made of."""


@dataclass(frozen=True)
class Found:
    """A route, and the highest role that it declares."""

    method: str
    path: str
    role: Role | None


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application as it is served, pages and all, but for its background work."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("roles"))
    app = create_app(
        UnslothService(settings),
        app_settings=SETTINGS,
        settings=settings,
        make_work=InlineWork,
        with_pages=True,
    )
    app.state.backend.database.migrate()
    return app


@pytest.fixture
def remote(app: FastAPI) -> TestClient:
    return TestClient(
        app, base_url="http://invoices.example", client=("192.0.2.7", 50000), follow_redirects=False
    )


@pytest.fixture
def routes(app: FastAPI) -> list[Found]:
    return list(walk(app.routes))


def walk(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[Found]:
    for route in iter_route_contexts(routes):
        if isinstance(route.original_route, Mount):
            inside = f"{prefix}{route.original_route.path}"
            yield from walk(route.original_route.routes, inside)
            yield Found("GET", f"{inside}/x", None)
        else:
            path = re.sub(r"{\w+(:\w+)?}", "1", f"{prefix}{route.path}")
            yield from (Found(method, path, role_of(route)) for method in route.methods or ())


def role_of(route: Any) -> Role | None:
    declared = getattr(route, "dependant", None)
    needed = (
        [each.call.role for each in declared.dependencies if isinstance(each.call, Needs)] if declared else []
    )
    return max(needed, key=list(Role).index) if needed else None


def ask(client: TestClient, found: Found, key: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.request(found.method, found.path, headers=headers)


def test_every_route_and_page_declares_a_role(routes: list[Found]) -> None:
    undeclared = [
        found.path
        for found in routes
        if found.role is None
        and found.path not in OPEN
        and not LOGIN_ALONE.fullmatch(found.path.removesuffix("/x"))
    ]
    assert undeclared == []
    assert {found.path for found in routes} > {"/", "/review/1", "/login", "/api/v1/queue"}


def test_nobody_gets_anywhere_without_a_login(remote: TestClient, routes: list[Found]) -> None:
    for found in routes:
        if found.path not in OPEN:
            response = ask(remote, found)
            assert response.status_code == 401, found
            assert response.headers["www-authenticate"] == "Bearer"


def test_no_role_gets_what_takes_a_higher_one(remote: TestClient, routes: list[Found]) -> None:
    tried = 0
    for found in routes:
        for role, key in KEYS.items():
            if found.role and not role.covers(found.role):
                assert ask(remote, found, key).status_code == 403, (found, role)
                tried += 1
    assert tried >= 4


def test_each_role_gets_what_takes_it(remote: TestClient) -> None:
    answers = {
        role: [
            ask(remote, Found("GET", path, None), key).status_code
            for path in ("/api/v1/documents", "/api/v1/queue")
        ]
        for role, key in KEYS.items()
    }
    assert answers == {Role.REVIEWER: [200, 403], Role.TRAINER: [200, 200], Role.ADMIN: [200, 200]}


@pytest.mark.parametrize("key", ["no key of ours", " ", "fs-0123456789ab-x", "fs-", "a,b"])
def test_no_key_but_ours_gets_anywhere(remote: TestClient, key: str) -> None:
    assert ask(remote, Found("GET", "/api/v1/documents", None), key).status_code == 401


@pytest.mark.parametrize("path", ["/_nicegui_ws/socket.io/", "/", "/api/v1/documents", "/anything"])
def test_no_websocket_opens_without_a_login(remote: TestClient, path: str) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, remote.websocket_connect(path):
        pass
    assert caught.value.code == 1008


def test_a_page_leads_to_the_login_and_back(remote: TestClient) -> None:
    response = remote.get("/review/abc?page=2", headers={"accept": "text/html,*/*"})
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2Freview%2Fabc%3Fpage%3D2"
