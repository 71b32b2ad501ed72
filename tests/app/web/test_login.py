"""Logging in and out, as a browser does it."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.api.sessions import COOKIE, Sessions
from app.core.models.unsloth_service import UnslothService
from app.roles import Role
from app.store import accounts
from app.store.tables import StoredAudit, StoredUser
from app.web import login
from tests.app.api.conftest import DOCUMENTS, decide, send_one
from tests.app.conftest import client_of

PASSWORD = "correct horse battery"


@pytest.fixture
def remote(service: UnslothService) -> Iterator[TestClient]:
    """Somebody elsewhere, with a user ann to log in as."""
    where = {"client": ("192.0.2.7", 50000), "base_url": "https://invoices.example"}
    with client_of(service, follow_redirects=False, **where) as client:
        with database(client).writing() as session:
            accounts.add_user(session, "ann", Role.REVIEWER, PASSWORD)
        yield client


def database(client: TestClient) -> Any:
    return client.app.state.backend.database  # type: ignore[attr-defined]


def token(client: TestClient) -> str:
    page = client.get("/login")
    assert page.status_code == 200
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def log_in(client: TestClient, name: str = "ann", password: str = PASSWORD, **fields: str) -> Any:
    values = {"token": token(client), "name": name, "password": password, **fields}
    return client.post("/login", data=values)


def test_one_who_logs_in_gets_in_and_where_they_wanted(remote: TestClient) -> None:
    assert remote.get(DOCUMENTS).status_code == 401
    response = log_in(remote, next="/review/abc?page=2")
    assert (response.status_code, response.headers["location"]) == (303, "/review/abc?page=2")
    cookie = next(each for each in response.headers.get_list("set-cookie") if each.startswith(COOKIE))
    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Max-Age=43200"):
        assert attribute in cookie
    assert remote.get(DOCUMENTS).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"), [("ann", "wrong"), ("bob", PASSWORD), ("", ""), ("ann\x00", "")]
)
def test_another_name_or_password_is_told_no_more_than_that(
    remote: TestClient, name: str, password: str
) -> None:
    response = log_in(remote, name, password)
    assert response.status_code == 401
    assert "no user of this name and password" in response.text
    assert COOKIE not in remote.cookies


def test_who_fails_has_to_wait_whatever_they_try_then(remote: TestClient) -> None:
    codes = [log_in(remote, password=f"wrong {number}").status_code for number in range(login.TRIES)]
    assert codes == [401] * login.TRIES
    response = log_in(remote)
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 60
    assert remote.get(DOCUMENTS).status_code == 401


def test_who_logs_in_has_all_tries_again(remote: TestClient) -> None:
    for _ in range(2):
        for number in range(login.TRIES - 1):
            assert log_in(remote, password=f"wrong {number}").status_code == 401
        assert log_in(remote).status_code == 303


def test_a_form_that_is_not_ours_is_refused(remote: TestClient) -> None:
    values = {"name": "ann", "password": PASSWORD}
    assert remote.post("/login", data=values).status_code == 403
    mine = token(remote)
    for other in (mine + "x", "", "none", "é"):
        assert remote.post("/login", data={**values, "token": other}).status_code == 403
        remote.cookies.clear()
        assert remote.post("/login", data={**values, "token": other}).status_code == 403
    mine = token(remote)
    from_elsewhere = {"origin": "https://attacker.example"}
    assert remote.post("/login", data={**values, "token": mine}, headers=from_elsewhere).status_code == 403
    assert COOKIE not in remote.cookies


def test_logging_out_ends_the_session_wherever_it_is_used(remote: TestClient) -> None:
    log_in(remote)
    stolen = remote.cookies[COOKIE]
    assert remote.post("/logout").status_code == 403
    assert remote.get(DOCUMENTS).status_code == 200
    response = remote.post("/logout", data={"token": token(remote)})
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert COOKIE not in remote.cookies
    assert remote.get(DOCUMENTS, headers={"cookie": f"{COOKIE}={stolen}"}).status_code == 401
    assert log_in(remote).status_code == 303


def test_a_cookie_that_we_did_not_sign_is_none(remote: TestClient, tmp_path: Any) -> None:
    with database(remote).reading() as session:
        ann = session.scalars(select(StoredUser)).one()
    forged = Sessions(tmp_path).begin(ann)
    assert remote.get(DOCUMENTS, headers={"cookie": f"{COOKIE}={forged}"}).status_code == 401


def test_the_secret_of_sessions_is_made_once_and_for_the_owner_alone(tmp_path: Any) -> None:
    ann = StoredUser(name="ann", role=Role.REVIEWER, password="", stamp="s")
    cookie = Sessions(tmp_path).begin(ann)
    assert Sessions(tmp_path).read(cookie) == ("ann", "s")
    assert (tmp_path / "session.key").stat().st_mode & 0o777 == 0o600
    assert len((tmp_path / "session.key").read_bytes()) == 32


@pytest.mark.parametrize("elsewhere", ["https://attacker.example", "//attacker.example", "/\\attacker", "x"])
def test_a_login_leads_to_no_other_site(remote: TestClient, elsewhere: str) -> None:
    assert log_in(remote, next=elsewhere).headers["location"] == "/"


def test_what_an_address_says_is_shown_as_text(remote: TestClient) -> None:
    page = remote.get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in page.text
    assert html.escape("<script>") in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_audit_log_has_the_name_of_who_logged_in_and_no_other(remote: TestClient) -> None:
    log_in(remote)
    document_id = send_one(remote)
    body = {"version": 2, "invoice": {"purchase_order": "P"}, "reviewer": "somebody else"}
    assert decide(remote, document_id, "approve", **body).status_code == 200
    with database(remote).reading() as session:
        lines = session.scalars(select(StoredAudit).where(StoredAudit.document_id == document_id)).all()
    assert [(each.who, each.action) for each in lines] == [
        ("ann", "upload"),
        ("ann", "review"),
        ("ann", "approve"),
    ]


def test_a_form_that_is_too_large_is_not_read(remote: TestClient) -> None:
    assert log_in(remote, password="x" * 100_000).status_code == 413
