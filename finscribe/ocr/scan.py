"""A picture of a page -> its words in order, the page turned upright first.

A page that reads well as it lies is read once. Otherwise a part of it is read in all four
orientations, and the page in the one that reads best.
"""

from typing import TYPE_CHECKING

from finscribe.documents import Box, PageLayout, Token, surround
from finscribe.ocr.engine import Engine
from finscribe.ocr.reading_order import reading_order

if TYPE_CHECKING:
    from PIL.Image import Image

READS_WELL = 0.85  # mean confidence of the characters
CLEARLY_BETTER = 1.15  # so many times as well as the page reads as it lies
SAMPLE_TOKENS = 12
TURNS = (90, 180, 270)


def read_scan(image: "Image", engine: Engine) -> PageLayout:
    """Read an RGB picture of a page; boxes in pixels of the upright page."""
    tokens = engine.read(image)
    rotation = 0
    if not _stands_upright(tokens):
        rotation = best_rotation(image, tokens, engine)
    if rotation:
        image = turned(image, rotation)
        tokens = engine.read(image)
    return PageLayout(
        reading_order(tokens), float(image.width), float(image.height), "px", "ocr", rotation=rotation
    )


def turned(image: "Image", degrees: int) -> "Image":
    """The picture turned clockwise by a multiple of 90 degrees."""
    from PIL.Image import Transpose

    turns = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    return image.transpose(turns[degrees]) if degrees else image


def best_rotation(image: "Image", tokens: list[Token], engine: Engine) -> int:
    """Clockwise degrees (0, 90, 180, 270) after which a part of the page reads best."""
    sample = image.crop(_sample(image, tokens))
    scores = {degrees: legibility(engine.read(turned(sample, degrees))) for degrees in (0, *TURNS)}
    best = max(scores, key=lambda degrees: scores[degrees])
    return best if scores[best] > CLEARLY_BETTER * scores[0] else 0


def legibility(tokens: list[Token]) -> float:
    """Sure characters in words that lie: confidence squared, summed over characters."""
    return sum(len(token.text) * (token.confidence or 0.0) ** 2 for token in tokens if _lies(token))


def _stands_upright(tokens: list[Token]) -> bool:
    characters = sum(len(token.text) for token in tokens)
    sure = sum(len(token.text) * (token.confidence or 0.0) for token in tokens if _lies(token))
    return characters > 0 and sure / characters >= READS_WELL


def _lies(token: Token) -> bool:
    """Whether a word is not taller than wide, as far as its length tells."""
    return token.box is None or len(token.text) < 3 or token.box.width > token.box.height


def _sample(image: "Image", tokens: list[Token]) -> tuple[int, int, int, int]:
    """Around the tokens nearest to the middle token; the middle of the picture where there are none."""
    boxes = [token.box for token in tokens if token.box]
    if not boxes:
        return image.width // 4, image.height // 4, image.width * 3 // 4, image.height * 3 // 4
    boxes.sort(key=lambda box: box.y0)
    middle = boxes[len(boxes) // 2]
    boxes.sort(key=lambda box: abs(box.x0 - middle.x0) + abs(box.y0 - middle.y0))
    near = surround(boxes[:SAMPLE_TOKENS])
    return _grown(near, 10, image)


def _grown(box: Box, by: int, image: "Image") -> tuple[int, int, int, int]:
    return (
        max(0, int(box.x0) - by),
        max(0, int(box.y0) - by),
        min(image.width, int(box.x1) + by),
        min(image.height, int(box.y1) + by),
    )
