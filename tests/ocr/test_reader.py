"""Files of every kind, good and bad, read by their content."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from finscribe.documents import Box, Token, page_image, read_document
from finscribe.errors import (
    DocumentError,
    DocumentTooLarge,
    EmptyDocument,
    EncryptedDocument,
    UnreadableDocument,
    UnsupportedFormat,
)
from finscribe.ocr.reader import media_type
from finscribe.settings import Settings
from finscribe.testing import FakeEngine

Size = tuple[int, int]

LINES = ("ACME Ltd", "Invoice No: INV-001", "Date: 2024-03-01", "Widget  2  10.00  20.00", "Total  20.00")
SEEN = [Token("Total", Box(10, 10, 60, 30), 0.99), Token("20.00", Box(200, 10, 250, 30), 0.98)]


def pdf(
    *pages: tuple[str, ...], rotate: int = 0, encrypt: object = None, size: tuple[int, int] = (400, 300)
) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, encrypt=encrypt)
    for lines in pages:
        canvas.setPageRotation(rotate)
        for row, line in enumerate(lines):
            for column, cell in enumerate(line.split("  ")):
                canvas.drawString(40 + 110 * column, 250 - 20 * row, cell)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def picture(kind: str = "PNG", size: Size = (300, 200), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind, **options)
    return file.getvalue()


def scanned_pdf() -> bytes:
    """A page of 360 by 180 points with a picture and without text."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(360, 180))
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, 360, 180)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def empty_png(width: int, height: int) -> bytes:
    """A picture of that size in a hundred bytes, without its pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def tiff(pages: int) -> bytes:
    """Pages of one pixel each, the last of which names a next one behind the end of the file."""
    tags = {256: 1, 257: 1, 258: 1, 259: 1, 262: 1, 273: 8, 278: 1, 279: 1}
    page = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", tag, 4, 1, tags[tag]) for tag in tags)
    ends = (8 + number * (len(page) + 4) for number in range(1, pages + 1))
    return b"II*\0" + struct.pack("<I", 8) + b"".join(page + struct.pack("<I", end) for end in ends)


def test_a_digital_pdf_is_read_from_its_text_layer_page_by_page() -> None:
    engine = FakeEngine(SEEN)
    document = read_document(pdf(LINES, ("Page two", "End")), name="a.pdf", engine=engine)
    assert document.text == "\n".join([*LINES, "Page two", "End"])
    assert [(page.number, page.source, page.unit) for page in document.pages] == [
        (1, "text-layer", "pt"),
        (2, "text-layer", "pt"),
    ]
    assert document.source == "a.pdf"
    assert document.language == "en"
    assert not engine.sizes


def test_a_page_without_text_but_with_a_picture_is_rendered_and_read_by_ocr() -> None:
    engine = FakeEngine(SEEN)
    document = read_document(scanned_pdf(), settings=Settings(ocr_dpi=144), engine=engine)
    assert document.text == "Total  20.00"
    assert (document.pages[0].source, document.pages[0].unit) == ("ocr", "px")
    assert engine.sizes == [(720, 360)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_pictures_of_every_kind_are_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "scan.bin"
    path.write_bytes(picture(kind))
    document = read_document(path, engine=FakeEngine(SEEN))
    page = document.pages[0]
    assert (document.text, document.source) == ("Total  20.00", "scan.bin")
    assert (page.width, page.height, page.unit, page.source) == (300, 200, "px", "ocr")
    assert next(document.words).confidence == 0.99


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_read(mode: str) -> None:
    file = io.BytesIO()
    Image.new("L" if mode == "I;16" else mode, (50, 40)).convert(mode).save(file, "TIFF")
    engine = FakeEngine(SEEN)
    assert read_document(file.getvalue(), engine=engine).text
    assert engine.sizes == [(50, 40)]


def test_transparency_is_white_paper() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")
    assert page_image(file.getvalue()).getpixel((4, 4)) == (255, 255, 255)


def test_a_tiff_of_several_pages_is_a_document_of_several_pages() -> None:
    other = Image.new("RGB", (100, 50))
    file = picture("TIFF", save_all=True, append_images=[other])
    document = read_document(file, engine=FakeEngine(SEEN, [Token("end", Box(1, 1, 9, 9))]))
    assert document.text == "Total  20.00\nend"
    assert [(page.width, page.height) for page in document.pages] == [(300, 200), (100, 50)]
    assert page_image(file, 2).size == (100, 50)


def test_a_photo_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = picture("JPEG", exif=exif)
    engine = FakeEngine(SEEN)
    page = read_document(file, engine=engine).pages[0]
    assert engine.sizes == [(200, 300)]
    assert (page.width, page.height, page.rotation) == (200, 300, 0)
    assert page_image(file).size == (200, 300)


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    png, text = tmp_path / "scan.pdf", tmp_path / "invoice.png"
    png.write_bytes(picture())
    text.write_text("Total  20.00", encoding="utf-8")
    assert read_document(png, engine=FakeEngine(SEEN)).pages[0].source == "ocr"
    assert read_document(str(text)).pages[0].source == "text"


def test_half_a_character_does_not_change_how_the_others_are_read() -> None:
    data = "Café \ud800Müller 7.50".encode("utf-8", "surrogatepass")
    assert read_document(data).text == "Café Müller 7.50"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert read_document("Größe: 12,50 €\r\n".encode(encoding)).text == "Größe: 12,50 €"


@pytest.mark.parametrize("data", [b"", b" \n ", picture()])
def test_nothing_to_read_is_an_empty_document(data: bytes) -> None:
    with pytest.raises(EmptyDocument) as caught:
        read_document(data, name="blank", engine=FakeEngine())
    assert "blank" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "data", [pdf(LINES)[:-200], pdf(LINES)[:300], b"%PDF-1.7\n", pdf(LINES).replace(b"%%EOF", b"")]
)
def test_a_truncated_pdf_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"broken|incomplete") as caught:
        read_document(data, name="cut.pdf")
    assert "cut.pdf" in str(caught.value)
    assert "again" in caught.value.hint


def test_a_pdf_padded_with_zeros_is_complete() -> None:
    assert read_document(pdf(LINES) + b"\0" * 5000).text.startswith("ACME")


def test_an_encrypted_pdf_says_what_to_do() -> None:
    with pytest.raises(EncryptedDocument, match=r"a\.pdf: the PDF needs a password") as caught:
        read_document(pdf(LINES, encrypt=StandardEncryption("secret", "owner")), name="a.pdf")
    assert "without one" in caught.value.hint


def test_a_pdf_that_only_restricts_editing_is_read() -> None:
    file = pdf(LINES, encrypt=StandardEncryption("", "owner", canModify=0))
    assert read_document(file).text.startswith("ACME")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_truncated_picture_is_unreadable(kind: str) -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, kind)
    with pytest.raises(UnreadableDocument, match="the picture is broken or incomplete"):
        read_document(file.getvalue()[: len(file.getvalue()) // 2], engine=FakeEngine(SEEN))


@pytest.mark.parametrize(
    "start",
    [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"GIF89a", b"\0\0\0\x18ftypheic", b"\0\x01\x02\x03" * 9],
)
def test_other_formats_are_named_with_what_to_do(start: bytes) -> None:
    with pytest.raises(UnsupportedFormat, match="known are PDF, PNG, JPEG, TIFF, WebP and text") as caught:
        read_document(start)
    assert caught.value.hint


def test_what_an_ocr_has_read_is_no_file_and_the_message_says_who_takes_it() -> None:
    with pytest.raises(UnsupportedFormat, match="a dict is neither a path nor the bytes") as caught:
        read_document({"text": "Total 20.00"})  # type: ignore[arg-type]
    assert "Document.from_raw_ocr" in caught.value.hint


@pytest.mark.parametrize("size", [(10_000, 9_900), (60_000, 60_000)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(size: Size) -> None:
    with pytest.raises(DocumentTooLarge) as caught:
        read_document(empty_png(*size), name="a.png", engine=FakeEngine(SEEN))
    expected = f"a.png: a page of {size[0]} x {size[1]} pixels; the limit is 50,000,000 pixels a page"
    assert caught.value.message == expected


def test_the_limit_on_pixels_may_be_raised_above_that_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20_000)
    settings = Settings(max_pixels=60_000)
    for kind in ("PNG", "JPEG", "TIFF", "WEBP"):
        page = read_document(picture(kind), settings=settings, engine=FakeEngine(SEEN)).pages[0]
        assert (page.width, page.height) == (300, 200)
    assert Image.MAX_IMAGE_PIXELS == 60_000


def test_a_webp_far_over_the_limit_is_too_large_and_not_broken() -> None:
    with pytest.raises(DocumentTooLarge, match="the limit is 50,000,000"):
        read_document(empty_webp(16_383, 16_383), engine=FakeEngine(SEEN))


def empty_webp(width: int, height: int) -> bytes:
    """A picture of that size, of which only the beginning is there."""
    frame = b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    body = frame + b"\0" * 64
    chunk = b"VP8 " + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def test_what_an_engine_fails_at_is_an_unreadable_page_of_a_named_file() -> None:
    class Broken:
        def read(self, image: Image.Image) -> list[Token]:
            raise ZeroDivisionError("division by zero")

    for data in (picture(), scanned_pdf()):
        with pytest.raises(UnreadableDocument) as caught:
            read_document(data, name="a.bin", engine=Broken())
        said = "a.bin: page 1 cannot be read by OCR (ZeroDivisionError: division by zero)"
        assert caught.value.message == said
        assert caught.value.hint


def test_what_a_library_fails_at_in_a_pdf_is_a_broken_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: object) -> None:
        raise ValueError("no such glyph")

    monkeypatch.setattr("finscribe.ocr.text_layer.read_text_layer", fail)
    with pytest.raises(UnreadableDocument, match=r"page 1 is broken \(no such glyph\)"):
        read_document(pdf(LINES))


@pytest.mark.parametrize("size", [(1, 1), (20_000, 2)])
def test_a_picture_too_small_for_text_is_an_empty_document(size: Size) -> None:
    with pytest.raises(EmptyDocument):
        read_document(picture(size=size))


def test_only_the_picture_itself_is_read_of_a_photo_with_a_preview_beside_it() -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30)).save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 6))])
    assert len(read_document(file.getvalue(), engine=FakeEngine(SEEN)).pages) == 1


def test_a_bomb_inside_a_pdf_is_refused() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(200, 200))
    large = Image.new("1", (3000, 3000))
    canvas.drawInlineImage(large, 0, 0, 200, 200)
    canvas.save()
    with pytest.raises(DocumentTooLarge, match="3000 x 3000"):
        read_document(file.getvalue(), settings=Settings(max_pixels=8_000_000), engine=FakeEngine(SEEN))


def test_the_limits_name_their_variable() -> None:
    two = pdf(LINES, LINES)
    tiff = picture("TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    for data, settings, variable in (
        (two, Settings(max_pages=1), "FINSCRIBE_MAX_PAGES"),
        (tiff, Settings(max_pages=1), "FINSCRIBE_MAX_PAGES"),
        (picture(), Settings(max_pixels=59_999), "FINSCRIBE_MAX_PIXELS"),
        (picture(), Settings(max_bytes=10), "FINSCRIBE_MAX_BYTES"),
        (b"text" * 10, Settings(max_text_bytes=39), "FINSCRIBE_MAX_TEXT_BYTES"),
        (two, Settings(max_seconds=1e-9), "FINSCRIBE_MAX_SECONDS"),
    ):
        with pytest.raises(DocumentTooLarge) as caught:
            read_document(data, settings=settings, engine=FakeEngine(SEEN))
        assert variable in caught.value.hint


def test_no_page_of_a_tiff_is_looked_for_behind_the_limit() -> None:
    with pytest.raises(DocumentTooLarge, match="too many pages; the limit is 2"):
        read_document(tiff(3), settings=Settings(max_pages=2), engine=FakeEngine(SEEN))
    with pytest.raises(UnreadableDocument):
        read_document(tiff(3), settings=Settings(max_pages=3), engine=FakeEngine(SEEN))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_tiff_of_as_many_pages_as_the_limit_is_read(count: int) -> None:
    data = picture("TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))] * (count - 1))
    for limit in (count, 50):
        document = read_document(data, settings=Settings(max_pages=limit), engine=FakeEngine(SEEN))
        assert [page.width for page in document.pages] == [300, 9, 9][:count]


def test_a_large_page_is_rendered_within_the_limit() -> None:
    page = page_image(pdf(LINES, size=(5000, 5000)), dpi=300, settings=Settings(max_pixels=1_000_000))
    assert 900_000 < page.width * page.height <= 1_000_000


def test_a_path_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.pdf", tmp_path):
        with pytest.raises(UnreadableDocument, match="cannot be read") as caught:
            read_document(path)
        assert "path" in caught.value.hint


def test_a_page_that_is_not_there_has_no_picture() -> None:
    for data in (pdf(LINES), picture()):
        with pytest.raises(DocumentError, match="no page 2"):
            page_image(data, 2)
    with pytest.raises(UnsupportedFormat, match="no picture"):
        page_image(b"text")


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_lie_on_the_ink_of_the_page_as_shown(rotate: int) -> None:
    assert_boxes_cover_the_ink(pdf(("INVOICE", "TOTAL"), rotate=rotate))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_boxes_lie_on_the_ink_of_a_page_written_sideways(degrees: int) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 300))
    canvas.translate(200, 150)
    canvas.rotate(degrees)
    canvas.drawString(20, 30, "INVOICE")
    canvas.drawString(20, 10, "TOTAL")
    canvas.rotate(90)
    canvas.drawString(-90, 60, "margin")
    canvas.save()
    assert_boxes_cover_the_ink(file.getvalue())


def assert_boxes_cover_the_ink(file: bytes) -> None:
    page = read_document(file).pages[0]
    image = page_image(file, rotation=page.rotation).convert("L")
    assert page.width is not None
    scale = image.width / page.width
    boxes = [word.box.scaled(scale) for line in page.lines for word in line.words if word.box]
    assert len(boxes) >= 2
    for box in boxes:
        inside = image.crop((int(box.x0), int(box.y0), int(box.x1) + 1, int(box.y1) + 1))
        assert inside.getextrema()[0] < 100
        image.paste(255, (int(box.x0) - 1, int(box.y0) - 1, int(box.x1) + 2, int(box.y1) + 2))
    assert image.getextrema()[0] > 200


def test_files_are_read_in_many_threads_at_once() -> None:
    files = [pdf((f"Invoice {number}", "Total  20.00"), ("end",)) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        texts = [document.text for document in pool.map(read_document, files)]
    assert texts == [f"Invoice {number}\nTotal  20.00\nend" for number in range(24)]


def test_what_is_typed_into_a_form_is_read() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 300))
    canvas.drawString(40, 250, "Invoice number")
    canvas.acroForm.textfield(name="number", value="INV-77", x=200, y=240, width=120, height=24)
    canvas.save()
    assert read_document(file.getvalue()).text == "Invoice number  INV-77"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"\xef\xbb\xbf%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF is a word", "text/plain"),
        ("Straße".encode("utf-16"), "text/plain"),
        ("Straße".encode("cp1252"), "text/plain"),
    ],
)
def test_the_media_type_is_that_of_the_content(start: bytes, expected: str) -> None:
    assert media_type(start, "invoice.exe") == expected


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"GIF89a", b"MZ\0\0", b"\0\0\0\x18ftypheic"])
def test_what_cannot_be_read_has_no_media_type(start: bytes) -> None:
    with pytest.raises(UnsupportedFormat):
        media_type(start, "invoice.pdf")


def test_what_a_form_holds_is_read_where_nobody_has_drawn_it() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 300), pageCompression=0)
    canvas.drawString(40, 250, "Invoice number")
    canvas.acroForm.textfield(name="number", value="INV-777", x=200, y=240, width=120, height=24)
    canvas.save()
    drawn = file.getvalue()
    bare = drawn.replace(b"/AP <<", b"/XX <<").replace(b"/NeedAppearances false", b"/NeedAppearances true ")
    assert len(bare) == len(drawn)
    assert bare.count(b"/XX <<") == 1
    assert read_document(bare).text == "Invoice number  INV-777"


def test_a_text_may_begin_as_a_bitmap_does() -> None:
    assert read_document(b"BMW AG\nRechnung 12").text == "BMW AG\nRechnung 12"


def test_one_broken_byte_leaves_all_else_as_it_is() -> None:
    document = read_document("Müller & Söhne\nTotal 5 €\n".encode() + b"x\xff")
    assert document.text.startswith("Müller & Söhne\nTotal 5 €")
