"""The words of a digital PDF page, and when not to trust them."""

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from finscribe.documents import Box, Document, Token, read_document
from finscribe.ocr.text_layer import is_good
from finscribe.testing import FakeEngine

FROM_OCR = FakeEngine([Token("scanned", Box(0, 0, 70, 10))])


def drawn(draw: object, size: tuple[int, int] = (400, 300)) -> Document:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size)
    draw(canvas)  # type: ignore[operator]
    canvas.save()
    return read_document(file.getvalue(), engine=FROM_OCR)


def test_boxes_are_in_points_from_the_top_left() -> None:
    document = drawn(lambda canvas: canvas.drawString(50, 200, "Total"))
    box = next(document.words).box
    assert box is not None
    assert (box.x0, box.x1) == (pytest.approx(50, abs=1), pytest.approx(76.7, abs=1))
    assert 84 < box.y0 < 94
    assert 100 <= box.y1 < 106
    assert (document.pages[0].width, document.pages[0].height) == (400, 300)


def test_letters_set_one_by_one_are_words() -> None:
    def draw(canvas: Canvas) -> None:
        x = 40.0
        for char in "Grand total 12.50":
            if char != " ":
                canvas.drawString(x, 200, char)
            x += canvas.stringWidth(char)

    assert drawn(draw).text == "Grand total 12.50"


def test_a_word_in_two_fonts_is_one_word() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 200, "INV-")
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(40 + canvas.stringWidth("INV-", "Helvetica", 12), 200, "007")

    assert drawn(draw).text == "INV-007"


def test_text_up_the_margin_does_not_disturb_the_lines() -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(6):
            canvas.drawString(60, 250 - 20 * row, f"item {row}")
            canvas.drawString(300, 250 - 20 * row, f"{row}.00")
        canvas.rotate(90)
        canvas.drawString(100, -20, "printed in Bonn")

    document = drawn(draw)
    assert document.text.splitlines() == [*(f"item {row}  {row}.00" for row in range(6)), "printed in Bonn"]
    box = list(document.words)[-1].box
    assert box is not None
    assert box.height > box.width
    assert box.x1 < 30


def test_a_page_written_sideways_is_turned() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(50, -100, "Total 12.50")
        canvas.drawString(50, -120, "Thank you")

    page = drawn(draw).pages[0]
    assert (page.width, page.height, page.rotation) == (300, 400, 90)
    assert [[word.text for word in line.words] for line in page.lines] == [
        ["Total", "12.50"],
        ["Thank", "you"],
    ]
    box = page.lines[0].words[0].box
    assert box is not None
    assert (box.x0, box.y1) == (pytest.approx(50, abs=1), pytest.approx(103, abs=2))


def test_text_beside_the_page_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "Total")
        canvas.drawString(-200, 200, "hidden")
        canvas.drawString(50, 900, "above")

    assert drawn(draw).text == "Total"


def test_text_turned_into_curves_is_read_by_ocr() -> None:
    def draw(canvas: Canvas) -> None:
        for x in range(300):
            canvas.line(x, 10, x, 20)

    assert drawn(draw).text == "scanned"


def test_a_short_page_without_pictures_needs_no_ocr() -> None:
    assert drawn(lambda canvas: canvas.drawString(50, 50, "Page 2 of 2")).text == "Page 2 of 2"


@pytest.mark.parametrize("text", ["Total 12.50 EUR", "", "发票号码：123", "فاتورة", "-12.50 %"])
def test_real_text_is_good(text: str) -> None:
    assert is_good(text.replace(" ", ""))


@pytest.mark.parametrize("text", ["\ufffd" * 20, "To\ue001\ue002\ue003al", '!"#$%&/()=?*', "\x01\x02\x03abc"])
def test_unmapped_glyphs_are_not_good(text: str) -> None:
    assert not is_good(text)


@pytest.mark.parametrize(
    ("stamp", "source"),
    [
        ("Received 2024-03-04 by Accounts Payable, document 1234567", "ocr"),
        ("A line of a page that was recognised and has its text behind it. " * 4, "text-layer"),
    ],
)
def test_a_stamp_on_a_scan_is_not_all_that_the_page_says(stamp: str, source: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawInlineImage(Image.new("L", (40, 30), 255), 0, 0, width=400, height=300)
        for at in range(0, len(stamp), 65):
            canvas.drawString(10, 280 - at // 4, stamp[at : at + 65])

    assert drawn(draw).pages[0].source == source
