import json
import os
import sqlite3
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest

from finscribe import journal
from finscribe.errors import QueueError, RecordError
from finscribe.json_lines import read_line
from finscribe.training.queue.record import make_correction
from finscribe.training.queue.stored import State
from finscribe.training.queue.training_queue import QueueWarning, TrainingQueue
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.retractions import find_retractions
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin
from tests.training.queues import contents, correction, names, records, tear


@pytest.fixture
def queue(tmp_path):
    return TrainingQueue(tmp_path / "data")


# --- appending ---------------------------------------------------------------------------------------


def test_a_correction_is_synced_to_all_three_files_before_the_call_returns(queue, monkeypatch):
    synced = set()
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.add(os.fstat(descriptor).st_ino))
    assert queue.append(correction())
    assert {path.stat().st_ino for path in (queue.general, queue.unsloth, queue.reviews)} <= synced
    assert [len(each) for each in names(queue)] == [1, 1, 1]


def test_the_same_correction_twice_is_one_correction_for_any_instance(queue):
    assert queue.append(correction())
    before = contents(queue)
    assert not TrainingQueue(queue.folder).append(correction(reviewer="someone else"))
    assert contents(queue) == before


def test_the_projection_has_the_order_of_the_general_queue(queue):
    for name in "ABCA":
        queue.append(correction(name, name))
    assert names(queue) == (["A", "B", "C"],) * 3


def test_an_append_reads_none_of_the_files(queue, monkeypatch):
    queue.append(correction("1"))
    for room in ("training_queue", "mending"):
        monkeypatch.setattr(f"finscribe.training.queue.{room}.open_queue", None)
        monkeypatch.setattr(f"finscribe.training.queue.{room}.read_lines", None)
    assert queue.append(correction("2"))


def test_a_correction_of_which_no_field_is_known_as_a_whole_is_not_trained_on(queue):
    queue.append(make_correction("x", {"line_items": [{"desc": "A"}, {"qty": 1}]}, "odd"))
    queue.append(correction())
    assert len(records(queue.general)) == 2
    assert len(records(queue.unsloth)) == 1
    assert queue.stats().in_step


# --- superseding and taking back ---------------------------------------------------------------------


def test_a_newer_correction_of_an_invoice_supersedes_the_older_one(queue):
    queue.append(correction("a", "Old"))
    queue.append(correction("b", "Other", text="another page"))
    queue.append(correction("a", "New"))
    assert [each.truth.values["vendor.name"] for each in queue.current()] == ["Other", "New"]
    assert [each.state for each in queue.stored()] == [State.SUPERSEDED, State.CURRENT, State.CURRENT]


def test_corrections_without_an_id_are_joined_by_their_input(queue):
    queue.append(correction(None, "Old"))
    queue.append(correction(None, "Other", text="another page"))
    queue.append(correction("a", "New"))
    assert [each.truth.values["vendor.name"] for each in queue.current()] == ["Other", "New"]


def test_a_retracted_correction_leaves_a_tombstone_and_the_projection(queue):
    queue.append(correction("a", "A"))
    queue.append(correction("b", "B"))
    (taken,) = queue.retract("a", reviewer="ann")
    stone = records(queue.general)[-1]
    assert (stone["tombstone"], stone["reviewer"]) == (taken.id, "ann")
    assert datetime.fromisoformat(stone["timestamp"]).tzinfo == UTC
    assert names(queue)[:2] == (["B"], ["B"])
    assert [each.state for each in queue.stored()] == [State.RETRACTED, State.CURRENT]


def test_going_back_to_an_older_correction_makes_it_current_again_and_stores_it_once(queue):
    for name in ("Old", "New", "Old", "Old"):
        queue.append(correction("a", name))
    assert [each.truth.values["vendor.name"] for each in queue.current()] == ["Old"]
    assert names(queue) == (["New", "Old"], ["New", "Old"], ["Old", "New", "Old"])
    assert queue.stats().states == {State.REPEATED: 1, State.SUPERSEDED: 1, State.CURRENT: 1}


@pytest.mark.parametrize("ids", [(None, "x"), ("x", None)])
def test_going_back_counts_by_the_invoice_and_by_the_input(queue, ids):
    reviews = [(ids[name], "AB"[name]) for name in (0, 1, 0, 0)]
    assert [queue.append(correction(*each)) for each in reviews] == [True, True, True, False]
    assert [each.truth.values["vendor.name"] for each in queue.current()] == ["A"]
    assert names(queue) == (["B", "A"], ["B", "A"], ["A", "B", "A"])


def test_the_index_knows_the_same_current_corrections_as_the_files(queue):
    made = [(invoice, name, text) for name in "AB" for invoice in (None, "x", "y") for text in "TU"]
    for each in map(correction, *zip(*made, *reversed(made), strict=True)):
        current = {stored.id for stored in queue.current()}
        assert queue.append(each) == (each.id not in current)


def test_an_index_of_an_earlier_version_is_built_anew(queue):
    queue.append(correction())
    with closing(sqlite3.connect(queue.folder / ".training_queue.index")) as index:
        index.executescript("DROP TABLE current; PRAGMA user_version = 1")
    assert not queue.append(correction())
    assert [len(each) for each in names(queue)] == [1, 1, 1]


def test_taking_back_the_newer_correction_makes_the_older_one_current(queue):
    queue.append(correction("a", "Old"))
    newer = correction("a", "New")
    queue.append(newer)
    queue.retract(newer.id[:8])
    assert [each.truth.values["vendor.name"] for each in queue.current()] == ["Old"]


def test_a_retracted_correction_can_come_back(queue):
    queue.append(correction())
    queue.retract("inv-1")
    assert queue.append(correction())
    assert not queue.append(correction())
    assert names(queue)[:2] == (["Acme"], ["Acme"])


def test_what_is_not_there_or_not_unique_or_gone_cannot_be_taken_back(queue):
    with pytest.raises(QueueError, match="there is no correction or invoice 'x'"):
        queue.retract("x")
    assert not queue.folder.exists()
    queue.append(correction())
    queue.retract("inv-1")
    with pytest.raises(QueueError, match="taken back already"):
        queue.retract("inv-1")
    with pytest.raises(QueueError, match="there is no correction"):
        queue.purge("inv")


def test_a_prefix_of_an_id_names_it_only_when_it_is_long(queue):
    known = correction("a")
    queue.append(known)
    for method in (queue.find, queue.retract, queue.purge):
        with pytest.raises(QueueError, match="there is no correction or invoice"):
            method(known.id[:7])
    assert [each.correction for each in queue.find(known.id[:8])] == [known]


def test_a_tombstone_is_in_the_review_log_too(queue):
    queue.append(correction("a"))
    (taken,) = queue.retract("a")
    queue.repair()
    assert records(queue.reviews)[1:] == [records(queue.general)[-1]]
    queue.purge("a")
    assert taken.id.encode() not in queue.reviews.read_bytes()


def test_a_tombstone_that_a_crash_kept_out_of_the_review_log_comes_later(queue):
    queue.append(correction("a"))
    log = queue.reviews.read_bytes()
    queue.retract("a")
    queue.reviews.write_bytes(log)
    queue.append(correction("b"))
    assert [record["tombstone"] for record in records(queue.reviews) if "tombstone" in record] == [
        records(queue.general)[0]["id"]
    ]


def test_an_earlier_export_is_no_longer_learned_from(queue):
    exported = correction("a")
    raw = read_line(exported.to_export_line())
    read = read_record(raw, Origin("export.jsonl", 1))
    assert (read.text, read.truth, read.invoice_id) == (exported.text, exported.truth, "a")
    queue.append(exported)
    queue.retract("a")
    log = [Raw(Origin("log", 1), line) for line in queue.reviews.read_text().splitlines()]
    with pytest.raises(RecordError, match="was taken back"):
        find_retractions(log).check(raw)


def test_an_ambiguous_id_is_refused(queue, monkeypatch):
    monkeypatch.setattr(
        "finscribe.training.queue.record._hash", lambda value: f"abcdabcd{hash(str(value)) % 10**24:024d}"
    )
    queue.append(correction("1"))
    queue.append(correction("2"))
    with pytest.raises(QueueError, match="several ids begin with 'abcdabcd'"):
        queue.find("abcdabcd")


def test_a_purge_erases_the_content_from_every_file(queue):
    queue.append(correction("secret-1", "Hidden Ltd", text="Hidden Ltd\nIBAN 42"))
    queue.append(correction("b", "B"))
    tear(queue.general, correction("secret-1", "Hidden Ltd", text="Hidden Ltd\nIBAN 42").to_line()[:-30])
    tear(queue.unsloth, b'{"input": "OCR_TEXT:\\nHidden Lt')
    tear(queue.reviews, b'{"timestamp": "2026-01-01T00:00:00+00:00", "document_id": "secret-1", "source')
    with pytest.warns(QueueWarning):
        queue.repair()
    queue.retract("secret-1")
    (erased,) = queue.purge("secret-1")
    left = b"".join(path.read_bytes() for path in queue.folder.iterdir())
    assert not [trace for trace in (b"Hidden", b"IBAN 42", b"secret-1") if trace in left]
    assert erased.id.encode() not in b"".join(contents(queue).values())
    assert names(queue) == (["B"], ["B"], ["B"])
    assert queue.append(erased)


@pytest.mark.parametrize(
    "foreign",
    [{"doc_id": "b"}, {"note": "x"}, {"document_id": None, "example_id": []}, {"document_id": True}],
)
@pytest.mark.parametrize("invoice", ["None", "True"])
def test_a_purge_leaves_the_reviews_of_other_invoices(queue, foreign, invoice):
    queue.append(correction(invoice, "A", text="A 1"))
    queue.append(correction(None, "B", text="B 1"))
    tear(queue.reviews, json.dumps(foreign).encode() + b"\n")
    queue.purge(invoice)
    assert foreign in records(queue.reviews)
    assert names(queue)[0] == ["B"]
    assert [each["correction"]["vendor"]["name"] for each in records(queue.reviews)[:-1]] == ["B"]


def test_a_purge_finds_the_numbers_of_foreign_reviews(queue):
    queue.append(correction("7"))
    tear(queue.reviews, b'{"document_id": 7}\n')
    queue.purge("7")
    assert records(queue.reviews) == []


@pytest.mark.parametrize(
    "older",
    [
        '{"ts": "2024-01-01", "payload": {"invoice_id": "%s", "input": "A", "output": {}}}',
        r'{"ts": "2024-01-01", "payload": "{\"payload\": {\"doc_id\": \"%s\", \"ocr_text\": \"A\"}}"}',
        '{"prompt": "A", "completion": "{}", "corrections": {}, "meta": {"document_id": "%s"}}',
        '{"data": {"text": "A"}, "annotations": [{"result": []}, {"invoice_id": "%s"}]}',
        '{"document_id": "%s", "ocr_text": "A", "amount": NaN}',
    ],
)
@pytest.mark.parametrize("file", ["general", "reviews"])
def test_a_purge_erases_older_records_of_the_invoice(queue, older, file):
    queue.append(correction("a", "A", text="A"))
    path, others = getattr(queue, file), f"{older % 'b'}\n{{}}\n"
    tear(path, f"{older % 'a'}\n{others}".encode())
    queue.purge("a")
    assert path.read_text() == others


def test_a_purge_erases_older_records_that_hold_the_correction(queue):
    queue.append(made := correction(None, "A"))
    tear(queue.reviews, json.dumps({"ts": "2024-01-01", "payload": {"id": made.id}}).encode() + b"\n")
    queue.purge(made.id)
    assert records(queue.reviews) == []


def test_a_purge_leaves_the_torn_pieces_of_others(queue):
    queue.append(correction("a", "A", text="A\n1"))
    queue.append(correction("b", "B", text="B\n1"))
    tear(queue.general, correction("b", "B", text="B\n1").to_line()[:-9])
    with pytest.warns(QueueWarning):
        queue.repair()
    before = journal.torn_file(queue.general).read_bytes()
    queue.purge("a")
    assert journal.torn_file(queue.general).read_bytes() == before


def test_a_purge_that_was_cut_short_can_be_repeated(queue, monkeypatch):
    queue.append(correction("a", "A", text="A\n1"))
    queue.append(correction("b", "B"))
    with monkeypatch.context() as patch:
        patch.setattr("finscribe.training.queue.erasure.queue_without", interrupted)
        with pytest.raises(KeyboardInterrupt):
            queue.purge("a")
    queue.purge("a")
    assert names(queue) == (["B"], ["B"], ["B"])


def interrupted(*_):
    raise KeyboardInterrupt


# --- several processes -------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from finscribe.training.queue.record import make_correction
from finscribe.training.queue.training_queue import TrainingQueue

folder, writer, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    name = f"{writer}-{number}"
    correction = make_correction(f"Vendor {name}", {"vendor": {"name": name}}, name)
    TrainingQueue(folder).append(correction)
    print(name, flush=True)
"""


def test_threads_take_turns(queue):
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda n: queue.append(correction(str(n % 20), str(n % 20))), range(40)))
    assert sum(added) == 20
    assert sorted(names(queue)[1]) == sorted(str(n) for n in range(20))


def start(queue, writer, count):
    command = [sys.executable, "-W", "ignore", "-c", WRITER, str(queue.folder), str(writer), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_many_processes_one_of_them_killed_lose_nothing_and_double_nothing(queue):
    writers = [start(queue, writer, 40) for writer in range(4)]
    victim = writers[0]
    acknowledged = [victim.stdout.readline().strip() for _ in range(7)]
    victim.kill()
    acknowledged += [line.strip() for writer in writers for line in writer.stdout if line.endswith("\n")]
    codes = [writer.wait() for writer in writers]
    for writer in writers:
        writer.stdout.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", QueueWarning)  # whether a torn end was left is chance
        queue.repair()
    general, projected, reviewed = names(queue)
    assert codes[1:] == [0, 0, 0]
    assert len(acknowledged) >= 3 * 40 + 7
    assert set(acknowledged) <= set(general)
    assert len(set(general)) == len(general)
    assert projected == general
    assert sorted(reviewed) == sorted(general)
    assert queue.stats().unreadable == 0
