"""Files coming in: what may become a document does, and of the rest it is said why not."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from app import logs
from app.core.models.batching import TooBusy
from app.store import inbox
from app.store.database import Database
from app.store.files import Files, FilesUnavailable, new_id
from app.store.inbox import Incoming
from app.store.tables import Errand, StoredAudit, StoredDocument, StoredErrand, StoredRequest
from finscribe.documents import check_text_size
from finscribe.errors import DocumentError, DocumentTooLarge, EmptyDocument, FinScribeError
from finscribe.ocr.reader import media_type
from finscribe.settings import Settings

logger = logging.getLogger(__name__)

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
    """The document of a file of an upload, counted from 0, and whether it was new."""

    file: int
    document: StoredDocument
    new: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of an upload, counted from 0, that cannot become a document, and why."""

    file: int
    name: str
    error: DocumentError


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the files of an upload: each was taken or refused."""

    taken: Sequence[Taken]
    refused: Sequence[Refused]


class Intake:
    """Takes files into a store."""

    def __init__(
        self, database: Database, files: Files, settings: Settings, *, most_waiting: int = MOST_WAITING
    ) -> None:
        self._database, self._files = database, files
        self._settings, self._most_waiting = settings, most_waiting

    def take(self, uploads: Sequence[Upload], key: str | None = None, who: str | None = None) -> Answered:
        """What becomes of files, in their order; the same bytes are the same document. `who` sent them.

        A `key` that was given before with the same files answers as it did then. Raises DocumentTooLarge for too many
        files, TooBusy, KeyReused, FilesUnavailable and OSError; then no file was taken.
        """
        kinds, refused = self._kinds(uploads)
        if not kinds:
            return Answered([], refused)
        self._check_count(len(uploads), len(kinds))
        with ExitStack() as undo:
            stored = {file: self._store(uploads[file], kind, undo) for file, kind in kinds.items()}
            taken = self._noted(stored, key, who)
            kept = {each.document.id for each in taken}
            undo.pop_all()
        for file in stored.values():
            if file.id not in kept:
                self._discard(file.id)
        return Answered(taken, refused)

    def _kinds(self, uploads: Sequence[Upload]) -> tuple[dict[int, str], list[Refused]]:
        """The media types of the files that may become documents, and the others."""
        kinds: dict[int, str] = {}
        refused: list[Refused] = []
        for file, upload in enumerate(uploads):
            try:
                kinds[file] = self._kind(upload)
            except DocumentError as error:
                refused.append(Refused(file, inbox.shown_name(upload.name), error))
        return kinds, refused

    def _check_count(self, sent: int, fitting: int) -> None:
        if sent > MOST_FILES:
            raise DocumentTooLarge(f"{sent} files at once", hint=f"Send at most {MOST_FILES} at a time.")
        with self._database.reading() as session:
            waiting = inbox.waiting(session)
        if waiting + fitting > self._most_waiting:
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
        undo.callback(self._discard, document_id)
        digest, size = self._files.put(document_id, upload.file)
        return Incoming(document_id, digest, upload.name, kind, size)

    def _discard(self, document_id: str) -> None:
        """Erases what was stored for nothing; where that fails, it is owed, and done with the other errands."""
        try:
            self._files.remove(document_id)
        except (FilesUnavailable, OSError):
            try:
                with self._database.writing() as session:
                    session.add(StoredErrand(kind=Errand.ERASE, document_id=document_id))
            except SQLAlchemyError:
                logger.exception(
                    "A file that no document has is left", extra=logs.fields(document_id=document_id)
                )

    def _noted(self, stored: Mapping[int, Incoming], key: str | None, who: str | None) -> list[Taken]:
        try:
            with self._database.writing() as session:
                return self._documents(session, stored, key, who)
        except IntegrityError:  # the same key came twice at once, and the other one was faster
            with self._database.writing() as session:
                return self._documents(session, stored, key, who)

    def _documents(
        self, session: Session, stored: Mapping[int, Incoming], key: str | None, who: str | None
    ) -> list[Taken]:
        fingerprint = hashlib.sha256("".join(each.sha256 for each in stored.values()).encode()).hexdigest()
        known = session.get(StoredRequest, key, with_for_update=True) if key else None
        if known is not None:
            return _as_before(session, known, fingerprint, list(stored))
        taken = [Taken(file, *inbox.add(session, each)) for file, each in stored.items()]
        new = (each.document.id for each in taken if each.new)
        session.add_all(StoredAudit(who=who, action="upload", document_id=each) for each in new)
        if key:
            ids = [each.document.id for each in taken]
            session.add(StoredRequest(key=key, fingerprint=fingerprint, document_ids=ids))
        session.flush()
        session.expunge_all()
        return taken


def _as_before(session: Session, known: StoredRequest, fingerprint: str, files: Sequence[int]) -> list[Taken]:
    if known.fingerprint != fingerprint:
        raise KeyReused(
            f"the Idempotency-Key {known.key!r:.60} was used with other files",
            hint="Take a new key for every upload that is not a repetition.",
        )
    documents = [inbox.find(session, document_id) for document_id in known.document_ids]
    found = [
        Taken(file, document, new=False)
        for file, document in zip(files, documents, strict=True)
        if document is not None
    ]
    session.expunge_all()
    return found
