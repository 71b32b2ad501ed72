"""PDF pages: the text layer where it is good, a picture for OCR where it is not.

PDFium is not thread-safe, so every call into it holds `PDFIUM`; OCR runs without it.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pypdfium2

from finscribe.documents import PageLayout
from finscribe.einvoices.reading import XmlFile
from finscribe.errors import DocumentError, EncryptedDocument, FinScribeError, UnreadableDocument
from finscribe.ocr.pictures import check_size, too_many_pages
from finscribe.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

PDFIUM = threading.RLock()
POINTS_PER_INCH = 72
LARGEST_SIDE = 1_000_000  # points; a number that is not one is not below it either
END_MARK_WITHIN = 2048  # bytes from the end
MOST_ATTACHMENTS = 100  # that are looked at
MOST_XML_FILES = 10


class PdfFile:
    """An open PDF; raises DocumentError where it is broken, encrypted or too long."""

    def __init__(self, data: bytes, name: str, settings: Settings) -> None:
        self._name = name
        self._settings = settings
        with PDFIUM:
            self._pdf = _opened(data, name)
            self.page_count = len(self._pdf)
        if self.page_count > settings.max_pages:
            self.close()
            raise too_many_pages(name, self.page_count, settings)

    def close(self) -> None:
        """Free what PDFium holds."""
        with PDFIUM:
            self._pdf.close()

    def text_layer(self, index: int) -> PageLayout | None:
        """The page from its text layer, boxes in points; None where it needs OCR."""
        from finscribe.ocr.text_layer import read_text_layer

        with self._page(index) as page:
            return read_text_layer(page)

    def picture(self, index: int, dpi: float) -> "Image":
        """The page as an RGB picture, at fewer dpi where it would exceed the pixel limit."""
        with self._page(index) as page:
            self._check_images(page)
            width, height = page.get_size()
            scale = dpi / POINTS_PER_INCH
            fitting = (self._settings.max_pixels / max(1.0, width * height)) ** 0.5
            image: Image = page.render(scale=min(scale, 0.999 * fitting)).to_pil()
            return image.convert("RGB")

    def xml_files(self) -> list[XmlFile]:
        """The first few XML files attached to the PDF; those that cannot be taken out say why."""
        found: list[XmlFile] = []
        with PDFIUM:
            for index in range(min(self._pdf.count_attachments(), MOST_ATTACHMENTS)):
                if file := _xml_file(self._pdf, index, self._settings.max_text_bytes):
                    found.append(file)
                if len(found) == MOST_XML_FILES:
                    break
        return found

    @contextmanager
    def _page(self, index: int) -> Iterator[Any]:
        with PDFIUM:
            try:
                page = _with_filled_forms(self._pdf, index)
            except pypdfium2.PdfiumError as error:
                raise self._broken(index, str(error)) from error
            try:
                if not all(0 < side < LARGEST_SIDE for side in page.get_size()):
                    raise self._broken(index, "it has no size")
                yield page
            except FinScribeError:
                raise
            except Exception as error:  # of PDFium, and of those that make text and pictures of what it gives
                raise self._broken(index, str(error)) from error
            finally:
                page.close()

    def _broken(self, index: int, reason: str) -> UnreadableDocument:
        return UnreadableDocument(
            f"{self._name}: page {index + 1} is broken ({reason})",
            hint="Open it in a viewer and print it to a new PDF.",
        )

    def _check_images(self, page: Any) -> None:
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            width, height = item.get_px_size()
            check_size(self._name, width, height, self._settings)


def _opened(data: bytes, name: str) -> Any:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _cannot_open(name, error) from error
    if len(pdf) == 0 or b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-END_MARK_WITHIN:]:
        pdf.close()
        raise UnreadableDocument(
            f"{name}: the PDF is incomplete, its end is missing",
            hint="Download or export it again.",
        )
    pdf.init_forms()  # without it, what forms hold and nobody has drawn yet is not shown
    return pdf


def _cannot_open(name: str, error: pypdfium2.PdfiumError) -> DocumentError:
    if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return EncryptedDocument(
            f"{name}: the PDF needs a password",
            hint="Open it with its password and save it without one.",
        )
    if error.err_code == pypdfium2.raw.FPDF_ERR_SECURITY:
        return EncryptedDocument(
            f"{name}: the PDF is protected in a way that cannot be read",
            hint="Print it to a new PDF.",
        )
    return UnreadableDocument(
        f"{name}: the PDF is broken or incomplete ({error})",
        hint="Open it in a viewer to check, then download or export it again.",
    )


def _xml_file(pdf: Any, index: int, largest: int) -> XmlFile | None:
    """The attachment at an index if it is named like XML, its content no larger than `largest` bytes."""
    name = ""
    try:
        attachment = pdf.get_attachment(index)
        name = attachment.get_name()
        if not name.lower().endswith(".xml"):
            return None
        size = ctypes.c_ulong()
        pypdfium2.raw.FPDFAttachment_GetFile(attachment, None, 0, size)
        if size.value > largest:
            problem = f"it has {size.value:,} bytes, FINSCRIBE_MAX_TEXT_BYTES allows {largest:,}"
            return XmlFile(name, problem=problem)
        return XmlFile(name, bytes(attachment.get_data()))
    except (
        pypdfium2.PdfiumError,
        UnicodeDecodeError,
    ) as error:  # without a name it is nothing that anyone looks for
        return XmlFile(name, problem=str(error)) if name else None


def _with_filled_forms(pdf: Any, index: int) -> Any:
    """The page, with what is typed into its form fields drawn on it."""
    page = pdf[index]
    raw = pypdfium2.raw
    if raw.FPDFPage_GetAnnotCount(page) == 0:
        return page
    flattened = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    if flattened != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return pdf[index]
