import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.processing.intake import Intake, Upload
from app.store.database import Database
from app.store.folder import FilesInFolder
from finscribe.settings import Settings
from tests.app import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path}/finscribe.sqlite3")
        opened.migrate()
        yield opened
        opened.close()
        return
    with postgres.server() as address:
        opened = Database(address)
        opened.migrate()
        yield opened
        opened.close()


def test_the_same_upload_sent_many_times_at_once_makes_one_document(
    database: Database, tmp_path: Path
) -> None:
    intake = Intake(database, FilesInFolder(tmp_path / "documents"), Settings())

    def send(_: int) -> str:
        (taken,) = intake.take([Upload("a.txt", io.BytesIO(b"INV-1 Total 1"))], "key").taken
        return taken.document.id

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(send, range(24)))
    assert len(ids) == 1
    assert [path.parent.name for path in (tmp_path / "documents").rglob("original")] == list(ids)
