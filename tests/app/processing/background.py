"""The background work as a process that a test can kill: `python -m tests.app.processing.background FOLDER ADDRESS`.

Files are text, and a stand-in for the model answers. Every step says on standard output that it begins; a line on
standard input ends the process in an orderly way.
"""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.api.examples import EXTRACTION
from app.processing.errands import Errands
from app.processing.reading import Reading
from app.processing.steps import Steps
from app.processing.workflows import Workflows
from app.store.database import Database
from app.store.folder import FilesInFolder
from finscribe.documents import Document
from finscribe.extract import Extraction


class TextReader:
    def read(self, path: Path, name: str) -> Reading:
        print("read", path.parent.name, flush=True)
        return Reading(Document.from_text(path.read_text(), name), {})

    def close(self) -> None:
        pass


class StandIn:
    """A model service that answers everything with the same invoice."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(4)

    def submit(self, document: Document) -> "Future[Extraction]":
        print("extract", flush=True)
        return self.threads.submit(lambda: EXTRACTION)


def background(folder: Path, address: str) -> tuple[Database, Workflows]:
    """The background work on the documents in a folder, not yet started."""
    database = Database(address)
    database.migrate()
    files = FilesInFolder(folder / "documents")
    service: Any = StandIn()
    steps = Steps(database, files, TextReader(), service)
    work = Workflows(
        database,
        steps,
        Errands(database, files, folder),
        address=database.address if not database.is_sqlite else f"sqlite:///{folder}/workflows.sqlite3",
        folder=folder / "executors",
        readers=2,
    )
    return database, work


if __name__ == "__main__":
    _, work = background(Path(sys.argv[1]), sys.argv[2])
    work.start()
    print("started", flush=True)
    sys.stdin.readline()
    work.close()
    print("closed", flush=True)
