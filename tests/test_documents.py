"""Documents from text, and what holds for every document."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.documents import Box, Document, PageLayout, Token, served_text, split_token
from finscribe.errors import DocumentTooLarge, EmptyDocument
from finscribe.settings import Settings

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
MESSY = st.text(st.sampled_from("aé€1,.\u0301 \t\r\n\f\0\u00a0\u200b\u2028\ud800:"), max_size=80)
SMALL = Settings(max_text_bytes=100)


def read(text: str) -> Document | None:
    try:
        return Document.from_text(text)
    except EmptyDocument:
        return None


@given(ANY_TEXT | MESSY)
def test_every_word_knows_its_characters(text: str) -> None:
    document = read(text)
    for word in document.words if document else ():
        assert document is not None
        assert document.text[word.start : word.end] == word.text
        assert word.text == word.text.strip()
        assert word.text.isprintable() or word.text.isascii() is False


@given(ANY_TEXT | MESSY)
def test_the_text_is_words_plain_spaces_and_line_breaks(text: str) -> None:
    document = read(text)
    if document:
        assert "   " not in document.text
        rebuilt = document.text
        assert rebuilt.split() == [word.text for word in document.words]
        assert {char for char in rebuilt if char.isspace()} <= {" ", "\n"}
        rebuilt.encode("utf-8")


@given(ANY_TEXT | MESSY)
def test_reading_the_text_again_changes_nothing(text: str) -> None:
    document = read(text)
    if document:
        assert Document.from_text(document.text).text == document.text


@given(ANY_TEXT | MESSY)
def test_lines_and_pages_are_ordered_and_apart(text: str) -> None:
    document = read(text)
    if document:
        ends = [(page.start, page.end) for page in document.pages]
        assert ends == sorted(ends)
        assert ends[-1][1] == len(document.text)
        lines = [(line.start, line.end) for page in document.pages for line in page.lines]
        assert all(before[1] < after[0] for before, after in pairwise(lines))


def test_columns_are_kept_apart_by_two_spaces() -> None:
    assert Document.from_text("Total\tRM 30.91\nA      B C").text == "Total  RM 30.91\nA  B C"


def test_line_breaks_of_all_kinds_are_kept_as_one_kind() -> None:
    assert Document.from_text("a\r\nb\rc\u2028d\n\ne").text == "a\nb\nc\nd\n\ne"


def test_a_form_feed_starts_a_page() -> None:
    document = Document.from_text("one\fTwo words\f\fthree")
    assert document.text == "one\nTwo words\n\nthree"
    assert [document.text[page.start : page.end] for page in document.pages] == [
        "one",
        "Two words",
        "",
        "three",
    ]
    assert [page.number for page in document.pages] == [1, 2, 3, 4]


def test_the_header_of_training_records_is_not_text() -> None:
    assert Document.from_text("OCR_TEXT:\nVendor: TechCorp Inc.").text == "Vendor: TechCorp Inc."


def test_what_cannot_be_seen_is_dropped() -> None:
    assert Document.from_text("To\u00adtal\0: \ud83d12\u200b.50\x1b\ufeff").text == "Total: 12.50"


def test_decomposed_letters_are_composed_and_odd_spaces_become_plain() -> None:
    assert Document.from_text("Cafe\u0301 1\u202f234,56\u00a0€").text == "Café 1 234,56 €"


@pytest.mark.parametrize("text", ["", " \n\t\f ", "\0\x01", "OCR_TEXT:\n", "\ud800"])
def test_blank_text_is_an_empty_document(text: str) -> None:
    with pytest.raises(EmptyDocument, match="no text") as caught:
        Document.from_text(text)
    assert caught.value.hint


def test_text_over_the_limit_is_refused_by_its_size_in_bytes() -> None:
    assert Document.from_text("x" * 100, settings=SMALL).text == "x" * 100
    for text in ("x" * 101, "é" * 51):
        with pytest.raises(DocumentTooLarge, match="100 bytes"):
            Document.from_text(text, settings=SMALL)


def test_ten_megabytes_of_text_are_refused_by_default() -> None:
    with pytest.raises(DocumentTooLarge) as caught:
        Document.from_text("Total 12.50\n" * 900_000)
    assert "FINSCRIBE_MAX_TEXT_BYTES" in caught.value.hint


@pytest.mark.parametrize("text", ["🧾🧾 💶", "12 34 56", "فاتورة رقم ١٢", "发票 号码 123", '{"a": "\\"}'])
def test_any_script_and_any_sign_is_text(text: str) -> None:
    assert Document.from_text(text).text == text


def placed() -> Document:
    acme, corp = Token("Acme", Box(10, 10, 40, 20)), Token("Corp", Box(45, 11, 70, 21))
    label, number = Token("No", Box(200, 9, 220, 19)), Token("12", Box(200, 30, 220, 40), 0.9)
    lines = [[[acme, corp], [label]], [[number]]]
    page = PageLayout(lines, 300, 400, "pt", "text-layer")
    return Document.assemble([page, PageLayout([[[Token("end", Box(1, 2, 3, 4))]]], 300, 400, "pt")], "a.pdf")


def test_a_range_of_characters_is_found_on_the_page_one_box_a_line() -> None:
    document = placed()
    assert document.text == "Acme Corp  No\n12\nend"
    assert document.locate(2, 7) == [(1, Box(10, 10, 70, 21))]
    assert document.locate(11, 16) == [(1, Box(200, 9, 220, 19)), (1, Box(200, 30, 220, 40))]
    assert document.locate(document.text.index("end"), len(document.text)) == [(2, Box(1, 2, 3, 4))]
    assert document.locate(4, 5) == []
    assert Document.from_text("no boxes").locate(0, 8) == []


def test_words_keep_their_box_and_confidence() -> None:
    last = list(placed().words)[3]
    assert (last.text, last.box, last.confidence) == ("12", Box(200, 30, 220, 40), 0.9)


def test_a_token_of_several_words_shares_its_box_among_them() -> None:
    assert split_token(Token("ab cd", Box(0, 0, 50, 10), 0.5)) == [
        Token("ab", Box(0, 0, 20, 10), 0.5),
        Token("cd", Box(30, 0, 50, 10), 0.5),
    ]


def test_importing_documents_loads_nothing_heavy() -> None:
    heavy = "{'PIL', 'numpy', 'pypdfium2', 'rapidocr', 'onnxruntime', 'cv2', 'finscribe.ocr'}"
    code = f"import sys, finscribe.documents, finscribe.testing; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FRAGMENTS = st.sampled_from(
    "a|B7| |  |\t|\n|\r\n|\f|\v|\x00|\u200b|\u00a0|\u0085|e\u0301|OCR_TEXT:|\u2000".split("|")
)


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=14).map("".join))
def test_the_served_text_is_that_of_the_document(text: str) -> None:
    try:
        served = Document.from_text(text).text
    except EmptyDocument:
        served = ""
    assert served_text(text) == served


def test_hyphens_of_every_kind_are_plain_ones() -> None:
    document = Document.from_text("INV\u20112024\u2010001  \u201112.00  2024\u201101\u201115")
    assert document.text == "INV-2024-001  -12.00  2024-01-15"
