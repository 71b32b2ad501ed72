"""Single figures that text detection overlooks: quantities in a column of their own.

Detection models are trained on words and often miss a lone "1". Here ink that no detected line covers,
but that has the size of a character and stands level with a line, is proposed for recognition.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any

from finscribe.documents import Box, surround

HEIGHT = (0.35, 1.1)  # of a character, in heights of a detected line
WIDTH = (0.08, 0.9)
LEVEL = 0.25  # how far its middle may be from the line's
MOST = 60  # proposals a page; more is noise


def isolated_characters(grey: Any, lines: Sequence[Box]) -> list[Box]:
    """Boxes in pixels around ink like lone characters, of a grey picture (height, width) of bytes."""
    if not lines:
        return []
    height = median(line.height for line in lines)
    found = [box for box in _ink(grey) if _is_character(box, height) and _is_level(box, lines, height)]
    joined = _joined([box for box in found if not _covered(box, lines)], height)
    return joined if len(joined) <= MOST else []


def _ink(grey: Any) -> list[Box]:
    """Boxes of connected dark pixels."""
    import cv2

    _, dark = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    return [Box(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats[1:].tolist()]


def _is_character(box: Box, height: float) -> bool:
    tall = HEIGHT[0] * height <= box.height <= HEIGHT[1] * height
    return tall and WIDTH[0] * height <= box.width <= WIDTH[1] * height and box.width < 1.2 * box.height


def _is_level(box: Box, lines: Sequence[Box], height: float) -> bool:
    middle = box.y0 + box.y1
    return any(abs(middle - line.y0 - line.y1) < 2 * LEVEL * height for line in lines)


def _covered(box: Box, lines: Sequence[Box]) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return any(line.x0 <= x <= line.x1 and line.y0 <= y <= line.y1 for line in lines)


def _joined(boxes: Sequence[Box], height: float) -> list[Box]:
    """Boxes next to each other as one."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.x0):
        near = next((i for i, other in enumerate(joined) if _beside(other, box, height)), None)
        if near is None:
            joined.append(box)
        else:
            joined[near] = surround([joined[near], box])
    return joined


def _beside(left: Box, right: Box, height: float) -> bool:
    level = abs(left.y0 + left.y1 - right.y0 - right.y1) < height
    return level and right.x0 - left.x1 < 0.4 * height
