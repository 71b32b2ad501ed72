"""The OCR output as it was given: kept as plain JSON values, and read again as the text of a model."""

from __future__ import annotations

import json
from typing import Any, SupportsFloat

from finscribe.documents import Document, Page, served_text
from finscribe.errors import DocumentError
from finscribe.json_lines import check_depth
from finscribe.settings import Settings

# What was accepted once stays readable when a limit is lowered later.
_UNLIMITED = Settings(max_text_bytes=2**60, max_pages=2**60)


def text_of(raw: Any) -> str:
    """The text that a model reads of a stored input; raises `DocumentError` where there is none."""
    return served_text(raw) if isinstance(raw, str) else Document.from_raw_ocr(raw, settings=_UNLIMITED).text


def to_plain(raw: object) -> Any:
    """The OCR output as plain JSON values; raises `DocumentError` for what JSON cannot hold."""
    if isinstance(raw, Document):
        return _document_record(raw)
    try:
        plain = json.loads(json.dumps(raw, allow_nan=False, default=_plain_number))
        check_depth(plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(
            f"raw_ocr cannot be stored as JSON: {error}",
            hint="Give text, or dicts and lists of text and finite numbers.",
        ) from error
    return plain


def _plain_number(value: object) -> float:
    """Numbers of other libraries, as OCR engines return them in their boxes."""
    if isinstance(value, SupportsFloat):
        return float(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _document_record(document: Document) -> Any:
    """Pages of words with boxes, as `Document.from_raw_ocr` reads them; the text alone where there are none.

    Where the words would be read back in another order, the text stays the one that was read, and the boxes
    lie beside it.
    """
    if not any(word.box for word in document.words):
        return document.text
    pages = [_page_record(page) for page in document.pages]
    again = Document.from_raw_ocr({"pages": pages}, settings=_UNLIMITED)
    return {"pages": pages} if again.text == document.text else {"text": document.text, "layout": pages}


def _page_record(page: Page) -> dict[str, Any]:
    words = [
        {
            "text": word.text,
            "box": word.box and [word.box.x0, word.box.y0, word.box.x1, word.box.y1],
            "confidence": word.confidence,
        }
        for line in page.lines
        for word in line.words
    ]
    size = {"width": page.width, "height": page.height, "unit": page.unit, "rotation": page.rotation}
    return {**size, "box_format": "xyxy", "words": words}
