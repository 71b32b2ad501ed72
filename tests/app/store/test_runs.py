from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.store import runs
from app.store.database import Database
from app.store.runs import NoSuchRun, WrongRunState
from app.store.tables import RunKind, RunState, StoredAudit, StoredRun


def add(database: Database, kind: RunKind = RunKind.TRAINING) -> str:
    with database.writing() as session:
        return runs.add(session, kind, {"learning_rate": 0.001}, "ann").id


def next_open(database: Database) -> str | None:
    with database.reading() as session:
        found = runs.next_open(session)
        return found.id if found else None


def begin(database: Database, run_id: str) -> None:
    with database.writing() as session:
        runs.begin(runs.get(session, RunKind.TRAINING, run_id), {"pid": 1})


def test_the_run_that_was_begun_comes_before_the_one_that_has_waited_longest(database: Database) -> None:
    first, second = add(database), add(database, RunKind.DATASET)
    assert next_open(database) == first
    third = add(database)
    begin(database, third)
    assert next_open(database) == third
    with database.writing() as session:
        run = runs.get(session, RunKind.TRAINING, third)
        assert (run.attempts, run.process, run.started_at is not None) == (1, {"pid": 1}, True)
        runs.end(run, RunState.DONE, result={"f1": 1})
    assert next_open(database) == first
    with database.reading() as session:
        assert [run.id for run in runs.list_runs(session, RunKind.TRAINING, limit=9)[0]] == [third, first]
        assert runs.list_runs(session, RunKind.DATASET, limit=0)[1] == 1
        assert runs.get(session, RunKind.DATASET, second).options == {"learning_rate": Decimal("0.001")}


def test_what_waits_is_cancelled_at_once_and_what_runs_is_to_be_stopped(database: Database) -> None:
    waits, goes_on = add(database), add(database)
    begin(database, goes_on)
    with database.writing() as session:
        assert runs.cancel(session, RunKind.TRAINING, waits, "bob").state is RunState.CANCELLED
        running = runs.cancel(session, RunKind.TRAINING, goes_on)
        assert (running.state, running.cancelled) == (RunState.RUNNING, True)
    with database.writing() as session, pytest.raises(WrongRunState):
        runs.cancel(session, RunKind.TRAINING, waits)
    with database.writing() as session:
        again = runs.resume(session, RunKind.TRAINING, waits)
        assert (again.state, again.cancelled, again.ended_at) == (RunState.QUEUED, False, None)
    with database.writing() as session, pytest.raises(WrongRunState):
        runs.resume(session, RunKind.TRAINING, goes_on)
    with database.reading() as session:
        audit = [(each.action, each.who) for each in session.scalars(select(StoredAudit))]
    assert audit[:3] == [("training_start", "ann"), ("training_start", "ann"), ("training_cancel", "bob")]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (RunKind.TRAINING, {"dataset": "{id}", "num_epochs": 3}),
        (RunKind.TRAINING, {"dataset": "0" * 32, "model_name": "/data/training-runs/{id}/model"}),
        (RunKind.EVALUATION, {"fine_tuned_model": "/data/training-runs/{id}/model"}),
    ],
)
def test_what_an_open_run_uses_is_not_deleted(
    database: Database, kind: RunKind, options: dict[str, Any]
) -> None:
    used = add(database)
    with database.writing() as session:
        runs.end(runs.get(session, RunKind.TRAINING, used), RunState.DONE)
        named = {name: str(said).replace("{id}", used) for name, said in options.items()}
        other = runs.add(session, kind, named).id
    with database.writing() as session, pytest.raises(WrongRunState, match="not over"):
        runs.delete(session, RunKind.TRAINING, used)
    with database.writing() as session:
        runs.cancel(session, kind, other)
        runs.delete(session, RunKind.TRAINING, used)


def test_a_run_of_another_kind_is_none(database: Database) -> None:
    run_id = add(database)
    for other in (run_id, "0" * 32, "\0"):
        with database.reading() as session, pytest.raises(NoSuchRun):
            runs.get(session, RunKind.DATASET, other)
    with database.reading() as session:
        assert session.get(StoredRun, run_id) is not None
