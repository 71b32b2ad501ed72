"""Pictures of pages, whichever way up."""

from dataclasses import dataclass, field

import pytest
from PIL import Image

from finscribe.documents import Box, Token
from finscribe.ocr.scan import read_scan, turned
from finscribe.testing import FakeEngine

UPRIGHT = Image.linear_gradient("L").resize((240, 320)).convert("RGB")  # dark at the top, light at the bottom


@dataclass
class Compass:
    """Reads surely where it is darker above than below, else badly or not at all."""

    otherwise: list[Token]
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def read(self, image: Image.Image) -> list[Token]:
        self.sizes.append(image.size)
        grey = image.convert("L").resize((8, 8))
        if grey.getpixel((4, 7)) > grey.getpixel((4, 0)) + 5:  # type: ignore[operator]
            return [Token("Total", Box(20, 20, 80, 40), 0.99), Token("12.50", Box(120, 20, 180, 40), 0.97)]
        return self.otherwise


GARBAGE = [Token("le1oT", Box(60, 100, 120, 120), 0.6), Token("0S'Zl", Box(60, 130, 120, 150), 0.55)]
STANDING = [Token("Total", Box(100, 20, 120, 80), 0.95), Token("12.50", Box(100, 120, 120, 180), 0.95)]


def test_a_page_that_reads_well_is_read_once() -> None:
    engine = Compass(GARBAGE)
    page = read_scan(UPRIGHT, engine)
    assert (page.rotation, page.width, page.height, page.unit) == (0, 240, 320, "px")
    assert engine.sizes == [(240, 320)]


@pytest.mark.parametrize("otherwise", [GARBAGE, STANDING, []])
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_set_upright(degrees: int, otherwise: list[Token]) -> None:
    engine = Compass(otherwise)
    page = read_scan(turned(UPRIGHT, degrees), engine)
    assert page.rotation == 360 - degrees
    assert (page.width, page.height) == (240, 320)
    assert [[[token.text for token in cell] for cell in line] for line in page.lines] == [
        [["Total"], ["12.50"]]
    ]


def test_only_a_part_of_a_doubtful_page_is_tried_in_all_orientations() -> None:
    engine = Compass(GARBAGE)
    read_scan(turned(UPRIGHT, 180), engine)
    assert [width * height for width, height in engine.sizes[1:5]] == [80 * 70] * 4
    assert len(engine.sizes) == 6


def test_a_page_that_reads_badly_every_way_is_left_as_it_is() -> None:
    page = read_scan(UPRIGHT, FakeEngine(GARBAGE))
    assert page.rotation == 0
    assert len(page.lines) == 2


def test_a_blank_page_has_no_lines() -> None:
    assert read_scan(UPRIGHT, FakeEngine()).lines == []


def test_turning_is_clockwise() -> None:
    image = Image.new("L", (4, 2))
    image.putpixel((0, 0), 255)
    assert turned(image, 0) is image
    assert [turned(image, d).getbbox()[:2] for d in (90, 180, 270)] == [(1, 0), (3, 1), (0, 3)]  # type: ignore[index]
