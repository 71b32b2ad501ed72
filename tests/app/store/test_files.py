import io
from pathlib import Path

import pytest

from app.store.files import Files, new_id


def test_bytes_are_kept_with_their_hash_and_size(tmp_path: Path) -> None:
    files, document_id = Files(tmp_path), new_id()
    digest, size = files.put(document_id, io.BytesIO(b"abc"))
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert size == 3
    assert files.original(document_id).read_bytes() == b"abc"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "", "A" * 32, "a" * 31, "a" * 32 + "\n", "a" * 31 + "/"]
)
def test_what_is_no_id_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no id"):
        Files(tmp_path).original(name)


def test_everything_of_a_document_is_removed_however_often_one_asks(tmp_path: Path) -> None:
    files, document_id = Files(tmp_path), new_id()
    files.put(document_id, io.BytesIO(b"abc"))
    files.picture(document_id, 1).write_bytes(b"png")
    files.remove(document_id)
    files.remove(document_id)
    assert not files.folder_of(document_id).exists()
