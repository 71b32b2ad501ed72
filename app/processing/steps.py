"""Reading and extracting one document. Both steps may be done again after a crash, and write once."""

import errno
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from functools import partial
from time import perf_counter

from sqlalchemy.exc import OperationalError

from app import logs, metrics
from app.core.models.batching import TooBusy
from app.core.models.unsloth_service import UnslothService
from app.processing.workers import Reader
from app.store import progress
from app.store.database import Database
from app.store.files import Files, FilesUnavailable
from app.store.inbox import find
from finscribe.documents import Document
from finscribe.errors import DocumentError, FinScribeError, MissingDependency, ModelError
from finscribe.extract import Extraction

logger = logging.getLogger(__name__)

PAUSES = (
    1.0,
    2.0,
    5.0,
    10.0,
    20.0,
    30.0,
)  # seconds before what could not be done is tried again; then the last
LOOK = 0.2  # seconds between two looks whether to close, while a model answers

PASSING = (ModelError, MissingDependency, TooBusy, OperationalError, FilesUnavailable)
"""What is no fault of the document and may pass: no model, no database, no store of documents."""
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


class Closing(BaseException):
    """The process is ending, and what it was doing goes on with the next one.

    No Exception, so that nobody on the way takes it for an outcome.
    """


class Steps:
    """The steps, on a database, with a reader and a model."""

    def __init__(self, database: Database, files: Files, reader: Reader, service: UnslothService) -> None:
        self._database, self._files = database, files
        self._reader, self._service = reader, service
        self._closing = threading.Event()

    def close(self) -> None:
        """Cuts off what is being done; from now on steps raise Closing."""
        self._closing.set()
        self._reader.close()

    def read(self, document_id: str, run: int) -> None:
        """Reads the pages of a document, or notes why they cannot be read."""
        with logs.about(document_id):
            self._patiently(partial(self._read, document_id, run), document_id, run)

    def extract(self, document_id: str, run: int) -> None:
        """Extracts the invoice of a document, or notes why it cannot be; waits while there is no model."""
        with logs.about(document_id):
            self._patiently(partial(self._extract, document_id, run), document_id, run)

    def _read(self, document_id: str, run: int) -> None:
        with self._database.writing() as session:
            name = progress.begin_reading(session, document_id, run)
        if name is None:
            return
        started = perf_counter()
        try:
            with self._files.at_hand(document_id) as path:
                reading = self._reader.read(path, name)
        except (DocumentError, MissingDependency) as error:
            self._fail(document_id, run, error)
            return
        with self._database.writing() as session:
            progress.finish_reading(session, document_id, run, reading.document, reading.pictures)
        seconds = perf_counter() - started
        metrics.extracted({"read": seconds}, ())
        logger.info("A document was read", extra=logs.fields(seconds=round(seconds, 3)))
        self._erase_if_deleted(document_id)

    def _extract(self, document_id: str, run: int) -> None:
        with self._database.writing() as session:
            document = progress.to_extract(session, document_id, run)
        if document is None:
            return
        try:
            extraction = self._answer(document)
        except FinScribeError as error:
            if _may_pass(error):
                raise
            self._fail(document_id, run, error)
            return
        with self._database.writing() as session:
            progress.finish_extraction(session, document_id, run, extraction)
        confidences = (evidence.confidence for evidence in extraction.evidence.values())
        metrics.extracted(extraction.seconds, confidences)
        logger.info("An invoice was extracted", extra=logs.fields(model=extraction.model))

    def _answer(self, document: Document) -> Extraction:
        future: Future[Extraction] = self._service.submit(document)
        while not wait([future], LOOK).done:
            self._check()
        return future.result()

    def _fail(self, document_id: str, run: int, error: FinScribeError) -> None:
        logger.warning("A document failed: %s", error.code)
        with self._database.writing() as session:
            progress.fail(session, document_id, run, error)

    def _erase_if_deleted(self, document_id: str) -> None:
        """A document that was deleted while it was read has left pictures behind."""
        with self._database.reading() as session:
            gone = find(session, document_id) is None
        if gone:
            self._files.remove(document_id)

    def _patiently(self, step: Callable[[], None], document_id: str, run: int) -> None:
        """Does a step, again and again while what keeps it from being done may pass."""
        pauses = iter(PAUSES)
        while True:
            self._check()
            try:
                return step()
            except CancelledError:
                continue
            except Exception as error:
                if _may_pass(error):
                    logger.warning("A document waits: %s", error)
                else:
                    logger.exception("A document could not be processed")
                    step = partial(self._fail, document_id, run, _internal())
                self._closing.wait(next(pauses, PAUSES[-1]))  # also where the failure cannot be noted

    def _check(self) -> None:
        if self._closing.is_set():
            raise Closing


def _may_pass(error: Exception) -> bool:
    return isinstance(error, PASSING) or (isinstance(error, OSError) and error.errno in NO_ROOM)


def _internal() -> FinScribeError:
    error = FinScribeError(
        "something went wrong in the server",
        hint="Have it read again; the log of the server has the details.",
    )
    error.code = "internal-error"
    return error
