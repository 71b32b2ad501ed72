from decimal import Decimal

from finscribe.invoice import Truth
from finscribe.metrics import Pair, pair_up
from finscribe.metrics.pairs import RowPair


def test_pairs_know_the_paths_on_both_sides():
    truth = Truth({"vendor.name": "ACME", "due_date": None}, ({"desc": "Rye"}, {"desc": "Oats"}))
    answer = Truth({"vendor.name": "acme"}, ({"desc": "Oats"}, {"desc": "Invented"}, {"qty": Decimal(1)}))
    paired = pair_up(answer, truth)
    assert paired.values == (
        Pair("vendor.name", "acme", "ACME", True, "vendor.name", "vendor.name"),
        Pair("due_date", None, None, False, "due_date", "due_date"),
        Pair("line_items.desc", "Oats", "Oats", True, "line_items[0].desc", "line_items[1].desc"),
        Pair("line_items.desc", "Invented", "Rye", False, "line_items[1].desc", "line_items[0].desc"),
    )
    assert paired.rows == (RowPair(0, 1, True), RowPair(1, 0, False))
    assert [pair.counted for pair in paired.values] == [True, False, True, True]


def test_lines_without_a_partner_have_one_path():
    alone = Truth({}, ({"desc": "Rye"},))
    (missed,) = pair_up(Truth({}), alone).values
    assert (missed.given_path, missed.known_path) == (None, "line_items[0].desc")
    surplus = pair_up(alone, Truth({}, ())).values[0]
    assert (surplus.given_path, surplus.known_path) == ("line_items[0].desc", None)


def test_an_answer_is_perfect_when_all_that_counts_is_right():
    truth = Truth({"vendor.name": "ACME", "due_date": None}, ({"desc": "Rye"},))
    assert pair_up(Truth({"vendor.name": "acme"}, ({"desc": "rye"},)), truth).perfect
    assert not pair_up(
        Truth({"vendor.name": "acme", "due_date": "2024-01-01"}, ({"desc": "rye"},)), truth
    ).perfect
    assert not pair_up(Truth({"vendor.name": "acme"}, ({"desc": "rye"}, {"desc": "oats"})), truth).perfect
    assert not pair_up(None, truth).perfect
    assert not pair_up(Truth({}), Truth({"due_date": None})).perfect


def test_a_line_of_which_nothing_is_known_is_neither_right_nor_wrong():
    cake = {"desc": "Cake", "qty": Decimal(2)}
    paired = pair_up(Truth({}, ({"desc": "Tea", "qty": Decimal(1)}, cake)), Truth({}, ({}, cake)))
    assert paired.rows == (RowPair(1, 1, True),)
    assert paired.perfect
