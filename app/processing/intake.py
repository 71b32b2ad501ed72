"""Files coming in: what may become a document does, all of them or none."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.models.batching import TooBusy
from app.store import inbox
from app.store.database import Database
from app.store.files import Files, new_id
from app.store.inbox import Incoming
from app.store.tables import StoredAudit, StoredDocument, StoredRequest
from finscribe.documents import check_text_size
from finscribe.errors import DocumentTooLarge, EmptyDocument, FinScribeError
from finscribe.ocr.reader import media_type
from finscribe.settings import Settings

MOST_FILES = 100
MOST_WAITING = 10_000
START = 4096  # bytes that say what a file is


class KeyReused(FinScribeError):
    """An Idempotency-Key that was sent before with other files."""

    code = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: a name to show, and its bytes from the beginning."""

    name: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Taken:
    """A document, and whether it was new."""

    document: StoredDocument
    new: bool


class Intake:
    """Takes files into a store."""

    def __init__(
        self, database: Database, files: Files, settings: Settings, *, most_waiting: int = MOST_WAITING
    ) -> None:
        self._database, self._files = database, files
        self._settings, self._most_waiting = settings, most_waiting

    def take(self, uploads: Sequence[Upload], key: str | None = None, who: str | None = None) -> list[Taken]:
        """Documents of files, in their order; the same bytes are the same document. `who` sent them.

        A `key` that was given before with the same files answers as it did then. Raises DocumentError, TooBusy,
        KeyReused and OSError; then no file was taken.
        """
        kinds = [self._kind(upload) for upload in uploads]
        self._check_count(len(uploads))
        with ExitStack() as undo:
            stored = [self._store(upload, kind, undo) for upload, kind in zip(uploads, kinds, strict=True)]
            taken = self._noted(stored, key, who)
            kept = {each.document.id for each in taken}
            undo.pop_all()
        for file in stored:
            if file.id not in kept:
                self._files.remove(file.id)
        return taken

    def _check_count(self, count: int) -> None:
        if count > MOST_FILES:
            raise DocumentTooLarge(f"{count} files at once", hint=f"Send at most {MOST_FILES} at a time.")
        with self._database.reading() as session:
            waiting = inbox.waiting(session)
        if waiting + count > self._most_waiting:
            raise TooBusy(
                f"{waiting:,} documents are waiting already",
                hint="Try again when some of them have been read.",
            )

    def _kind(self, upload: Upload) -> str:
        """The media type by content; raises DocumentError for a file that is none of ours, empty or too large."""
        name, size = inbox.shown_name(upload.name), upload.file.seek(0, 2)
        upload.file.seek(0)
        if not size:
            raise EmptyDocument(f"{name}: the file has zero bytes", hint="Download or export it again.")
        if size > self._settings.max_bytes:
            raise DocumentTooLarge(
                f"{name}: {size:,} bytes; the limit is {self._settings.max_bytes:,}",
                hint="Split the file into its invoices, or raise FINSCRIBE_MAX_BYTES.",
            )
        kind = media_type(upload.file.read(START), name)
        upload.file.seek(0)
        if kind == "text/plain":
            check_text_size(name, size, self._settings)
        return kind

    def _store(self, upload: Upload, kind: str, undo: ExitStack) -> Incoming:
        document_id = new_id()
        undo.callback(self._files.remove, document_id)
        digest, size = self._files.put(document_id, upload.file)
        return Incoming(document_id, digest, upload.name, kind, size)

    def _noted(self, stored: Sequence[Incoming], key: str | None, who: str | None) -> list[Taken]:
        try:
            with self._database.writing() as session:
                return self._documents(session, stored, key, who)
        except IntegrityError:  # the same key came twice at once, and the other one was faster
            with self._database.writing() as session:
                return self._documents(session, stored, key, who)

    def _documents(
        self, session: Session, stored: Sequence[Incoming], key: str | None, who: str | None
    ) -> list[Taken]:
        fingerprint = hashlib.sha256("".join(file.sha256 for file in stored).encode()).hexdigest()
        known = session.get(StoredRequest, key, with_for_update=True) if key else None
        if known is not None:
            return _as_before(session, known, fingerprint)
        taken = [Taken(*inbox.add(session, file)) for file in stored]
        new = (each.document.id for each in taken if each.new)
        session.add_all(StoredAudit(who=who, action="upload", document_id=each) for each in new)
        if key:
            ids = [each.document.id for each in taken]
            session.add(StoredRequest(key=key, fingerprint=fingerprint, document_ids=ids))
        session.flush()
        session.expunge_all()
        return taken


def _as_before(session: Session, known: StoredRequest, fingerprint: str) -> list[Taken]:
    if known.fingerprint != fingerprint:
        raise KeyReused(
            f"the Idempotency-Key {known.key!r:.60} was used with other files",
            hint="Take a new key for every upload that is not a repetition.",
        )
    documents = [inbox.find(session, document_id) for document_id in known.document_ids]
    found = [Taken(document, new=False) for document in documents if document is not None]
    session.expunge_all()
    return found
