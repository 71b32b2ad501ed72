"""Schemathesis asks every address of the API for what its description allows, and for what it does not."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.app.faults.conftest import DOCUMENTS, in_state, send_one, served, text_of, wait_until
from tests.profiles import PROFILE

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 30, GenerationMode.NEGATIVE: 20}  # for each operation
DECISIONS = ("review", "approve", "reject", "read-again")
DATASETS, TRAINING_RUNS, EVALUATIONS = "/api/v1/datasets", "/api/v1/training-runs", "/api/v1/evaluations"


@pytest.fixture
def server(data: Path, model: Path) -> Iterator[httpx2.Client]:
    """A server with one of everything that can be made within seconds."""
    with served(data, model) as client:
        in_state(client, send_one(client, text_of(1)), "needs_review", "failed")
        example = {"raw_ocr": text_of(2).decode(), "corrected_invoice": {"invoice_number": "INV-2"}}
        assert client.post("/api/v1/queue", json=example).status_code == 201
        assert client.post(DATASETS, json={"gate_ratio": 0}).status_code == 202
        wait_until(lambda: None if _rows(client, DATASETS)[0]["state"] in ("queued", "running") else True)
        yield client


def test_no_answer_is_a_server_error_or_undocumented(
    server: httpx2.Client, subtests: pytest.Subtests
) -> None:
    schema = schemathesis.openapi.from_url(f"{server.base_url}/openapi.json")
    schema.config.max_stream_events = 1  # of a run that is followed until it is over
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 35
    for operation in sorted(operations, key=lambda each: each.method == "delete"):
        for mode, number in EXAMPLES.items():
            if mode is GenerationMode.NEGATIVE and not _takes_anything(operation):
                continue
            with subtests.test(operation.label, mode=str(mode)):
                _try(server, operation, mode, number)


def _takes_anything(operation: Any) -> bool:
    return bool(operation.body) or any(True for _ in operation.iter_parameters())


def _try(server: httpx2.Client, operation: Any, mode: GenerationMode, number: int) -> None:
    @settings(
        max_examples=number,
        derandomize=PROFILE == "usual",
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        _make_real(server, case)
        case.call_and_validate(checks=CHECKS, timeout=60)

    asked()


def _make_real(server: httpx2.Client, case: Any) -> None:
    """Every other case is about something that is there, and a decision about the version that it has."""
    dice = Random(repr((case.path_parameters, case.query, case.body)))
    for name, value in list(case.path_parameters.items()):
        if dice.random() < 0.5:
            case.path_parameters[name] = dice.choice([*_known(server, case.path, name), value])
    if isinstance(case.body, dict) and case.path.endswith(DECISIONS) and dice.random() < 0.7:
        document = server.get(
            f"{DOCUMENTS}/{quote(str(case.path_parameters['document_id']), safe='')}"
        ).json()
        case.body["version"] = document.get("version", 1)
    if isinstance(case.body, dict) and "dataset" in case.body and dice.random() < 0.7:
        case.body["dataset"] = dice.choice([*_ids(server, DATASETS), case.body["dataset"]])


def _known(server: httpx2.Client, path: str, name: str) -> list[Any]:
    """What may be put for a parameter of a path."""
    known: dict[str, Callable[[], list[Any]]] = {
        "document_id": partial(_ids, server, DOCUMENTS),
        "run_id": partial(_ids, server, "/".join(path.split("/")[:4])),
        "number": lambda: [1, 2],
        "version": lambda: [each["id"] for each in _rows(server, "/api/v1/models")],
    }
    return known[name]()


def _ids(server: httpx2.Client, address: str) -> list[str]:
    return [row["id"] for row in _rows(server, address)]


def _rows(server: httpx2.Client, address: str) -> list[dict[str, Any]]:
    answer = server.get(address).json()
    found: list[dict[str, Any]] = next(value for value in answer.values() if isinstance(value, list))
    return found
