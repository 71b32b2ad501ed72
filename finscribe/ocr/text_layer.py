"""The words that a digital PDF page carries, with boxes in points, and whether they can be trusted.

Call with `finscribe.ocr.pdf.PDFIUM` held: PDFium is not thread-safe.
"""

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from finscribe.documents import Box, PageLayout, Token, surround
from finscribe.ocr.reading_order import reading_order

WORTHWHILE = 40  # characters from which a text layer counts without looking at the rest of the page
MOST_UNMAPPED = 0.1  # share of characters that are replacement, private or control characters
FEWEST_LETTERS = 0.4  # share of letters and digits below which glyphs were mapped at random
SCANNED_AREA = 0.3  # share of the page that a picture covers when there is little text
MANY_PATHS = 200  # drawn outlines: text turned into curves
WORD_GAP = 0.1  # heights of a line; a wider gap ends a word though no space is written
SUBPIXELS = 64  # PDFium maps to whole device units; so many to a point
HYPHENS = "\x02\xad"  # PDFium's for one at the end of a line, and what some fonts map theirs to
PAGE_AREA = 0.9  # share of the page that a picture covers when it is the page
FEWEST_OF_A_PAGE = 150  # characters below which text over such a picture is a stamp or an annotation on it


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    box: Box  # as the page is shown
    quarter: int  # direction of writing in quarter turns clockwise, as the page is shown


@dataclass(frozen=True, slots=True)
class _View:
    """Maps the coordinates in which a page is written to those in which it is shown."""

    page: Any
    width: float
    height: float
    turn: int  # /Rotate in quarter turns

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        corners = [self._point(left, bottom), self._point(right, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        to_x, to_y = ctypes.c_int(), ctypes.c_int()
        size = (round(self.width * SUBPIXELS), round(self.height * SUBPIXELS))
        pdfium.FPDF_PageToDevice(self.page, 0, 0, *size, 0, x, y, to_x, to_y)
        return to_x.value / SUBPIXELS, to_y.value / SUBPIXELS


def read_text_layer(page: Any) -> PageLayout | None:
    """The words of a pypdfium2 page in reading order; None where the page should be read by OCR."""
    width, height = page.get_size()
    view = _View(page, width, height, page.get_rotation() // 90)
    words = [word for word in _words(_chars(page, view)) if _visible(word, view)]
    text = "".join(char.text for word in words for char in word)
    if not is_good(text) or _is_picture(page, view, len(text)):
        return None
    quarter = Counter(char.quarter for word in words for char in word).most_common(1)[0][0] if words else 0
    turn = -quarter % 4
    return PageLayout(
        _ordered(words, turn, view),
        *((width, height) if turn % 2 == 0 else (height, width)),
        unit="pt",
        source="text-layer",
        rotation=turn * 90,
    )


def is_good(text: str) -> bool:
    """Whether a text layer says what its page shows: mapped to real characters, letters among them."""
    if not text:
        return True
    unmapped = sum(char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc") for char in text)
    letters = sum(char.isalnum() for char in text)
    return unmapped <= MOST_UNMAPPED * len(text) and letters >= FEWEST_LETTERS * len(text)


def _chars(page: Any, view: _View) -> list[_Char | None]:
    """The page's characters in the order of its content; None for white space."""
    text_page = page.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(text_page)
        return [_char(text_page, index, view) for index in range(count)]
    finally:
        text_page.close()


def _char(text_page: Any, index: int, view: _View) -> _Char | None:
    code = pdfium.FPDFText_GetUnicode(text_page, index)
    text = chr(code) if code < 0x110000 else "\ufffd"
    text = "-" if text in HYPHENS else text
    rectangle = pdfium.FS_RECTF()
    if not text.strip("\0") or text.isspace():
        return None
    if not pdfium.FPDFText_GetLooseCharBox(text_page, index, rectangle):
        return None
    place = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    angle = pdfium.FPDFText_GetCharAngle(text_page, index)  # radians, clockwise, as written
    if not all(map(math.isfinite, (*place, angle))):
        return None
    return _Char(text, view.box(*place), (view.turn + round(angle / (math.pi / 2))) % 4)


def _words(chars: list[_Char | None]) -> list[list[_Char]]:
    words: list[list[_Char]] = []
    before: _Char | None = None
    for char in chars:
        if char is not None and before is not None and _joins(before, char):
            words[-1].append(char)
        elif char is not None:
            words.append([char])
        before = char
    return words


def _joins(before: _Char, char: _Char) -> bool:
    """Whether a character goes on with the word: same direction, same line, next to the one before."""
    if before.quarter != char.quarter:
        return False
    one, other = (_laid(c.box, -c.quarter % 4, 0.0, 0.0) for c in (before, char))
    size = min(one.height, other.height)
    level = abs(one.y0 + one.y1 - other.y0 - other.y1) < size
    gap = max(other.x0 - one.x1, one.x0 - other.x1)  # negative for the letters of a ligature
    return level and gap < WORD_GAP * max(one.height, other.height)


def _visible(word: list[_Char], view: _View) -> bool:
    box = surround([char.box for char in word])
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return 0 <= x <= view.width and 0 <= y <= view.height


def _ordered(words: list[list[_Char]], turn: int, view: _View) -> list[list[list[Token]]]:
    """Lines of the words that lie once the page is turned; then those that stand, each way of them."""
    lines: list[list[list[Token]]] = []
    for way in range(4):
        standing = [word for word in words if (word[0].quarter + turn) % 4 == way]
        tokens = [_token(word, (turn - way) % 4, view) for word in standing]
        lines += [
            [[_turned(token, turn, way, view) for token in cell] for cell in line]
            for line in reading_order(tokens)
        ]
    return lines


def _token(word: list[_Char], turn: int, view: _View) -> Token:
    text = unicodedata.normalize("NFC", "".join(char.text for char in word))
    box = surround([char.box for char in word])
    return Token(text, _laid(box, turn, view.width, view.height))


def _turned(token: Token, turn: int, way: int, view: _View) -> Token:
    """A token that was laid to be read, as it stands on the page after its turn."""
    if way == 0 or token.box is None:
        return token
    laid_sideways = (turn - way) % 2 == 1
    size = (view.height, view.width) if laid_sideways else (view.width, view.height)
    return Token(token.text, _laid(token.box, way, *size))


def _laid(box: Box, turn: int, width: float, height: float) -> Box:
    """The box after the page of this size is turned by so many quarters clockwise."""
    if turn == 1:
        return Box(height - box.y1, box.x0, height - box.y0, box.x1)
    if turn == 2:
        return Box(width - box.x1, height - box.y1, width - box.x0, height - box.y0)
    if turn == 3:
        return Box(box.y0, width - box.x1, box.y1, width - box.x0)
    return box


def _is_picture(page: Any, view: _View, characters: int) -> bool:
    """Whether what the page says is in pictures or curves, and its few characters are not all of it."""
    if characters >= FEWEST_OF_A_PAGE:
        return False
    objects = list(page.get_objects(max_depth=4))
    area = sum(_area(item) for item in objects if item.type == pdfium.FPDF_PAGEOBJ_IMAGE)
    paths = sum(item.type in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING) for item in objects)
    most = PAGE_AREA if characters >= WORTHWHILE else SCANNED_AREA
    return area > most * view.width * view.height or (characters < WORTHWHILE and paths > MANY_PATHS)


def _area(item: Any) -> float:
    left, bottom, right, top = (float(edge) for edge in item.get_bounds())
    return max(0.0, right - left) * max(0.0, top - bottom)
