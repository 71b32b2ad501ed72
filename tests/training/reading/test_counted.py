"""The raw records of sources, counted."""

import hashlib
from pathlib import Path

from finscribe.training.reading.counted import FileFacts, Reading
from finscribe.training.reading.sources import expand

LINES = '{"input": "ACME\\nTotal 5", "output": {"total": 5}}\n' * 2


def test_each_file_is_counted_and_hashed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINES)
    reading = Reading(expand([str(path)]))
    assert len(list(reading)) == reading.total == 2
    assert reading.facts() == [FileFacts(str(path), 2, hashlib.sha256(LINES.encode()).hexdigest())]
    assert reading.warnings == ()


def test_a_file_that_grows_while_it_is_read_is_noted_and_has_no_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINES)
    reading = Reading(expand([str(path)]))
    list(reading)
    with path.open("a") as file:
        file.write(LINES)
    assert reading.facts() == [FileFacts(str(path), 2, None)]
    assert "a.jsonl: changed while it was read" in reading.warnings[0]


def test_a_folder_of_receipts_is_counted_without_a_hash(tmp_path: Path) -> None:
    for folder, content in (("box", "0,0,9,0,9,9,0,9,ACME"), ("key", '{"company": "ACME"}')):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "X1.txt").write_text(content)
    reading = Reading(expand([str(tmp_path)]))
    assert len(list(reading)) == 1
    assert reading.facts() == [FileFacts(str(tmp_path), 1, None)]


def test_tombstones_count_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINES)
    (tmp_path / "b.jsonl").write_text('{"tombstone": "abcd", "timestamp": "2024-02-01T00:00:00Z"}\n')
    assert set(Reading(expand([str(tmp_path)])).retractions().times) == {"abcd"}
