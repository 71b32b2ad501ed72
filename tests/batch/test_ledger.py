import hashlib
import json
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finscribe.batch.ledger import Ledger, open_ledger, rows_file
from finscribe.batch.rows import KEY_BYTES, Row, holds, key_of, read_key, write_row
from finscribe.errors import BatchError


def row(number, fate="done", sha256="00"):
    return write_row(fate, f"{number}.txt", sha256, {"invoice": {"total": number}})


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out.jsonl"


def test_a_key_is_found_again_in_its_line_and_tells_sources_and_contents_apart():
    line = row(7).line
    assert read_key(line) == key_of("7.txt", "00") == bytes.fromhex(json.loads(line)["id"])
    assert len({key_of("a", "b"), key_of("a", "c"), key_of("b", "b"), key_of("a", None)}) == 4


def test_a_name_that_is_no_unicode_is_written_and_known_again():
    line = write_row("done", "bad\udcff.pdf", "00", {}).line
    assert json.loads(line)["source"] == "bad\udcff.pdf"
    assert read_key(line) == key_of("bad\udcff.pdf", "00")


def test_keys_that_end_in_zeros_are_kept_apart(output):
    keys = [bytes([1] * (KEY_BYTES - zeros)) + bytes(zeros) for zeros in range(4)]
    ledger = Ledger(output)
    ledger.add([Row(key, "done", b'{"id":"' + key.hex().encode() + b'"}\n') for key in keys[:3]])
    for known in (ledger.known(), Ledger(output).known()):
        assert [holds(known, key) for key in keys] == [True, True, True, False]


def test_a_row_that_is_there_is_not_written_again_in_this_run_or_the_next(output):
    ledger = Ledger(output)
    assert ledger.add([row(1), row(2), row(1)]) == {"done": 2, "known": 1}
    assert ledger.add([row(2), row(3)]) == {"done": 1, "known": 1}
    assert Ledger(output).add([row(3), row(4)]) == {"done": 1, "known": 1}
    assert [line["source"] for line in lines(output)] == ["1.txt", "2.txt", "3.txt", "4.txt"]


def test_a_torn_last_row_is_set_aside_and_its_document_is_not_known(output):
    Ledger(output).add([row(1), row(2)])
    output.write_bytes(output.read_bytes()[:-5])
    ledger = Ledger(output)
    assert [holds(ledger.known(), row(number).key) for number in (1, 2)] == [True, False]
    ledger.add([row(2)])
    assert [line["source"] for line in lines(output)] == ["1.txt", "2.txt"]
    assert output.with_name("out.jsonl.torn").exists()


def test_rejects_are_known_until_they_are_to_be_tried_again_and_none_is_forgotten(output):
    ledger = Ledger(output)
    ledger.add([row(1), row(2, "rejected"), row(3, "rejected", None)])
    assert Ledger(output).add([row(2, "rejected")]) == {"known": 1}
    again = Ledger(output, retry_rejects=True)
    assert again.add([row(1), row(2)]) == {"done": 1, "known": 1}
    assert [line["source"] for line in lines(output)] == ["1.txt", "2.txt"]
    assert not again.rejects.exists()
    old = output.with_name("out.jsonl.rejects.old.jsonl")
    assert [line["source"] for line in lines(old)] == ["2.txt", "3.txt"]


def test_rows_that_cannot_be_written_whole_are_not_written_and_not_known(output, monkeypatch):
    ledger = Ledger(output)
    ledger.add([row(1)])

    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            ledger.add([row(2), row(3, "rejected")])
    assert not ledger.rejects.exists()
    assert ledger.add([row(2), row(3, "rejected")]) == {"done": 1, "rejected": 1}
    assert [line["source"] for line in lines(output)] == ["1.txt", "2.txt"]


def test_a_file_of_something_else_is_not_appended_to(output):
    output.write_text('{"id":"abc"}\n')
    with pytest.raises(BatchError, match="line 1"), open_ledger(output):
        pass
    assert output.read_text() == '{"id":"abc"}\n'


@pytest.mark.parametrize("text", ['{"a": 1}\nmy last note', "my only note", '{"a": 1}', '{"id":"abc"}\n{"id'])
@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.rejects.jsonl"])
def test_a_file_of_something_else_stays_as_it_is_to_its_torn_end(output, name, text):
    foreign = output.with_name(name)
    foreign.write_text(text)
    with pytest.raises(BatchError, match="line 1: no row"), open_ledger(output):
        pass
    assert foreign.read_text() == text
    assert not output.with_name(f"{name}.torn").exists()


def test_a_first_row_that_was_torn_anywhere_is_set_aside(output):
    for end in range(1, len(row(1).line) - 1):
        output.write_bytes(row(1).line[:end])
        assert Ledger(output).known().size == 0
        assert output.read_bytes() == b""


@pytest.mark.parametrize("rows", ["missing", "empty"])
def test_a_table_of_something_else_is_not_written_over(tmp_path, rows):
    output = tmp_path / "mails.parquet"
    pq.write_table(pa.table({"id": [17], "body": ["Total 7.00"]}), output)
    if rows == "empty":
        rows_file(output).touch()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(BatchError, match="no table of a batch"), open_ledger(output):
        pass
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_that_is_no_table_is_not_written_over(tmp_path):
    output = tmp_path / "out.parquet"
    output.write_text("my notes")
    with pytest.raises(BatchError, match="no table of a batch"), open_ledger(output):
        pass
    assert output.read_text() == "my notes"


def test_a_table_whose_rows_are_gone_is_not_written_over_by_an_empty_one(tmp_path):
    output = tmp_path / "out.parquet"
    with open_ledger(output) as ledger:
        ledger.add([write_row("done", "a.txt", "00", {"text": "Total 7"})])
    rows_file(output).unlink()
    for _ in range(2):
        with pytest.raises(BatchError, match=r"out\.parquet\.rows\.jsonl"), open_ledger(output):
            pass
    assert pq.read_table(output).num_rows == 1


def test_an_output_has_one_writer(output):
    other = "import sys; from pathlib import Path; from finscribe.batch.ledger import open_ledger\n"
    other += "with open_ledger(Path(sys.argv[1])): pass"
    with open_ledger(output):
        done = subprocess.run([sys.executable, "-c", other, str(output)], capture_output=True, text=True)
    assert "another batch is writing" in done.stderr


def test_a_name_that_is_no_utf_8_is_in_the_table_with_escapes(tmp_path):
    output, name = tmp_path / "out.parquet", os.fsdecode(b"r\xe9sum\xe9.pdf")
    with open_ledger(output) as ledger:
        ledger.add([write_row("done", name, "0" * 64, {"invoice": {}, "text": "Total 7"})])
    assert pq.read_table(output).column("source").to_pylist() == [r"r\udce9sum\udce9.pdf"]


def test_parquet_has_the_rows_with_their_digits_and_grows_with_the_next_run(tmp_path):
    output = tmp_path / "out.parquet"
    found = {
        "invoice": {"grand_total": 7},
        "evidence": {},
        "findings": [],
        "settled": [],
        "seconds": {"read": 0.5},
        "model": "m",
        "grounding": "grounded",
        "forward_passes": 3,
        "complete": True,
        "text": "Total 7.00",
    }
    made = write_row("done", "a.txt", hashlib.sha256(b"a").hexdigest(), found)
    made = Row(made.key, "done", made.line.replace(b'"grand_total":7', b'"grand_total":7.00'))
    with open_ledger(output) as ledger:
        ledger.add([made])
    [record] = pq.read_table(output).to_pylist()
    assert (record["source"], record["invoice"]) == ("a.txt", '{"grand_total":7.00}')
    assert (record["complete"], record["forward_passes"]) == (True, 3)
    with_xml = {**found, "electronic_invoice": {"file": "factur-x.xml"}}
    with open_ledger(output) as ledger:
        assert ledger.add([made, write_row("done", "b.txt", "00", with_xml)]) == {"done": 1, "known": 1}
    table = pq.read_table(output)
    assert table.column("source").to_pylist() == ["a.txt", "b.txt"]
    assert table.column("electronic_invoice").to_pylist() == ["null", '{"file":"factur-x.xml"}']
