"""Documents that are kept no longer: deleted as if somebody had deleted each of them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.processing.errands import Errands
from app.store import reviews
from app.store.database import Database
from app.store.files import Files, FilesUnavailable
from app.store.inbox import NoSuchDocument
from app.store.tables import StoredDocument
from finscribe.errors import QueueError

WHO = "purge"


class Retention:
    """Finds and deletes what came in long ago."""

    def __init__(self, database: Database, files: Files, data_dir: Path) -> None:
        self._database, self._errands = database, Errands(database, files, data_dir)

    def older_than(self, moment: datetime) -> list[StoredDocument]:
        """The documents that came in before, the oldest first."""
        query = select(StoredDocument).where(StoredDocument.created_at < moment)
        with self._database.reading() as session:
            return list(session.scalars(query.order_by(StoredDocument.created_at, StoredDocument.id)))

    def delete(self, documents: Sequence[StoredDocument]) -> tuple[int, bool]:
        """Deletes documents with all that was made of them.

        Returns how many were still there, and whether erasing their files and examples is left to a server that runs.
        """
        deleted = 0
        for document in documents:
            with suppress(NoSuchDocument), self._database.writing() as session:
                reviews.delete(session, document.id, WHO)
                deleted += 1
        with suppress(QueueError, FilesUnavailable, OSError):  # noted with the errand, which is tried again
            self._errands.carry_out()
        return deleted, self._any_owed()

    def _any_owed(self) -> bool:
        with self._database.reading() as session:
            return reviews.owed(session) > 0
