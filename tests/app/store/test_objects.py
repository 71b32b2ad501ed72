"""An object store that cannot be had, refuses, hangs, or is named wrongly."""

import io
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from app.settings import AppSettings
from app.store import objects
from app.store.files import FilesUnavailable, new_id
from app.store.objects import PACKAGES, FilesInStore, without_password
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


def test_an_upload_to_a_store_that_hangs_waits_for_one_request_alone(
    files: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go = list[str](), Event()

    class Hanging:
        closed = False

        def write(self, _: bytes) -> None:
            asked.append("write")
            raise TimeoutError("no answer")

        def close(self) -> None:
            if not self.closed:
                asked.append("close")

        discard = __del__ = close

    monkeypatch.setattr(objects, "PATIENCE", 0.05)
    monkeypatch.setattr(files._system, "open", lambda *_, **__: Hanging())
    monkeypatch.setattr(files._system, "info", lambda *_: go.wait(30))
    monkeypatch.setattr(files._system, "find", lambda *_, **__: asked.append("find"))
    document_id = new_id()
    with pytest.raises(FilesUnavailable, match="no answer"):
        files.put(document_id, io.BytesIO(b"abc"))
    with pytest.raises(FilesUnavailable, match="no answer"):
        files.remove(document_id)
    assert asked == ["write"]
    go.set()


def test_an_upload_that_broke_off_is_ended_in_a_store_that_answers(
    files: FilesInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    class Breaking(io.BytesIO):
        def write(self, _: Any) -> int:
            raise ConnectionResetError("reset")

        def close(self) -> None:
            asked.append("close")

        def discard(self) -> None:
            asked.append("discard")

    files.check()
    monkeypatch.setattr(files._system, "open", lambda *_, **__: Breaking())
    with pytest.raises(FilesUnavailable, match="reset"):
        files.put(new_id(), io.BytesIO(b"abc"))
    assert asked[:2] == ["close", "discard"]


HANGING = """
import time
from pathlib import Path
from app.store import objects
objects.PATIENCE = 0.05
files = objects.FilesInStore("memory://bucket/finscribe", Path("copies"))
files._system.info = lambda *_: time.sleep(120)
try:
    files.check()
except objects.FilesUnavailable:
    print("down", flush=True)
"""


def test_a_process_ends_however_long_its_store_hangs() -> None:
    started = monotonic()
    ended = subprocess.run([sys.executable, "-c", HANGING], stdout=subprocess.PIPE, text=True, timeout=100)
    assert (ended.returncode, ended.stdout) == (0, "down\n")
    assert monotonic() - started < 100


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


def test_the_copy_of_a_process_that_was_killed_is_erased_when_its_document_is_read_again(
    files: FilesInStore, tmp_path: Path
) -> None:
    document_id, another = new_id(), new_id()
    files.put(document_id, io.BytesIO(b"abc"))
    copies = tmp_path / "copies"
    left, of_another = (copies / f"{each}-left" for each in (document_id, another))
    for folder in (left, of_another):
        folder.mkdir(parents=True)
        (folder / "original").write_bytes(b"abc")
    with files.at_hand(document_id) as path:
        assert path.read_bytes() == b"abc"
        assert set(copies.iterdir()) == {path.parent, of_another}
    assert list(copies.iterdir()) == [of_another]


@pytest.mark.parametrize(
    ("kind", "package"), [("s3", "s3fs"), ("gs", "gcsfs"), ("az", "adlfs"), ("memory", "fsspec")]
)
def test_a_package_that_is_missing_comes_with_the_line_that_installs_it(
    kind: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise ImportError("Install it")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(MissingDependency, match="Install it") as caught:
        FilesInStore(f"{kind}://bucket/finscribe", tmp_path)
    assert caught.value.hint == f"pip install {package}"


def test_without_fsspec_the_line_installs_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("fsspec.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingDependency) as caught:
        FilesInStore("s3://bucket/finscribe", tmp_path)
    assert caught.value.hint == "pip install 'finscribe[web]'"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nothing://bucket/finscribe", "its kind is none of s3, gs"),
        ("sftp://host/path", "its kind is none of s3, gs"),
        ("memory://", "no bucket"),
        ("memory:///", "no bucket"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(url: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        FilesInStore(url, tmp_path)
    assert "s3://BUCKET/finscribe" in caught.value.hint


PASSWORDS = ["sftp://somebody:secret@host/path", "s3://key:sec/ret@2:secret@host/path"]


@pytest.mark.parametrize("url", PASSWORDS)
def test_a_password_in_an_address_is_never_shown(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ValueError(f"cannot make sense of {url}")

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    with pytest.raises(SettingsError) as caught:
        FilesInStore(url, tmp_path)
    with pytest.raises(SettingsError) as refused:
        AppSettings.from_environment({"FINSCRIBE_FILES_URL": url.replace("s3:", "S3:")})
    for said in (str(caught.value), str(refused.value), repr(AppSettings(files_url=url))):
        assert not re.search("somebody|key:|secret|sec/", said)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3://bucket/finscribe", "s3://bucket/finscribe"),
        ("s3://me:a/b@c@bucket/finscribe", "s3://bucket/finscribe"),
        ("me:secret@bucket", "bucket"),
        ("no way to ftp://me:secret@host/x from here", "no way to ftp://host/x from here"),
    ],
)
def test_what_is_before_the_last_at_sign_is_left_out(text: str, shown: str) -> None:
    assert without_password(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "bucket/finscribe",
        "/srv/documents",
        "file:///srv/documents",
        "memory://bucket/finscribe",
        "sftp://host/path",
        "ftp://host/path",
        "simplecache::s3://bucket/finscribe",
        "s3://bucket/one::file:///srv",
        "s3://",
        "S3",
    ],
)
def test_a_setting_that_is_no_address_of_an_object_store_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"FINSCRIBE_FILES_URL .*object store \(s3://, gs://"):
        AppSettings.from_environment({"FINSCRIBE_FILES_URL": text})


def test_an_address_is_taken_from_the_environment() -> None:
    assert AppSettings.from_environment({}).files_url is None
    for kind in PACKAGES:
        url = f"{kind}://bucket/finscribe"
        assert AppSettings.from_environment({"FINSCRIBE_FILES_URL": url}).files_url == url
