"""What every place for files promises, held against all of them."""

import errno
import hashlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.backend import _require_folder
from app.store.files import Files, FilesUnavailable, new_id
from app.store.folder import FilesInFolder
from finscribe.errors import SettingsError
from tests.app.store.places import KINDS, everything_in, place, s3


@pytest.fixture(scope="module")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with s3(tmp_path_factory.mktemp("s3")):
        yield


@pytest.fixture(params=KINDS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "s3":
        request.getfixturevalue("s3_server")
    return place(request.param, tmp_path)


def content(files: Files, document_id: str) -> bytes | None:
    with files.at_hand(document_id) as path:
        return path.read_bytes() if path.exists() else None


def picture(files: Files, document_id: str, number: int) -> bytes | None:
    found = files.picture(document_id, number)
    return found.read_bytes() if isinstance(found, Path) else found


def read(files: Files, document_id: str) -> None:
    """What a reader leaves beside a document that it has read."""
    with files.at_hand(document_id) as path:
        for name, drawn in (("page-1.png", b"one"), ("page-2.png", b"two"), (".page-3.png", b"unfinished")):
            path.with_name(name).write_bytes(drawn)


def test_bytes_are_kept_with_their_hash_and_size(files: Files) -> None:
    document_id = new_id()
    digest, size = files.put(document_id, io.BytesIO(b"abc"))
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert size == 3
    assert content(files, document_id) == b"abc"


def test_a_file_of_several_parts_is_kept_whole(files: Files) -> None:
    whole, document_id = b"0123456789abcdef" * (20 * 2**16), new_id()
    assert files.put(document_id, io.BytesIO(whole)) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert content(files, document_id) == whole


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "", "A" * 32, "a" * 31, "a" * 32 + "\n", "a" * 31 + "/"]
)
def test_what_is_no_id_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    for kind in ("folder", "memory"):
        with pytest.raises(ValueError, match="is no id"):
            place(kind, tmp_path).remove(name)


def test_pictures_that_were_finished_beside_a_document_are_kept(files: Files) -> None:
    document_id = new_id()
    files.put(document_id, io.BytesIO(b"abc"))
    read(files, document_id)
    assert [picture(files, document_id, number) for number in (1, 2, 3)] == [b"one", b"two", None]
    assert content(files, document_id) == b"abc"


def test_pictures_that_are_drawn_again_take_the_place_of_the_old_ones(files: Files) -> None:
    document_id = new_id()
    files.put(document_id, io.BytesIO(b"abc"))
    read(files, document_id)
    with files.at_hand(document_id) as path:
        path.with_name("page-1.png").write_bytes(b"another")
    assert [picture(files, document_id, number) for number in (1, 2)] == [b"another", b"two"]


def test_what_is_not_there_is_no_error(files: Files) -> None:
    assert content(files, new_id()) is None
    assert picture(files, new_id(), 1) is None


def test_everything_of_a_document_is_removed_however_often_one_asks(files: Files) -> None:
    gone, kept = new_id(), new_id()
    for document_id in (gone, kept):
        files.put(document_id, io.BytesIO(b"abc"))
        read(files, document_id)
    files.remove(gone)
    files.remove(gone)
    left = everything_in(files)
    assert left
    assert all(kept in name for name in left)
    assert picture(files, kept, 1) == b"one"


def test_a_source_that_breaks_leaves_nothing_once_it_is_removed(files: Files) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: Any = -1) -> bytes:
            if self.tell() > 9 * 2**20:
                raise OSError("the source breaks")
            return super().read(size)

    document_id = new_id()
    with pytest.raises(Exception, match="the source breaks"):
        files.put(document_id, Breaking(bytes(20 * 2**20)))
    files.remove(document_id)
    assert everything_in(files) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO])
def test_a_folder_that_cannot_be_seen_does_not_answer(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, really = tmp_path / "documents", Path.stat

    def stat(path: Path, **options: Any) -> os.stat_result:
        if path == folder:
            raise OSError(number, os.strerror(number))
        return really(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(FilesUnavailable, match=f"cannot be seen: {os.strerror(number)}"):
        FilesInFolder(folder).check()
    with pytest.raises(SettingsError, match=f"FINSCRIBE_DATA_DIR .*{os.strerror(number)}"):
        _require_folder(folder)


def test_a_database_that_another_user_wrote_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "workflows.sqlite3-wal"
    database.touch()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != database)
    with pytest.raises(SettingsError, match=f"{re.escape(str(database))} may not be written") as caught:
        _require_folder(tmp_path)
    assert "chown" in caught.value.hint


def test_a_file_in_place_of_a_folder_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    for folder in (tmp_path / "file", tmp_path / "file" / "documents"):
        with pytest.raises(FilesUnavailable, match="file is a file"):
            FilesInFolder(folder).check()


def test_a_place_that_is_there_says_so(files: Files) -> None:
    files.check()
    files.put(new_id(), io.BytesIO(b"abc"))
    files.check()
