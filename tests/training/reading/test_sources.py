"""Files, globs, folders and standard input."""

import gzip
import io
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from finscribe.errors import SourcesError
from finscribe.training.queue.record import make_correction
from finscribe.training.queue.training_queue import TrainingQueue
from finscribe.training.reading import sources
from finscribe.training.reading.counted import Reading
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.sources import expand, to_record
from finscribe.training.records import Record, Reject

LINE = json.dumps({"input": "OCR_TEXT:\nACME\nTotal 5", "output": '{"total": 5}'}) + "\n"
BOX = "0,0,9,0,9,9,0,9,ACME\n"
KEY = '{"company": "ACME"}'


def write(path: Path, data: str | bytes = LINE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def records(*inputs: Path | str) -> list[Record | Reject]:
    reading = Reading(expand([str(each) for each in inputs]))
    retractions = reading.retractions()
    return [raw if isinstance(raw, Reject) else to_record(raw, retractions) for raw in reading]


def outcome(*inputs: Path | str) -> list[str]:
    """The shape of each record and the reason of each reject, in order."""
    return [each.shape if isinstance(each, Record) else each.reason for each in records(*inputs)]


def names(*inputs: Path | str) -> list[tuple[str, str]]:
    return [(Path(each.name).name, each.kind) for each in expand([str(each) for each in inputs])]


def test_a_folder_gives_its_data_in_order_whatever_is_inside(tmp_path: Path) -> None:
    for name in "b.jsonl a.jsonl.gz a.json z.pdf sub/c.jsonl notes.txt .hidden.jsonl .git/d.json".split():
        write(tmp_path / name)
    write(tmp_path / "train.rejects.jsonl")
    write(tmp_path / "dataset.json")
    expected = [("a.json", "entries"), ("a.jsonl.gz", "lines"), ("b.jsonl", "lines"), ("z.pdf", "pdf")]
    assert names(tmp_path) == [*expected, ("c.jsonl", "lines")]


def test_globs_are_expanded_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", "sub/c.jsonl"):
        write(tmp_path / name)
    assert names(f"{tmp_path}/*.jsonl") == [("a.jsonl", "lines"), ("b.jsonl", "lines")]
    assert [name for name, _ in names(f"{tmp_path}/**/*.jsonl")] == ["a.jsonl", "b.jsonl", "c.jsonl"]


def test_one_missing_input_among_several_is_a_warning(tmp_path: Path) -> None:
    there = write(tmp_path / "a.jsonl")
    found = expand([str(tmp_path / "gone.jsonl"), str(there), f"{tmp_path}/*.json"])
    assert [source.path for source in found] == [there]
    assert found.missing == (str(tmp_path / "gone.jsonl"), f"{tmp_path}/*.json")
    assert len(found.warnings) == 2
    assert "gone.jsonl" in found.warnings[0]


def test_a_file_named_twice_is_read_once_and_told(tmp_path: Path) -> None:
    there = write(tmp_path / "a.jsonl")
    found = expand([str(there), f"{tmp_path}/*.jsonl"])
    assert len(found.found) == 1
    assert found.repeated == (str(there),)
    assert outcome(there, there) == ["input-output"]


@pytest.mark.parametrize("inputs", [[], ["gone.jsonl"], ["gone.jsonl", "*.gone"], ["x" * 5000]])
def test_all_inputs_missing_is_an_error(inputs: list[str]) -> None:
    with pytest.raises(SourcesError, match="no input"):
        expand(inputs)


def test_a_folder_without_data_is_an_error_that_says_what_was_looked_for(tmp_path: Path) -> None:
    write(tmp_path / "notes.txt")
    with pytest.raises(SourcesError, match="no data") as caught:
        expand([str(tmp_path)])
    assert ".jsonl.gz" in caught.value.hint


@pytest.mark.parametrize(
    ("box", "key"),
    [("box", "key"), ("box", "entities"), ("0325updated.task1train(626p)", "0325updated.task2train(626p)")],
)
def test_a_sroie_folder_is_one_source_with_a_record_for_each_receipt(
    tmp_path: Path, box: str, key: str
) -> None:
    for stem in ("X2", "X1", "X3"):
        write(tmp_path / "set" / box / f"{stem}.txt", BOX)
        write(tmp_path / "set" / key / f"{stem}.txt", KEY)
    write(tmp_path / "set" / box / "X4.txt", BOX)
    write(tmp_path / "set" / key / "X5.txt", KEY)
    write(tmp_path / "set" / key / "X3.txt", b"\xff")
    assert names(tmp_path) == [("set", "receipts")]
    assert outcome(tmp_path / "set") == ["sroie", "sroie", "encoding", "no-truth", "no-text"]


def test_what_lies_beside_a_sroie_folder_is_read_too(tmp_path: Path) -> None:
    for name in ("box/X1.txt", "key/X1.txt", "extra.jsonl", "more/a.jsonl"):
        write(tmp_path / name)
    assert names(tmp_path) == [(tmp_path.name, "receipts"), ("extra.jsonl", "lines"), ("a.jsonl", "lines")]


def test_only_the_card_itself_is_left_out_not_what_is_called_almost_so(tmp_path: Path) -> None:
    for name in ("dataset.json", "receipts_dataset.json"):
        write(tmp_path / name)
    assert names(tmp_path) == [("receipts_dataset.json", "entries")]


def test_standard_input_is_read_as_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BufferedReader(io.BytesIO(gzip.compress(LINE.encode() * 2)))  # type: ignore[arg-type,unused-ignore]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    found = records("-", "-")
    assert [str(each.origin) for each in found] == ["standard input:1", "standard input:2"]


def test_every_raw_record_gives_one_record_or_one_reject(tmp_path: Path) -> None:
    bad = [
        "not json",
        "[1]",
        '{"colour": "red"}',
        '{"input": "", "output": "{}"}',
        '{"input": "A", "output": ""}',
        '{"input": "A", "output": "{\\"total\\": \\"x\\"}"}',
        '{"input": "A", "input": "B", "output": {"total": 1}}',
        '{"input": "A", "output": {"total": NaN}}',
        '{"input": "A", "output": ' + "[" * 100_000,
        '{"model_output": {}, "validation": {}}',
        '{"tombstone": "x"}',
    ]
    write(tmp_path / "a.jsonl", LINE + "\n".join(bad) + "\n\n" + LINE)
    found = records(tmp_path)
    rejects = [each for each in found if isinstance(each, Reject)]
    assert len(found) == len(bad) + 2
    assert [each.origin.line for each in found] == [*range(1, len(bad) + 2), len(bad) + 3]
    assert [each.reason for each in rejects] == [
        "not-json", "not-an-object", "unknown-shape", "no-text", "no-truth", "bad-invoice", "duplicate-key",
        "not-a-number", "too-deep", "unreviewed", "retracted",
    ]  # fmt: skip
    assert [each.original for each in rejects[:8]] == bad[:8]
    assert all(each.message and str(tmp_path) in each.origin.source for each in rejects)


def test_a_record_too_deep_for_its_reader_is_one_reject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(raw: object, origin: object) -> None:
        raise RecursionError

    monkeypatch.setattr(sources, "read_record", exhausted)
    assert outcome(write(tmp_path / "a.jsonl", LINE + LINE)) == ["too-deep", "too-deep"]


def test_files_of_every_kind_are_read_in_one_go(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    write(tmp_path / "b.jsonl.gz", gzip.compress(LINE.encode()))
    write(tmp_path / "c.json", json.dumps([json.loads(LINE), 7], indent=2))
    write(tmp_path / "d.pdf", b"not a PDF")
    assert outcome(tmp_path) == [
        "input-output",
        "input-output",
        "input-output",
        "not-an-object",
        "bad-document",
    ]


def test_a_file_that_cannot_be_opened_is_one_reject(tmp_path: Path) -> None:
    reading = Reading(expand([str(write(tmp_path / "a.jsonl")), str(write(tmp_path / "b.jsonl"))]))
    (tmp_path / "a.jsonl").unlink()
    assert [type(each) for each in reading] == [Reject, Raw]


def test_what_was_taken_back_from_the_queue_is_rejected_everywhere(tmp_path: Path) -> None:
    queue = TrainingQueue(tmp_path)
    kept = make_correction("ACME\nTotal 5", {"total": 5}, "inv-1")
    taken = make_correction("ACME\nTotal 6", {"total": 6}, "inv-2")
    queue.append(kept)
    queue.append(taken)
    queue.retract("inv-2", reviewer="ann")
    found = Counter((Path(name).name, reason) for name, reason in _reasons(tmp_path))
    assert found == {
        ("active_learning.jsonl", "extraction-log"): 1,
        ("active_learning.jsonl", "retracted"): 2,
        ("training_queue.jsonl", "queue"): 1,
        ("training_queue.jsonl", "retracted"): 2,
        ("unsloth_training_queue.jsonl", "input-output"): 1,
    }


def _reasons(folder: Path) -> list[tuple[str, str]]:
    return [
        (each.origin.source, each.shape if isinstance(each, Record) else each.reason)
        for each in records(folder)
    ]
