"""A read document as rows of pages, and back."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from app.store.tables import StoredPage
from finscribe.documents import PAGE_BREAK, Box, Document, Line, Page, PageSource, Unit, Word
from finscribe.einvoices.reading import EInvoice

Picture = tuple[int, int]
"""Width and height in pixels."""


def to_rows(document_id: str, document: Document, pictures: Mapping[int, Picture]) -> list[StoredPage]:
    """The pages of a document, with the sizes of their pictures by page number."""
    return [
        StoredPage(
            document_id=document_id,
            number=page.number,
            width=page.width,
            height=page.height,
            unit=page.unit,
            source=page.source,
            rotation=page.rotation,
            start=page.start,
            text=document.text[page.start : page.end],
            lines=[[_word_record(word) for word in line.words] for line in page.lines],
            picture=list(pictures[page.number]) if page.number in pictures else None,
        )
        for page in document.pages
    ]


def to_document(
    rows: Sequence[StoredPage], name: str, language: str | None, einvoice: EInvoice | None = None
) -> Document:
    """The document that was read, character for character."""
    text = PAGE_BREAK.join(row.text for row in rows)
    return Document(text, tuple(_page(row) for row in rows), name, language, einvoice)


def _page(row: StoredPage) -> Page:
    return Page(
        number=row.number,
        width=row.width,
        height=row.height,
        unit=cast(Unit | None, row.unit),
        lines=tuple(Line(tuple(map(_word, line))) for line in row.lines),
        source=cast(PageSource, row.source),
        rotation=row.rotation,
        start=row.start,
        end=row.start + len(row.text),
    )


def _word_record(word: Word) -> list[Any]:
    box = word.box and [word.box.x0, word.box.y0, word.box.x1, word.box.y1]
    return [word.text, word.start, word.end, box, word.confidence]


def _word(record: Sequence[Any]) -> Word:
    text, start, end, box, confidence = record
    return Word(
        text,
        start,
        end,
        box and Box(*map(float, box)),
        None if confidence is None else float(confidence),
    )
