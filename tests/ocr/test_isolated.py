"""Lone figures beside the lines that text detection found."""

import numpy as np

from finscribe.documents import Box
from finscribe.ocr.isolated import MOST, isolated_characters

LINE = Box(100, 40, 300, 60)


def page(*marks: tuple[int, int, int, int]) -> np.ndarray:
    grey = np.full((200, 400), 255, np.uint8)
    grey[45:56, 102:298:4] = 0
    for x0, y0, x1, y1 in marks:
        grey[y0:y1, x0:x1] = 0
    return grey


def test_ink_like_a_figure_level_with_a_line_is_found() -> None:
    assert isolated_characters(page((50, 44, 54, 56)), [LINE]) == [Box(50, 44, 54, 56)]


def test_two_figures_side_by_side_are_one_place() -> None:
    assert isolated_characters(page((50, 44, 56, 56), (59, 44, 65, 56)), [LINE]) == [Box(50, 44, 65, 56)]


def test_dirt_rules_dashes_and_ink_off_the_lines_are_not_figures() -> None:
    dirt, rule, dash, off = (50, 49, 52, 51), (20, 20, 23, 190), (60, 49, 75, 52), (50, 120, 54, 132)
    assert isolated_characters(page(dirt, rule, dash, off), [LINE]) == []


def test_a_dotted_page_is_noise() -> None:
    dots = [(x, 44, x + 3, 56) for x in range(5, 95, 12)]
    lines = [Box(300, 40 + 30 * row, 390, 60 + 30 * row) for row in range(5)]
    grey = np.full((200, 4000), 255, np.uint8)
    for x in range(5, 3900, 20):
        grey[44:56, x : x + 3] = 0
    assert len(dots) < MOST
    assert isolated_characters(grey, lines) == []


def test_without_lines_nothing_is_proposed() -> None:
    assert isolated_characters(page((50, 44, 54, 56)), []) == []
