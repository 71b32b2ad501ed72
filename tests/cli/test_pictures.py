import os
from pathlib import Path

import pytest

from finscribe.batch.reading import Source
from finscribe.cli.pictures import plan_pictures
from tests.cli.fakes import TEXT, run


@pytest.fixture
def pdf(tmp_path):
    from finscribe.synthesis import Sample
    from finscribe.synthesis.rendering.pages import render_pdf

    path = tmp_path / "a.pdf"
    path.write_bytes(render_pdf(Sample(TEXT, {}, "invoice-letter", "en-US")))
    return path


def test_one_file_of_one_page_is_drawn_into_the_picture_named(capsys, pdf, tmp_path):
    code, _, err = run(capsys, "extract", pdf, "--boxes", tmp_path / "out.png")
    assert (code, err) == (0, "")
    assert [path.name for path in tmp_path.glob("out*")] == ["out.png"]


def test_several_files_are_drawn_into_pictures_with_their_position_and_name(capsys, pdf, tmp_path):
    run(capsys, "extract", pdf, pdf, "--boxes", tmp_path / "out.jpg")
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-1-a.jpg", "out-2-a.jpg"]


def test_each_page_of_a_file_is_a_picture(tmp_path):
    names = plan(tmp_path / "out.png", tmp_path / "fax.tiff")
    assert [path.name for path in names] == ["out-1.png", "out-2.png"]


def plan(pattern: Path, *files: Path) -> list[Path]:
    """Names of the pictures of the first file, two pages long."""
    sources = [Source(str(file), file) for file in files]
    names = plan_pictures(pattern, sources, many=len(files) > 1)
    assert names
    return [names.name(sources[0], 1, page, 2) for page in (1, 2)]


def test_text_has_no_page_to_draw_and_a_note_says_so(capsys, invoice, tmp_path):
    code, out, err = run(capsys, "extract", invoice, "--boxes", tmp_path / "out.png")
    assert code == 0
    assert "INV-7" in out
    assert "no page" in err
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("none/out.png", "create it"),
        ("out.gif", ".png"),
        ("folder.png", "folder"),
        ("a.pdf.png", "overwritten"),
    ],
)
def test_a_picture_that_cannot_be_written_is_found_out_before_the_work(
    name, problem, capsys, pdf, tmp_path, asked
):
    (tmp_path / "folder.png").mkdir()
    scan = pdf.rename(tmp_path / "a.pdf.png")
    code, out, err = run(capsys, "extract", scan, "--boxes", tmp_path / name)
    assert code == 2
    assert problem in " ".join(err.split())
    assert (out, asked) == ("", [])


def test_the_picture_of_a_second_page_never_overwrites_the_document(capsys, pdf, tmp_path, asked):
    scan = pdf.rename(tmp_path / "out-2.png")
    code, _, err = run(capsys, "extract", scan, "--boxes", tmp_path / "out.png")
    assert (code, asked) == (2, [])
    assert "out-2.png is a document to read" in " ".join(err.split())


@pytest.mark.parametrize("name", ["out-1-a-12.png", "link.png"])
def test_the_picture_of_a_later_page_never_overwrites_another_document(name, capsys, pdf, tmp_path, asked):
    scan = tmp_path / name
    scan.write_bytes(pdf.read_bytes())
    if name == "link.png":
        (tmp_path / "out-1-a-3.png").symlink_to(scan)
    code, _, err = run(capsys, "extract", pdf, scan, "--boxes", tmp_path / "out.png")
    assert (code, asked) == (2, [])
    assert "overwritten" in " ".join(err.split())


def test_documents_with_other_names_are_in_nobodys_way(capsys, pdf, tmp_path):
    for name in ("out-2.jpg", "about-2.png", "out-x.png", "out-3-a.png"):
        (tmp_path / name).write_bytes(pdf.read_bytes())
    files = [pdf, *sorted(tmp_path.glob("*ou*"))]
    assert run(capsys, "extract", *files, "--boxes", tmp_path / "out.png")[0] == 0


def test_a_folder_without_write_permission_is_found_out_before_the_work(
    capsys, pdf, tmp_path, asked, monkeypatch
):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    code, _, err = run(capsys, "extract", pdf, "--boxes", tmp_path / "out.png")
    assert code == 2
    assert "permissions" in err
    assert asked == []
