import json
from collections import Counter
from dataclasses import replace
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finscribe.batch.run import Tally
from finscribe.errors import ModelNotFound
from finscribe.settings import Settings
from tests.batch.fakes import JOB, batch, fates, in_process, text, write_texts
from tests.cli.fakes import run as run_command


@pytest.fixture
def folder(tmp_path):
    write_texts(tmp_path / "in", 20)
    return tmp_path / "in"


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out.jsonl"


def records(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_document_gets_one_row_with_what_extract_prints(folder, output, asked, capsys):
    assert fates(batch(folder, output)) == {"done": 20, "rejected": 0, "known": 0}
    rows = {row["source"]: row for row in records(output)}
    assert sorted(rows) == sorted(map(str, folder.iterdir()))
    source = str(folder / "0003.txt")
    _, out, _ = run_command(capsys, "extract", source, "--format", "jsonl")
    printed, row = json.loads(out), rows[source]
    del printed["seconds"], printed["file"], printed["error"]
    assert {name: row[name] for name in printed} == printed
    assert row["text"] == text(3)
    assert set(row["seconds"]) == {"read", "decode"}


def test_the_same_content_under_two_names_is_two_documents(tmp_path, output, asked):
    for name in ("a.txt", "b.txt"):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / name).write_text(text(1))
    assert fates(batch(tmp_path / "docs", output)) == {"done": 2, "rejected": 0, "known": 0}
    one, other = records(output)
    assert one["sha256"] == other["sha256"]
    assert one["id"] != other["id"]


def test_what_is_done_is_not_read_again_and_what_has_changed_is(folder, output, asked):
    batch(folder, output)
    (folder / "0004.txt").write_text(text(400))
    write_texts(folder / "new", 1)
    asked.clear()
    assert fates(batch(folder, output)) == {"done": 2, "rejected": 0, "known": 19}
    assert sorted(chain(*asked)) == [str(folder / "0004.txt"), str(folder / "new/0000.txt")]
    assert len(records(output)) == 22


def test_bad_documents_are_rejected_with_the_reason_and_do_not_stop_the_others(folder, output, asked):
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "bug.txt").write_text("a bug")
    (folder / "office.txt").write_bytes(b"PK\x03\x04")
    (folder / "lost.txt").symlink_to("nowhere")
    assert fates(batch(folder, output)) == {"done": 20, "rejected": 4, "known": 0}
    rejects = {
        row["source"].rpartition("/")[2]: row for row in records(output.with_name("out.jsonl.rejects.jsonl"))
    }
    assert {name: row["error"]["code"] for name, row in rejects.items()} == {
        "empty.pdf": "empty-document",
        "bug.txt": "error",
        "office.txt": "unsupported-format",
        "lost.txt": "unreadable-document",
    }
    assert "ZeroDivisionError: by zero" in rejects["bug.txt"]["error"]["message"]
    assert rejects["lost.txt"]["sha256"] is None
    assert fates(batch(folder, output)) == {"done": 0, "rejected": 0, "known": 24}


def test_rejected_documents_are_tried_again_when_asked_to(folder, output, asked):
    (folder / "lost.txt").symlink_to("nowhere")
    batch(folder, output)
    (folder / "nowhere").write_text(text(99))
    assert fates(batch(folder, output))["known"] == 21
    assert fates(batch(folder, output, retry_rejects=True)) == {"done": 1, "rejected": 0, "known": 20}


def test_a_document_that_is_too_large_is_not_held_in_memory(tmp_path, output, asked, monkeypatch):
    held = []
    monkeypatch.setattr("finscribe.batch.contents.PIECE", 1000)
    monkeypatch.setattr("finscribe.ocr.reader.read", lambda source, **_: held.append(len(source)) or 1 / 0)
    (tmp_path / "large.txt").write_bytes(b"x" * 10_000)
    limited = in_process(replace(JOB, settings=Settings(max_bytes=1500)))
    assert fates(batch(tmp_path / "large.txt", output, limited))["rejected"] == 1
    assert held == [1501]


def test_rows_of_a_table_are_read_and_named_by_their_number(tmp_path, output, asked):
    path = tmp_path / "mails.parquet"
    pq.write_table(pa.table({"body": [text(number) for number in range(3)] + [None]}), path)
    assert fates(batch(path, output)) == {"done": 3, "rejected": 1, "known": 0}
    assert [row["source"] for row in records(output)] == [f"{path}#{number}" for number in range(3)]


def test_parts_that_do_not_come_back_are_read_alone_and_those_lost_then_are_rejected(folder, output, asked):
    here = in_process()

    def lossy(parts, known):
        for number, rows in here(parts, known):
            if not any(place.source.endswith("0007.txt") for place in parts[number]):
                yield number, rows

    tally = batch(folder, output, lossy)
    assert fates(tally) == {"done": 19, "rejected": 1, "known": 0}
    [reject] = records(output.with_name("out.jsonl.rejects.jsonl"))
    assert (reject["source"], reject["error"]["code"]) == (str(folder / "0007.txt"), "document-lost")


def test_what_stops_a_run_leaves_the_rows_that_there_are_and_the_next_goes_on(folder, output, asked):
    here = in_process()

    def stopping(parts, known):
        for number, rows in here(parts, known):
            if number == 5:
                raise ModelNotFound("models/x does not exist")
            yield number, rows

    with pytest.raises(ModelNotFound):
        batch(folder, output, stopping)
    assert len(records(output)) == 5
    assert fates(batch(folder, output)) == {"done": 15, "rejected": 0, "known": 5}
    assert len({row["id"] for row in records(output)}) == len(records(output)) == 20


def test_names_are_in_memory_a_segment_at_a_time_and_all_counts_add_up(folder, output, asked, monkeypatch):
    monkeypatch.setattr("finscribe.batch.run.SEGMENT", 6)
    seen = []

    def watching(parts, known):
        seen.append((sum(map(len, parts)), len(known)))
        yield from in_process()(parts, known)

    assert fates(batch(folder, output, watching))["done"] == 20
    assert seen == [(6, 0), (6, 6), (6, 12), (2, 18)]


def test_the_rate_leaves_out_how_long_the_start_took():
    tally = Tally(started=0.0)
    tally.count(Counter(known=5))
    tally.count(Counter(done=4))
    tally.first = tally.seconds - 3.0
    tally.count(Counter(done=5, rejected=1))
    assert tally.rate == pytest.approx(2.0, rel=0.01)
