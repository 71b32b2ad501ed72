"""Words with boxes in reading order."""

import math
import random

import pytest

from finscribe.documents import Box, Token
from finscribe.ocr.reading_order import reading_order, skew

CHAR = 6.0
HEIGHT = 12.0


def word(text: str, x: float, y: float, *, height: float = HEIGHT) -> Token:
    return Token(text, Box(x, y, x + CHAR * len(text), y + height))


def text_of(tokens: list[Token]) -> list[str]:
    lines = reading_order(random.Random(7).sample(tokens, len(tokens)))
    return ["  ".join(" ".join(token.text for token in cell) for cell in line) for line in lines]


def table(slope: float = 0.0, bend: float = 0.0) -> list[Token]:
    tokens = []
    for row in range(8):
        for column, text in (
            (0, f"item{row}"),
            (36, "blue"),
            (200, "2"),
            (300, "10.00"),
            (400, f"{row}0.00"),
        ):
            y = 30 + row * 16 + slope * column + bend * (column / 400) ** 2
            tokens.append(word(text, 20 + column, y))
    return tokens


EXPECTED = [f"item{row} blue  2  10.00  {row}0.00" for row in range(8)]


def test_words_become_lines_with_columns_kept_apart() -> None:
    assert text_of(table()) == EXPECTED


@pytest.mark.parametrize("degrees", [-5, -2, -0.5, 1, 3, 5])
def test_a_skewed_page_keeps_its_lines(degrees: float) -> None:
    slope = math.tan(math.radians(degrees))
    assert skew([token.box for token in table(slope) if token.box]) == pytest.approx(slope, abs=0.006)
    assert text_of(table(slope)) == EXPECTED


def test_a_bent_line_stays_one_line() -> None:
    assert text_of(table(bend=10)) == EXPECTED


def test_a_straight_page_is_not_tilted() -> None:
    assert skew([token.box for token in table() if token.box]) == 0.0


def test_a_gap_of_a_space_joins_and_a_wider_one_parts() -> None:
    assert text_of([word("Grand", 0, 0), word("total", 36, 0), word("9.99", 84, 0)]) == ["Grand total  9.99"]


def test_half_a_line_of_offset_makes_two_lines() -> None:
    assert text_of([word("left", 0, 0), word("right", 100, 7)]) == ["left", "right"]


def test_a_large_title_and_small_lines_beside_it_are_all_kept() -> None:
    tokens = [
        word("ACME", 0, 0, height=40),
        word("one", 100, 0),
        word("two", 100, 14),
        word("three", 100, 28),
    ]
    lines = text_of(tokens)
    assert sorted(" ".join(lines).split()) == ["ACME", "one", "three", "two"]
    assert "ACME  two" in lines


def test_a_word_printed_twice_for_boldness_is_read_once() -> None:
    assert text_of([word("TOTAL", 0, 0), word("TOTAL", 0.4, 0.1), word("5.00", 60, 0)]) == ["TOTAL  5.00"]


def test_the_same_word_twice_in_a_line_is_kept_twice() -> None:
    assert text_of([word("1.00", 0, 0), word("1.00", 60, 0)]) == ["1.00  1.00"]


def test_right_to_left_lines_are_read_from_the_right() -> None:
    tokens = [word("فاتورة", 100, 0), word("رقم", 76, 0), word("12", 58, 0)]
    assert text_of(tokens) == ["فاتورة رقم 12"]


def test_a_word_that_runs_down_the_page_does_not_enter_a_line() -> None:
    standing = Token("EEEEEE", Box(0, 0, 12, 90))
    assert text_of([standing, word("one", 20, 0), word("two", 20, 40)]) == ["one", "two", "EEEEEE"]


def test_tokens_without_a_box_come_last() -> None:
    assert text_of([Token("stray"), word("a", 0, 50), word("b", 0, 10)]) == ["b", "a", "stray"]


def test_runs_of_words_are_parted_and_blank_ones_dropped() -> None:
    lines = reading_order([Token("Grand total", Box(0, 0, 66, 12)), Token("  ", Box(80, 0, 90, 12))])
    assert [[token.text for token in cell] for line in lines for cell in line] == [["Grand", "total"]]


def test_nothing_gives_nothing() -> None:
    assert reading_order([]) == []
