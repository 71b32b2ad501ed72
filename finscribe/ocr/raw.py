"""Older OCR output -> Document.

What is understood:

- text: a string, or a dict with `text`, `ocr_text`, `content`, `full_text` or `raw_text`;
- pages: a list, or a dict with `pages`, of any of these;
- words with boxes: a list, or a dict with `words`, `tokens`, `lines`, `blocks`, `results` or `items`, of
  dicts (`text` and a box) or of `[box, text, confidence]` and `[box, [text, confidence]]`. Words with boxes
  are put in reading order and preferred to a text beside them; words without are not;
- the table of words that pytesseract's `image_to_data` returns as a dict, a list a column;
- any of these as `raw_ocr` of a dict that says nothing else of them.

A box is four numbers, eight numbers, a polygon of points, or a dict (`x0 y0 x1 y1`, `left top right
bottom`, `x y width height`, `left top width height`). Four numbers are x0, y0, x1, y1 where that makes a
rectangle of every box of the page, else x, y, width, height; a page or document may say which with
`box_format` ("xyxy" or "xywh"). Where no number of a page exceeds 1, boxes are fractions of its size
(`width` and `height`, or `image_size`); without a size the page measures 1 by 1.
Confidences above 1 are percent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finscribe.documents import Box, Document, PageLayout, Token, Unit, check_text_size, surround, text_layout
from finscribe.errors import DocumentError
from finscribe.ocr.pictures import too_many_pages
from finscribe.ocr.reading_order import reading_order
from finscribe.ocr.tesseract import is_table, table_pages
from finscribe.settings import Settings

TEXT_KEYS = ("text", "ocr_text", "content", "full_text", "raw_text")
WORD_KEYS = ("words", "tokens", "lines", "blocks", "results", "items")
WORD_TEXT_KEYS = ("text", "word", "value", "content", "transcription")
BOX_KEYS = ("bbox", "box", "bounding_box", "boundingBox", "polygon", "points", "vertices", "quad", "geometry")
CONFIDENCE_KEYS = ("confidence", "conf", "score", "probability")
BOX_FORMATS = ("xyxy", "xywh")

_CORNERS = (("x0", "y0", "x1", "y1"), ("left", "top", "right", "bottom"), ("xmin", "ymin", "xmax", "ymax"))
_SIZES = (("x", "y", "width", "height"), ("x", "y", "w", "h"), ("left", "top", "width", "height"))


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    box: tuple[float, ...] | None
    settled: bool  # whether the four numbers are known to be x0, y0, x1, y1
    confidence: float | None


def read_raw_ocr(raw: object, source: str = "raw-ocr", *, settings: Settings | None = None) -> Document:
    """A document from older OCR output; raises DocumentError with the key that cannot be read."""
    settings = settings or Settings.from_environment()
    raw = _unwrapped(raw)
    if isinstance(raw, str):
        return Document.from_text(raw, source, settings=settings)
    if not isinstance(raw, Mapping | list | tuple):
        raise _unreadable("raw_ocr", "text, an object or a list", raw)
    return Document.assemble(_within_limit(_pages(raw), source, settings), source)


def _unwrapped(raw: object) -> object:
    while isinstance(raw, Mapping) and raw.get("raw_ocr") is not None and not _says_something(raw):
        raw = raw["raw_ocr"]
    return raw


def _says_something(raw: Mapping[str, Any]) -> bool:
    return any(raw.get(key) is not None for key in ("pages", *TEXT_KEYS, *WORD_KEYS))


def _within_limit(pages: Sequence[tuple[str, Any]], source: str, settings: Settings) -> Iterator[PageLayout]:
    if len(pages) > settings.max_pages:
        raise too_many_pages(source, len(pages), settings)
    size = 0
    for where, page in pages:
        layout = _page(page, where)
        size += sum(len(token.text) + 1 for line in layout.lines for cell in line for token in cell)
        check_text_size(source, size, settings)
        yield layout


def _pages(raw: Any) -> list[tuple[str, Any]]:
    if isinstance(raw, Mapping):
        if is_table(raw):
            return _pages({"pages": table_pages(raw)})
        if raw.get("pages") is None or (_has_text(raw) and not isinstance(raw["pages"], list | tuple)):
            return [("raw_ocr", raw)]
        pages = _listed(raw["pages"], "raw_ocr.pages")
        inherited = {"box_format": raw["box_format"]} if "box_format" in raw else {}
        return [
            (f"raw_ocr.pages[{i}]", inherited | dict(p) if isinstance(p, Mapping) else p)
            for i, p in enumerate(pages)
        ]
    if raw and all(isinstance(p, str) or _is_page(p) for p in raw):
        return [(f"raw_ocr[{i}]", page) for i, page in enumerate(raw)]
    return [("raw_ocr", raw)]


def _is_page(value: object) -> bool:
    return isinstance(value, Mapping) and any(isinstance(value.get(key), list) for key in WORD_KEYS)


def _page(page: Any, where: str) -> PageLayout:
    if isinstance(page, str):
        return text_layout(page)
    if not isinstance(page, Mapping):
        return _boxed_page(_items(page, where), {}, where)
    key = next((key for key in WORD_KEYS if page.get(key)), None)
    if key is None or (_has_text(page) and not _has_boxes(page[key])):
        return text_layout(_text(page, where))
    items = _items(page[key], f"{where}.{key}")
    if any(item.box for item in items):
        return _boxed_page(items, page, where)
    return _words_page(items) if key == "words" else text_layout("\n".join(item.text for item in items))


def _has_text(page: Mapping[str, Any]) -> bool:
    return any(isinstance(page.get(key), str) and page[key].strip() for key in TEXT_KEYS)


def _has_boxes(words: Any) -> bool:
    if not isinstance(words, list | tuple):
        return False
    return any(
        any(word.get(key) is not None for key in BOX_KEYS) or _edges(word)
        if isinstance(word, Mapping)
        else not isinstance(word, str)
        for word in words
    )


def _text(page: Mapping[str, Any], where: str) -> str:
    for key in TEXT_KEYS:
        if isinstance(page.get(key), str):
            return str(page[key])
        if page.get(key) is not None:
            raise _unreadable(f"{where}.{key}", "text", page[key])
    if not page or any(key in page for key in WORD_KEYS):
        return ""
    keys = ", ".join(repr(str(key)) for key in list(page)[:8])
    raise DocumentError(
        f"{where}: none of the keys {keys} is known",
        hint=f"Give the text as {TEXT_KEYS[0]!r}, or words with boxes as {WORD_KEYS[0]!r}.",
    )


def _words_page(items: Sequence[_Item]) -> PageLayout:
    tokens = [Token(item.text, None, sure) for item, sure in zip(items, _confidences(items), strict=True)]
    return PageLayout([[tokens]], source="ocr")


def _boxed_page(items: Sequence[_Item], page: Mapping[str, Any], where: str) -> PageLayout:
    boxes = _boxes(items, _box_format(page, where))
    known = [box for box in boxes if box]
    edges = surround(known) if known else Box(0, 0, 0, 0)
    fractions = bool(known) and edges.x1 <= 1.0 and edges.y1 <= 1.0
    size = _size(page, where)
    width, height = size or ((1.0, 1.0) if fractions else (edges.x1, edges.y1))
    if fractions:
        boxes = [b and Box(b.x0 * width, b.y0 * height, b.x1 * width, b.y1 * height) for b in boxes]
    texts = [item.text for item in items]
    tokens = [Token(*token) for token in zip(texts, boxes, _confidences(items), strict=True)]
    unit: Unit | None = None if fractions and size is None else "px"
    return PageLayout(reading_order(tokens), width, height, unit, "ocr")


def _confidences(items: Sequence[_Item]) -> list[float | None]:
    """Confidences from 0 to 1; where one is above 1, all are percent."""
    found = [item.confidence for item in items]
    whole = 100 if any(sure is not None and sure > 1.0 for sure in found) else 1
    return [None if sure is None else min(1.0, max(0.0, sure / whole)) for sure in found]


def _box_format(page: Mapping[str, Any], where: str) -> str | None:
    said = page.get("box_format")
    if said is not None and said not in BOX_FORMATS:
        raise _unreadable(f"{where}.box_format", '"xyxy" or "xywh"', said)
    return said


def _boxes(items: Sequence[_Item], said: str | None) -> list[Box | None]:
    open_ones = [item.box for item in items if item.box and not item.settled]
    corners = all(box[2] >= box[0] and box[3] >= box[1] for box in open_ones)
    as_corners = corners if said is None else said == "xyxy"
    return [_box(item.box, item.settled or as_corners) if item.box else None for item in items]


def _box(numbers: tuple[float, ...], corners: bool) -> Box:
    a, b, c, d = numbers
    x1, y1 = (c, d) if corners else (a + c, b + d)
    return Box(min(a, x1), min(b, y1), max(a, x1), max(b, y1))


def _size(page: Mapping[str, Any], where: str) -> tuple[float, float] | None:
    if page.get("width") and page.get("height"):
        return _length(page["width"], f"{where}.width"), _length(page["height"], f"{where}.height")
    if page.get("image_size"):
        sides = _listed(page["image_size"], f"{where}.image_size")
        if len(sides) == 2:
            return _length(sides[0], f"{where}.image_size[0]"), _length(sides[1], f"{where}.image_size[1]")
        raise _unreadable(f"{where}.image_size", "width and height", page["image_size"])
    return None


def _length(value: Any, where: str) -> float:
    length = _number(value, where)
    if length <= 0:
        raise _unreadable(where, "a length above 0", value)
    return length


def _items(values: Any, where: str) -> list[_Item]:
    items = [_item(value, f"{where}[{i}]") for i, value in enumerate(_listed(values, where))]
    return [item for item in items if item.text.strip()]


def _item(value: Any, where: str) -> _Item:
    if isinstance(value, str):
        return _Item(value, None, False, None)
    if isinstance(value, Mapping):
        return _item_of_dict(value, where)
    if isinstance(value, list | tuple) and len(value) >= 2:
        return _item_of_list(value, where)
    raise _unreadable(where, "a word with its box", value)


def _item_of_dict(value: Mapping[str, Any], where: str) -> _Item:
    key = next((key for key in WORD_TEXT_KEYS if key in value), None)
    if key is None or not isinstance(value[key], str):
        raise _unreadable(f"{where}.{key or WORD_TEXT_KEYS[0]}", "text", value.get(key or ""))
    box_key = next((key for key in BOX_KEYS if value.get(key) is not None), None)
    numbers, settled = None, False
    if box_key is not None:
        numbers, settled = _numbers(value[box_key], f"{where}.{box_key}")
    elif edges := _edges(value):
        numbers, settled = edges, True
    sure = next((key for key in CONFIDENCE_KEYS if value.get(key) is not None), None)
    confidence = None if sure is None else _number(value[sure], f"{where}.{sure}")
    return _Item(value[key], numbers, settled, confidence)


def _item_of_list(value: Sequence[Any], where: str) -> _Item:
    box, text = value[0], value[1]
    sure = value[2] if len(value) > 2 else None
    if isinstance(text, list | tuple) and len(text) == 2:
        text, sure = text
    if not isinstance(text, str):
        raise _unreadable(f"{where}[1]", "text", text)
    numbers, settled = _numbers(box, f"{where}[0]")
    return _Item(text, numbers, settled, None if sure is None else _number(sure, f"{where}[2]"))


def _numbers(box: Any, where: str) -> tuple[tuple[float, ...], bool]:
    """Four numbers, and whether they are known to be x0, y0, x1, y1."""
    if isinstance(box, Mapping):
        return _numbers_of_dict(box, where), True
    values = _listed(box, where)
    if len(values) == 4 and not isinstance(values[0], Mapping | list | tuple):
        return tuple(_number(v, f"{where}[{i}]") for i, v in enumerate(values)), False
    points = [values[i : i + 2] for i in range(0, len(values), 2)] if len(values) == 8 else values
    xs, ys = zip(*(_point(point, where) for point in points), strict=True) if len(points) > 1 else ((), ())
    if not xs:
        raise _unreadable(where, "4 numbers, 8 numbers or points", box)
    return (min(xs), min(ys), max(xs), max(ys)), True


def _edges(word: Mapping[str, Any]) -> tuple[float, ...] | None:
    """The edges of a word's box that stand beside its text; None where they are no numbers or have no area."""
    for keys in (*_CORNERS, *_SIZES):
        if all(isinstance(word.get(key), int | float | Decimal) for key in keys):
            a, b, c, d = _numbers_of_dict({key: word[key] for key in keys}, "")
            return (a, b, c, d) if c > a and d > b else None
    return None


def _numbers_of_dict(box: Mapping[str, Any], where: str) -> tuple[float, ...]:
    for keys in (*_CORNERS, *_SIZES):
        if all(key in box for key in keys):
            a, b, c, d = (_number(box[key], f"{where}.{key}") for key in keys)
            return (a, b, a + c, b + d) if keys in _SIZES else (a, b, c, d)
    raise _unreadable(where, "x0, y0, x1, y1 or x, y, width, height", dict(box))


def _point(point: Any, where: str) -> tuple[float, float]:
    if isinstance(point, Mapping):
        return _number(point.get("x", 0), f"{where}.x"), _number(point.get("y", 0), f"{where}.y")
    if isinstance(point, list | tuple) and len(point) == 2:
        return _number(point[0], where), _number(point[1], where)
    raise _unreadable(where, "points of two numbers", point)


def _number(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise _unreadable(where, "a number", value) from None
    if not abs(number) < 1e9:
        raise _unreadable(where, "a number of a page's size", value)
    return number


def _listed(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise _unreadable(where, "a list", value)
    return value


def _unreadable(where: str, expected: str, found: object) -> DocumentError:
    shown = repr(found)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return DocumentError(
        f"{where}: expected {expected}, found {shown}", hint=f"Correct {where}, or send text only."
    )
