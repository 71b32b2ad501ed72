"""Servers of their own, each with a copy of the starter that may be replaced, and ways to talk to them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.app import waiting
from tests.app.web.conftest import ROOT, serve

DOCUMENTS = "/api/v1/documents"
PATIENCE = 240.0  # seconds that a server may take for what it is to do, beside much else

wait_until = partial(waiting.wait_until, patience=PATIENCE, pause=0.1)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model's folder that nothing else uses."""
    return Path(
        shutil.copytree(
            ROOT / "finscribe/starter/finscribe-starter", tmp_path / "models" / "unsloth-finscribe"
        )
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "served"
    folder.mkdir()
    return folder


@contextmanager
def client(address: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=address, timeout=60) as opened:
        yield opened


@contextmanager
def served(data: Path, model: Path, **settings: str) -> Iterator[httpx2.Client]:
    """A client of a server that keeps its data in a folder."""
    settings = {"UNSLOTH_MODEL_DIR": str(model), "FINSCRIBE_RATE_LIMIT": "1000000", **settings}
    with serve(data, **settings) as address, client(address) as opened:
        yield opened


def send(client: httpx2.Client, content: bytes, name: str = "a.txt") -> Any:
    return client.post(DOCUMENTS, files=[("files", (name, content))])


def send_one(client: httpx2.Client, content: bytes, name: str = "a.txt") -> str:
    """The id of a document that was sent."""
    response = send(client, content, name)
    assert response.status_code == 201, response.text
    document_id: str = response.json()["documents"][0]["document"]["id"]
    return document_id


def in_state(client: httpx2.Client, document_id: str, *states: str) -> dict[str, Any]:
    """A document when it has come to one of these states."""

    def look() -> dict[str, Any] | None:
        document: dict[str, Any] = client.get(f"{DOCUMENTS}/{document_id}").json()
        return document if document["state"] in states else None

    return wait_until(look)


def counts(client: httpx2.Client) -> dict[str, int]:
    """How many documents there are in every state."""
    found: dict[str, int] = client.get(DOCUMENTS, params={"limit": 1}).json()["counts"]
    return found


def in_progress(client: httpx2.Client) -> int:
    """How many documents the server has still to do."""
    found = counts(client)
    return found["queued"] + found["reading"] + found["extracting"]


def text_of(number: int) -> bytes:
    """An invoice that is short, and unlike the others."""
    return f"Acme {number} Ltd\nInvoice INV-{number}\nTotal {number}.50 EUR\n".encode()


def pdf_of(pages: int) -> bytes:
    """A document that takes a while to read."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number in range(1, pages + 1):
        canvas.drawString(72, 700, f"Acme Ltd, invoice INV-500, page {number} of {pages}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def wait_for_line(data: Path, message: str, document_id: str) -> None:
    """Returns when the log of a server says so of a document."""

    def look() -> bool | None:
        lines = (data / "server.log").read_text().splitlines()
        return any(message in line and document_id in line for line in lines) or None

    wait_until(look)
