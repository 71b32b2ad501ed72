import json
import sys
from pathlib import Path

import pytest

from finscribe import starter
from finscribe.documents import read_document
from finscribe.errors import EmptyDocument
from finscribe.invoice import Invoice
from finscribe.synthesis import writing
from tests.cli.fakes import run


def test_every_document_is_written_in_each_format_with_what_it_prints(capsys, tmp_path):
    out = tmp_path / "out"
    code, said, _ = run(
        capsys, "synth", "--n", "3", "--out", out, "--format", "pdf,png,jpg,txt,json", "--seed", "7"
    )
    assert code == 0
    assert said == f"3 documents in 15 files, and {out}/records.jsonl\n"
    names = sorted({path.stem for path in out.iterdir()} - {"records"})
    assert [name[:9] for name in names] == ["000000007", "000000008", "000000009"]
    for name in names:
        suffixes = {path.suffix for path in out.glob(f"{name}.*")}
        assert suffixes == {".pdf", ".png", ".jpg", ".txt", ".json"}
        assert read_document(out / f"{name}.pdf").pages
        assert Invoice.from_record(json.loads((out / f"{name}.json").read_text())).document_type


def test_the_records_are_what_prepare_reads(capsys, tmp_path):
    run(capsys, "synth", "--n", "40", "--out", tmp_path / "out", "--format", "txt")
    tokenizer = Path(starter.__file__).with_name(starter.NAME)
    flags = ("--output", tmp_path / "train.jsonl", "--tokenizer", tokenizer)
    code, _, said = run(capsys, "prepare", "--input", tmp_path / "out" / "records.jsonl", *flags)
    assert code == 0, said
    records = [json.loads(line) for line in (tmp_path / "train.jsonl").read_text().splitlines()]
    assert len(records) == 40
    assert set(records[0]) >= {"input", "output"}


def test_the_same_command_gives_the_same_and_may_be_repeated(capsys, tmp_path):
    for _ in range(2):
        assert run(capsys, "synth", "--n", "2", "--out", tmp_path / "a", "--format", "pdf")[0] == 0
    run(capsys, "synth", "--n", "2", "--out", tmp_path / "b", "--format", "pdf")
    assert [path.read_bytes() for path in sorted((tmp_path / "a").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "b").iterdir())
    ]


def test_another_file_is_not_overwritten(capsys, tmp_path):
    run(capsys, "synth", "--n", "1", "--out", tmp_path, "--format", "txt")
    (text,) = tmp_path.glob("*.txt")
    text.write_text("mine")
    code, _, said = run(capsys, "synth", "--n", "1", "--out", tmp_path, "--format", "txt")
    assert code != 0
    assert f"another file is in the place of {text}" in said
    assert text.read_text() == "mine"


def test_the_layouts_asked_for_are_drawn(capsys, tmp_path):
    run(capsys, "synth", "--n", "6", "--out", tmp_path, "--format", "txt", "--family", "receipt-bare")
    names = [path.name for path in tmp_path.glob("*.txt")]
    assert len(names) == 6
    assert all("receipt-bare" in name for name in names)


def test_records_may_have_what_is_read_of_the_pages(capsys, tmp_path):
    flags = ("--n", "1", "--seed", "3", "--size", "0.3", "--format", "pdf", "--texts", "pdf")
    assert run(capsys, "synth", "--out", tmp_path, *flags)[0] == 0
    (record,) = map(json.loads, (tmp_path / "records.jsonl").read_text().splitlines())
    (page,) = tmp_path.glob("*.pdf")
    assert record["input"] == f"OCR_TEXT:\n{read_document(page).text}"


def test_a_page_that_nothing_is_read_of_has_no_record(capsys, tmp_path, monkeypatch):
    def nothing(*_):
        raise EmptyDocument("nothing legible")

    monkeypatch.setattr(writing, "read_back", nothing)
    code, said, _ = run(capsys, "synth", "--n", "2", "--out", tmp_path, "--format", "txt", "--texts", "pdf")
    assert code == 0
    assert said.endswith("records.jsonl; 2 could not be read and have no record\n")
    assert (tmp_path / "records.jsonl").read_bytes() == b""


def test_without_reportlab_pages_are_an_error_before_a_folder_is_made_and_texts_are_written(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    for flags in (("--format", "json,pdf"), ("--format", "txt", "--texts", "jpg")):
        code, _, said = run(capsys, "synth", "--n", "1", "--out", tmp_path / "new" / "out", *flags)
        assert code == 6
        assert "pip install 'finscribe[synthesis]'" in said
        assert not (tmp_path / "new").exists()
    assert run(capsys, "synth", "--n", "1", "--out", tmp_path / "out", "--format", "txt,json")[0] == 0


@pytest.mark.parametrize(
    ("flags", "what"),
    [
        (("--format", "doc"), "doc is no format"),
        (("--texts", "doc"), "doc is no way to get a text"),
        (("--format", ","), "nothing is no format"),
        (("--family", "poster"), "poster is no family"),
        (("--n", "0"), "--n"),
        (("--size", "9"), "--size"),
    ],
)
def test_what_cannot_be_written_is_named(capsys, tmp_path, flags, what):
    code, _, said = run(capsys, "synth", "--out", tmp_path / "out", *flags)
    assert code == 2
    assert what in said.replace("\n", " ")
    assert not (tmp_path / "out").exists()
