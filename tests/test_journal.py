import errno
import os

import pytest

from finscribe import journal
from finscribe.journal import append, mend, named, read_lines, replace, signature, torn_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.jsonl"


def test_what_is_appended_and_new_names_are_synced(path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    other = path.with_name("other.jsonl")
    append({path: b"{}\n", other: b""})
    assert synced == [path.stat().st_ino, path.parent.stat().st_ino]
    assert not other.exists()
    append({path: b"{}\n"})
    assert synced[2:] == [path.stat().st_ino]


def test_an_append_that_fails_in_one_file_is_taken_back_from_all_and_names_the_file(path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    append({path: b'{"a": 1}\n'})
    before, new = signature(path), path.with_name("new.jsonl")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        append({path: b'{"a": 2}\n', new: b"{}\n"})
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b'{"a": 1}\n'
    assert signature(path).size == before.size
    assert not new.exists()


def test_a_file_that_is_written_only_halfway_is_cut_to_what_it_was(path, monkeypatch):
    def half(path, data):
        path.write_bytes(path.read_bytes() + data[: len(data) // 2])
        raise KeyboardInterrupt

    path.write_bytes(b"{}\n")
    monkeypatch.setattr(journal, "_append", half)
    with pytest.raises(KeyboardInterrupt):
        journal.write({path: b'{"a": 1}\n'})
    assert path.read_bytes() == b"{}\n"


def test_an_error_keeps_the_name_that_it_has(path):
    with pytest.raises(FileNotFoundError) as caught, named(path):
        path.with_name("another").read_bytes()
    assert caught.value.filename == str(path.with_name("another"))


def test_only_finished_lines_are_read_and_none_of_a_file_that_is_not_there(path):
    assert list(read_lines(path)) == []
    path.write_bytes(b"one\ntwo\nthr")
    assert list(read_lines(path)) == [b"one\n", b"two\n"]


@pytest.mark.parametrize("torn", [b'{"a": 1', b'{"a": 1\n', b"\0\0\0\n", b"[1]\n", b'{"a": NaN}'])
def test_a_torn_end_moves_to_a_file_of_its_own(path, torn):
    path.write_bytes(b"{}\n" + torn)
    assert mend(path) == torn
    assert path.read_bytes() == b"{}\n"
    assert torn_file(path).read_bytes() == torn.rstrip(b"\n") + b"\n"


@pytest.mark.parametrize(
    ("content", "mended"),
    [(b"", b""), (b"{}\n", b"{}\n"), (b"{}\n\n", b"{}\n\n"), (b'{}\n{"a": 1}', b'{}\n{"a": 1}\n')],
)
def test_a_record_that_lacks_its_line_break_gets_it_and_a_whole_file_stays_as_it_is(path, content, mended):
    path.write_bytes(content)
    assert mend(path) == b""
    assert path.read_bytes() == mended
    assert not torn_file(path).exists()


def test_a_file_that_is_not_there_needs_no_mending(path):
    assert mend(path) == b""
    assert not path.exists()


def test_a_file_is_written_anew_under_the_same_name(path):
    path.write_bytes(b"{}\n")
    before = signature(path)
    replace(path, [b'{"a": 1}\n', b'{"a": 2}\n'])
    assert path.read_bytes() == b'{"a": 1}\n{"a": 2}\n'
    assert signature(path) != before
    assert signature(path.with_name("none")) is None
