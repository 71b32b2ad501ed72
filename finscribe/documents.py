"""Documents: bytes or text in; pages, lines and words with their places out.

    Document ─ Page ─ Line ─ Word(text, start, end, box, confidence)

`Document.text` is what a model reads, and every word knows its characters in it:
`document.text[word.start:word.end] == word.text`. Lines end in "\\n", words of a line stand one
space apart, columns two. Boxes are in the units of their page, origin top left, y downwards, in
the orientation in which the page is shown.

The readers themselves (PDF text layer, OCR engines, reading order) live in `finscribe.ocr` and are
imported on use, so that importing this module is instant.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from finscribe.errors import DocumentTooLarge, EmptyDocument, UnsupportedFormat
from finscribe.language import guess_language
from finscribe.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from finscribe.einvoices.reading import EInvoice
    from finscribe.ocr.engine import Engine

COLUMN_GAP = "  "
PAGE_BREAK = "\n"

Unit = Literal["pt", "px"]
PageSource = Literal["text-layer", "ocr", "text"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in page units, origin top left, x1 and y1 exclusive."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in page units."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in page units."""
        return self.y1 - self.y0

    def union(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    def scaled(self, factor: float) -> "Box":
        """The same box in other units, for instance points to pixels by dpi / 72."""
        return Box(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)


@dataclass(frozen=True, slots=True)
class Token:
    """Something read on a page (a word, or a run of words), before it has a place in the text."""

    text: str
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page read and put in order: lines of cells (parts between column gaps) of tokens."""

    lines: Sequence[Sequence[Sequence[Token]]]
    width: float | None = None
    height: float | None = None
    unit: Unit | None = None
    source: PageSource = "text"
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word without white space: `start` and `end` are characters of `Document.text`, confidence 0 to 1."""

    text: str
    start: int
    end: int
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: one or more words from left to right (right-to-left scripts in logical order)."""

    words: tuple[Word, ...]

    @property
    def start(self) -> int:
        """First character in `Document.text`."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """One past the last character in `Document.text`."""
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Page:
    """A page as shown: size in `unit` (None for plain text) and its characters in `Document.text`.

    `rotation` is how far, clockwise in degrees, the page was turned to stand upright, after the
    rotation that its file asks for itself (/Rotate, EXIF).
    """

    number: int
    width: float | None
    height: float | None
    unit: Unit | None
    lines: tuple[Line, ...]
    source: PageSource
    rotation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document and where each word of it is printed.

    `einvoice` is the electronic invoice that a PDF carries inside; it is no part of the text, and no model reads it.
    """

    text: str
    pages: tuple[Page, ...]
    source: str = "text"
    language: str | None = None
    einvoice: "EInvoice | None" = None

    @classmethod
    def from_text(cls, text: str, source: str = "text", *, settings: Settings | None = None) -> "Document":
        """A document without boxes; raises EmptyDocument and DocumentTooLarge.

        Lines are kept. Tabs and wide gaps become column gaps, a form feed starts a page, control
        and invisible characters go, an "OCR_TEXT:" line at the top goes; the rest becomes NFC.
        """
        settings = settings or Settings.from_environment()
        check_text_size(source, len(text.encode("utf-8", "surrogatepass")), settings)
        return cls.assemble(map(text_layout, without_header(clean(text)).split("\f")), source)

    @classmethod
    def assemble(cls, pages: Iterable[PageLayout], source: str) -> "Document":
        """The document that these pages make; raises EmptyDocument where no page has a word."""
        writer = _Writer()
        written = tuple(writer.page(number, page) for number, page in enumerate(pages, start=1))
        if not any(page.lines for page in written):
            raise EmptyDocument(
                f"{source}: no text in it",
                hint="Check that the pages are not blank, and that a scan is sharp enough to be read.",
            )
        text = "".join(writer.parts)
        return cls(text=text, pages=written, source=source, language=guess_language(text))

    @classmethod
    def from_raw_ocr(
        cls, raw: object, source: str = "raw-ocr", *, settings: Settings | None = None
    ) -> "Document":
        """A document from older OCR output (text, or a dict of pages and words); raises DocumentError."""
        from finscribe.ocr.reader import read_raw_ocr

        return read_raw_ocr(raw, source, settings=settings)

    @property
    def words(self) -> Iterator[Word]:
        """All words in reading order."""
        return (word for page in self.pages for line in page.lines for word in line.words)

    def locate(self, start: int, end: int) -> list[tuple[int, Box]]:
        """Where the characters `start` to `end` are printed: (page number, box), one box a line."""
        found = []
        for page in self.pages:
            if page.end <= start or page.start >= end:
                continue
            for line in page.lines:
                boxes = [w.box for w in line.words if w.box and w.start < end and w.end > start]
                if boxes:
                    found.append((page.number, surround(boxes)))
        return found


def read_document(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    settings: Settings | None = None,
    engine: "Engine | None" = None,
) -> Document:
    """Read a PDF, picture or text file, by its content; raises DocumentError, MissingDependency.

    What an OCR has read already goes to `Document.from_text` or `Document.from_raw_ocr`.
    """
    from finscribe.ocr.reader import read

    if not isinstance(source, str | Path | bytes):
        raise UnsupportedFormat(
            f"a {type(source).__name__} is neither a path nor the bytes of a file",
            hint="Document.from_raw_ocr(...) takes what an OCR gave, Document.from_text(...) a text.",
        )
    return read(source, name=name, settings=settings, engine=engine)


def page_image(
    source: str | Path | bytes,
    page_number: int = 1,
    dpi: int = 100,
    *,
    rotation: int = 0,
    settings: Settings | None = None,
) -> "Image":
    """The page as a picture to draw boxes on; raises DocumentError.

    Pass the page's `rotation`; then boxes times `image.width / page.width` are pixels.
    """
    from finscribe.ocr.reader import render

    return render(source, page_number, dpi, rotation=rotation, settings=settings)


def surround(boxes: Sequence[Box]) -> Box:
    """The smallest box around one or more boxes."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def check_text_size(source: str, size: int, settings: Settings) -> None:
    """Raises DocumentTooLarge where a text has more bytes than the settings allow."""
    if size > settings.max_text_bytes:
        raise DocumentTooLarge(
            f"{source}: the text is larger than {settings.max_text_bytes:,} bytes",
            hint="Send one invoice at a time, or raise FINSCRIBE_MAX_TEXT_BYTES.",
        )


# Text ------------------------------------------------------------------------------------------------

_HEADER = re.compile(r"\A(?:\s*OCR_TEXT:[^\S\n]*(?:\n|\Z))+")
_LINE_BREAK = re.compile("\r\n?|\v|\x85|\u2028|\u2029")
# Controls, surrogates, and what cannot be seen: soft hyphen, zero-width space, direction marks,
# byte order mark, non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
_HYPHENS = str.maketrans("\u2010\u2011\u2012", "---")
_GAP = re.compile(r"[^\S\n\f](?:[^\S\n\f]+|(?<! ))")  # all white space but single plain spaces, which stay


def clean(text: str) -> str:
    """Text with plain line breaks, hyphens and spaces (two for a wide gap), without what cannot be seen, as NFC."""
    text = _LINE_BREAK.sub("\n", text).translate(_HYPHENS)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _GAP.sub(lambda gap: " " if len(gap[0]) == 1 and gap[0] != "\t" else COLUMN_GAP, text)


def split_token(token: Token) -> list[Token]:
    """The words of a token, its box divided among them by their characters."""
    text = clean(token.text)
    words = list(re.finditer(r"\S+", text))
    if len(words) == 1 and len(words[0][0]) == len(text):
        return [Token(text, token.box, token.confidence)]
    return [Token(w[0], _part(token.box, w.span(), len(text)), token.confidence) for w in words]


def _part(box: Box | None, span: tuple[int, int], length: int) -> Box | None:
    if box is None:
        return None
    step = box.width / length
    return Box(box.x0 + span[0] * step, box.y0, box.x0 + span[1] * step, box.y1)


def text_layout(text: str) -> PageLayout:
    """A page of plain text: its lines as they are, a blank line without cells."""
    lines = (line.strip() for line in clean(text).strip().splitlines())
    return PageLayout([[[Token(cell)] for cell in line.split(COLUMN_GAP) if cell] for line in lines])


def without_header(text: str) -> str:
    """Text without the "OCR_TEXT:" line at its top and the white space around it."""
    header = _HEADER.match(text)
    return (text[header.end() :] if header else text).strip()


def served_text(text: str) -> str:
    """`Document.from_text(text).text`, without the places of the words and so many times faster.

    Empty where that raises `EmptyDocument`.
    """
    pages = without_header(clean(text)).split("\f")
    lines = (line for page in pages for line in map(str.strip, page.strip().splitlines() or [""]))
    served = "\n".join(lines)
    return served if served.strip() else ""


class _Writer:
    """Writes pages one after the other into one text, and remembers where each word went."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def page(self, number: int, page: PageLayout) -> Page:
        if number > 1:
            self._put(PAGE_BREAK)
        start = self.length
        lines = []
        for index, cells in enumerate(page.lines):
            if index:
                self._put("\n")
            words = self._line(cells)
            if words:
                lines.append(Line(words))
        size = (page.width, page.height, page.unit)
        return Page(number, *size, tuple(lines), page.source, page.rotation, start, self.length)

    def _line(self, cells: Sequence[Sequence[Token]]) -> tuple[Word, ...]:
        words: list[Word] = []
        for cell in cells:
            gap = COLUMN_GAP
            for token in (word for part in cell for word in split_token(part)):
                if words:
                    self._put(gap)
                gap = " "
                start = self.length
                self._put(token.text)
                words.append(Word(token.text, start, self.length, token.box, token.confidence))
        return tuple(words)

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
