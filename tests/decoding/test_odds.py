"""How likely guesses are to hold."""

import pytest

from finscribe.decoding.cursor import Cursor
from finscribe.decoding.odds import FIRST, REST, REST_OF_GUESS, Odds, subject
from finscribe.invoice import ALL_FIELDS


def test_before_anything_is_known_the_chance_is_the_usual_one() -> None:
    assert Odds().chance("vendor.name False") == FIRST
    assert Odds().chance(REST_OF_GUESS) == REST


def test_guesses_that_hold_raise_the_chance_of_their_kind_and_those_that_fail_lower_it() -> None:
    odds = Odds()
    for _ in range(30):
        odds.learn("qty False", True)
        odds.learn("unit_price False", False)
    assert odds.chance("qty False") > 0.95
    assert odds.chance("unit_price False") < 0.3
    assert odds.chance("line_total False") == FIRST


def test_the_latest_guesses_count_most() -> None:
    odds = Odds()
    for held in [False] * 20 + [True] * 20:
        odds.learn("qty False", held)
    assert odds.chance("qty False") > 0.85


@pytest.mark.parametrize(
    ("written", "about"),
    [
        ('{"document_type":', "document_type False"),
        ('{"document_type":"inv', "document_type True"),
        ('{"document_type":"invoice","ven', "between"),
    ],
)
def test_a_guess_is_about_a_field_that_is_begun_or_not(written: str, about: str) -> None:
    cursor = Cursor.of(ALL_FIELDS)
    cursor.feed(written.encode())
    assert subject(cursor) == about


def test_all_lines_of_an_invoice_are_guessed_alike() -> None:
    cursor = Cursor.of(("line_items.desc", "line_items.qty"))
    cursor.feed(b'{"line_items":[{"desc":')
    first = subject(cursor)
    cursor.feed(b'"Tea","qty":2},{"desc":')
    assert subject(cursor) == first == "desc False"
