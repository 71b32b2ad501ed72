"""Bytes -> Document: the format by content, the limits, page by page."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from finscribe.documents import Document, PageLayout
from finscribe.einvoices.reading import EInvoice, find_einvoice, is_einvoice
from finscribe.errors import (
    DocumentError,
    DocumentTooLarge,
    EmptyDocument,
    FinScribeError,
    UnreadableDocument,
    UnsupportedFormat,
)
from finscribe.ocr.engine import Engine, choose_engine, pages_at_once
from finscribe.ocr.raw import read_raw_ocr as read_raw_ocr
from finscribe.ocr.side_by_side import side_by_side
from finscribe.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

Format = Literal["pdf", "picture", "text"]

PIXELS_AT_ONCE = 24_000_000
"""Of the pictures that are read side by side: six pages of A4 at 200 dots an inch. The next one waits beside them."""

_KNOWN = "PDF, PNG, JPEG, TIFF, WebP and text"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PICTURE_TYPES = {b"\x89": "image/png", b"\xff": "image/jpeg", b"R": "image/webp"}
_BITMAP = b"BM"
_OTHERS = (  # what people also send, and what to do with it
    (b"PK\x03\x04", "an Office or ZIP file", "Save the document as PDF, or unpack the archive."),
    (b"\xd0\xcf\x11\xe0", "an old Office or Outlook file", "Save the document as PDF."),
    (b"GIF8", "a GIF", "Save the picture as PNG."),
    (_BITMAP, "a BMP", "Save the picture as PNG."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"%!PS", "PostScript", "Convert it to PDF."),
    (b"{\\rtf", "a rich text file", "Save the document as PDF."),
)


@dataclass(frozen=True, slots=True)
class _Input:
    data: bytes
    name: str


def read(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    settings: Settings | None = None,
    engine: Engine | None = None,
) -> Document:
    """Read a PDF, picture or text file by its content; raises DocumentError, MissingDependency."""
    settings = settings or Settings.from_environment()
    file = _loaded(source, name, settings)
    if _format(file) == "text":
        return Document.from_text(_decoded(file), file.name, settings=settings)
    read = Document.assemble(_in_time(_pages(file, settings, engine), file, settings), file.name)
    return replace(read, einvoice=_embedded(file, settings)) if _format(file) == "pdf" else read


def embedded_einvoice(pdf: bytes, name: str, *, settings: Settings | None = None) -> EInvoice | None:
    """The electronic invoice inside a PDF, whose pages are not read; raises DocumentError."""
    settings = settings or Settings.from_environment()
    file = _loaded(pdf, name, settings)
    if _format(file) != "pdf":
        raise _unsupported(file, "no PDF", "Electronic invoices are looked for in PDFs.")
    return _embedded(file, settings)


def _embedded(file: _Input, settings: Settings) -> EInvoice | None:
    from finscribe.ocr.pdf import PdfFile

    pdf = PdfFile(file.data, file.name, settings)
    try:
        return find_einvoice(pdf.xml_files())
    finally:
        pdf.close()


def render(
    source: str | Path | bytes,
    page_number: int = 1,
    dpi: int = 100,
    *,
    rotation: int = 0,
    settings: Settings | None = None,
) -> "Image":
    """One page as an RGB picture: a PDF at `dpi`, a picture as it is, turned clockwise by `rotation`."""
    from finscribe.ocr.scan import turned

    settings = settings or Settings.from_environment()
    file = _loaded(source, None, settings)
    return turned(_picture(file, page_number, dpi, settings), rotation)


def media_type(start: bytes, name: str) -> str:
    """What a file is by its first 4,096 bytes, as in "application/pdf"; raises UnsupportedFormat."""
    file = _Input(start, name)
    kind = _format(file)
    if kind == "pdf":
        return "application/pdf"
    if kind == "text":
        _refuse_binary(file)
        return "text/plain"
    return _PICTURE_TYPES.get(start[:1], "image/tiff")


def _loaded(source: str | Path | bytes, name: str | None, settings: Settings) -> _Input:
    if isinstance(source, bytes):
        file = _Input(source, name or "document")
    else:
        path = Path(source)
        try:
            _check_bytes(path.name, path.stat().st_size, settings)
            file = _Input(path.read_bytes(), name or path.name)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreadableDocument(
                f"{path}: cannot be read ({reason})", hint="Check the path and its permissions."
            ) from error
    _check_bytes(file.name, len(file.data), settings)
    if not file.data:
        raise EmptyDocument(f"{file.name}: the file has zero bytes", hint="Download or export it again.")
    return file


def _check_bytes(name: str, size: int, settings: Settings) -> None:
    if size > settings.max_bytes:
        raise DocumentTooLarge(
            f"{name}: {size:,} bytes; the limit is {settings.max_bytes:,}",
            hint="Split the file into its invoices, or raise FINSCRIBE_MAX_BYTES.",
        )


def _format(file: _Input) -> Format:
    start = file.data[:4096]
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if start.startswith(_PICTURES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "picture"
    if start[4:8] == b"ftyp":
        raise _unsupported(file, "a HEIC, AVIF or video file", "Save the picture as JPEG or PNG.")
    for mark, what, hint in _OTHERS:
        if start.startswith(mark) and (mark != _BITMAP or start[6:10] == bytes(4)):  # BMW writes letters, too
            raise _unsupported(file, what, hint)
    if is_einvoice(start):
        raise _unsupported(
            file,
            "the XML of an electronic invoice, which prints nothing: its values stand in its elements",
            "Read the PDF that it came with, and what both say is compared, or import it as XML into your books.",
        )
    return "text"


def _unsupported(file: _Input, what: str, hint: str) -> UnsupportedFormat:
    return UnsupportedFormat(f"{file.name}: this is {what}; known are {_KNOWN}", hint=hint)


def _decoded(file: _Input) -> str:
    """Text of UTF-8, a few bytes of it broken, or UTF-16 with its mark, else Windows-1252.

    Raises UnsupportedFormat for binary data.
    """
    if file.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return file.data.decode("utf-16", "replace")
    _refuse_binary(file)
    try:
        return file.data.decode("utf-8-sig", "surrogatepass")  # halves of characters are left out later
    except UnicodeDecodeError:
        mostly = file.data.decode("utf-8-sig", "replace")
    broken = mostly.count("\ufffd")
    if sum(sign > "\x7f" for sign in mostly) >= 2 * broken:  # as many that UTF-8 writes with several bytes
        return mostly
    return file.data.decode("cp1252", "replace")


def _refuse_binary(file: _Input) -> None:
    start = file.data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):  # the mark of UTF-16
        return
    controls = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in start)
    if b"\0" in start or controls > 0.1 * len(start):
        raise _unsupported(file, "a binary file of unknown kind", "Save the document as PDF.")


def _pages(file: _Input, settings: Settings, engine: Engine | None) -> Generator[PageLayout, None, None]:
    """The pages in their order; our own engines read several at a time, one that is given reads them here."""
    with closing(_jobs(file, settings, engine)) as jobs:
        if engine:
            yield from (job() for _, job in jobs)
        else:
            yield from side_by_side(jobs, at_once=pages_at_once(), heaviest=PIXELS_AT_ONCE)


def _jobs(
    file: _Input, settings: Settings, engine: Engine | None
) -> Generator[tuple[int, Callable[[], PageLayout]], None, None]:
    """What reads each page, and the pixels that it takes."""
    for number, sheet in enumerate(_sheets(file, settings), start=1):
        if isinstance(sheet, PageLayout):
            yield 0, partial(_as_it_is, sheet)
        else:
            engine = engine or choose_engine(settings.ocr_engine)
            where = f"{file.name}: page {number}"
            yield sheet.width * sheet.height, partial(_scanned, sheet, engine, where)


def _as_it_is(page: PageLayout) -> PageLayout:
    return page


def _sheets(file: _Input, settings: Settings) -> "Iterator[PageLayout | Image]":
    """What is known of each page before OCR: what its text layer says, or its picture."""
    if _format(file) == "pdf":
        from finscribe.ocr.pdf import PdfFile

        pdf = PdfFile(file.data, file.name, settings)
        try:
            for index in range(pdf.page_count):
                yield pdf.text_layer(index) or pdf.picture(index, settings.ocr_dpi)
        finally:
            pdf.close()
    else:
        from finscribe.ocr.pictures import pictures

        yield from pictures(file.data, file.name, settings)


def _scanned(picture: "Image", engine: Engine, where: str) -> PageLayout:
    from finscribe.ocr.scan import read_scan

    try:
        return read_scan(picture, engine)
    except FinScribeError:
        raise
    except Exception as error:  # whatever an engine makes of a picture that nobody has thought of
        raise UnreadableDocument(
            f"{where} cannot be read by OCR ({type(error).__name__}: {error})",
            hint="Scan it again at 200 to 300 dpi, or try the other engine with FINSCRIBE_OCR_ENGINE.",
        ) from error


def _picture(file: _Input, page_number: int, dpi: int, settings: Settings) -> "Image":
    if _format(file) == "pdf":
        from finscribe.ocr.pdf import PdfFile

        pdf = PdfFile(file.data, file.name, settings)
        try:
            _check_page(file, page_number, pdf.page_count)
            return pdf.picture(page_number - 1, dpi)
        finally:
            pdf.close()
    if _format(file) == "text":
        raise _unsupported(file, "text, which has no picture", "Draw boxes on PDFs and pictures only.")
    from finscribe.ocr.pictures import frame, open_picture

    with open_picture(file.data, file.name, settings) as opened:
        _check_page(file, page_number, getattr(opened, "n_frames", 1))
        return frame(opened, page_number - 1, file.name, settings)


def _check_page(file: _Input, page_number: int, count: int) -> None:
    if not 1 <= page_number <= count:
        raise DocumentError(f"{file.name}: no page {page_number}", hint=f"Its pages are 1 to {count}.")


def _in_time(
    pages: Generator[PageLayout, None, None], file: _Input, settings: Settings
) -> Iterator[PageLayout]:
    end = time.monotonic() + settings.max_seconds
    with closing(pages):
        for number, page in enumerate(pages, start=1):
            yield page
            if time.monotonic() > end:
                raise DocumentTooLarge(
                    f"{file.name}: {number} pages took longer than {settings.max_seconds:g} seconds to read",
                    hint="Split the file into its invoices, or raise FINSCRIBE_MAX_SECONDS.",
                )
