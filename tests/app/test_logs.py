"""What the log says, and what it never does."""

import errno
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app import logs
from app.core.models.unsloth_service import UnslothService
from app.settings import AppSettings
from finscribe.errors import ModelNotFound, SettingsError, UnreadableDocument
from tests.app.api.conftest import decide, send_one
from tests.app.conftest import FakeReader, client_of

SECRET = "Geheimrat"
ROOT = Path(__file__).parents[2]


class Written:
    """A log in memory, as JSON lines."""

    def __init__(self) -> None:
        self.text = io.StringIO()
        self.handler = logging.StreamHandler(self.text)
        self.handler.setFormatter(logs.JsonLines())
        self.handler.setLevel(logging.DEBUG)
        self.handler.addFilter(lambda record: not record.name.startswith("httpx"))  # the client's own

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.getvalue().splitlines()]


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Iterator[Written]:
    log = Written()
    logging.root.addHandler(log.handler)
    with caplog.at_level(logging.DEBUG):
        yield log
    logging.root.removeHandler(log.handler)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_line_is_an_object_with_ids_and_fields(written: Written) -> None:
    with logs.about("d1"):
        logging.getLogger("app.x").warning("Waits: %d s", 2, extra=logs.fields(attempt=3))
    (line,) = written.lines
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "app.x",
        "message": "Waits: 2 s",
        "document_id": "d1",
        "attempt": 3,
    }
    assert logs.document_id.get() is None


def test_an_exception_is_named_with_its_place_and_not_quoted(written: Written) -> None:
    logger = logging.getLogger("app.x")
    error = raised(KeyError(SECRET))
    logger.error("Failed: %s", error)
    logger.error(error)
    logger.error(f"Failed: {error}", exc_info=error)
    logger.error("Failed", exc_info=raised(UnreadableDocument(SECRET)))
    assert SECRET not in written.text.getvalue()
    assert [line["message"] for line in written.lines] == [
        "Failed: KeyError",
        "KeyError",
        "Failed: KeyError",
        "Failed",
    ]
    described = written.lines[2]["error"]
    assert described["kind"] == "KeyError"
    assert described["at"][-1].startswith(__file__)
    assert written.lines[3]["error"]["kind"] == "unreadable-document"


def test_what_is_about_the_installation_is_said() -> None:
    assert logs.name_of(ModelNotFound("models/mine is not there", hint="Unset it.")) == (
        "models/mine is not there (Unset it.)"
    )
    assert logs.name_of(OSError(errno.ENOSPC, "x", SECRET)) == "OSError: No space left on device"
    assert logs.name_of(OSError(SECRET)) == "OSError"


def test_people_read_the_same_on_one_line_and_below_where_it_failed() -> None:
    record = logging.makeLogRecord(
        {"msg": "Failed", "levelname": "ERROR", "exc_info": (None, raised(KeyError(SECRET)), None)}
    )
    with logs.about("d1"):
        first, *below = logs.TextLines().format(record).splitlines()
    assert first.endswith("ERROR   Failed document_id=d1")
    assert below[-1].strip() == "KeyError"
    assert SECRET not in "".join(below)


def test_nothing_that_documents_say_gets_into_the_log(
    service: UnslothService, reader: FakeReader, written: Written
) -> None:
    with client_of(service, raise_server_exceptions=False) as client:
        document_id = send_one(client, f"INV-1 {SECRET} 12.50".encode(), f"{SECRET}.txt")
        body = {"version": 2, "invoice": {"vendor": {"name": SECRET}}, "reviewer": "ann"}
        assert decide(client, document_id, "approve", **body).status_code == 200
        reader.fail = lambda text: KeyError(text) if SECRET in text else None
        send_one(client, f"INV-2 {SECRET} 1".encode(), f"{SECRET}.txt")
        assert client.post("/api/v1/unsloth/infer", json={"ocr_text": SECRET}).status_code == 500
        client.get("/api/v1/documents", params={"q": SECRET})
        client.get(f"/api/v1/{SECRET}")
        send_one(client, b"%PDF-1.7 " + SECRET.encode(), f"{SECRET}.pdf")
    text = written.text.getvalue()
    assert SECRET not in text
    messages = {line["message"] for line in written.lines}
    assert messages >= {"Answered", "A document came in", "A document could not be processed"}
    assert document_id in text


@pytest.mark.parametrize(("form", "terminal"), [("json", False), ("auto", False), ("text", True)])
def test_a_process_logs_everything_in_one_form(form: str, terminal: bool) -> None:
    code = (
        "import logging, sys; from app import logs; other = logging.getLogger('dbos');"
        "other.addHandler(logging.StreamHandler()); other.propagate = False;"
        "logging.basicConfig(); logs.install(sys.argv[1]);"
        "other.warning('one'); logging.getLogger('app').info('two'); logging.getLogger('uvicorn.access').info('no')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, form], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    if not terminal:
        assert [json.loads(line)["message"] for line in lines] == ["one", "two"]


def test_the_form_is_a_setting() -> None:
    assert AppSettings.from_environment({}).log == "auto"
    assert AppSettings.from_environment({"FINSCRIBE_LOG": " JSON "}).log == "json"
    with pytest.raises(SettingsError, match="FINSCRIBE_LOG is 'xml'"):
        AppSettings.from_environment({"FINSCRIBE_LOG": "xml"})


def test_a_failed_request_is_logged_with_its_id(
    client: TestClient, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(type(client.app.state.backend.database), "reading", fail)  # type: ignore[attr-defined]
    response = client.get("/api/v1/documents", headers={"X-Request-ID": "r-1"})
    assert response.status_code == 500
    assert response.json()["code"] == "internal-error"
    assert response.headers["x-request-id"] == "r-1"
    assert response.headers["x-frame-options"] == "DENY"
    failed, answered = (line for line in written.lines if line.get("request_id") == "r-1")
    assert failed["error"]["kind"] == "KeyError"
    assert (answered["status"], answered["route"]) == (500, "/api/v1/documents")
