"""A model that cannot be loaded: what is there stays reviewable, and what comes in waits."""

import shutil
from pathlib import Path

import pytest

from tests.app.faults.conftest import (
    DOCUMENTS,
    in_state,
    send_one,
    served,
    text_of,
    wait_for_line,
    wait_until,
)

pytestmark = pytest.mark.e2e


def test_without_a_model_reviews_go_on_and_documents_wait_until_there_is_one(data: Path, model: Path) -> None:
    with served(data, model) as client:
        read = send_one(client, text_of(1))
        version = in_state(client, read, "needs_review")["version"]
    aside = model.rename(model.with_name("aside"))
    model.mkdir()
    (model / "config.json").write_text("{}")  # what an interrupted copy leaves

    with served(data, model) as client:
        waiting = send_one(client, text_of(2))
        assert {client.get(path).status_code for path in ("/", f"/review/{read}", "/learn", "/docs")} == {200}
        answer = client.post("/api/v1/unsloth/infer", json={"ocr_text": "INV-1 Total 2.00"})
        assert answer.status_code == 503
        assert answer.json()["hint"]
        assert client.get("/readyz").json()["model"] == "failed"

        correction = {"version": version, "invoice": {"invoice_number": "INV-7"}}
        approved = client.post(f"{DOCUMENTS}/{read}/approve", json=correction)
        assert approved.json()["state"] == "approved"
        queue = data / "unsloth_training_queue.jsonl"
        wait_until(lambda: (queue.exists() and "INV-7" in queue.read_text()) or None)

        document = in_state(client, waiting, "extracting")
        assert document["waiting"]["code"] == "no-model"
        wait_for_line(data, "A document waits", waiting)
        shutil.rmtree(model)
        aside.rename(model)
        in_state(client, waiting, "needs_review")
