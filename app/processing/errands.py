"""What the store owes others, carried out: examples to the training queue, taken back or erased, and files erased.

An errand is carried out first and ticked off afterwards, so that a crash repeats it; all of them may be repeated.
Those of the queue go one after the other in the order in which they came to be owed; each erasure stands alone. One
process at a time carries them out.
"""

import logging
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app import logs
from app.store import inbox
from app.store.columns import now
from app.store.database import Database
from app.store.files import Files, FilesUnavailable
from app.store.pages import to_document
from app.store.tables import Errand, StoredErrand, StoredExtraction, StoredReview
from app.training.active_learning import export_training_example
from finscribe.documents import Document
from finscribe.errors import DocumentError, InvoiceShapeError, QueueError
from finscribe.files import locked
from finscribe.invoice import Invoice
from finscribe.training.queue.training_queue import TrainingQueue

logger = logging.getLogger(__name__)

SOME = 100
REFUSALS = (DocumentError, InvoiceShapeError)
"""What the queue says of an example that it will never take."""
FAILURES = (QueueError, FilesUnavailable, OSError)
OF_THE_QUEUE = {Errand.EXPORT, Errand.RETRACT, Errand.PURGE}
MOST_FAILURES = 100  # of erasures at a time, those first that failed least


@dataclass(frozen=True, slots=True)
class _Example:
    """A review with what it was made of."""

    document: Document
    review: StoredReview
    extraction: StoredExtraction


class Errands:
    """The errands of a database; the training queue is that in `data_dir`."""

    def __init__(self, database: Database, files: Files, data_dir: Path) -> None:
        self._database, self._files, self._data_dir = database, files, data_dir
        self._queue = TrainingQueue(data_dir)

    def carry_out(self) -> int:
        """Carries out what is owed and returns how many errands that were; 0 where another process is at it.

        Raises QueueError, FilesUnavailable and OSError, the first of them, where some cannot be carried out now; all
        that do not have to wait for these are done then.
        """
        with ExitStack() as held:
            try:
                held.enter_context(locked(self._data_dir / ".errands.lock", wait=False))
            except BlockingIOError:
                return 0
            return self._carry_out()

    def _carry_out(self) -> int:
        done, waiting = 0, set[Errand]()
        failures = dict[int, Exception]()
        while errands := self._open_ones(failures, waiting):
            for errand in errands:
                try:
                    with logs.about(errand.document_id):
                        self._tick_off(errand, self._refusal(errand))
                except FAILURES as error:
                    failures[errand.id] = error
                    if len(failures) == MOST_FAILURES:
                        waiting.add(Errand.ERASE)
                    waiting |= self._waits_for(errand, error)
                    break
                done += 1
        if failures:
            raise next(iter(failures.values()))
        return done

    def _waits_for(self, failed: StoredErrand, error: Exception) -> set[Errand]:
        """What has to wait now that one has failed: the queue has its order, and a place for files may be gone."""
        if failed.kind is not Errand.ERASE:
            return OF_THE_QUEUE
        if isinstance(error, BlockingIOError):  # the database is read by somebody who takes their time
            return {Errand.ERASE}
        try:
            self._files.check()
        except FilesUnavailable:
            return {Errand.ERASE}
        return set()

    def _open_ones(self, failed: Collection[int], waiting: Collection[Errand]) -> list[StoredErrand]:
        kind = StoredErrand.kind
        query = select(StoredErrand).where(
            StoredErrand.done_at.is_(None), StoredErrand.id.not_in(failed), kind.not_in(waiting)
        )
        order = case((kind == Errand.ERASE, StoredErrand.attempts), else_=0), StoredErrand.id
        with self._database.reading() as session:
            return list(session.scalars(query.order_by(*order).limit(SOME)))

    def _refusal(self, errand: StoredErrand) -> str | None:
        """Carries out an errand; returns why it never will be, where that is so."""
        acts: dict[Errand, Callable[[StoredErrand], None]] = {
            Errand.EXPORT: self._export,
            Errand.RETRACT: self._retract,
            Errand.PURGE: self._purge,
            Errand.ERASE: self._erase,
        }
        try:
            acts[errand.kind](errand)
        except REFUSALS as error:
            logger.error("The errand to %s is refused: %s", errand.kind, error.code)
            return error.message
        except FAILURES:
            self._note_attempt(errand)
            raise
        return None

    def _export(self, errand: StoredErrand) -> None:
        with self._database.reading() as session:
            example = _example(session, errand)
        if example is None:  # the document was deleted meanwhile
            return
        export_training_example(
            example.document,
            Invoice.from_record(example.review.invoice),
            errand.document_id,
            reviewer=example.review.reviewer,
            model=example.extraction.model,
            extracted=Invoice.from_record(example.extraction.invoice),
            confirmed=example.review.confirmed,
            source_file=example.document.source,
            folder=self._data_dir,
        )

    def _retract(self, errand: StoredErrand) -> None:
        if self._holds(errand.document_id, live=True):
            self._queue.retract(errand.document_id)

    def _purge(self, errand: StoredErrand) -> None:
        if self._holds(errand.document_id, live=False):
            self._queue.purge(errand.document_id)

    def _erase(self, errand: StoredErrand) -> None:
        self._files.remove(errand.document_id)
        self._database.scrub()

    def _holds(self, document_id: str, *, live: bool) -> bool:
        stored = self._queue.stored() if self._queue.general.exists() else ()
        return any(
            each.correction.invoice_id == document_id and (each.state.live or not live) for each in stored
        )

    def _tick_off(self, errand: StoredErrand, refusal: str | None) -> None:
        with self._database.writing() as session:
            if found := session.get(StoredErrand, errand.id):
                found.done_at, found.attempts, found.refused = now(), found.attempts + 1, refusal

    def _note_attempt(self, errand: StoredErrand) -> None:
        with self._database.writing() as session:
            if found := session.get(StoredErrand, errand.id):
                found.attempts += 1


def _example(session: Session, errand: StoredErrand) -> _Example | None:
    review = session.get(StoredReview, errand.review_id) if errand.review_id else None
    document = inbox.find(session, errand.document_id)
    extraction = session.get(StoredExtraction, review.extraction_id) if review else None
    if review is None or document is None or extraction is None:
        return None
    pages = inbox.pages(session, document.id)
    return _Example(to_document(pages, document.name, document.language), review, extraction)
