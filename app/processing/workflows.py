"""Reading and extracting as durable workflows: a process that is killed resumes every document when it starts again.

DBOS keeps which steps were done in a database of its own. It holds ids of documents and nothing that they say.
"""

import logging
import re
import threading
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Protocol

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from app.processing.errands import Errands
from app.processing.steps import Steps
from app.store import progress
from app.store.database import Database
from finscribe.errors import FinScribeError
from finscribe.files import locked

logger = logging.getLogger(__name__)

APPLICATION_VERSION = "1"
"""Raised when workflows that were begun cannot be gone on with; recovery finds those of the same version only."""

READ, EXTRACT = "read", "extract"
EXTRACTIONS = 16  # at a time: two batches of the model, one that is answered and one that waits
POLL = 0.2  # seconds between two looks of DBOS for work
TEND = 2.0  # seconds between two looks for what was left lying, when nobody wakes us
SOME = 100
KEPT = timedelta(days=7)  # how long DBOS keeps what is over, for those who look for what went on
PRUNE = 3600.0  # seconds between two looks for what it need not keep any longer


class Work(Protocol):
    """What goes on behind the requests."""

    @property
    def running(self) -> bool:
        """Whether it does what there is to do."""
        ...

    def start(self) -> None:
        """Takes up what there is to do."""
        ...

    def wake(self) -> None:
        """Says that there is something new to do; costs nothing."""
        ...

    def close(self) -> None:
        """Cuts off what is going on; the next start goes on with it."""
        ...


_steps: Steps | None = None  # of the one process-wide DBOS


def _the_steps() -> Steps:
    assert _steps is not None, "workflows run between start and close only"
    return _steps


@DBOS.step(name="read")
def _read(document_id: str, run: int) -> None:
    _the_steps().read(document_id, run)


@DBOS.step(name="extract")
def _extract(document_id: str, run: int) -> None:
    _the_steps().extract(document_id, run)


@DBOS.workflow(name="read_document")
def _read_document(document_id: str, run: int) -> None:
    _read(document_id, run)
    with SetWorkflowID(f"{document_id}-{run}-{EXTRACT}"):
        DBOS.enqueue_workflow(EXTRACT, _extract_document, document_id, run)


@DBOS.workflow(name="extract_document")
def _extract_document(document_id: str, run: int) -> None:
    _extract(document_id, run)


class Workflows:
    """The background work of one process.

    `address` is the database that DBOS keeps its steps in, `folder` where processes take their numbers, `executor` the
    name of the machine. A number belongs to a process as long as it lives, and the next one
    that takes it goes on with what it left.
    """

    def __init__(
        self,
        database: Database,
        steps: Steps,
        errands: Errands,
        *,
        address: str,
        folder: Path,
        executor: str = "server",
        readers: int = 1,
    ) -> None:
        self._database, self._steps, self._errands = database, steps, errands
        self._address, self._folder, self._executor, self._readers = address, folder, executor, readers
        self._held = ExitStack()
        self._news, self._closing = threading.Event(), threading.Event()
        self._prune_at = monotonic()
        self._tender = threading.Thread(target=self._tend, name="finscribe-tender", daemon=True)

    @property
    def running(self) -> bool:
        """Whether it does what there is to do."""
        return self._tender.is_alive() and not self._closing.is_set()

    def start(self) -> None:
        """Resumes what a process before this one left, and takes up what is new."""
        global _steps
        _steps = self._steps
        DBOS(config=self._config(self._name(self._take_number())))
        DBOS.launch()
        for name, at_a_time in ((READ, self._readers), (EXTRACT, EXTRACTIONS)):
            DBOS.register_queue(
                name, worker_concurrency=at_a_time, polling_interval_sec=POLL, on_conflict="always_update"
            )
        self._adopt()
        self._tender.start()

    def wake(self) -> None:
        """Has the new documents and errands looked at now."""
        self._news.set()

    def close(self) -> None:
        """Cuts off what is going on; the next start goes on with it."""
        self._closing.set()
        self._news.set()
        self._steps.close()
        self._tender.join()
        DBOS.destroy(workflow_completion_timeout_sec=0)
        self._held.close()

    def _config(self, executor: str) -> DBOSConfig:
        return {
            "name": "finscribe",
            "system_database_url": self._address,
            "executor_id": executor,
            "application_version": APPLICATION_VERSION,
            "log_level": "WARNING",
        }

    def _name(self, number: int) -> str:
        return f"{self._executor}-{number}"

    def _lock(self, number: int) -> AbstractContextManager[None]:
        return locked(self._folder / f"{self._name(number)}.lock", wait=False)

    def _take_number(self) -> int:
        """The lowest number that no living process on this machine has."""
        for number in count():
            with suppress(BlockingIOError):
                self._held.enter_context(self._lock(number))
                return number
        raise AssertionError

    def _adopt(self) -> None:
        """Goes on with what processes left whose numbers nobody has taken again, for fewer run than before."""
        mine = re.compile(rf"{re.escape(self._executor)}-\d+\.lock")
        taken = sum(bool(mine.fullmatch(path.name)) for path in self._folder.glob("*.lock"))
        for number in range(taken):
            with suppress(BlockingIOError), self._lock(number):
                left = DBOS.list_workflows(
                    status="PENDING", executor_id=self._name(number), load_input=False, load_output=False
                )
                DBOS.resume_workflows([each.workflow_id for each in left])

    def _tend(self) -> None:
        while not self._closing.is_set():
            self._news.clear()
            for task in (self._hand_over, self._errands.carry_out, self._prune):
                try:
                    task()
                except (FinScribeError, SQLAlchemyError, OSError) as error:
                    logger.warning("The background work waits: %s", error)
                except Exception:
                    logger.exception("The background work failed, and is tried again")
            self._news.wait(TEND)

    def _hand_over(self) -> None:
        """Makes workflows of the documents that have none yet; the id of a workflow keeps it from being made twice."""
        while not self._closing.is_set():
            with self._database.reading() as session:
                fresh = [(each.id, each.run) for each in progress.not_handed_over(session, limit=SOME)]
            for document_id, run in fresh:
                with SetWorkflowID(f"{document_id}-{run}"):
                    DBOS.enqueue_workflow(READ, _read_document, document_id, run)
                with self._database.writing() as session:
                    progress.hand_over(session, document_id, run)
            if len(fresh) < SOME:
                return

    def _prune(self) -> None:
        """Has DBOS forget what was over long ago; what became of documents is in their own database."""
        if monotonic() < self._prune_at:
            return
        before = (datetime.now(UTC) - KEPT).isoformat()
        while not self._closing.is_set():
            over = DBOS.list_workflows(
                status=["SUCCESS", "ERROR", "CANCELLED"],
                completed_before=before,
                limit=SOME,
                load_input=False,
                load_output=False,
            )
            DBOS.delete_workflows([each.workflow_id for each in over])
            if len(over) < SOME:
                break
        self._prune_at = monotonic() + PRUNE
