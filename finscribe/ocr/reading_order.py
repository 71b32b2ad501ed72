"""Words with boxes -> lines from top to bottom, cells of words from left to right.

The page's skew is the angle at which the words' midlines fall on the fewest rows (projection
profile, Baird 1987). Words are then chained from left to right, each to the line whose end it
continues, so that a bent line stays one line.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import mean, median

from finscribe.documents import Box, Token, split_token

Cells = list[list[Token]]

COLUMN_GAP_CHARS = 1.6  # a gap wider than so many characters separates columns
SAME_LINE = 0.4  # two midlines are level within so much of the lower word's height
SAME_PLACE = 0.7  # boxes that share so much are one word printed twice
CLEARLY_SHARPER = 1.1  # rows of a tilted page are so much sharper than those of the page as it is
AS_SHARP = 0.97  # slopes nearly as sharp as the best; the skew is their mean
STANDING = 2.5  # a word so many times as tall as wide runs down the page, across its lines
MAX_SKEW_DEGREES = 6.0
SKEW_STEPS = 48


@dataclass(slots=True)
class _Placed:
    token: Token
    box: Box
    middle: float  # of the box, after the skew is taken out


def reading_order(tokens: Iterable[Token]) -> list[Cells]:
    """Lines of cells of words; what stands upright or has no box comes last, each on its own line."""
    words = [word for token in tokens for word in split_token(token)]
    lying = [(word, word.box) for word in words if word.box and not _stands(word.text, word.box)]
    slope = skew([box for _, box in lying])
    lines = _chained([_Placed(word, box, _middle(box, slope)) for word, box in lying])
    lines.sort(key=lambda line: sum(word.middle for word in line) / len(line))
    apart = [word for word in words if word.box is None or _stands(word.text, word.box)]
    return [_cells(_without_doubles(line)) for line in lines] + [[[word]] for word in apart]


def _stands(text: str, box: Box) -> bool:
    return len(text) > 2 and box.height > STANDING * box.width


def skew(boxes: Sequence[Box]) -> float:
    """How far lines of words fall (positive) or rise, as a slope; 0 where nothing else is clearly better."""
    if len(boxes) < 8:
        return 0.0
    row = median(box.height for box in boxes) / 3 or 1.0
    limit = math.tan(math.radians(MAX_SKEW_DEGREES))
    slopes = [limit * step / SKEW_STEPS for step in range(-SKEW_STEPS, SKEW_STEPS + 1)]
    points = [((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for box in boxes]
    scores = {slope: _sharpness(points, slope, row) for slope in slopes}
    best = max(scores.values())
    if best <= CLEARLY_SHARPER * scores[0.0]:
        return 0.0
    return mean(slope for slope in slopes if scores[slope] >= AS_SHARP * best)


def _sharpness(points: Sequence[tuple[float, float]], slope: float, row: float) -> int:
    """How few rows the points fall on; rows overlap by half, lest one is cut in two."""
    places = [(y - slope * x) / row for x, y in points]
    rows = Counter(map(math.floor, places))
    between = Counter(math.floor(place + 0.5) for place in places)
    return sum(count * count for count in chain(rows.values(), between.values()))


def _middle(box: Box, slope: float) -> float:
    return (box.y0 + box.y1) / 2 - slope * (box.x0 + box.x1) / 2


def _chained(words: list[_Placed]) -> list[list[_Placed]]:
    lines: list[list[_Placed]] = []
    row = median([word.box.height for word in words] or [0.0]) or 1.0
    ends: defaultdict[int, list[list[_Placed]]] = defaultdict(list)  # lines by the row in which they end
    for word in sorted(words, key=lambda word: (word.box.x0, word.middle)):
        line = _line_before(word, ends, row)
        if line is None:
            line = []
            lines.append(line)
        else:
            ends[int(line[-1].middle // row)].remove(line)
        line.append(word)
        ends[int(word.middle // row)].append(line)
    return lines


def _line_before(word: _Placed, ends: dict[int, list[list[_Placed]]], row: float) -> list[_Placed] | None:
    """The line that the word continues, the most level one of several."""
    reach = SAME_LINE * word.box.height
    rows = range(int((word.middle - reach) // row), int((word.middle + reach) // row) + 1)
    lines = (line for number in rows for line in ends.get(number, ()) if _continues(word, line))
    return min(lines, key=lambda line: abs(line[-1].middle - word.middle), default=None)


def _continues(word: _Placed, line: list[_Placed]) -> bool:
    last = line[-1]
    lower = min(word.box.height, last.box.height)
    overlap = last.box.x1 - word.box.x0
    beside = overlap < 0.5 * min(word.box.width, last.box.width) or _is_double(word, last)
    return beside and abs(word.middle - last.middle) < SAME_LINE * lower


def _is_double(one: _Placed, other: _Placed) -> bool:
    if one.token.text != other.token.text:
        return False
    width = min(one.box.x1, other.box.x1) - max(one.box.x0, other.box.x0)
    height = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
    smaller = min(one.box.width * one.box.height, other.box.width * other.box.height)
    return width > 0 and height > 0 and width * height > SAME_PLACE * smaller


def _without_doubles(line: list[_Placed]) -> list[_Placed]:
    kept = line[:1]
    for word in line[1:]:
        if not _is_double(word, kept[-1]):
            kept.append(word)
    return kept


def _cells(line: list[_Placed]) -> Cells:
    if sum(map(_is_right_to_left, line)) * 2 > len(line):
        line.reverse()
    char = _char_width(line)
    cells = [[line[0].token]]
    for before, word in pairwise(line):
        gap = max(word.box.x0 - before.box.x1, before.box.x0 - word.box.x1)
        if gap > COLUMN_GAP_CHARS * char:
            cells.append([])
        cells[-1].append(word.token)
    return cells


def _char_width(line: list[_Placed]) -> float:
    """Width of a character of this line, in page units; the median over its characters."""
    widths = [word.box.width / len(word.token.text) for word in line for _ in word.token.text]
    return median(widths)


def _is_right_to_left(word: _Placed) -> bool:
    return any("\u0590" <= char <= "\u08ff" for char in word.token.text)
