"""Versions, the gate, promotion and rollback over HTTP, with folders that only look like models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.backend import Backend
from app.core.models.unsloth_service import UnslothService
from app.learning import models
from app.main import create_app
from app.store.files import new_id
from app.store.tables import RunKind, RunState, StoredAudit, StoredRun
from finscribe.errors import ModelBroken
from finscribe.registry.hashes import hash_of
from finscribe.settings import Settings
from tests.app.api.conftest import problem
from tests.app.conftest import InlineWork
from tests.registry.folders import FIELDS, model_folder, records, run_of

MODELS = "/api/v1/models"
VENDORS = [f"vendor {number}" for number in range(30)]


@pytest.fixture
def client(service: UnslothService, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(models, "load_and_try", lambda folder, settings: None)
    pointer = data_dir.parent / "models" / "unsloth-finscribe"
    model_folder(pointer, "what was served before")
    settings = Settings(data_dir=data_dir, model_dir=pointer)
    app = create_app(service, settings=settings, make_work=InlineWork)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000)) as client:
        yield client


def trained(behind: Backend, weights: str) -> str:
    """A training run that is done, and its model."""
    run_id = new_id()
    train = records(behind.data_dir / f"{weights}.jsonl", "Old Vendor Ltd")
    model_folder(behind.learning.places.model(run_id), weights, **run_of(train))
    add(behind, RunKind.TRAINING, run_id)
    return run_id


def evaluated(behind: Backend, candidate: str, gain: float = 5.0) -> str:
    """An evaluation that is done, against what is served."""
    run_id = new_id()
    served, folder = behind.learning.models.served(), behind.learning.places.model(candidate)
    systems = [
        {
            "name": name,
            "kind": "model",
            "sha256": hash_of(Path(name)),
            "groups": {"all": {"f1": f1, "interval": None}},
        }
        for name, f1 in ((served, 0.8), (str(folder), 0.8 + gain / 100))
    ]
    systems[1]["shares"] = {"grounded": 1.0}
    interval = [gain - 1, gain + 1]
    fields = {each: {"before": 0.8, "after": 0.85, "p_value": 0.2, "interval": None} for each in FIELDS}
    compared = {"baseline": served, "candidate": str(folder), "fields": fields}
    content = {
        "systems": systems,
        "comparisons": [{**compared, "groups": {"all": {"points": gain, "interval": interval}}}],
        "test_data": {"path": "gate.jsonl", "documents": 60},
        "options": {"grounding": "grounded", "arithmetic": True},
        "documents": [{"family": vendor, "text": "A 1", "truth": {}} for vendor in VENDORS],
        "predictions": [{"system": str(folder), "error": "of a test", "values": {}} for _ in VENDORS],
    }
    path = behind.learning.places.evaluation(run_id)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    add(behind, RunKind.EVALUATION, run_id)
    return run_id


def add(behind: Backend, kind: RunKind, run_id: str, state: RunState = RunState.DONE) -> None:
    with behind.database.writing() as session:
        session.add(StoredRun(id=run_id, kind=kind, state=state, options={}))


def promote(client: TestClient, **body: Any) -> Any:
    return client.post(f"{MODELS}/promote", json=body)


def test_before_the_first_promotion_there_is_no_version(client: TestClient, behind: Backend) -> None:
    found = client.get(MODELS).json()
    assert (found["versions"], found["history"]) == ([], [])
    assert found["served"].endswith("models/unsloth-finscribe")


def test_a_candidate_that_passes_is_served_and_can_be_taken_back(client: TestClient, behind: Backend) -> None:
    candidate = trained(behind, "better")
    evaluation = evaluated(behind, candidate)
    asked = client.post(f"{MODELS}/gate", json={"candidate": candidate, "evaluation": evaluation}).json()
    assert asked["passed"], asked
    assert client.get(MODELS).json()["versions"] == []
    answer = promote(client, candidate=candidate, evaluation=evaluation).json()
    assert answer["switched"]
    assert answer["verdict"] == asked
    found = client.get(MODELS).json()
    assert [(each["standing"], each["served"]) for each in found["versions"]] == [
        ("not gated", False),
        ("gate passed", True),
    ]
    assert found["versions"][1]["micro_f1"] == pytest.approx(0.85)
    assert [each["what"] for each in found["history"]] == ["adopted", "promoted"]
    back = client.post(f"{MODELS}/rollback", json={"reason": "wrong totals"}).json()
    assert back["version"] == found["versions"][0]["id"]
    assert client.get(f"{MODELS}/v1").json()["served"]
    assert "wrong totals" in client.get(MODELS).json()["history"][-1]["said"]
    with behind.database.reading() as session:
        audit = [(each.action, each.detail) for each in session.scalars(select(StoredAudit))]
    assert audit == [("promote", {"version": answer["version"]}), ("rollback", {"version": back["version"]})]


def test_a_refusal_says_what_the_gate_said_and_force_is_kept(client: TestClient, behind: Backend) -> None:
    candidate = trained(behind, "worse")
    evaluation = evaluated(behind, candidate, gain=-9.0)
    found = problem(promote(client, candidate=candidate, evaluation=evaluation), 409, "gate-refused")
    failed = [each["name"] for each in found["verdict"]["conditions"] if not each["passed"]]
    assert failed == ["micro-F1 loses at most 1 points"]
    assert client.get(MODELS).json()["versions"] == []
    forced = promote(client, candidate=candidate, evaluation=evaluation, force="a trial").json()
    version = client.get(f"{MODELS}/{forced['version']}").json()
    assert (version["standing"], version["forced"], version["served"]) == ("forced", "a trial", True)
    assert "a trial" in client.get(f"{MODELS}/v2/card").text


def test_without_an_evaluation_nothing_passes(client: TestClient, behind: Backend) -> None:
    found = problem(promote(client, candidate=trained(behind, "unknown")), 409, "gate-refused")
    assert found["verdict"]["conditions"][0]["figure"] == "there is no evaluation"


def test_a_model_that_does_not_load_changes_nothing(
    client: TestClient, behind: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path, settings: Settings) -> None:
        raise ModelBroken("it lacks weights", hint="Train it again.")

    monkeypatch.setattr(models, "load_and_try", broken)
    candidate = trained(behind, "broken")
    problem(
        promote(client, candidate=candidate, evaluation=evaluated(behind, candidate)), 503, "model-broken"
    )
    assert client.get(MODELS).json()["served"].endswith("models/unsloth-finscribe")


def test_names_that_mean_nothing_are_problems(client: TestClient, behind: Backend) -> None:
    problem(client.get(f"{MODELS}/v7"), 404, "no-such-version")
    problem(promote(client, candidate="../../etc"), 404, "no-such-version")
    problem(promote(client, candidate=trained(behind, "a"), evaluation="0" * 32), 404, "no-such-run")
    waits = new_id()
    add(behind, RunKind.EVALUATION, waits, RunState.RUNNING)
    problem(promote(client, candidate=trained(behind, "b"), evaluation=waits), 409, "wrong-state")
    problem(client.post(f"{MODELS}/rollback", json={}), 409, "registry-error")
    problem(promote(client, candidate="v1", force="  "), 422, "invalid-request")
