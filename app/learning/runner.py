"""THE MAIN PATH of learning: takes up runs, watches over their processes, notes what came of them.

One process at a time, over all servers that share a data folder: it holds a lock as long as it lives. A server that
ends asks it to stop where it can go on. A server that is killed leaves it at work, and the next one waits for it. What
was cut off is begun again with the same command, which goes on from what it has on disk.
"""

import logging
import os
import shlex
import signal
import socket
import subprocess
import threading
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.learning import outcomes
from app.learning.commands import command
from app.learning.places import Places
from app.store import runs
from app.store.database import Database
from app.store.tables import RunKind, RunState, StoredRun
from finscribe.errors import FinScribeError

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two looks
MOST_ATTEMPTS = 5  # at a run whose process is gone, and nobody here has ended it


class Runner:
    """The runs of a database, one after the other, on a thread of its own."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database, self._places = database, places
        self._child: tuple[RunKind, str, subprocess.Popen[bytes]] | None = None
        self._news, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="finscribe-learning", daemon=True)

    def start(self) -> None:
        """Goes on with what a server before this one left, and takes up what is new."""
        self._thread.start()

    def wake(self) -> None:
        """Has a new run looked at now."""
        self._news.set()

    def close(self) -> None:
        """Asks the process at work to stop where it can go on; the next start goes on with it."""
        self._closing.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._child and self._child[2].poll() is None:
            self._child[2].terminate()
            with suppress(SQLAlchemyError, FinScribeError), self._database.writing() as session:
                runs.get(session, *self._child[:2], lock=True).attempts = 0

    def _work(self) -> None:
        while not self._closing.is_set():
            self._news.clear()
            try:
                self._watch() if self._child else self._take_up()
            except (FinScribeError, SQLAlchemyError, OSError) as error:
                logger.warning("Learning waits: %s", error)
            except Exception:
                logger.exception("Learning failed, and is tried again")
            self._news.wait(EVERY)

    # --- nobody of ours is at work -------------------------------------------------------------------

    def _take_up(self) -> None:
        with self._database.reading() as session:
            waits = runs.next_open(session)
        if waits is None:
            return
        lock = _take(self._places)
        if lock is None:  # the process of another server, or of one that is gone
            self._stop_if_cancelled(waits.kind, waits.id)
            return
        try:
            self._begin_next(lock)
        finally:
            os.close(lock)  # the process has it now, and nobody else

    def _begin_next(self, lock: int) -> None:
        """Begins the next run; one whose process is gone is ended, or begun again."""
        with self._database.writing() as session:
            run = runs.next_open(session)
            if run is None or (run.state is RunState.RUNNING and self._is_over(run)):
                return
            try:
                process = self._spawn(run, lock)
            except ValueError as error:  # a word that no command can have
                problem = {"code": "run-failed", "detail": str(error), "hint": "Name the model otherwise."}
                runs.end(run, RunState.FAILED, problem=problem)
                return
            self._child = (run.kind, run.id, process)
            runs.begin(run, {"pid": process.pid, "host": socket.gethostname()})

    def _is_over(self, run: StoredRun) -> bool:
        """Ends a run that nobody is at, and nobody saw end, unless it is to be begun again."""
        if outcomes.is_there(run, self._places):
            self._collect(run)
        elif run.cancelled:
            runs.end(run, RunState.CANCELLED)
        elif run.attempts >= MOST_ATTEMPTS:
            runs.end(run, RunState.FAILED, problem=outcomes.failure(run, self._places))
        return not run.state.open

    def _spawn(self, run: StoredRun, lock: int) -> "subprocess.Popen[bytes]":
        line = command(run, self._places)
        log = self._places.log(run)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            file.write(f"$ {shlex.join(line)}\n".encode())
            file.flush()
            return subprocess.Popen(
                line,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C at the server is not meant for it
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    # --- a process of ours is at work ----------------------------------------------------------------

    def _watch(self) -> None:
        assert self._child is not None
        kind, run_id, process = self._child
        code = process.poll()
        if code is None:
            self._stop_if_cancelled(kind, run_id)
            return
        with self._database.writing() as session:
            self._note(runs.get(session, kind, run_id, lock=True), code)
        self._child = None
        self._news.set()

    def _note(self, run: StoredRun, code: int) -> None:
        """What the exit code of a process means; one that something has killed is begun again.

        A model that is there counts, though its run may have been cancelled while it cleared up.
        """
        if code == 0 or (run.kind is RunKind.TRAINING and outcomes.is_there(run, self._places)):
            self._collect(run)
        elif run.cancelled:
            runs.end(run, RunState.CANCELLED)
        elif code > 0 or run.attempts >= MOST_ATTEMPTS:
            runs.end(run, RunState.FAILED, problem=outcomes.failure(run, self._places))

    def _collect(self, run: StoredRun) -> None:
        try:
            result = outcomes.collect(run, self._places)
        except (OSError, ValueError, KeyError, FinScribeError) as error:
            logger.exception("What run %s left cannot be read", run.id)
            problem = {"code": "run-failed", "detail": str(error), "hint": "Its log has the rest."}
            runs.end(run, RunState.FAILED, problem=problem)
        else:
            runs.end(run, RunState.DONE, result=result)

    def _stop_if_cancelled(self, kind: RunKind, run_id: str) -> None:
        """Asks a process on this machine to stop, once."""
        with self._database.reading() as session:
            if not _is_to_be_stopped(session, kind, run_id):
                return
        with self._database.writing() as session:
            run = runs.get(session, kind, run_id, lock=True)
            if run.process and not run.process.get("asked"):
                run.process = {**run.process, "asked": True}
                with suppress(ProcessLookupError):
                    os.kill(int(run.process["pid"]), signal.SIGTERM)


def _is_to_be_stopped(session: Session, kind: RunKind, run_id: str) -> bool:
    run = runs.get(session, kind, run_id)
    process = run.process or {}
    return run.cancelled and process.get("host") == socket.gethostname() and not process.get("asked")


def _take(places: Places) -> int | None:
    """The lock of the one process at work, as a descriptor to pass on; None where one is at work."""
    import fcntl  # not on Windows, where documents can be read and reviewed all the same

    places.data_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
