from collections import Counter
from pathlib import Path
from uuid import uuid4

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finscribe.batch.contents import Contents, _Group
from finscribe.batch.sources import Place, find_places
from finscribe.errors import BatchError, DocumentError, MissingDependency, UnreadableDocument
from tests.batch.fakes import write_texts


def sources(*arguments, **options):
    return [place.source for place in find_places([str(argument) for argument in arguments], **options)]


def contents(places):
    opened = Contents(10**6)
    return [opened.read(place).data for place in places]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mails.parquet"
    columns = {"number": range(5), "body": ["one", "two", None, "four", "five"]}
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def test_a_folder_is_all_documents_in_it_and_below_but_what_is_hidden_or_something_else(tmp_path):
    write_texts(tmp_path, 2)
    write_texts(tmp_path / "below", 1)
    write_texts(tmp_path / ".hidden", 1)
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / "SCAN.PDF").write_bytes(b"x")
    names = ("0000.txt", "0001.txt", "SCAN.PDF", "below/0000.txt")
    assert sources(tmp_path) == [str(tmp_path / name) for name in names]


def test_files_of_other_kinds_in_folders_are_counted_once_by_their_endings(tmp_path):
    write_texts(tmp_path / "below", 1)
    write_texts(tmp_path, 1)
    for name in ("a.docx", "below/b.DOCX", "README", ".hidden", "new.jsonl", "new.jsonl.rejects.jsonl"):
        (tmp_path / name).touch()
    given = [str(tmp_path), str(tmp_path / "below"), str(tmp_path / "0000.txt")]
    others = Counter()
    places = find_places(given, without=tmp_path / "new.jsonl", passed_over=others)
    assert others == {}
    assert len(list(places)) == 2
    assert others == {".docx": 2, "": 1}


def test_a_file_of_another_kind_that_is_named_is_a_document(tmp_path):
    (tmp_path / "a.docx").touch()
    others = Counter()
    assert len(list(find_places([str(tmp_path / "*.docx")], passed_over=others))) == 1
    assert others == {}


def test_a_pattern_finds_files_and_folders_and_no_document_comes_twice(tmp_path):
    write_texts(tmp_path / "2025", 1)
    write_texts(tmp_path / "2026", 1)
    assert sources(tmp_path / "20*", tmp_path / "2026/0000.txt", tmp_path / "2025") == [
        str(tmp_path / "2025/0000.txt"),
        str(tmp_path / "2026/0000.txt"),
    ]


def test_a_file_with_signs_of_a_pattern_in_its_name_is_that_file(tmp_path):
    (tmp_path / "copy[1].txt").write_text("x")
    assert sources(tmp_path / "copy[1].txt") == [str(tmp_path / "copy[1].txt")]


def test_a_path_and_its_address_are_the_same_document(tmp_path, monkeypatch):
    write_texts(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    around = f"../{tmp_path.name}/0000.txt"
    assert sources("0000.txt", f"file://{tmp_path}/0000.txt", around) == [str(tmp_path / "0000.txt")]


def test_what_another_file_system_holds_is_listed_and_read():
    folder = f"memory:///{uuid4().hex}"
    for name, data in {"a.txt": b"first", "deep/b.pdf": b"second", "deep/c.csv": b"other"}.items():
        with fsspec.open(f"{folder}/{name}", "wb") as file:
            file.write(data)
    others = Counter()
    places = list(find_places([folder], passed_over=others))
    assert others == {".csv": 1}
    assert [place.source for place in places] == [f"{folder}/a.txt", f"{folder}/deep/b.pdf"]
    assert contents(places) == [b"first", b"second"]
    assert sources(f"{folder}/*.txt") == [f"{folder}/a.txt"]


@pytest.mark.parametrize("name", ["missing.pdf", "none*.pdf", "empty"])
def test_an_argument_that_leads_to_nothing_is_an_error_before_anything_is_read(tmp_path, name):
    (tmp_path / "empty").mkdir()
    write_texts(tmp_path, 1)
    with pytest.raises(DocumentError, match=name.replace("*", ".")):
        find_places([str(tmp_path), str(tmp_path / name)])


def test_an_address_that_nothing_opens_is_an_error(tmp_path):
    with pytest.raises(DocumentError, match="nosuch"):
        find_places(["nosuch://bucket/a.pdf"])


def test_an_address_whose_package_is_not_installed_says_so(monkeypatch):
    def not_there(url):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", not_there)
    with pytest.raises(MissingDependency, match="s3fs"):
        find_places(["s3://bucket/a.pdf"])


def test_each_row_of_a_table_is_a_document_in_whatever_order_it_is_read(table):
    places = list(find_places([str(table)]))
    assert [place.source for place in places] == [f"{table}#{row}" for row in range(5)]
    wanted = [b"one", b"two", b"", b"four", b"five"]
    assert contents(places) == wanted
    assert contents(reversed(places)) == list(reversed(wanted))


def test_the_rows_of_one_row_group_are_read_forwards_past_what_is_unpacked_at_once(tmp_path):
    path = tmp_path / "many.parquet"
    pq.write_table(pa.table({"scan": [bytes([number]) for number in range(200)]}), path)
    places = list(find_places([str(path)]))
    assert contents(places[::50]) == [b"\x00", b"2", b"d", b"\x96"]
    assert contents([places[150], places[3], places[4]]) == [b"\x96", b"\x03", b"\x04"]


def test_rows_behind_what_cannot_be_read_get_no_other_row_s_content(tmp_path, monkeypatch):
    path = tmp_path / "many.parquet"
    pq.write_table(pa.table({"scan": [bytes([number]) for number in range(200)]}), path)
    places, opened, batch_of = list(find_places([str(path)])), Contents(10**6), _Group._next
    assert opened.read(places[63]).data == b"?"

    def torn(group):
        raise OSError("connection reset")

    monkeypatch.setattr(_Group, "_next", torn)
    for row in (64, 65, 127):
        with pytest.raises(UnreadableDocument, match="connection reset"):
            opened.read(places[row])
    monkeypatch.setattr(_Group, "_next", batch_of)
    assert opened.read(places[65]).data == b"A"


def test_the_column_has_to_be_named_where_there_are_two(tmp_path):
    path = tmp_path / "two.parquet"
    pq.write_table(pa.table({"subject": ["a"], "body": ["b"], "size": [1]}), path)
    with pytest.raises(DocumentError) as caught:
        sources(path)
    assert "subject, body" in caught.value.hint
    with pytest.raises(DocumentError, match="'size'"):
        sources(path, column="size")
    assert contents(find_places([str(path)], "body")) == [b"b"]


def test_a_broken_table_is_one_document(tmp_path):
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 and no more")
    assert list(find_places([str(path)])) == [Place(str(path), str(path))]


def test_an_argument_that_is_the_output_is_an_error_before_anything_is_written(table, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for argument in (str(table), table.name, f"file://{table}"):
        with pytest.raises(BatchError, match="both input and output"):
            find_places([str(tmp_path), argument], "body", without=table)


def test_the_output_is_no_input_however_it_is_named(table, tmp_path, monkeypatch):
    write_texts(tmp_path, 1)
    (tmp_path / "inner").mkdir()
    (tmp_path.parent / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path / "inner")
    for name in (table, Path("..", table.name), tmp_path.parent / "link" / table.name):
        assert sources(tmp_path, without=name) == [str(tmp_path / "0000.txt")]
    (tmp_path.parent / "link").unlink()
