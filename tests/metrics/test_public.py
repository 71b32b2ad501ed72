"""The scores of SROIE and CORD, against numbers worked out by hand."""

from decimal import Decimal

import pytest

from finscribe.invoice import Invoice, Truth
from finscribe.metrics import Score
from finscribe.metrics.public import cord_score, sroie_score, tree_accuracy, tree_size

TOTAL = "financial_summary.grand_total"


def test_sroie_counts_four_entities_by_their_exact_strings():
    truth = Truth(
        {
            "vendor.name": "ACME Inc.",
            "invoice_date": "2024-01-02",
            TOTAL: Decimal("9.00"),
            "invoice_number": "7",
        }
    )
    answer = Truth(
        {"vendor.name": "ACME INC.", "invoice_date": "2024-01-02", TOTAL: Decimal(9), "invoice_number": "7"}
    )
    assert sroie_score(answer, truth) == Score(2, 3, 3, 3)
    assert sroie_score(None, truth) == Score(0, 0, 3, 3)


def test_cord_counts_pairs_of_key_and_value_whichever_line_they_are_in():
    truth = Truth(
        {TOTAL: Decimal("5.0")},
        ({"desc": "Tea", "line_total": Decimal(2)}, {"desc": "Tea", "line_total": Decimal(3)}),
    )
    answer = Truth(
        {TOTAL: Decimal(5)},
        ({"desc": "Tea", "line_total": Decimal(3)}, {"desc": "Milk", "line_total": Decimal(2)}),
    )
    assert cord_score(answer, truth) == Score(4, 5, 5, 6)


def test_what_the_truth_does_not_know_is_not_counted():
    truth = Truth({TOTAL: Decimal(5)}, ({"desc": "Tea"},))
    answer = Truth({TOTAL: Decimal(5), "vendor.name": "ACME"}, ({"desc": "Tea", "qty": Decimal(1)},))
    assert cord_score(answer, truth) == Score(2, 2, 2, 2)
    assert tree_accuracy(answer, truth) == 1.0


def test_a_tree_costs_a_node_for_each_key_and_a_character_for_each_text():
    truth = Truth({"invoice_number": "AB12", "vendor.name": "ACME"})  # 1 + 4 + 1 + 1 + 4 to build
    assert tree_accuracy(Truth({"invoice_number": "AB12"}), truth) == pytest.approx(1 - 6 / 11)
    assert tree_accuracy(Truth({"invoice_number": "AB13", "vendor.name": "ACME"}), truth) == pytest.approx(
        1 - 1 / 11
    )
    assert tree_accuracy(Invoice(), truth) == 0.0
    assert tree_accuracy(None, truth) == 0.0


def test_a_missing_line_costs_its_nodes():
    line = {"desc": "Tea", "qty": Decimal(2)}  # 1 for the line, 1 + 3 for the name, 1 + 1 for the quantity
    truth = Truth({}, (line, line))
    assert tree_accuracy(Truth({}, (line,)), truth) == pytest.approx(1 - 7 / 15)
    assert tree_size(truth) == 11


def test_a_far_worse_answer_scores_nothing_and_a_truth_without_values_no_score():
    truth = Truth({"invoice_number": "1", "vendor.name": None})
    assert tree_accuracy(Truth({"invoice_number": "1", "vendor.name": "A very long name"}), truth) == 0.0
    assert tree_accuracy(Truth({}), Truth({"vendor.name": None})) is None
