"""Steps on a database with a reader and a model that do what a test wants."""

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from app.core.models.unsloth_service import UnslothService
from app.processing import steps as steps_module
from app.processing.reading import Reading
from app.processing.steps import Steps
from app.store.database import Database
from app.store.folder import FilesInFolder
from finscribe.documents import Document


class FakeReader:
    """Stands in for the worker processes: files are text."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.fail: Callable[[str], BaseException | None] = lambda name: None
        self.closed = False

    def read(self, path: Path, name: str) -> Reading:
        if self.closed:
            raise CancelledError
        self.names.append(name)
        if error := self.fail(name):
            raise error
        return Reading(Document.from_text(path.read_text(), name), {})

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/finscribe.sqlite3")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def files(tmp_path: Path) -> FilesInFolder:
    return FilesInFolder(tmp_path / "documents")


@pytest.fixture
def reads() -> FakeReader:
    return FakeReader()


@pytest.fixture
def steps(
    database: Database,
    files: FilesInFolder,
    reads: FakeReader,
    service: UnslothService,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Steps]:
    monkeypatch.setattr(steps_module, "PAUSES", (0.0,))
    steps = Steps(database, files, reads, service)
    yield steps
    steps.close()
