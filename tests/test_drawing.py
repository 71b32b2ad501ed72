from decimal import Decimal

import pytest
from PIL import Image, ImageChops

from finscribe.documents import Box, Document, PageLayout, Token
from finscribe.drawing import COLOURS, HEADER_COLOUR, Mark, draw_marks, draw_pages, label_of, marks_of
from finscribe.errors import UnsupportedFormat
from finscribe.evidence import Evidence, Place, Support

LAYOUT = PageLayout(
    lines=[[[Token("Total", Box(10, 20, 60, 30))], [Token("42", Box(100, 20, 120, 30))]]],
    width=200,
    height=100,
    unit="px",
    source="ocr",
)


@pytest.fixture
def document():
    return Document.assemble([LAYOUT, LAYOUT], "scan.png")


def printed(path: str, *places: tuple[Place, ...]) -> Evidence:
    return Evidence(path, Decimal(42), Support.PRINTED, 0.9, 0.9, places)


def at(document: Document, text: str, after: int = 0) -> Place:
    start = document.text.index(text, after)
    return Place(start, start + len(text))


def test_a_value_is_marked_at_its_likeliest_place_only(document):
    second = document.text.index("42", document.pages[1].start)
    evidence = printed("payment.iban", (Place(second, second + 2),), (at(document, "42"),))
    assert marks_of(evidence, document) == [Mark("payment.iban", 2, Box(100, 20, 120, 30), "iban")]


def test_a_value_of_several_parts_is_labelled_once(document):
    both = (at(document, "Total"), at(document, "42"))
    assert [mark.label for mark in marks_of(printed("vendor.name", both), document)] == ["vendor name", ""]


def test_a_null_has_no_mark(document):
    assert marks_of(Evidence("due_date", None, Support.ABSENT, 0.9, 0.9), document) == []


def test_labels_are_short():
    assert label_of("vendor.tax_id") == "vendor tax id"
    assert label_of("financial_summary.grand_total") == "grand total"
    assert label_of("invoice_date") == "invoice date"
    assert label_of("line_items[0].unit_price") == "1 unit price"
    assert [label_of(f"line_items[1].{cell}") for cell in ("desc", "qty")] == ["2", ""]


def test_each_block_has_its_colour():
    box = Box(0, 0, 1, 1)
    assert Mark("line_items[3].qty", 1, box).colour == COLOURS["line_items"]
    assert Mark("vendor.name", 1, box).colour == COLOURS["vendor"]
    assert Mark("invoice_number", 1, box).colour == HEADER_COLOUR


def test_boxes_are_scaled_from_page_units_to_pixels(document):
    blank = Image.new("RGB", (400, 200), "white")
    mark = Mark("payment.iban", 1, Box(100, 20, 120, 30))
    drawn = draw_marks(blank, document.pages[0], [mark])
    assert ImageChops.difference(drawn, blank).getbbox() == (198, 38, 243, 63)
    assert drawn.getpixel((198, 50)) == COLOURS["payment"]


def test_labels_stay_on_the_page_and_do_not_cover_each_other(document):
    blank = Image.new("RGB", (200, 100), "white")
    box = Box(180, 0, 199, 10)
    one = draw_marks(blank, document.pages[0], [Mark("vendor.name", 1, box, "vendor name")])
    two = draw_marks(
        blank,
        document.pages[0],
        [Mark("vendor.name", 1, box, "vendor name"), Mark("vendor.tax_id", 1, box, "vendor tax id")],
    )
    left, top, right, bottom = ImageChops.difference(two, one).getbbox()
    assert 0 <= left < right <= 200
    assert bottom - top > 8
    assert bottom <= 100


def test_every_page_is_drawn(document, tmp_path):
    pages = [Image.new("RGB", (200, 100), "white") for _ in range(2)]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    evidence = {"vendor.name": printed("vendor.name", (at(document, "Total"),))}
    first, second = draw_pages(document, evidence, tmp_path / "scan.tiff")
    assert first.getcolors() != second.getcolors() == [(200 * 100, (255, 255, 255))]


def test_text_cannot_be_drawn():
    document = Document.from_text("Total 42")
    with pytest.raises(UnsupportedFormat):
        next(draw_pages(document, {}, b"Total 42"))
