"""RapidOCR, as it reads and as its lines are parted into words."""

from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from finscribe.documents import Box, Token, read_document
from finscribe.errors import MissingDependency
from finscribe.ocr import rapid
from finscribe.ocr.engine import choose_engine
from finscribe.ocr.scan import read_scan, turned

ROWS = ("Widget blue", "Gadget", "Cable 3 m")


def receipt() -> Image.Image:
    image = Image.new("RGB", (760, 330), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    draw.text((40, 20), "Invoice No: INV-2024-001", "black", font)
    for row, item in enumerate(ROWS):
        draw.text((40, 80 + 50 * row), "1", "black", font)
        draw.text((140, 80 + 50 * row), item, "black", font)
        draw.text((560, 80 + 50 * row), f"{row + 1}0.50", "black", font)
    draw.text((40, 260), "Grand total", "black", font)
    draw.text((560, 260), "61.50", "black", font)
    return image


def test_a_receipt_is_read_with_boxes_lone_figures_and_columns() -> None:
    page = read_scan(receipt(), choose_engine("rapidocr"))
    lines = ["  ".join(" ".join(token.text for token in cell) for cell in line) for line in page.lines]
    rows = [f"1  {item}  {row + 1}0.50" for row, item in enumerate(ROWS)]
    assert lines == ["Invoice No: INV-2024-001", *rows, "Grand total  61.50"]
    total = page.lines[-1][0][1]
    assert total.box is not None
    assert (total.box.x0, total.box.x1) == (pytest.approx(128, abs=15), pytest.approx(190, abs=15))
    assert 0.5 < (total.confidence or 0) <= 1.0


def test_a_receipt_upside_down_is_read_the_same() -> None:
    page = read_scan(turned(receipt().crop((0, 0, 400, 330)), 180), choose_engine("rapidocr"))
    assert page.rotation == 180
    assert len(page.lines) == 5


def test_a_blank_picture_has_no_words() -> None:
    assert choose_engine("rapidocr").read(Image.new("RGB", (100, 100), "white")) == []


@pytest.mark.parametrize(
    "size",
    [(1, 1), (3, 2), (31, 31), (40, 3), (20_000, 2), (2, 20_000), (3, 2_000), (30, 1_300), (1_300, 30),
     (50_000, 200), (200, 1_100), (460, 1_990), (700, 5_000), (1_500, 3_000), (6_000, 6_000)],
)  # fmt: skip
def test_the_detector_is_given_little_however_long_the_picture(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, ...]] = []

    def detect(pixels: np.ndarray) -> np.ndarray:
        seen.append(pixels.shape[2:])
        return np.zeros((1, 1, *pixels.shape[2:]), np.float32)

    engine = rapid.shared_engine()
    with engine._one() as ocr:
        monkeypatch.setattr(ocr._load_det_model(), "session", detect)
    assert engine.read(Image.new("RGB", size, "white")) == []
    legible = min(size) * min(1, 2000 / max(size)) >= 5
    assert len(seen) == legible
    assert all(480 <= min(shape) <= max(shape) <= 2016 for shape in seen)


def test_words_of_a_very_long_strip_lie_where_they_are_printed() -> None:
    image = Image.new("RGB", (400, 4200), "white")
    ImageDraw.Draw(image).text((30, 3900), "Total", "black", ImageFont.load_default(90))
    (word,) = choose_engine("rapidocr").read(image)
    assert word.text == "Total"
    assert word.box is not None
    assert (word.box.x0, word.box.x1) == (pytest.approx(35, abs=25), pytest.approx(250, abs=25))
    assert (word.box.y0, word.box.y1) == (pytest.approx(3915, abs=25), pytest.approx(3995, abs=25))


def test_pages_side_by_side_are_read_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    loads = []
    load = rapid._load
    monkeypatch.setattr(rapid, "_load", lambda: loads.append(1) or load())
    engine = rapid.RapidEngine()
    pictures = [receipt(), turned(receipt(), 180), receipt().crop((0, 0, 400, 330))]
    alone = [engine.read(picture) for picture in pictures]
    assert len(loads) == 1
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(engine.read, pictures * 3))
    assert together == alone * 3
    assert len(loads) == 2


def test_the_engine_is_loaded_once() -> None:
    assert choose_engine("rapidocr") is choose_engine("rapidocr")


def test_a_missing_package_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "find_spec", lambda name: None)
    with pytest.raises(MissingDependency) as caught:
        rapid.RapidEngine()
    assert caught.value.hint == "pip install rapidocr onnxruntime"


class Kind(Enum):
    CN = 0
    EN_NUM = 1


def line(text: str, columns: list[int], kind: Kind = Kind.EN_NUM) -> SimpleNamespace:
    """What RapidOCR knows of a line: its words as characters, and the column of each."""
    places = iter(columns)
    words = [list(word) for word in text.split()]
    word_cols = [[next(places) for _ in word] for word in words]
    return SimpleNamespace(words=words, word_cols=word_cols, word_types=[kind] * len(words), confs=[])


def words_of(info: SimpleNamespace) -> list[str]:
    return ["".join(word) for word in info.words]


def test_a_figure_and_a_letter_far_apart_are_two_words() -> None:
    info = line("4.50SR", [2, 4, 7, 10, 15, 18])
    rapid._split_at_gaps(info, pitch=0.165)
    assert words_of(info) == ["4.50", "SR"]
    assert info.word_cols == [[2, 4, 7, 10], [15, 18]]
    assert len(info.word_types) == 2


def test_a_number_is_not_parted_at_a_slightly_wider_gap() -> None:
    info = line("1,234.56", [2, 4, 7, 10, 13, 15, 20, 23])
    rapid._split_at_gaps(info, pitch=0.165)
    assert words_of(info) == ["1,234.56"]


def test_a_word_is_as_sure_as_its_least_sure_character() -> None:
    info = line("AB 12", [1, 2, 4, 5])
    info.confs = [0.9, 0.8, 0.1, 0.95, 0.7]
    assert rapid._word_confidences("AB 12", info) == [0.8, 0.7]


def test_characters_of_a_line_with_ideographs_keep_their_own_confidence() -> None:
    info = line("合计12", [1, 2, 3, 4], Kind.CN)
    info.confs = [0.9, 0.8, 0.7, 0.6]
    assert rapid._word_confidences("合计12", info) == [0.9, 0.8, 0.7, 0.6]


def square(x0: float, x1: float) -> list[list[float]]:
    return [[x0, 0], [x1, 0], [x1, 10], [x0, 10]]


def test_pieces_of_a_line_with_ideographs_run_on_within_a_word() -> None:
    whole = Token("合计 12", Box(0, 0, 50, 10), 0.9)
    pieces = [
        ("合", 0.9, square(0, 10)),
        ("计", 0.8, square(10, 20)),
        ("1", 0.9, square(30, 40)),
        ("2", 0.7, square(40, 50)),
    ]
    assert list(rapid._words(whole, pieces)) == [
        Token("合计", Box(0, 0, 20, 10), 0.8),
        Token("12", Box(30, 0, 50, 10), 0.7),
    ]


def test_pieces_that_do_not_add_up_are_replaced_by_proportional_boxes() -> None:
    words = list(rapid._words(Token("ab cd", Box(0, 0, 50, 10), 0.9), [("ab", 0.9, square(0, 20))]))
    assert [word.text for word in words] == ["ab", "cd"]
    assert words[1].box == Box(30, 0, 50, 10)


def test_full_width_signs_in_latin_lines_become_ascii() -> None:
    assert rapid._in_latin(Token("CB＃：69")).text == "CB#:69"
    assert rapid._in_latin(Token("合计：12")).text == "合计：12"


def test_a_picture_file_is_read_end_to_end(tmp_path: object) -> None:
    path = f"{tmp_path}/scan.png"
    receipt().crop((0, 0, 760, 70)).save(path)
    assert read_document(path).text == "Invoice No: INV-2024-001"
