"""The database stops while documents are read, and comes back."""

from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest

from tests.app import postgres
from tests.app.faults.conftest import (
    DOCUMENTS,
    counts,
    in_state,
    pdf_of,
    send,
    send_one,
    served,
    text_of,
    wait_for_line,
    wait_until,
)

pytestmark = pytest.mark.e2e

AWAY = 10.0  # seconds


def problems_of(client: httpx2.Client, seconds: float) -> list[Any]:
    """What is answered to those who send a document and look at the list, for so long."""
    until, answers = monotonic() + seconds, []
    while monotonic() < until:
        answers += [send(client, text_of(999)), client.get(DOCUMENTS)]
    return answers


def test_a_database_that_is_gone_for_ten_seconds_loses_nothing(data: Path, model: Path) -> None:
    with (
        postgres.running() as database,
        served(data, model, FINSCRIBE_DATABASE_URL=database.address) as client,
    ):
        ids = {send_one(client, text_of(number)) for number in range(30)}
        long = send_one(client, pdf_of(30), "long.pdf")
        ids.add(long)
        in_state(client, long, "reading")
        database.stop()
        answers = problems_of(client, AWAY)
        alive = client.get("/healthz")
        ready = client.get("/readyz").json()
        wait_for_line(data, "A document waits", long)
        database.start()

        assert {answer.status_code for answer in answers} == {503}
        assert {answer.json()["code"] for answer in answers} == {"database-unavailable"}
        assert all(answer.headers["retry-after"] for answer in answers)
        assert alive.status_code == 200
        assert ready["database"] == "unavailable"

        wait_until(lambda: client.get(DOCUMENTS).status_code == 200 or None)
        ids.add(send_one(client, text_of(30)))
        wait_until(lambda: counts(client)["needs_review"] == len(ids) or None)
        found = client.get(DOCUMENTS, params={"limit": 200}).json()["documents"]
        assert {document["id"] for document in found} == ids
        assert {document["version"] for document in found} == {2}  # each was read and extracted once
        wait_until(lambda: client.get("/readyz").json()["ready"] or None)
