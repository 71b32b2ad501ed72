from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.local import CANONICAL
from app.store import reviews
from app.store.database import Database
from app.web import inbox
from app.web.inbox import Inbox
from tests.app.store import steps


def test_where_the_last_page_has_emptied_the_one_before_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path}/finscribe.sqlite3")
    database.migrate()
    monkeypatch.setattr(inbox, "ROWS", 1)
    monkeypatch.setattr(inbox, "local_of_visitor", lambda backend: CANONICAL)
    backend: Any = SimpleNamespace(database=database)
    listed = Inbox(backend)
    ids = {steps.to_review(database), steps.to_review(database)}
    listed._turn(1)
    (last,), _, _ = listed._query()
    with database.writing() as session:
        reviews.delete(session, last.id)
    documents, total, _ = listed._query()
    assert ({each.id for each in documents}, total) == (ids - {last.id}, 1)
    assert listed._offset == 0
