"""An object store that cannot be had, refuses, hangs, or is named wrongly."""

import io
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from app.settings import AppSettings
from app.store import objects
from app.store.files import FilesUnavailable, new_id
from app.store.objects import FilesInStore
from finscribe.errors import MissingDependency, SettingsError
from tests.app.store.places import Outage, everything_in, in_memory
from tests.app.waiting import wait_until


@pytest.fixture
def files(tmp_path: Path) -> FilesInStore:
    return in_memory(tmp_path)


@pytest.fixture
def outage(files: FilesInStore, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return Outage(files, monkeypatch)


def test_a_store_that_is_gone_says_what_to_do_and_keeps_what_it_has(
    files: FilesInStore, outage: Outage
) -> None:
    kept = new_id()
    files.put(kept, io.BytesIO(b"abc"))
    outage.on = True
    with pytest.raises(FilesUnavailable, match="connection refused") as caught:
        files.put(new_id(), io.BytesIO(b"abc"))
    assert "FINSCRIBE_FILES_URL" in caught.value.hint
    for ask in (
        files.remove,
        lambda each: files.picture(each, 1),
        lambda each: files.at_hand(each).__enter__(),
    ):
        with pytest.raises(FilesUnavailable):
            ask(kept)
    outage.end()
    assert [Path(name).parent.name for name in everything_in(files)] == [kept]
    with files.at_hand(kept) as path:
        assert path.read_bytes() == b"abc"


def test_nobody_waits_for_a_store_that_is_down(files: FilesInStore, outage: Outage) -> None:
    outage.on = True
    with pytest.raises(FilesUnavailable):
        files.check()
    before = outage.asked
    for _ in range(50):
        with pytest.raises(FilesUnavailable):
            files.picture("a" * 32, 1)
    assert outage.asked < before + 50  # looked for in the background, one look at a time
    outage.on = False

    def served() -> bool | None:
        try:
            return files.picture("a" * 32, 1) is None or None
        except FilesUnavailable:
            return None

    wait_until(served)


def test_a_store_that_does_not_answer_is_told_from_one_that_does(
    files: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Event()

    def hang(*_: Any) -> dict[str, Any]:
        go.wait(30)
        return {}

    monkeypatch.setattr(objects, "PATIENCE", 0.05)
    monkeypatch.setattr(files._system, "info", hang)
    with pytest.raises(FilesUnavailable, match=r"no answer within 0\.05 seconds"):
        files.check()
    with pytest.raises(FilesUnavailable, match="no answer"):
        files.put(new_id(), io.BytesIO(b"abc"))
    go.set()
    wait_until(lambda: None if files._overdue() else True)
    files.check()


def test_what_a_store_only_says_it_has_erased_is_not_erased(
    files: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = new_id()
    files.put(document_id, io.BytesIO(b"abc"))
    monkeypatch.setattr(files._system, "rm", lambda *_, **__: None)
    with pytest.raises(FilesUnavailable, match="cannot be erased"):
        files.remove(document_id)


def test_a_bucket_that_is_gone_is_not_taken_for_a_document_that_is(
    files: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_bucket(*_: Any, **__: Any) -> None:
        raise FileNotFoundError("The specified bucket does not exist")

    for name in ("cat_file", "get_file", "find", "info", "pipe_file"):
        monkeypatch.setattr(files._system, name, no_bucket)
    for ask in (
        files.remove,
        lambda each: files.picture(each, 1),
        lambda each: files.at_hand(each).__enter__(),
    ):
        with pytest.raises(FilesUnavailable, match="bucket does not exist"):
            ask(new_id())


def test_a_disk_that_is_full_here_is_no_fault_of_the_store(
    files: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files._system, "get_file", full)
    with pytest.raises(OSError, match="No space left"), files.at_hand(new_id()):
        pass


def test_copies_are_erased_when_they_are_done_with_or_their_document_is(
    files: FilesInStore, tmp_path: Path
) -> None:
    document_id = new_id()
    files.put(document_id, io.BytesIO(b"abc"))
    with suppress(RuntimeError), files.at_hand(document_id) as path:
        path.with_name("page-1.png").write_bytes(b"half of a document that was cut off")
        raise RuntimeError
    copies = tmp_path / "copies"
    assert list(copies.iterdir()) == []
    assert files.picture(document_id, 1) is None
    left = copies / f"{document_id}-of-a-process-that-was-killed"
    left.mkdir()
    (left / "original").write_bytes(b"abc")
    files.remove(document_id)
    assert list(copies.iterdir()) == []


def test_a_package_that_is_missing_comes_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(MissingDependency, match="Install s3fs") as caught:
        FilesInStore("s3://bucket/finscribe", tmp_path)
    assert caught.value.hint == "pip install s3fs"


@pytest.mark.parametrize(
    ("url", "reason"),
    [("nothing://bucket/finscribe", "nothing"), ("memory://", "no bucket"), ("memory:///", "no bucket")],
)
def test_an_address_that_leads_nowhere_is_refused(url: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        FilesInStore(url, tmp_path)
    assert "s3://BUCKET/finscribe" in caught.value.hint


def test_a_password_in_an_address_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        FilesInStore("nothing://somebody:secret@host/path", tmp_path)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(AppSettings(files_url="sftp://somebody:secret@host/path"))


@pytest.mark.parametrize(
    "text", ["bucket/finscribe", "/srv/documents", "file:///srv/documents", "s3://", "S3"]
)
def test_a_setting_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_FILES_URL"):
        AppSettings.from_environment({"FINSCRIBE_FILES_URL": text})


def test_an_address_is_taken_from_the_environment() -> None:
    assert AppSettings.from_environment({}).files_url is None
    url = "s3://bucket/finscribe"
    assert AppSettings.from_environment({"FINSCRIBE_FILES_URL": url}).files_url == url
