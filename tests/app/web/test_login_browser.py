"""Logging in, working and logging out in a real browser, on a server that asks everybody for a login."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.backend import DATABASE
from app.roles import Role
from app.store import accounts
from app.store.database import Database
from app.store.tables import StoredAudit
from tests.app.web.conftest import serve
from tests.app.web.test_browser import faults, review

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database of the server, in which there is a reviewer ann."""
    folder = tmp_path_factory.mktemp("guarded")
    database = Database(f"sqlite:///{folder / DATABASE}")
    database.migrate()
    with database.writing() as session:
        accounts.add_user(session, "ann", Role.REVIEWER, PASSWORD)
    yield database
    database.close()


@pytest.fixture(scope="module")
def address(database: Database) -> Iterator[str]:
    folder = Path(database.address.removeprefix("sqlite:///")).parent
    with serve(folder, FINSCRIBE_REQUIRE_LOGIN="1") as address:
        yield address


def log_in(page: Any, path: str = "/") -> None:
    page.goto(path)
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_reviewer_logs_in_approves_by_name_and_logs_out(page: Any, database: Database) -> None:
    log_in(page, "/?x=1")
    page.locator(".drop-zone").wait_for()
    assert page.url.endswith("/?x=1")
    review(page, "invoice-de.pdf")
    document_id = page.url.rpartition("/")[2]
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(lambda url: not url.endswith(document_id))
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Log in").wait_for()
    page.goto("/")
    page.get_by_label("Password").wait_for()
    with database.reading() as session:
        query = select(StoredAudit.who).where(StoredAudit.document_id == document_id)
        assert set(session.scalars(query)) == {"ann"}


def test_a_wrong_password_is_said_to_be_wrong(page: Any) -> None:
    page.goto("/login")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").get_by_text("no user of this name and password").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_the_form(page: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    page.goto("/login")
    found = faults(axe, page)
    assert not found, "\n".join(found)
