"""Datasets, training runs and evaluations: asked for, begun one at a time, and ended."""

from pathlib import Path
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.store.columns import now
from app.store.files import new_id
from app.store.tables import RunKind, RunState, StoredAudit, StoredRun
from finscribe.errors import FinScribeError


class NoSuchRun(FinScribeError):
    """An id that no run of this kind has."""

    code = "no-such-run"


class WrongRunState(FinScribeError):
    """A run in a state in which this cannot be done with it."""

    code = "wrong-state"


def add(session: Session, kind: RunKind, options: dict[str, Any], who: str | None = None) -> StoredRun:
    """A run that is begun when those before it are done."""
    run = StoredRun(id=new_id(), kind=kind, options=options, who=who)
    session.add(run)
    _audit(session, f"{kind}_start", who, run)
    session.flush()
    return run


def get(session: Session, kind: RunKind, run_id: str, *, lock: bool = False) -> StoredRun:
    """A run, kept from changing until the session ends where `lock` says so; raises NoSuchRun."""
    query = select(StoredRun).where(StoredRun.id == run_id, StoredRun.kind == kind)
    query = query.with_for_update() if lock else query
    # PostgreSQL cannot be asked for every text, and ids are letters and digits.
    run = session.scalars(query).one_or_none() if run_id.isalnum() else None
    if run is None:
        raise NoSuchRun(f"there is no {kind} {run_id!r:.60}", hint="The list has those that are there.")
    return run


def list_runs(session: Session, kind: RunKind, *, limit: int, offset: int = 0) -> tuple[list[StoredRun], int]:
    """Runs of a kind, the newest first, and how many there are in all."""
    query = select(StoredRun).where(StoredRun.kind == kind)
    newest = query.order_by(StoredRun.created_at.desc(), StoredRun.id.desc())
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session.scalars(newest.limit(limit).offset(offset))), total


def next_open(session: Session) -> StoredRun | None:
    """The run that somebody is at or was at, else the one that has waited longest."""
    begun_first = case((StoredRun.state == RunState.RUNNING, 0), else_=1)
    query = _open().order_by(begun_first, StoredRun.created_at, StoredRun.id)
    return session.scalars(query.limit(1)).one_or_none()


def _open() -> Select[StoredRun]:
    return select(StoredRun).where(StoredRun.state.in_([each for each in RunState if each.open]))


def cancel(session: Session, kind: RunKind, run_id: str, who: str | None = None) -> StoredRun:
    """Has a run stopped, or not begun; raises NoSuchRun and WrongRunState."""
    run = get(session, kind, run_id, lock=True)
    if not run.state.open:
        raise WrongRunState(f"this {kind} is {run.state}", hint="Only what is not over can be cancelled.")
    run.cancelled = True
    if run.state is RunState.QUEUED:
        end(run, RunState.CANCELLED)
    _audit(session, f"{kind}_cancel", who, run)
    return run


def resume(session: Session, kind: RunKind, run_id: str, who: str | None = None) -> StoredRun:
    """Has a run that failed or was cancelled go on where it was; raises NoSuchRun and WrongRunState."""
    run = get(session, kind, run_id, lock=True)
    if run.state not in (RunState.FAILED, RunState.CANCELLED):
        hint = "Only what failed or was cancelled can go on."
        raise WrongRunState(f"this {kind} is {run.state}", hint=hint)
    run.state, run.cancelled, run.attempts = RunState.QUEUED, False, 0
    run.problem = run.ended_at = None
    _audit(session, f"{kind}_resume", who, run)
    return run


def delete(session: Session, kind: RunKind, run_id: str, who: str | None = None) -> None:
    """Forgets a run that is over and that no open one needs; raises NoSuchRun and WrongRunState."""
    run = get(session, kind, run_id, lock=True)
    if run.state.open:
        raise WrongRunState(f"this {kind} is {run.state}", hint="Cancel it first.")
    if any(_uses(each, run) for each in session.scalars(_open())):
        raise WrongRunState(f"this {kind} is used by a run that is not over", hint="Cancel that first.")
    session.delete(run)
    _audit(session, f"{kind}_delete", who, run)


def _uses(run: StoredRun, other: StoredRun) -> bool:
    """Whether a run reads the dataset of another one, or the model that lies in its folder."""
    return any(isinstance(said, str) and other.id in Path(said).parts for said in run.options.values())


def begin(run: StoredRun, process: dict[str, Any]) -> None:
    """Notes that a process is at it."""
    run.state, run.process, run.attempts = RunState.RUNNING, process, run.attempts + 1
    run.started_at = run.started_at or now()


def end(
    run: StoredRun,
    state: RunState,
    *,
    result: dict[str, Any] | None = None,
    problem: dict[str, Any] | None = None,
) -> None:
    """Notes what came of it."""
    run.state, run.result, run.problem, run.process, run.ended_at = state, result, problem, None, now()


def _audit(session: Session, action: str, who: str | None, run: StoredRun) -> None:
    session.add(StoredAudit(who=who, action=action, detail={"run": run.id}))
