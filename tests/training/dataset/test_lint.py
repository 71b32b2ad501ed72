from datetime import date

import pytest

from finscribe.decoding.align import align
from finscribe.decoding.printed import Printed
from finscribe.invoice import Truth
from finscribe.training.dataset.lint import CODES, DESCRIPTIONS, cells_known_in_part, lint
from finscribe.training.records import Origin, Record

TODAY = date(2025, 1, 1)


def codes(text, output, **options):
    record = Record(text, Truth.read(output), Origin("a.jsonl", 1), "input-output")
    found = lint(record, align(record.truth, Printed(text)), today=TODAY, **options)
    return [warning.code for warning in found]


def test_a_sound_record_has_no_warning():
    text = "Café Müller\nSÃO PAULO\n2 Tea 3.00 6.00\n05.03.2024\nTotal 6.00"
    lines = [{"desc": "Tea", "qty": 2, "unit_price": 3, "line_total": 6}]
    truth = {"vendor": {"name": "Café Müller"}, "invoice_date": "2024-03-05", "line_items": lines}
    assert codes(text, truth) == []


@pytest.mark.parametrize("text", ["MÃ¼ller", "Total 5 â‚¬", "caf\ufffd", "Â£ 5", "GrÃ¶ÃŸe"])
def test_text_in_the_wrong_encoding_is_found(text):
    assert codes(text + " 5", {"financial_summary": {"grand_total": 5}}) == ["wrong-encoding"]


def test_a_line_that_does_not_add_up_is_found():
    lines = [{"desc": "Tea", "qty": 2, "unit_price": 3, "line_total": 7}]
    assert codes("2 Tea 3 7", {"line_items": lines}) == ["arithmetic"]


def test_a_line_with_a_discount_of_its_own_is_not_judged():
    lines = [{"desc": "Tea", "qty": 2, "unit_price": 3, "line_total": 5}]
    assert codes("2 Tea 3 5", {"line_items": lines}) == []


def test_sums_of_which_a_part_may_be_unknown_are_not_judged():
    summary = {"subtotal": 10, "tax_amount": 1, "grand_total": 14}
    assert codes("10 1 14", {"financial_summary": summary}) == []
    none = dict.fromkeys(("discount", "shipping", "other_charges", "rounding"))
    assert codes("10 1 14", {"financial_summary": summary | none}) == ["arithmetic"]


def test_a_date_in_the_future_is_found():
    assert codes("2025-03-05", {"invoice_date": "2025-03-05"}) == ["future-date"]


def test_an_example_over_the_sequence_length_is_found():
    assert codes("5", {"financial_summary": {"grand_total": 5}}, tokens=11, max_seq_length=10) == ["too-long"]
    assert codes("5", {"financial_summary": {"grand_total": 5}}, tokens=10, max_seq_length=10) == []


def test_a_value_that_the_page_does_not_print_is_named():
    record = Record("Total 5", Truth.read({"line_items": [{"desc": "Tea"}]}), Origin("a", 1), "x")
    (warning,) = lint(record, align(record.truth, Printed(record.text)), today=TODAY)
    assert warning.message == "line_items[0].desc: Tea is not printed"


def test_the_worst_comes_first():
    found = codes("Ã¼ 2025-03-05", {"invoice_date": "2025-03-05", "invoice_number": "A-9"})
    assert found == ["wrong-encoding", "future-date", "not-learnable"]
    assert found == sorted(found, key=CODES.index)


def test_cells_known_in_some_lines_only_are_counted_as_lost():
    truth = Truth({}, ({"desc": "Tea", "qty": 2}, {"desc": "Milk"}, {"desc": "Bread", "qty": 1}))
    assert truth.request == ("line_items.desc",)
    assert cells_known_in_part(truth) == {"line_items.qty": 2}


def test_every_kind_of_warning_is_described():
    assert set(DESCRIPTIONS) == set(CODES)
