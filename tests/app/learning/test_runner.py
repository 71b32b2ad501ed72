"""Runs, with processes that really run."""

import os
import signal
import subprocess
from dataclasses import replace

import pytest

from app.learning.asking import DatasetAsked, EvaluationAsked, TrainingAsked
from app.learning.learning import Learning
from app.learning.runner import Runner
from app.store import runs
from app.store.runs import NoSuchRun, WrongRunState
from app.store.tables import RunKind, RunState, StoredRun
from tests.app import postgres
from tests.app.learning.conftest import ended, stored
from tests.app.waiting import wait_until


def dataset(learning: Learning) -> str:
    run = ended(learning, learning.start(DatasetAsked()))
    assert run.state is RunState.DONE, run.problem
    return run.id


def train(learning: Learning, model_name: str = "tiny") -> StoredRun:
    return learning.start(TrainingAsked(dataset=dataset(learning), model_name=model_name, num_epochs=1))


def pid_of(learning: Learning, run: StoredRun) -> int:
    def look() -> int | None:
        process = stored(learning, run.kind, run.id).process
        return int(process["pid"]) if process and len(learning.places.metrics(run.id)) == 2 else None

    return wait_until(look)


def process_of(learning: Learning) -> "subprocess.Popen[bytes]":
    assert learning.runner._child is not None
    return learning.runner._child[2]


def cancel(learning: Learning, run: StoredRun) -> None:
    with learning.database.writing() as session:
        runs.cancel(session, run.kind, run.id)


def let_go(learning: Learning, run: StoredRun) -> None:
    (learning.places.folder(run.kind, run.id) / "go").touch()


def test_a_dataset_is_kept_whatever_is_prepared_after_it(learning: Learning) -> None:
    learning.runner.start()
    first, second = dataset(learning), dataset(learning)
    (learning.places.data_dir / "unsloth_train.jsonl").unlink()
    for dataset_id in (first, second):
        assert learning.places.part(dataset_id, "train").read_text() == "{}\n" * 3
        assert not learning.places.part(dataset_id, "val").exists()
    run = stored(learning, RunKind.DATASET, first)
    assert run.result is not None
    assert (run.result["version"], run.result["records"]) == ("abc", {"train": 3, "gate": 1})
    assert learning.places.page(run).read_text() == "<h1>A dataset</h1>"


def test_a_model_is_trained_and_evaluated(learning: Learning) -> None:
    learning.runner.start()
    run = ended(learning, train(learning))
    assert run.result is not None
    assert (run.state, run.result["field_f1"], run.result["base"]) == (RunState.DONE, 0.5, "tiny")
    assert [line["loss"] for line in learning.places.metrics(run.id)] == [2.0, 1.0]
    log = learning.places.log(run).read_text()
    assert log.startswith("$ ")
    assert "--resume" in log
    assert "--num_epochs 1" in log
    asked = EvaluationAsked(dataset=run.options["dataset"], baseline_model="tiny", fine_tuned_model=run.id)
    found = ended(learning, learning.start(asked))
    assert found.result is not None
    assert found.options["fine_tuned_model"] == str(learning.places.model(run.id))
    assert (found.result["gain"], found.result["systems"][0]["name"]) == (12.5, "tiny")


def test_a_run_that_fails_says_what_its_command_said(learning: Learning) -> None:
    learning.runner.start()
    run = ended(learning, train(learning, "broken"))
    assert run.state is RunState.FAILED
    assert run.problem is not None
    assert run.problem["detail"] == "error: there is no such model hint: name another"


def test_a_run_that_is_cancelled_is_asked_to_stop_and_can_go_on(learning: Learning) -> None:
    learning.runner.start()
    run = train(learning, "waits")
    pid_of(learning, run)
    cancel(learning, run)
    assert ended(learning, run).state is RunState.CANCELLED
    with learning.database.writing() as session:
        runs.resume(session, run.kind, run.id)
    let_go(learning, run)
    assert ended(learning, run).state is RunState.DONE
    assert learning.places.metrics(run.id)[-1]["first_step"] == 0


def test_a_model_that_is_there_counts_though_its_run_was_cancelled_while_it_cleared_up(
    learning: Learning,
) -> None:
    learning.runner.start()
    run = train(learning, "lingers")
    wait_until(lambda: learning.places.model(run.id).is_dir() or None)
    cancel(learning, run)
    assert ended(learning, run).state is RunState.DONE


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_all_of_it_goes_on_postgresql_too(learning: Learning) -> None:
    learning.runner.start()
    run = train(learning, "waits")
    os.kill(pid_of(learning, run), signal.SIGKILL)
    wait_until(lambda: stored(learning, run.kind, run.id).attempts == 2 or None)
    cancel(learning, run)
    assert ended(learning, run).state is RunState.CANCELLED
    let_go(learning, run)
    with learning.database.writing() as session:
        runs.resume(session, run.kind, run.id)
    assert ended(learning, run).state is RunState.DONE


def test_one_run_is_done_after_the_other(learning: Learning) -> None:
    learning.runner.start()
    first = train(learning, "waits")
    pid_of(learning, first)
    second = learning.start(DatasetAsked())
    assert stored(learning, second.kind, second.id).state is RunState.QUEUED
    let_go(learning, first)
    runs_in_order = [ended(learning, run) for run in (first, second)]
    assert all(run.state is RunState.DONE for run in runs_in_order)
    began = [run.started_at for run in runs_in_order]
    assert began == sorted(time for time in began if time)


def test_what_something_has_killed_is_begun_again(learning: Learning) -> None:
    learning.runner.start()
    run = train(learning, "waits")
    os.kill(pid_of(learning, run), signal.SIGKILL)
    wait_until(lambda: stored(learning, run.kind, run.id).attempts == 2 or None)
    let_go(learning, run)
    assert ended(learning, run).state is RunState.DONE


def test_a_server_that_ends_has_the_run_stop_and_the_next_one_goes_on(learning: Learning) -> None:
    learning.runner.start()
    run = train(learning, "waits")
    pid_of(learning, run)
    learning.runner.close()
    assert stored(learning, run.kind, run.id).state is RunState.RUNNING
    let_go(learning, run)
    process = process_of(learning)
    after = replace(learning, runner=Runner(learning.database, learning.places))
    after.runner.start()
    assert ended(after, run).state is RunState.DONE
    assert learning.places.log(run).read_text().count("$ ") == 2
    after.runner.close()
    assert process.wait() == 1


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_process_that_outlives_its_server_is_waited_for(learning: Learning, cancelled: bool) -> None:
    """The process is begun as the server would, and nobody here is its parent's child."""
    learning.runner.start()
    run = train(learning, "waits")
    pid_of(learning, run)
    process, learning.runner._child = process_of(learning), None  # as if it were another server's
    if cancelled:
        cancel(learning, run)
    else:
        let_go(learning, run)
    assert ended(learning, run).state is (RunState.CANCELLED if cancelled else RunState.DONE)
    assert learning.places.log(run).read_text().count("$ ") == 1
    assert process.wait() == (1 if cancelled else 0)


def test_what_is_not_there_is_not_learned_from(learning: Learning) -> None:
    with pytest.raises(NoSuchRun):
        learning.start(TrainingAsked(dataset="0" * 32))
    waits = learning.start(DatasetAsked())
    with pytest.raises(WrongRunState, match="this dataset is queued"):
        learning.start(TrainingAsked(dataset=waits.id))
    learning.runner.start()
    ended(learning, waits)
    with pytest.raises(WrongRunState, match="no records for val"):
        learning.start(EvaluationAsked(dataset=waits.id, part="val", fine_tuned_model="tiny"))
