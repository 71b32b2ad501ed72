"""Older OCR output in the shapes in which it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.documents import Box, Document
from finscribe.errors import DocumentError, DocumentTooLarge, EmptyDocument
from finscribe.settings import Settings

EXPECTED = "Invoice  INV-1\nTotal  20.00"
CORNERS = {
    "Invoice": (10, 10, 60, 22),
    "INV-1": (200, 10, 240, 22),
    "Total": (10, 40, 50, 52),
    "20.00": (200, 40, 240, 52),
}


def polygon(box: tuple[int, int, int, int]) -> list[list[int]]:
    x0, y0, x1, y1 = box
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


def xywh(box: tuple[int, int, int, int]) -> list[int]:
    return [box[0], box[1], box[2] - box[0], box[3] - box[1]]


def with_boxes(key: str, shape: object) -> dict[str, object]:
    return {"words": [{"text": text, key: shape(box)} for text, box in CORNERS.items()]}  # type: ignore[operator]


@pytest.mark.parametrize(
    "raw",
    [
        with_boxes("bbox", list),
        with_boxes("box", xywh),
        with_boxes("polygon", polygon),
        with_boxes("bounding_box", lambda box: [n for point in polygon(box) for n in point]),
        with_boxes("vertices", lambda box: [{"x": x, "y": y} for x, y in polygon(box)]),
        with_boxes("bbox", lambda box: dict(zip(("x0", "y0", "x1", "y1"), box, strict=True))),
        with_boxes("bbox", lambda box: dict(zip(("left", "top", "width", "height"), xywh(box), strict=True))),
        [[polygon(box), (text, 0.9)] for text, box in CORNERS.items()],
        [[polygon(box), text, 0.9] for text, box in CORNERS.items()],
        {"pages": [with_boxes("bbox", list)]},
        with_boxes("bbox", list) | {"text": "something else"},
    ],
)
def test_boxes_of_every_shape_are_put_in_reading_order(raw: object) -> None:
    document = Document.from_raw_ocr(raw)
    assert document.text == EXPECTED
    assert next(document.words).box == Box(10, 10, 60, 22)
    assert document.pages[0].unit == "px"


@pytest.mark.parametrize("key", ["text", "ocr_text", "content", "full_text", "raw_text"])
def test_text_is_found_under_its_usual_keys(key: str) -> None:
    assert Document.from_raw_ocr({key: "Total\t20.00", "engine": "old"}).text == "Total  20.00"
    assert Document.from_raw_ocr("Total  20.00").text == "Total  20.00"


def table(**columns: list[object]) -> dict[str, object]:
    """What pytesseract returns for two words on each of two pages, and one that it is not sure of."""
    rows = [
        (1, 1, 0, 0, 300, 200, -1, ""),
        (4, 1, 10, 10, 230, 12, -1, ""),
        (5, 1, 10, 10, 50, 12, "96.5", "Invoice"),
        (5, 1, 200, 10, 40, 12, 91, "INV-1"),
        (5, 1, 250, 10, 4, 12, 12, "~"),
        (1, 2, 0, 0, 300, 200, -1, ""),
        (5, 2, 10, 40, 40, 12, 95.0, "Total"),
        (5, 2, 200, 40, 40, 12, 90, "20.00"),
    ]
    names = ("level", "page_num", "left", "top", "width", "height", "conf", "text")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) | columns


def test_the_table_of_tesseract_is_read_page_by_page() -> None:
    document = Document.from_raw_ocr(table())
    assert document.text == EXPECTED
    first = next(document.words)
    assert (first.box, first.confidence) == (Box(10, 10, 60, 22), 0.965)
    assert [(page.width, page.height, page.unit) for page in document.pages] == [(300, 200, "px")] * 2


def test_a_table_without_levels_and_confidences_is_all_words() -> None:
    columns = {key: column for key, column in table().items() if key in ("left", "top", "width", "height")}
    document = Document.from_raw_ocr(columns | {"text": ["", "", "a", "b", "c", "", "d", "e"]})
    assert Document.from_raw_ocr(table(tags=["old"])).text == EXPECTED
    assert sorted(word.text for word in document.words) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (table(text=["Total"]), r"raw_ocr: columns of different lengths \(.*text 1\)"),
        (table(conf=["high"] * 8), r"raw_ocr\.pages\[0\]\.words\[0\]\.confidence: expected a number"),
        (table(text=[7] * 8), r"raw_ocr\.pages\[0\]\.words\[0\]\.text: expected text"),
        (table(left=["x"] * 8), r"raw_ocr\.pages\[0\]\.words\[0\]\.box\.left: expected a number"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(raw: object, where: str) -> None:
    with pytest.raises(DocumentError, match=where):
        Document.from_raw_ocr(raw)


@pytest.mark.parametrize(
    "raw", ["Total", {"text": "Total"}, ["Total"], {"raw_ocr": {"words": ["Total"]}}, {"content": "Total"}]
)
def test_older_output_may_be_wrapped(raw: object) -> None:
    assert Document.from_raw_ocr({"raw_ocr": raw, "doc_id": "a"}).text == "Total"


def test_a_text_beside_the_wrapped_output_goes_before_it() -> None:
    assert Document.from_raw_ocr({"raw_ocr": {"text": "old"}, "text": "new"}).text == "new"


def test_pages_may_be_text_or_words() -> None:
    raw = {"pages": ["first page", {"text": "second"}, {"words": [{"text": "third"}, {"text": "page"}]}, {}]}
    document = Document.from_raw_ocr(raw)
    assert document.text == "first page\nsecond\nthird page\n"
    assert len(document.pages) == 4
    assert Document.from_raw_ocr(["one", "two"]).text == "one\ntwo"


@pytest.mark.parametrize("beside", [{"pages": 2}, {"words": 2}, {"words": ["Total", "20.00"]}, {"lines": []}])
def test_a_text_is_preferred_to_words_without_boxes(beside: dict[str, object]) -> None:
    assert Document.from_raw_ocr({"text": "Total\n20.00"} | beside).text == "Total\n20.00"


def test_lines_without_boxes_stay_lines() -> None:
    assert Document.from_raw_ocr({"lines": [{"text": "a b"}, "c"]}).text == "a b\nc"


def test_fractions_are_scaled_to_the_size_of_the_page() -> None:
    raw = {"width": 1000, "height": 2000, "words": [{"text": "Total", "bbox": [0.1, 0.2, 0.3, 0.21]}]}
    document = Document.from_raw_ocr(raw)
    assert next(document.words).box == Box(100, 400, 300, 420)
    assert (document.pages[0].width, document.pages[0].height) == (1000, 2000)


def test_fractions_without_a_size_measure_the_page_as_one() -> None:
    page = Document.from_raw_ocr({"words": [{"text": "Total", "bbox": [0.1, 0.2, 0.3, 0.21]}]}).pages[0]
    assert (page.width, page.height, page.unit) == (1.0, 1.0, None)


def test_a_box_format_that_is_said_is_believed() -> None:
    raw = {"box_format": "xywh", "words": [{"text": "Total", "bbox": [10, 10, 60, 20]}]}
    assert next(Document.from_raw_ocr(raw).words).box == Box(10, 10, 70, 30)
    assert next(Document.from_raw_ocr({"box_format": "xywh", "pages": [raw["words"]]}).words).text == "Total"


def test_percent_become_shares() -> None:
    bare = [{"text": "a", "conf": 96}, {"text": "b", "conf": 50}, {"text": "c"}]
    boxed = [word | {"bbox": [20 * i, 0, 20 * i + 9, 9]} for i, word in enumerate(bare)]
    for words in (bare, boxed):
        document = Document.from_raw_ocr({"words": words})
        assert [word.confidence for word in document.words] == [0.96, 0.5, None]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (None, "raw_ocr: expected text, an object or a list, found None"),
        (12, "raw_ocr: expected"),
        ({"lines_of_text": 1}, "raw_ocr: none of the keys 'lines_of_text' is known"),
        ({"text": 12}, r"raw_ocr\.text: expected text, found 12"),
        ({"pages": "one"}, r"raw_ocr\.pages: expected a list"),
        (
            {"pages": [{"words": [{"text": "a", "bbox": "x"}]}]},
            r"raw_ocr\.pages\[0\]\.words\[0\]\.bbox: expected a list",
        ),
        ({"words": [{"text": "a", "bbox": [1, 2, 3]}]}, r"raw_ocr\.words\[0\]\.bbox: expected"),
        (
            {"words": [{"text": "a", "bbox": [1, 2, "x", 4]}]},
            r"raw_ocr\.words\[0\]\.bbox\[2\]: expected a number",
        ),
        ({"words": [{"bbox": [1, 2, 3, 4]}]}, r"raw_ocr\.words\[0\]\.text: expected text"),
        ({"words": [{"text": "a", "bbox": {"x": 1}}]}, r"raw_ocr\.words\[0\]\.bbox: expected x0"),
        ({"words": [{"text": "a", "conf": "high"}]}, r"raw_ocr\.words\[0\]\.conf: expected a number"),
        ({"words": [{"text": "a", "bbox": [0, 0, float("nan"), 1]}]}, r"raw_ocr\.words\[0\]\.bbox\[2\]"),
        ({"box_format": "yxyx", "words": [{"text": "a", "bbox": [1, 2, 3, 4]}]}, r"raw_ocr\.box_format"),
    ],
)
def test_what_cannot_be_read_is_named(raw: object, where: str) -> None:
    with pytest.raises(DocumentError, match=where) as caught:
        Document.from_raw_ocr(raw)
    assert caught.value.hint


@pytest.mark.parametrize("raw", ["", {}, [], {"text": " "}, {"words": []}, {"pages": []}])
def test_nothing_is_an_empty_document(raw: object) -> None:
    with pytest.raises(EmptyDocument):
        Document.from_raw_ocr(raw)


def test_the_limits_hold_for_older_output_too() -> None:
    settings = Settings(max_pages=2, max_text_bytes=10)
    for raw in (["a", "b", "c"], "more than ten", {"words": [{"text": "more"}, {"text": "than ten"}]}):
        with pytest.raises(DocumentTooLarge):
            Document.from_raw_ocr(raw, settings=settings)


NAMES = st.sampled_from(
    "text words pages bbox box lines conf width height left top level page_num raw_ocr".split()
)
SCALARS = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=5) | st.dictionaries(NAMES, v, max_size=4), max_leaves=20
)


@given(JSON)
def test_any_json_is_a_document_or_a_document_error(raw: object) -> None:
    try:
        document = Document.from_raw_ocr(raw)
    except DocumentError:
        return
    assert all(document.text[word.start : word.end] == word.text for word in document.words)


@pytest.mark.parametrize(
    "edges", [("x0", "y0", "x1", "y1", 10, 10, 50, 20), ("left", "top", "width", "height", 10, 10, 40, 10)]
)
def test_the_edges_of_a_box_may_stand_beside_its_text(edges: tuple[object, ...]) -> None:
    word = {"text": "Total", **dict(zip(edges[:4], edges[4:], strict=True))}
    lower = {"text": "9.00", **dict(zip(edges[:4], edges[4:], strict=True))}
    for key in ("y0", "y1", "top"):
        if key in lower:
            lower[key] += 40
    page = Document.from_raw_ocr({"words": [lower, word]}).pages[0]
    assert [line.words[0].text for line in page.lines] == ["Total", "9.00"]
    assert page.lines[0].words[0].box == Box(10, 10, 50, 20)


def test_a_page_has_a_size_above_nothing() -> None:
    with pytest.raises(DocumentError, match="a length above 0"):
        Document.from_raw_ocr({"words": [{"text": "A", "bbox": [0, 0, 1, 1]}], "width": -5, "height": 9})
