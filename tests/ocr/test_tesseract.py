"""Tesseract, through its program."""

from pathlib import Path

import pytest
from PIL import Image

from finscribe.documents import Box, Token
from finscribe.errors import MissingDependency, UnreadableDocument
from finscribe.ocr.tesseract import TesseractEngine, parse_tsv

TSV = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    "1\t1\t0\t0\t0\t0\t0\t0\t300\t200\t-1\t\n"
    '5\t1\t1\t1\t1\t1\t10\t20\t50\t12\t96.5\t"Total\n'
    "5\t1\t1\t1\t1\t2\t200\t20\t40\t12\t91\t20.00\n"
    "5\t1\t1\t1\t1\t3\t250\t20\t4\t12\t12\t~\n"
    "5\t1\t1\t1\t1\t4\t260\t20\t4\t12\t95\t \n"
)
WORDS = [Token('"Total', Box(10, 20, 60, 32), 0.965), Token("20.00", Box(200, 20, 240, 32), 0.91)]


def program(folder: Path, body: str) -> str:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\ncat > /dev/null\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_words_are_read_from_its_table_and_unsure_ones_left_out() -> None:
    assert parse_tsv(TSV) == WORDS


def test_the_program_is_given_a_picture_and_its_answer_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "answer.tsv").write_text(TSV, encoding="utf-8")
    engine = TesseractEngine(program=program(tmp_path, f"cat {tmp_path}/answer.tsv"))
    assert engine.read(Image.new("RGB", (300, 200))) == WORDS


def test_a_missing_program_is_named_with_what_to_install() -> None:
    with pytest.raises(MissingDependency, match="no-such-program") as caught:
        TesseractEngine(program="no-such-program")
    assert "tesseract-ocr" in caught.value.hint


def test_a_failure_says_what_the_program_said(tmp_path: Path) -> None:
    engine = TesseractEngine(program=program(tmp_path, "echo no language data >&2; exit 1"))
    with pytest.raises(UnreadableDocument, match="no language data"):
        engine.read(Image.new("RGB", (30, 20)))


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    engine = TesseractEngine(program=program(tmp_path, "exec sleep 30"), seconds=0.2)
    with pytest.raises(UnreadableDocument, match=r"longer than 0\.2 seconds"):
        engine.read(Image.new("RGB", (30, 20)))
