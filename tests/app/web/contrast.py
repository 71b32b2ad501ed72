"""How well text stands out from its ground, after WCAG 2.2."""

import re
from typing import Any

ENOUGH = 4.5
"""Of text of the usual size (success criterion 1.4.3)."""

MEASURE = """text => {
    let ground = text;
    while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)" && ground.parentElement)
        ground = ground.parentElement;
    return [getComputedStyle(text).color, getComputedStyle(ground).backgroundColor];
}"""


def contrast(one: str, other: str) -> float:
    """Of two opaque colours, as in `#1b6e3c` or `rgb(27, 110, 60)`: from 1, the same, to 21, black and white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def measured(locator: Any) -> float:
    """Of what a browser shows: the text of an element and the nearest ground behind it."""
    return contrast(*locator.evaluate(MEASURE))


def mixed(colour: str, ground: str, share: float) -> str:
    """A colour of which a share lies over a ground."""
    parts = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in parts)


def _parts(colour: str) -> list[int]:
    if colour.startswith("#"):
        return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    parts = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert parts, colour
    return [int(part) for part in parts.groups()]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
