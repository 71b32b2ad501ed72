"""Long and tiny pictures, in the shape in which an OCR engine reads them in bounded time.

RapidOCR shrinks the long side to 2,000 pixels, then its detector enlarges the short side to `SHORT_SIDE`: a
strip of 30 by 1,300 pixels becomes 480 by 20,800. White paper beside a strip keeps that small.
"""

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SHORT_SIDE = 480  # pixels to which the detector enlarges; RapidOCR's own 736 takes twice as long, no better
LONG_SIDE = 2000  # pixels to which RapidOCR shrinks
SMALL_PICTURE = 1200  # pixels of the long side
SMALL_STRIP = 2  # times as long as wide; small pictures read best nearly square
LONGEST_STRIP = LONG_SIDE / SHORT_SIDE
LEAST_SIDE = 32  # pixels; the models see a picture in squares of this size
LEGIBLE = 5  # pixels; no text is lower


def fitted(image: "Image") -> "tuple[Image, float] | None":
    """An RGB picture as the engine is given it, and the pixels of the picture to one of its own.

    White is added on the right and below only, so that boxes times that number are boxes of the picture. None
    where the picture is too thin for text.
    """
    short, long = sorted(image.size)
    shrink = max(1.0, long / LONG_SIDE)
    if short < LEGIBLE * shrink:
        return None
    times = SMALL_STRIP if long <= SMALL_PICTURE else LONGEST_STRIP
    if short >= LEAST_SIDE and short * times >= long - 1:
        return image, 1.0
    if shrink > 1:  # before the paper is added, which is as long as the picture
        image = image.resize((ceil(image.width / shrink), ceil(image.height / shrink)))
    return _on_paper(image, max(LEAST_SIDE, ceil(max(image.size) / times))), shrink


def _on_paper(image: "Image", side: int) -> "Image":
    from PIL import Image

    paper = Image.new("RGB", (max(image.width, side), max(image.height, side)), "white")
    paper.paste(image)
    return paper
