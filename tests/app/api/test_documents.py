import errno
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy.exc import OperationalError

from app.backend import Backend
from finscribe.errors import ModelNotFound
from tests.app.api.conftest import DOCUMENTS, decide, get, problem, send, send_one
from tests.app.conftest import FakeLoader

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


def files_of(behind: Backend) -> list[Path]:
    folder = behind.files.folder
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


@pytest.fixture
def paused(behind: Backend) -> Iterator[Backend]:
    """The background work does nothing."""
    behind.work.paused = True  # type: ignore[attr-defined]
    return behind


def test_a_file_becomes_a_document_that_is_read(client: TestClient) -> None:
    response = send(client, ("invoice.txt", b"INV-1 Total 12.50"))
    assert response.status_code == 201
    (taken,) = response.json()["documents"]
    assert (taken["new"], taken["document"]["state"]) == (True, "queued")
    document = get(client, taken["document"]["id"])
    assert (document["state"], document["version"], document["page_count"]) == ("needs_review", 2, 1)
    assert (document["name"], document["media_type"]) == ("invoice.txt", "text/plain")
    assert document["summary"] == {
        "vendor": None,
        "invoice_number": "INV-1",
        "invoice_date": None,
        "total": 12.50,
        "currency": None,
    }


def test_several_files_are_several_documents_in_their_order(client: TestClient) -> None:
    files = [(f"{number}.txt", f"INV-{number} 1".encode()) for number in range(3)]
    answer = send(client, *files).json()["documents"]
    assert [each["document"]["name"] for each in answer] == ["0.txt", "1.txt", "2.txt"]
    assert client.get(DOCUMENTS).json()["total"] == 3


def test_the_same_bytes_are_the_same_document(client: TestClient, behind: Backend) -> None:
    first = send_one(client, name="a.txt")
    response = send(client, ("b.txt", b"INV-1 Total 12.50"))
    assert response.status_code == 200
    (taken,) = response.json()["documents"]
    assert (taken["new"], taken["document"]["id"], taken["document"]["name"]) == (False, first, "a.txt")
    twice = send(client, ("c.txt", b"C 1"), ("d.txt", b"C 1")).json()["documents"]
    assert [each["new"] for each in twice] == [True, False]
    assert len(files_of(behind)) == 2


def test_many_uploads_at_once_make_no_document_twice(client: TestClient, paused: Backend) -> None:
    with ThreadPoolExecutor(16) as threads:
        answers = list(
            threads.map(lambda number: send(client, ("a.txt", f"INV-{number % 10} 1".encode())), range(100))
        )
    assert {response.status_code for response in answers} == {200, 201}
    assert sum(response.status_code == 201 for response in answers) == 10
    assert client.get(DOCUMENTS).json()["counts"]["queued"] == 10
    assert len(files_of(paused)) == 10


def test_a_repeated_upload_is_answered_as_before(client: TestClient) -> None:
    first = send(client, ("a.txt", b"A 1"), key="k1").json()["documents"][0]["document"]["id"]
    again = send(client, ("a.txt", b"A 1"), key="k1")
    assert again.json()["documents"][0]["document"]["id"] == first
    client.delete(f"{DOCUMENTS}/{first}")
    assert send(client, ("a.txt", b"A 1"), key="k1").json()["documents"] == []  # a retry brings nothing back
    problem(send(client, ("a.txt", b"B 1"), key="k1"), 422, "idempotency-key-reused")
    assert send(client, ("a.txt", b"A 1"), key="k2").status_code == 201


BAD = pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"PK\x03\x04 docx", 415, "unsupported-format"),
        (b"GIF89a", 415, "unsupported-format"),
        (b"", 422, "empty-document"),
        (b"x" * 10_001, 413, "document-too-large"),
    ],
)


@BAD
def test_each_file_of_an_upload_gets_its_own_answer(
    client: TestClient, behind: Backend, content: bytes, status: int, code: str
) -> None:
    response = send(client, ("good.txt", b"A 1"), ("dir/bad.pdf", content), ("other.txt", b"B 1"))
    assert response.status_code == 201
    answer = response.json()
    taken = [(each["file"], each["document"]["name"]) for each in answer["documents"]]
    assert taken == [(0, "good.txt"), (2, "other.txt")]
    (refused,) = answer["refused"]
    assert (refused["file"], refused["name"], refused["code"]) == (1, "bad.pdf", code)
    assert refused["detail"].startswith("bad.pdf: ")
    assert refused["hint"]
    assert client.get(DOCUMENTS).json()["total"] == len(files_of(behind)) == 2


@BAD
def test_where_no_file_can_be_taken_the_answer_is_the_problem_of_the_first_and_names_all(
    client: TestClient, behind: Backend, content: bytes, status: int, code: str
) -> None:
    found = problem(send(client, ("dir/bad.pdf", content), ("worse.exe", b"MZ\x00\x01")), status, code)
    assert found["detail"].startswith("bad.pdf: ")
    assert [(each["file"], each["name"]) for each in found["refused"]] == [(0, "bad.pdf"), (1, "worse.exe")]
    assert client.get(DOCUMENTS).json()["total"] == 0
    assert files_of(behind) == []


def test_a_repeated_upload_of_which_a_part_was_refused_is_answered_as_before(client: TestClient) -> None:
    files = ("bad.docx", b"PK\x03\x04"), ("a.txt", b"A 1")
    first, again = send(client, *files, key="k1"), send(client, *files, key="k1")
    assert (first.status_code, again.status_code) == (201, 200)
    (taken,) = again.json()["documents"]
    assert (taken["file"], taken["new"]) == (1, False)
    assert again.json()["refused"] == first.json()["refused"]
    client.delete(f"{DOCUMENTS}/{taken['document']['id']}")
    gone = send(client, *files, key="k1")
    assert (gone.status_code, gone.json()["documents"], len(gone.json()["refused"])) == (200, [], 1)


def test_an_upload_without_files_or_with_too_many_is_explained(client: TestClient) -> None:
    problem(client.post(DOCUMENTS, files={"other": b"x"}), 422, "invalid-request")
    problem(client.post(DOCUMENTS, json={}), 422, "invalid-request")
    many = [(f"{number}.txt", b"%d" % number) for number in range(101)]
    problem(send(client, *many), 413, "document-too-large")


def test_an_upload_announced_over_the_limit_is_not_read(client: TestClient) -> None:
    response = client.post(DOCUMENTS, content=b"", headers={"content-length": str(10**10)})
    problem(response, 413, "document-too-large")


def test_more_documents_than_can_wait_are_turned_away_for_now(client: TestClient, paused: Backend) -> None:
    paused.intake._most_waiting = 2
    assert send(client, ("a.txt", b"A 1"), ("b.txt", b"B 1")).status_code == 201
    response = send(client, ("c.txt", b"C 1"))
    problem(response, 429, "too-busy")
    assert response.headers["retry-after"]


def test_a_full_disk_takes_no_file_and_says_so(
    client: TestClient, behind: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(behind.files, "put", full)
    problem(send(client, ("a.txt", b"A 1")), 507, "disk-full")
    assert client.get(DOCUMENTS).json()["total"] == 0


def test_a_database_that_does_not_answer_is_a_503_to_be_tried_again(
    client: TestClient, behind: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("server closed the connection"))

    monkeypatch.setattr(type(behind.database), "reading", gone)
    response = client.get(DOCUMENTS)
    problem(response, 503, "database-unavailable")
    assert response.headers["retry-after"]
    assert "secret" not in response.text


def test_a_document_that_cannot_be_read_says_why(client: TestClient) -> None:
    failed = get(client, send_one(client, b"%PDF-1.7 and nothing more", "broken.pdf"))
    assert failed["state"] == "failed"
    assert failed["problem"]["code"] == "unreadable-document"
    assert failed["problem"]["hint"]


def test_without_a_model_documents_wait_with_the_reason_and_everything_else_works(
    client: TestClient, paused: Backend, loader: FakeLoader
) -> None:
    document_id = send_one(client)
    assert get(client, document_id)["waiting"] is None
    paused.service._status = "failed"
    paused.service._failure = ModelNotFound("UNSLOTH_MODEL_DIR: not there", hint="Train one.")
    waiting = get(client, document_id)["waiting"]
    assert waiting == {"code": "no-model", "detail": "UNSLOTH_MODEL_DIR: not there", "hint": "Train one."}
    assert client.get(DOCUMENTS).json()["documents"][0]["waiting"] == waiting


def test_what_is_worth_a_look_comes_first_and_says_why(client: TestClient) -> None:
    send_one(client, b"INV-1 Total 12.50")
    send_one(client, b"%PDF-1.7 broken", "b.pdf")
    answer = client.get(DOCUMENTS, params={"limit": 1, "offset": 0}).json()
    assert (answer["total"], answer["limit"], len(answer["documents"])) == (2, 1, 1)
    (first,) = answer["documents"]
    parts = first["worth"]
    assert parts["value"] == parts["doubt"] + parts["findings"] + parts["new_vendor"]
    assert answer["counts"]["needs_review"] == answer["counts"]["failed"] == 1


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"state": "failed"}, 1),
        ({"state": ["failed", "needs_review"]}, 2),
        ({"q": "inv-1"}, 1),
        ({"q": "nothing"}, 0),
        ({"new_vendor": True}, 1),
        ({"sort": "newest"}, 2),
        ({"offset": 5}, 0),
    ],
)
def test_lists_are_filtered(client: TestClient, params: dict[str, Any], count: int) -> None:
    send_one(client, b"INV-1 Total 12.50")
    send_one(client, b"%PDF-1.7 broken", "b.pdf")
    assert len(client.get(DOCUMENTS, params=params).json()["documents"]) == count


@pytest.mark.parametrize("sort", ["worth", "newest", "oldest"])
def test_a_list_goes_on_behind_its_cursor_whatever_comes_in(client: TestClient, sort: str) -> None:
    sent = {send_one(client, f"INV-{number} Total 12.50".encode()) for number in range(5)}
    listed: list[str] = []
    params: dict[str, Any] = {"sort": sort, "limit": 2}
    while not sent <= set(listed):
        part = client.get(DOCUMENTS, params=params).json()
        listed += [each["id"] for each in part["documents"]]
        params["after"] = part["next"]
        send_one(client, f"LATER-{len(listed)} Total 12.50".encode())
    assert len(listed) == len(set(listed))
    last = client.get(DOCUMENTS, params={"sort": sort, "limit": 200}).json()
    assert last["next"] is None
    cursor = client.get(DOCUMENTS, params={"sort": sort, "limit": 1}).json()["next"]
    other = "oldest" if sort == "worth" else "worth"
    problem(client.get(DOCUMENTS, params={"after": cursor, "sort": other}), 422, "invalid-cursor")


@pytest.mark.parametrize("cursor", ["x", "!", "\u00e9", "d29ydGggbmFuIDE=", "bmV3ZXN0IDIwMjYtMDEtMDEgMQ=="])
def test_a_cursor_that_is_none_is_explained(client: TestClient, cursor: str) -> None:
    for sort in ("worth", "newest", "oldest"):
        problem(client.get(DOCUMENTS, params={"after": cursor, "sort": sort}), 422, "invalid-cursor")


@pytest.mark.parametrize(
    "params", [{"state": "lost"}, {"sort": "x"}, {"limit": 0}, {"limit": 201}, {"offset": -1}]
)
def test_a_list_that_cannot_be_given_is_explained(client: TestClient, params: dict[str, Any]) -> None:
    problem(client.get(DOCUMENTS, params=params), 422, "invalid-request")


def test_a_page_is_shown_as_a_picture_with_words_that_lie_on_it(client: TestClient) -> None:
    document_id = send_one(client, (SAMPLES / "invoice-de.pdf").read_bytes(), "invoice.pdf")
    picture = client.get(f"{DOCUMENTS}/{document_id}/pages/1.png")
    assert picture.headers["content-type"] == "image/png"
    assert "private" in picture.headers["cache-control"]
    page = get(client, document_id, "/pages/1")
    with Image.open(BytesIO(picture.content)) as image:
        assert list(image.size) == page["picture"]
    boxes = [word[3] for line in page["lines"] for word in line]
    assert all(0 <= box[0] < box[2] <= page["width"] for box in boxes)
    problem(client.get(f"{DOCUMENTS}/{document_id}/pages/2.png"), 404, "no-such-document")
    problem(client.get(f"{DOCUMENTS}/{document_id}/pages/2"), 404, "no-such-document")


def test_text_has_words_and_no_picture(client: TestClient) -> None:
    document_id = send_one(client)
    page = get(client, document_id, "/pages/1")
    assert (page["picture"], page["lines"][0][0]) == (None, ["INV-1", 0, 5, None, None])
    problem(client.get(f"{DOCUMENTS}/{document_id}/pages/1.png"), 404, "no-such-document")


def test_an_extraction_keeps_the_digits_and_its_text(client: TestClient) -> None:
    document_id = send_one(client)
    response = client.get(f"{DOCUMENTS}/{document_id}/extraction")
    assert '"grand_total":12.50' in response.text
    answer = response.json()
    assert (answer["text"], answer["review"], answer["version"]) == ("INV-1 Total 12.50", None, 2)
    assert (answer["model"], answer["pages"][0]["number"]) == ("fake", 1)


def test_an_extraction_that_is_not_there_yet_is_a_409(client: TestClient, paused: Backend) -> None:
    document_id = send_one(client)
    problem(client.get(f"{DOCUMENTS}/{document_id}/extraction"), 409, "wrong-state")


@pytest.mark.parametrize("document_id", ["0" * 32, "nothing", "..%2f..", "a" * 64])
@pytest.mark.parametrize("what", ["", "/extraction", "/pages/1", "/pages/1.png"])
def test_an_id_that_nobody_has_is_a_404(client: TestClient, document_id: str, what: str) -> None:
    response = client.get(f"{DOCUMENTS}/{document_id}{what}")
    assert response.status_code == 404
    assert response.json()["hint"]


def test_a_name_is_shown_and_never_used_as_a_path(client: TestClient, behind: Backend) -> None:
    document_id = send_one(client, b"A 1", "../../../tmp/evil\x00<script>.txt")
    assert "/" not in get(client, document_id)["name"]
    assert {path.parent for path in files_of(behind)} == {behind.files.folder_of(document_id)}


def test_deleting_purges_the_file_the_text_and_the_examples(client: TestClient, behind: Backend) -> None:
    document_id = send_one(client, b"SECRET-1 Total 12.50")
    decide(client, document_id, "review", version=2, invoice={"vendor": {"name": "SECRET-1"}}, confirmed=[])
    queue = behind.data_dir / "training_queue.jsonl"
    assert "SECRET-1" in queue.read_text()
    assert client.delete(f"{DOCUMENTS}/{document_id}").status_code == 204
    problem(client.get(f"{DOCUMENTS}/{document_id}"), 404, "no-such-document")
    problem(client.delete(f"{DOCUMENTS}/{document_id}"), 404, "no-such-document")
    holding = [
        path for path in behind.data_dir.rglob("*") if path.is_file() and b"SECRET-1" in path.read_bytes()
    ]
    assert holding == []
