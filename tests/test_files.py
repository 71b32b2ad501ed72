import errno
import hashlib
import os
import sys
from threading import Event, Thread

import pytest

from finscribe.files import exchange, file_hash, locked, replace_file, sync_folder


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    assert file_hash(tmp_path / "a") == hashlib.sha256(b"x" * 100_000).hexdigest()


def test_a_file_is_replaced_as_a_whole_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, iter([b"new", b"er"]))
    assert path.read_bytes() == b"newer"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    def parts():
        yield b"new"
        raise KeyboardInterrupt

    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, parts())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_what_was_replaced_and_its_name_are_synced(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    replace_file(tmp_path / "a", [b"new"])
    sync_folder(tmp_path)
    folder = tmp_path.stat().st_ino
    assert synced == [(tmp_path / "a").stat().st_ino, folder, folder]


def test_a_lock_is_held_by_one_and_then_free_again(tmp_path):
    path = tmp_path / "new" / "lock"
    with locked(path), pytest.raises(BlockingIOError), locked(path, wait=False):
        pass
    with locked(path, wait=False):
        assert path.exists()


def test_who_waits_for_a_lock_whose_file_is_removed_holds_the_next_one(tmp_path):
    path, inside, end = tmp_path / "lock", Event(), Event()

    def wait():
        with locked(path):
            inside.set()
            end.wait(10)

    waiting = Thread(target=wait)
    with locked(path):
        waiting.start()
        assert not inside.wait(0.2)
        path.unlink()
    assert inside.wait(10)
    with pytest.raises(BlockingIOError), locked(path, wait=False):
        pass
    end.set()
    waiting.join()


def test_without_locks_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(OSError, match="cannot lock files") as caught, locked(tmp_path / "new" / "lock"):
        pass
    assert caught.value.errno == errno.ENOTSUP
    assert not (tmp_path / "new").exists()


def test_a_folder_and_a_link_swap_their_names(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("old")
    (tmp_path / "link").symlink_to("elsewhere")
    exchange(tmp_path / "link", tmp_path / "folder")
    assert os.readlink(tmp_path / "folder") == "elsewhere"
    assert (tmp_path / "link" / "a").read_text() == "old"


def test_names_are_swapped_where_the_system_cannot_do_it_in_one_step(tmp_path, monkeypatch):
    monkeypatch.setattr("finscribe.files.ctypes.CDLL", lambda *_, **__: object())
    for name in ("one", "other"):
        (tmp_path / name).write_text(name)
    exchange(tmp_path / "one", tmp_path / "other")
    assert [(tmp_path / name).read_text() for name in ("one", "other")] == ["other", "one"]
    assert sorted(os.listdir(tmp_path)) == ["one", "other"]


def test_what_a_link_stands_for_is_replaced(tmp_path):
    (tmp_path / "kept").mkdir()
    path, link = tmp_path / "kept" / "a", tmp_path / "link"
    path.write_bytes(b"old")
    link.symlink_to(path)
    replace_file(link, [b"new"])
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
