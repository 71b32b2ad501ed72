"""Datasets, training runs and evaluations over HTTP, with scripts that stand in for the commands."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.backend import Backend
from app.learning import commands, runner
from tests.app.api.conftest import problem
from tests.app.learning.fakes import write_scripts
from tests.app.waiting import wait_until

API = "/api/v1"


@pytest.fixture(autouse=True)
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "SCRIPTS", write_scripts(tmp_path / "scripts"))
    monkeypatch.setattr(runner, "EVERY", 0.02)


def start(client: TestClient, what: str, **body: Any) -> Any:
    response = client.post(f"{API}/{what}", json=body)
    assert response.status_code == 202, response.text
    return response.json()


def ended(client: TestClient, what: str, run_id: str) -> Any:
    def look() -> Any:
        run = client.get(f"{API}/{what}/{run_id}").json()
        return None if run["state"] in ("queued", "running") else run

    return wait_until(look)


def dataset(client: TestClient) -> str:
    run = ended(client, "datasets", start(client, "datasets", val_ratio=0.2)["id"])
    assert run["state"] == "done", run
    run_id: str = run["id"]
    return run_id


def events(client: TestClient, run_id: str, **headers: str) -> list[tuple[str, Any]]:
    """The events of a run until it is over."""
    text = client.get(f"{API}/training-runs/{run_id}/events", headers=headers).text
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_a_dataset_is_built_listed_and_has_a_page_and_a_log(client: TestClient) -> None:
    run_id = dataset(client)
    listed = client.get(f"{API}/datasets").json()
    assert (listed["total"], listed["runs"][0]["id"]) == (1, run_id)
    assert listed["runs"][0]["result"]["records"] == {"train": 3, "gate": 1}
    assert listed["runs"][0]["options"] == {"val_ratio": 0.2, "gate_ratio": 0.1}
    page = client.get(f"{API}/datasets/{run_id}/page")
    assert (page.text, page.headers["content-type"]) == ("<h1>A dataset</h1>", "text/html; charset=utf-8")
    assert client.get(f"{API}/datasets/{run_id}/log").text.startswith("$ ")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc has files that hold more than they say")
def test_a_log_that_grows_while_it_is_sent_is_sent(client: TestClient, behind: Backend) -> None:
    run_id = dataset(client)
    log = behind.data_dir / "datasets" / run_id / "log.txt"
    log.unlink()
    log.symlink_to("/proc/version")
    answer = client.get(f"{API}/datasets/{run_id}/log")
    assert answer.text == Path("/proc/version").read_text()
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_training_run_is_followed_to_its_end(client: TestClient) -> None:
    body = {"dataset": dataset(client), "model_name": "tiny", "recipe": "starter-cpu", "learning_rate": 0.001}
    run = start(client, "training-runs", **body)
    assert run["options"]["learning_rate"] == 0.001
    found = events(client, run["id"])
    assert [event["loss"] for name, event in found if name == "metrics"] == [2.0, 1.0]
    assert found[-1][0] == "state"
    assert found[-1][1]["state"] == "done"
    assert found[-1][1]["result"]["field_f1"] == 0.5
    later = events(client, run["id"], **{"Last-Event-ID": "1"})
    assert [event["loss"] for name, event in later if name == "metrics"] == [1.0]
    before_it_went_on = events(client, run["id"], **{"Last-Event-ID": "7"})
    assert [name for name, _ in before_it_went_on] == ["reset", "metrics", "metrics", "state"]
    log = client.get(f"{API}/training-runs/{run['id']}/log").text
    assert "configs/starter-cpu.yaml" in log
    assert "--learning_rate 0.001" in log


def test_a_training_run_is_cancelled_and_goes_on(client: TestClient) -> None:
    run = start(client, "training-runs", dataset=dataset(client), model_name="waits")
    client.post(f"{API}/training-runs/{run['id']}/cancel")
    assert ended(client, "training-runs", run["id"])["state"] == "cancelled"
    problem(client.post(f"{API}/training-runs/{run['id']}/cancel"), 409, "wrong-state")
    problem(client.get(f"{API}/training-runs/{run['id']}/page"), 409, "wrong-state")
    again = client.post(f"{API}/training-runs/{run['id']}/resume").json()
    assert (again["state"], again["cancelled"]) == ("queued", False)
    client.post(f"{API}/training-runs/{run['id']}/cancel")
    ended(client, "training-runs", run["id"])


def test_an_evaluation_compares_a_training_run_with_another_model(client: TestClient) -> None:
    dataset_id = dataset(client)
    trained = start(client, "training-runs", dataset=dataset_id, model_name="tiny")["id"]
    ended(client, "training-runs", trained)
    body = {"dataset": dataset_id, "baseline_model": "tiny", "fine_tuned_model": trained}
    run = ended(client, "evaluations", start(client, "evaluations", **body)["id"])
    assert run["result"]["gain"] == 12.5
    assert run["options"]["fine_tuned_model"].endswith(f"training-runs/{trained}/model")
    assert client.get(f"{API}/evaluations/{run['id']}/page").text == "<h1>An evaluation</h1>"


def test_a_run_that_is_over_is_erased_with_all_that_it_made(client: TestClient, behind: Backend) -> None:
    dataset_id = dataset(client)
    run = start(client, "training-runs", dataset=dataset_id, model_name="waits")
    problem(client.delete(f"{API}/training-runs/{run['id']}"), 409, "wrong-state")
    problem(client.delete(f"{API}/datasets/{dataset_id}"), 409, "wrong-state")
    client.post(f"{API}/training-runs/{run['id']}/cancel")
    ended(client, "training-runs", run["id"])
    for what, run_id in (("training-runs", run["id"]), ("datasets", dataset_id)):
        assert client.delete(f"{API}/{what}/{run_id}").status_code == 204
        problem(client.get(f"{API}/{what}/{run_id}"), 404, "no-such-run")
        assert list((behind.data_dir / what).iterdir()) == []


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("datasets", {"val_ratio": 0.6, "gate_ratio": 0.5}),
        ("training-runs", {"dataset": "../../etc"}),
        ("training-runs", {"dataset": "0" * 32, "recipe": "../qlora-8b"}),
        ("training-runs", {"dataset": "0" * 32, "model_name": "--overwrite"}),
        ("training-runs", {"dataset": "0" * 32, "model_name": "a\0b"}),
        ("training-runs", {"dataset": "0" * 32, "output_dir": "/"}),
        ("evaluations", {"dataset": "0" * 32, "fine_tuned_model": "served", "limit": 0}),
    ],
)
def test_what_makes_no_sense_is_refused(client: TestClient, what: str, body: dict[str, Any]) -> None:
    problem(client.post(f"{API}/{what}", json=body), 422, "invalid-request")


@pytest.mark.parametrize("what", ["", "/page", "/log", "/events"])
def test_a_run_that_is_not_there_is_a_404(client: TestClient, what: str) -> None:
    problem(client.get(f"{API}/training-runs/{'0' * 32}{what}"), 404, "no-such-run")


def test_a_dataset_that_is_not_there_teaches_nothing(client: TestClient) -> None:
    problem(client.post(f"{API}/training-runs", json={"dataset": "0" * 32}), 404, "no-such-run")
