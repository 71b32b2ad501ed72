"""RapidOCR: PP-OCR models on ONNX Runtime; the models come in its wheel, nothing is downloaded."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from itertools import accumulate, pairwise
from queue import SimpleQueue
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from finscribe.documents import Box, Token, split_token, surround
from finscribe.errors import MissingDependency
from finscribe.ocr.engine import pages_at_once
from finscribe.ocr.isolated import isolated_characters
from finscribe.ocr.strips import SHORT_SIDE, fitted
from finscribe.processors import usable_threads

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_CONFIDENCE = 0.5  # a line read with less is noise
SURE_FIGURE = 0.9
LEAST_GAP = 0.6  # of the line's height between two characters' middles, to be two words
CHARACTER_GAP = 2.0  # times the distance that is usual in the line
FIGURE_LETTER_GAP = 1.6  # the same between a figure and a letter

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_Piece = tuple[str, float, Any]  # text, confidence, polygon

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_shared: "RapidEngine | None" = None


def shared_engine() -> "RapidEngine":
    """The engine of this process, loaded on first use; raises MissingDependency."""
    global _shared
    with _lock:
        _shared = _shared or RapidEngine()
    return _shared


class RapidEngine:
    """PP-OCRv6 small, as a finscribe `Engine`; a copy of the models for each page that is read beside others."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[Any] = SimpleQueue()
        self._idle.put(_load())
        self._loading = threading.Semaphore(pages_at_once() - 1)  # copies that may still be made

    def read(self, image: "Image") -> list[Token]:
        """Words of an RGB picture, boxes in pixels; none where it is too thin for text."""
        import numpy as np

        found = fitted(image)
        if found is None:
            return []
        shown, factor = found
        pixels = np.ascontiguousarray(np.asarray(shown.convert("RGB"))[:, :, ::-1])
        grey = np.asarray(shown.convert("L"))
        with self._one() as ocr:
            tokens = _read(ocr, pixels, grey)
        return tokens if factor == 1 else [_scaled(token, factor) for token in tokens]

    @contextmanager
    def _one(self) -> Iterator[Any]:
        """A copy that nobody else uses meanwhile."""
        ocr = self._another() or self._idle.get()
        try:
            yield ocr
        finally:
            self._idle.put(ocr)

    def _another(self) -> Any:
        """A new copy where all are busy and one more is allowed; None where not, or where memory does not suffice."""
        if not (self._idle.empty() and self._loading.acquire(blocking=False)):
            return None
        try:
            return _load()
        except Exception:
            self._loading.release()
            logger.warning("There is no room for another copy of the OCR models", exc_info=True)
            return None


def _load() -> Any:
    """The models as RapidOCR runs them; raises MissingDependency."""
    if not (find_spec("rapidocr") and find_spec("onnxruntime")):
        raise MissingDependency("RapidOCR is not installed", hint="pip install rapidocr onnxruntime")
    from rapidocr import RapidOCR

    quiet = {"Global.log_level": "critical", "Global.text_score": 0.0, "Global.use_cls": False}
    boxes = {"Global.return_word_box": True, "Det.limit_side_len": SHORT_SIDE}
    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": usable_threads() // pages_at_once()}
    ocr = cast(Any, RapidOCR(params=quiet | boxes | threads))
    ocr.cal_rec_boxes = _with_better_words(ocr.cal_rec_boxes)
    return ocr


def _read(ocr: Any, pixels: Any, grey: Any) -> list[Token]:
    """Words of a picture given as BGR and as grey bytes."""
    found = ocr(pixels)
    if getattr(found, "txts", None) is None:
        return []
    lines = [_bounds(polygon) for polygon in found.boxes]
    pieces = found.word_results if len(found.word_results) == len(lines) else [()] * len(lines)
    words = [
        _in_latin(word)
        for box, text, score, parts in zip(lines, found.txts, found.scores, pieces, strict=True)
        if score >= LEAST_CONFIDENCE
        for word in _words(Token(text, box, float(score)), parts)
    ]
    return words + _lone_figures(ocr, pixels, isolated_characters(grey, lines))


def _lone_figures(ocr: Any, pixels: Any, boxes: Sequence[Box]) -> list[Token]:
    """Which of these places hold a figure; other ink so small is too often dirt."""
    if not boxes:
        return []
    read = ocr.recognize_txt([_crop(pixels, box) for box in boxes])
    return [
        Token(text, box, float(score))
        for box, text, score in zip(boxes, read.txts, read.scores, strict=True)
        if score >= SURE_FIGURE and text.isascii() and text.isdigit()
    ]


def _scaled(token: Token, factor: float) -> Token:
    return replace(token, box=token.box and token.box.scaled(factor))


def _crop(pixels: Any, box: Box) -> Any:
    margin = 0.3 * box.height
    top, left = max(0, int(box.y0 - margin)), max(0, int(box.x0 - margin))
    return pixels[top : int(box.y1 + margin) + 1, left : int(box.x1 + margin) + 1]


def _bounds(polygon: Sequence[Sequence[float]]) -> Box:
    xs, ys = [float(point[0]) for point in polygon], [float(point[1]) for point in polygon]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _words(line: Token, pieces: Sequence[_Piece]) -> Iterator[Token]:
    """The words of a line with the boxes of their pieces; in proportion where the pieces do not add up."""
    words = split_token(line)
    if "".join(word.text for word in words) != "".join(text for text, _, _ in pieces):
        yield from words
        return
    rest = iter(pieces)
    for word in words:
        taken: list[_Piece] = []
        while sum(len(text) for text, _, _ in taken) < len(word.text):
            taken.append(next(rest))
        if _is_ideographic(line.text):
            yield _token(taken)
        else:
            yield from (_token([piece]) for piece in taken)


def _token(pieces: Sequence[_Piece]) -> Token:
    text = "".join(text for text, _, _ in pieces)
    return Token(text, surround([_bounds(polygon) for _, _, polygon in pieces]), min(c for _, c, _ in pieces))


def _is_ideographic(text: str) -> bool:
    return any(ord(char) >= 0x2E80 for char in text)


def _in_latin(token: Token) -> Token:
    """Full-width signs, which the model reads into Latin lines, as ASCII; other lines as they are."""
    if any(0x2E80 <= ord(char) < 0xFF00 for char in token.text):
        return token
    return Token(token.text.translate(_FULL_WIDTH), token.box, token.confidence)


def _with_better_words(calculate: Callable[..., Any]) -> Callable[..., Any]:
    """Correct what RapidOCR's word boxes are computed from: words run together, and their confidences.

    RapidOCR 3.10 pairs the n-th word with the confidence of the n-th character.
    """

    def calculate_better(images: Any, boxes: Any, read: Any, single: bool = False) -> Any:
        for image, text, info in zip(images, read.txts, read.word_results, strict=True):
            if info.words and not _is_ideographic(text):
                _split_at_gaps(info, pitch=image.shape[1] / info.line_txt_len / image.shape[0])
            info.confs = _word_confidences(text, info)
        return calculate(images, boxes, read, single)

    return calculate_better


def _split_at_gaps(info: Any, pitch: float) -> None:
    """Part words where their characters stand apart as words do; `pitch` is a column in line heights."""
    columns = [column for word in info.word_cols for column in word]
    typical = median([b - a for a, b in pairwise(columns)] or [0])
    words: list[list[str]] = []
    places: list[list[int]] = []
    for word, columns in zip(info.words, info.word_cols, strict=True):
        cuts = [
            index + 1
            for index, (pair, (a, b)) in enumerate(zip(pairwise(word), pairwise(columns), strict=True))
            if _stands_apart(pair, b - a, typical, pitch)
        ]
        for start, end in pairwise([0, *cuts, len(word)]):
            words.append(word[start:end])
            places.append(columns[start:end])
    info.words, info.word_cols = words, places
    info.word_types = info.word_types[:1] * len(words)


def _stands_apart(pair: tuple[str, str], distance: float, typical: float, pitch: float) -> bool:
    figure_and_letter = pair[0].isdigit() != pair[1].isdigit() and pair[0].isalnum() and pair[1].isalnum()
    times = FIGURE_LETTER_GAP if figure_and_letter else CHARACTER_GAP
    return distance * pitch >= LEAST_GAP and distance >= times * typical


def _word_confidences(text: str, info: Any) -> list[float]:
    """The least sure character of each piece: of a word, or of a character in lines with ideographs."""
    printed = [float(c) for char, c in zip(text, info.confs, strict=False) if not char.isspace()]
    lengths = [len(word) for word in info.words]
    if any(kind.name != "EN_NUM" for kind in info.word_types):
        lengths = [1] * sum(lengths)
    ends = list(accumulate(lengths))
    return [min(printed[end - n : end], default=0.0) for n, end in zip(lengths, ends, strict=True)]
