import os
import time

import pytest

from finscribe.files import locked
from finscribe.training.queue.group_commit import GroupCommit, Position


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_text("x")
    return paths


@pytest.fixture
def commits(files, tmp_path):
    return GroupCommit(tmp_path / "synced", files)


@pytest.fixture
def synced(monkeypatch):
    """The inodes synced so far."""
    inodes = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: inodes.append(os.fstat(descriptor).st_ino))
    return inodes


def at(size, epoch="one"):
    return Position(epoch, (size, size, size))


def commit(commits, mine, now):
    return commits.commit(mine, lambda: now, pytest.fail)


def test_what_another_writer_has_synced_is_not_synced_again(commits, files, synced):
    assert commit(commits, at(10), at(30))
    assert {path.stat().st_ino for path in files} <= set(synced)
    synced.clear()
    assert commit(commits, at(20), at(40))
    assert commit(commits, at(30), at(40))
    assert synced == []
    assert commit(commits, at(31), at(40))
    assert synced[0] == files[0].stat().st_ino
    assert sorted(synced) == sorted(path.stat().st_ino for path in files)


def test_a_note_of_another_epoch_says_nothing(commits, synced):
    commit(commits, at(10), at(30))
    synced.clear()
    assert commit(commits, at(10, "two"), at(10, "two"))
    assert synced


def test_a_writer_whose_epoch_is_over_or_whose_bytes_are_gone_begins_anew(commits, synced):
    assert not commit(commits, at(10), at(30, "two"))
    assert not commit(commits, at(10), at(9))
    assert synced == []


def test_a_sync_that_fails_takes_back_what_is_behind_the_last_one(commits, synced, monkeypatch):
    commit(commits, at(10), at(10))

    def fail(descriptor):
        raise OSError(5, "Input/output error")

    taken = []
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        commits.commit(at(20), lambda: at(25), taken.append)
    with pytest.raises(OSError, match="Input/output error"):
        commits.commit(at(5, "two"), lambda: at(5, "two"), taken.append)
    assert taken == [at(10), None]


def test_who_waits_returns_when_another_has_synced_for_him_and_begins_no_sync(
    commits, synced, monkeypatch, tmp_path
):
    note = tmp_path / "synced"
    commit(commits, at(30), at(30))
    later = note.read_bytes()
    note.write_bytes(b"")
    synced.clear()
    with locked(note):
        monkeypatch.setattr(time, "sleep", lambda _seconds: note.write_bytes(later))
        assert commits.commit(at(20), pytest.fail, pytest.fail)
    assert synced == []


@pytest.mark.parametrize("torn", [slice(0, 20), slice(4, None)])
def test_a_note_that_was_half_written_is_no_note(commits, synced, tmp_path, torn):
    commit(commits, at(10), at(30))
    note = tmp_path / "synced"
    note.write_bytes(note.read_bytes()[torn])
    synced.clear()
    assert commit(commits, at(20), at(30))
    assert synced


@pytest.mark.parametrize("note", ["", "?", "7", "[]"])
def test_a_note_that_cannot_be_read_is_no_note(commits, synced, note, tmp_path):
    (tmp_path / "synced").write_text(note)
    assert commit(commits, at(1), at(1))
    assert synced
