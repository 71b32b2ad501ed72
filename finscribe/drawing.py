"""Pages as pictures with a box around every value: what a person looks at to check an extraction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finscribe.documents import Box, Document, Page, page_image
from finscribe.invoice import LINES, row_and_cell
from finscribe.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from finscribe.evidence import Evidence

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "vendor": (31, 119, 180),
    "client": (148, 103, 189),
    "line_items": (44, 140, 60),
    "financial_summary": (214, 39, 40),
    "payment": (23, 140, 150),
}
"""Colour of a field's block; the other fields of the document have `HEADER_COLOUR`."""
HEADER_COLOUR: Colour = (200, 100, 0)

DPI = 150
_FILL = 36  # opacity of a box, 0 to 255
_MARGIN = 2  # pixels around the words
_LABEL = 1 / 110  # text height in page widths
_LABEL_SIZES = (9, 28)  # pixels


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw on a page, in page units; a value over several lines is labelled at its first only."""

    path: str
    page: int
    box: Box
    label: str = ""

    @property
    def colour(self) -> Colour:
        """The colour of the field's block."""
        block = LINES if row_and_cell(self.path) else self.path.partition(".")[0]
        return COLOURS.get(block, HEADER_COLOUR)


def draw_pages(
    document: Document,
    evidence: Mapping[str, Evidence],
    source: str | Path | bytes,
    *,
    settings: Settings | None = None,
) -> Iterator[Image]:
    """Every page as an RGB picture, PDFs at 150 dpi; raises DocumentError, for text too: it has no picture.

    `source` is the file or the bytes that the document was read from.
    """
    marks = [mark for found in evidence.values() for mark in marks_of(found, document)]
    for page in document.pages:
        image = page_image(source, page.number, DPI, rotation=page.rotation, settings=settings)
        yield draw_marks(image, page, [mark for mark in marks if mark.page == page.number])


def marks_of(evidence: Evidence, document: Document) -> list[Mark]:
    """The boxes of a value's likeliest place; none where it is null, inferred or not on a page."""
    parts = evidence.places[0] if evidence.places else ()
    boxes = [spot for part in parts for spot in document.locate(part.start, part.end)]
    labels = [label_of(evidence.path), *[""] * len(boxes)]
    return [Mark(evidence.path, page, box, label) for (page, box), label in zip(boxes, labels, strict=False)]


def label_of(path: str) -> str:
    """A field's name in a few letters: `vendor.tax_id` is "vendor tax id", `line_items[0].qty` "1 qty".

    Below the first line of a table there is little room: only descriptions have one, their line's number.
    """
    block, _, name = path.rpartition(".")
    name = name.replace("_", " ")
    if place := row_and_cell(path):
        row, _ = place
        return f"1 {name}" if row == 0 else str(row + 1) if name == "desc" else ""
    return f"{block} {name}" if block in ("vendor", "client") else name


def draw_marks(image: Image, page: Page, marks: Iterable[Mark]) -> Image:
    """A copy of the page's picture with the marks on it; boxes are scaled from page units to pixels."""
    from PIL import Image as Images
    from PIL import ImageDraw, ImageFont

    scale = image.width / (page.width or image.width)
    layer = Images.new("RGBA", image.size, (255, 255, 255, 0))
    least, most = _LABEL_SIZES
    font = ImageFont.load_default(size=min(most, max(least, image.width * _LABEL)))
    words = [word.box.scaled(scale) for line in page.lines for word in line.words if word.box]
    pen = _Pen(ImageDraw.Draw(layer), font, image.size, words)
    scaled = [(mark, mark.box.scaled(scale)) for mark in marks]
    for mark, box in scaled:
        pen.box(box, mark.colour)
    for mark, box in scaled:
        if mark.label:
            pen.label(box, mark.label, mark.colour)
    return Images.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


class _Pen:
    """Draws boxes, and labels where they hide as little as can be."""

    def __init__(self, draw: Any, font: Any, size: tuple[int, int], words: Iterable[Box]) -> None:
        self._draw = draw
        self._font = font
        self._width, self._height = size
        self._taken = list(words)

    def box(self, box: Box, colour: Colour) -> None:
        edges = (box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 + _MARGIN, box.y1 + _MARGIN)
        self._draw.rectangle(edges, fill=(*colour, _FILL), outline=(*colour, 255), width=2)

    def label(self, box: Box, text: str, colour: Colour) -> None:
        place = self._place(box, self._size(text))
        self._taken.append(place)
        self._draw.rectangle((place.x0, place.y0, place.x1, place.y1), fill=(*colour, 225))
        middle = ((place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2)
        self._draw.text(middle, text, font=self._font, fill="white", anchor="mm")

    def _size(self, text: str) -> tuple[float, float]:
        left, _, right, _ = self._font.getbbox(text)
        _, top, _, bottom = self._font.getbbox("Ag")
        return right - left + 6, bottom - top + 4

    def _place(self, box: Box, size: tuple[float, float]) -> Box:
        """Above the box, to its right or left, or below it: the first of these that hides least."""
        width, height = size
        above, below = box.y0 - _MARGIN - height, box.y1 + _MARGIN
        right, left = box.x1 + 2 * _MARGIN, box.x0 - 2 * _MARGIN - width
        middle = (box.y0 + box.y1 - height) / 2
        corners = ((box.x0, above), (right, middle), (left, middle), (box.x0, below))
        places = [self._inside(Box(x, y, x + width, y + height)) for x, y in corners]
        return min(places, key=lambda place: sum(_overlap(place, taken) for taken in self._taken))

    def _inside(self, box: Box) -> Box:
        x = min(max(box.x0, 0), max(self._width - box.width, 0))
        y = min(max(box.y0, 0), max(self._height - box.height, 0))
        return Box(x, y, x + box.width, y + box.height)


def _overlap(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0) * max(height, 0)
