import errno
import json
import os
import sys
from contextlib import contextmanager

import pytest

from finscribe import journal
from finscribe.errors import QueueError
from finscribe.training.queue import index, training_queue
from finscribe.training.queue.mending import make_whole
from finscribe.training.queue.training_queue import QueueWarning, TrainingQueue
from tests.training.queues import contents, correction, names, records, tear


def nested_lists(depth):
    return [nested_lists(depth - 1)] if depth else []


@pytest.fixture
def queue(tmp_path):
    return TrainingQueue(tmp_path / "data")


# --- what crashes and other programs leave behind ----------------------------------------------------


@pytest.mark.parametrize("name", ["general", "unsloth", "reviews"])
@pytest.mark.parametrize("piece", [b'{"timestamp": "20', b"\0\0\0\0\n", b'{"a": 1\n'])
def test_a_torn_end_is_set_aside_and_reported_by_the_next_append(queue, name, piece):
    queue.append(correction("a", "A"))
    tear(getattr(queue, name), piece)
    with pytest.warns(QueueWarning, match="torn end"):
        queue.append(correction("b", "B"))
    assert names(queue) == (["A", "B"],) * 3
    assert journal.torn_file(getattr(queue, name)).read_bytes() == piece.rstrip(b"\n") + b"\n"
    assert queue.stats().torn == 1


def test_torn_ends_are_added_to_those_set_aside_before(queue):
    queue.append(correction("a", "A"))
    for piece in (b'{"one', b'{"two'):
        tear(queue.general, piece)
        with pytest.warns(QueueWarning):
            queue.repair()
    assert journal.torn_file(queue.general).read_bytes() == b'{"one\n{"two\n'


def test_a_record_that_only_lacks_its_line_break_is_kept(queue):
    queue.append(correction("a", "A"))
    tear(queue.general, correction("b", "B").to_line().rstrip(b"\n"))
    queue.append(correction("c", "C"))
    assert names(queue) == (["A", "B", "C"],) * 3


@pytest.mark.parametrize("written", [1, 2])
def test_a_writer_killed_between_the_files_leaves_nothing_out(queue, monkeypatch, written):
    queue.append(correction("a", "A"))
    lines = iter(range(written))

    def append_some(path, data):
        if next(lines, None) is None:
            raise SystemExit
        append_(path, data)

    append_ = journal._append
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_append", append_some)
        patch.setattr(journal, "cut", lambda path, size: None)
        with pytest.raises(SystemExit):
            queue.append(correction("b", "B"))
    queue.append(correction("c", "C"))
    assert names(queue) == (["A", "B", "C"],) * 3


def test_a_projection_that_was_changed_or_deleted_is_written_anew(queue):
    for name in "AB":
        queue.append(correction(name, name))
    whole = queue.unsloth.read_bytes()
    queue.unsloth.write_bytes(b"".join(reversed(whole.splitlines(keepends=True))))
    assert not queue.stats().in_step
    queue.repair()
    assert queue.unsloth.read_bytes() == whole
    queue.unsloth.unlink()
    queue.append(correction("C", "C"))
    assert queue.unsloth.read_bytes().startswith(whole)


def test_records_that_only_the_projection_has_are_taken_into_the_general_queue(queue):
    queue.folder.mkdir()
    older = {"input": "OCR_TEXT:\nOlder Ltd", "output": '{"vendor": {"name": "Older Ltd"}}'}
    queue.unsloth.write_text(f"{json.dumps(older)}\nnot json\n{json.dumps(older)}\n")
    with pytest.warns(QueueWarning) as warned:
        queue.append(correction("a", "A"))
    assert [str(each.message).partition(": ")[2] for each in warned] == [
        "1 record of it was unknown and is now in training_queue.jsonl",
        "1 unreadable line is now in unsloth_training_queue.jsonl.orphaned",
    ]
    assert names(queue)[0] == ["Older Ltd", "A"]
    assert names(queue)[1] == ["Older Ltd", "A"]
    assert (queue.folder / "unsloth_training_queue.jsonl.orphaned").read_text() == "not json\n"


def test_older_records_are_corrections_and_unreadable_ones_stay_where_they_are(queue):
    queue.folder.mkdir()
    older = {"timestamp": "2024-05-06T07:08:09", "invoice_id": 5, "input": {"text": "Older Ltd"}}
    lines = [json.dumps(older | {"output": {"merchant_info": {"name": "Older Ltd"}}}), "?", '{"input": "x"}']
    queue.general.write_text("\n".join(lines) + "\n")
    queue.append(correction("a", "A"))
    assert names(queue)[:2] == (["Older Ltd", "A"],) * 2
    assert queue.general.read_text().startswith("\n".join(lines))
    assert (queue.stats().unreadable, queue.stats().total) == (2, 2)


KNOWN = {"vendor": {"name": "A"}}
ADDED = {"path": "line_items[0]", "before": None, "after": "x", "kind": "line_added"}


@pytest.mark.parametrize(
    "foreign",
    [
        {"input": {"image": "a.png"}, "output": KNOWN},
        {"input": [1, 2], "output": KNOWN},
        {"input": " ", "output": KNOWN},
        {"input": "A", "output": KNOWN, "changes": [ADDED]},
        {"input": "A", "output": KNOWN, "changes": {"path": "x"}},
        {"input": "A", "output": KNOWN, "confirmed": "vendor.name"},
        {"input": "A", "output": KNOWN, "confirmed": [{"path": "vendor.name"}]},
        {"input": {"text": "A", "raw": nested_lists(400)}, "output": KNOWN},
        {"input": "A", "output": KNOWN, "invoice_id": ["7"]},
    ],
)
def test_a_foreign_line_is_counted_as_unreadable_and_stops_nothing(queue, foreign):
    queue.append(correction("a", "A"))
    tear(queue.general, json.dumps(foreign).encode() + b"\n")
    assert queue.append(correction("b", "B"))
    queue.retract("a")
    queue.purge("a")
    queue.repair()
    assert (queue.stats().unreadable, queue.stats().live) == (1, 1)
    assert [each.to_line() for each in queue.corrections()]
    assert foreign in records(queue.general)


def test_an_invoice_id_with_half_a_character_is_kept_as_far_as_it_goes(queue):
    assert queue.append(correction("7\ud800", "A"))
    tear(queue.general, json.dumps({"invoice_id": "8\ud800", "input": "A", "output": KNOWN}).encode() + b"\n")
    queue.repair()
    assert [each.invoice_id for each in queue.current()] == ["7?", "8?"]


def test_files_deleted_by_hand_are_forgotten(queue):
    queue.append(correction())
    for path in (queue.general, queue.unsloth, queue.reviews):
        path.unlink()
    assert queue.append(correction())


def test_the_index_is_not_believed_after_a_restart_of_the_machine(queue, monkeypatch):
    queue.append(correction("a", "A"))
    verified = []
    monkeypatch.setattr(training_queue, "make_whole", lambda *args: verified.append(1) or make_whole(*args))
    monkeypatch.setattr("finscribe.training.queue.index._boot_id", lambda: "another")
    queue.append(correction("b", "B"))
    queue.append(correction("c", "C"))
    assert len(verified) == 1
    assert not queue.append(correction("a", "A"))


def test_a_broken_index_is_built_anew(queue):
    queue.append(correction("a", "A"))
    (queue.folder / ".training_queue.index").write_bytes(b"broken" * 1000)
    assert not queue.append(correction("a", "A"))
    assert queue.append(correction("b", "B"))


@pytest.mark.parametrize("page", range(10))
def test_an_index_with_a_damaged_page_is_built_anew(queue, page):
    for number in range(40):
        queue.append(correction(str(number), str(number)))
    database = queue.folder / ".training_queue.index"
    content = bytearray(database.read_bytes())
    assert len(content) == 10 * 4096
    content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    database.write_bytes(content)
    assert not queue.append(correction("7", "7"))
    assert queue.append(correction("new", "New"))
    queue.retract("8")
    queue.purge("9")
    queue.repair()
    assert len(names(queue)[0]) == len(names(queue)[1]) == 39
    assert not queue.append(correction("7", "7"))


def test_an_index_that_outgrows_the_disk_is_an_error_with_a_hint_and_grows_on_later(queue, monkeypatch):
    def prepared_without_room(path):
        connection = prepared(path)
        connection.execute("PRAGMA max_page_count = 1")  # that is, no more than there are
        return connection

    prepared = index._prepared
    queue.append(correction("first", "A"))
    with monkeypatch.context() as patch:
        patch.setattr(index, "_prepared", prepared_without_room)
        with pytest.raises(QueueError, match="database or disk is full") as caught:
            [queue.append(correction(str(number), "A")) for number in range(200)]
    assert "space" in caught.value.hint
    assert not queue.append(correction("first", "A"))
    assert queue.append(correction("last", "A"))
    assert queue.stats().in_step


# --- disks and folders -------------------------------------------------------------------------------


@contextmanager
def full_disk(monkeypatch, function, after):
    """A call that succeeds a few times, and then finds no space."""
    left = iter(range(after))
    real = getattr(os, function)

    def failing(*args):
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(os, function, failing)
        yield


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_leaves_nothing_half_written(queue, monkeypatch, after):
    queue.append(correction("a", "A"))
    before = contents(queue)
    with full_disk(monkeypatch, "fsync", after), pytest.raises(QueueError, match="No space left") as caught:
        queue.append(correction("b", "B"))
    assert "Free some space" in caught.value.hint
    assert contents(queue) == before
    assert queue.append(correction("b", "B"))


def test_a_write_that_stops_halfway_is_taken_back(queue, monkeypatch):
    queue.append(correction("a", "A"))
    before = contents(queue)

    def half(path, data):
        tear(path, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_append", half)
        with pytest.raises(QueueError, match="training_queue"):
            queue.append(correction("b", "B"))
    assert contents(queue) == before


def test_a_sync_that_fails_takes_back_the_corrections_of_all_that_wait_for_it(queue, monkeypatch):
    queue.append(correction("a", "A"))
    before = contents(queue)
    other = TrainingQueue(queue.folder)
    commit = other._commits.commit

    def fail_in_between(mine, now, take_back):
        with monkeypatch.context() as patch, full_disk(patch, "fsync", 0), pytest.raises(QueueError):
            queue.append(correction("b", "B"))
        assert contents(queue) == before
        monkeypatch.setattr(other._commits, "commit", commit)
        told.append(commit(mine, now, take_back))
        return told[-1]

    told = []
    monkeypatch.setattr(other._commits, "commit", fail_in_between)
    assert other.append(correction("c", "C"))
    assert told == [False]
    assert names(queue) == (["A", "C"],) * 3


def test_a_full_disk_while_the_projection_is_rewritten_leaves_the_old_one(queue, monkeypatch):
    queue.append(correction("a", "A"))
    queue.append(correction("b", "B"))
    before = queue.unsloth.read_bytes()
    with full_disk(monkeypatch, "fsync", 1), pytest.raises(QueueError, match="No space left"):
        queue.retract("a")
    assert queue.unsloth.read_bytes() == before
    queue.repair()
    assert names(queue)[:2] == (["B"], ["B"])


def test_the_first_append_to_a_full_disk_leaves_no_files(queue, monkeypatch):
    with full_disk(monkeypatch, "fsync", 1), pytest.raises(QueueError):
        queue.append(correction())
    assert not [path for path in (queue.general, queue.unsloth, queue.reviews) if path.exists()]


def test_a_folder_that_cannot_be_written_says_so(queue, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(queue.folder))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(QueueError, match="Permission denied") as caught:
        queue.append(correction())
    assert "FINSCRIBE_DATA_DIR" in caught.value.hint


@pytest.mark.parametrize("name", ["general", "unsloth", "reviews"])
def test_a_folder_where_a_file_should_be_says_so(queue, name):
    getattr(queue, name).mkdir(parents=True)
    with pytest.raises(QueueError, match="Is a directory") as caught:
        queue.append(correction())
    assert caught.value.hint == "A folder stands where the file should be: move it away."


def test_a_file_where_the_folder_should_be_says_so(queue):
    queue.folder.write_text("")
    with pytest.raises(QueueError, match="File exists") as caught:
        queue.append(correction())
    assert "A file stands where the folder should be" in caught.value.hint


def test_a_system_without_file_locks_is_refused_before_anything_is_written(queue, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(QueueError, match="cannot lock files"):
        queue.append(correction())
    assert not queue.folder.exists()
    assert queue.stats().total == 0
