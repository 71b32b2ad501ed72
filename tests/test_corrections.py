import json
import random
import time
from decimal import Decimal

import pytest

from finscribe import corrections
from finscribe.corrections import ChangeKind, FieldChange, compare
from finscribe.invoice import Invoice, Truth


def line(desc="Widget", qty="1", unit_price="5", line_total="5"):
    numbers = {"qty": qty, "unit_price": unit_price, "line_total": line_total}
    return {"desc": desc} | {cell: number and Decimal(number) for cell, number in numbers.items()}


def lines(*rows):
    return Truth({}, rows)


def told(changes):
    return [(change.path, str(change.kind)) for change in changes]


def test_fields_are_filled_removed_and_changed_in_the_order_of_the_schema():
    before = Invoice.from_record({"vendor": {"name": "Acme"}, "invoice_number": "7"})
    after = Invoice.from_record({"vendor": {"name": "ACME"}, "currency": "EUR"})
    assert compare(before, after) == (
        FieldChange("vendor.name", "Acme", "ACME", ChangeKind.CHANGED),
        FieldChange("invoice_number", "7", None, ChangeKind.REMOVED),
        FieldChange("currency", None, "EUR", ChangeKind.FILLED),
    )


def test_what_is_equal_by_value_or_but_for_white_space_is_no_change():
    before = Truth({"financial_summary.grand_total": Decimal("1.0"), "vendor.name": "Acme  Ltd\n"})
    after = Truth({"financial_summary.grand_total": Decimal("1.00"), "vendor.name": "Acme Ltd"})
    assert compare(before, after) == ()
    assert compare(Truth({"vendor.name": ""}), Truth({"vendor.name": None})) == ()


def test_what_one_side_does_not_know_is_no_change():
    full = Invoice.from_record({"vendor": {"name": "Acme"}, "line_items": [line()]})
    assert compare(full, Truth({"invoice_number": None})) == ()
    assert compare(Truth({}, ({"desc": "Widget"},)), full) == ()


def test_lines_are_matched_wherever_they_stand():
    apples, pears = line("Apples", "1", "5", "5"), line("Pears", "2", "3", "6")
    changes = compare(lines(apples, pears), lines(pears | {"qty": Decimal(3)}, apples))
    assert changes == (FieldChange("line_items[0].qty", Decimal(2), Decimal(3), ChangeKind.CHANGED),)


@pytest.mark.parametrize(
    "corrected",
    [
        line(unit_price="6"),
        line(qty="2", unit_price="6", line_total="12"),
        line(desc="Vvidgel"),
        line(desc="Completely other", unit_price="5"),
        line(desc="Widgets, blue", qty="9", unit_price="8", line_total="72"),
    ],
)
def test_a_line_whose_amounts_or_description_were_corrected_is_the_same_line(corrected):
    kinds = {change.kind for change in compare(lines(line("Widget")), lines(corrected))}
    assert kinds == {ChangeKind.CHANGED}


def test_an_entirely_different_line_is_one_removed_and_one_added():
    changes = compare(lines(line("Widget")), lines(line("Consulting", "1", "90", "90")))
    assert told(changes) == [("line_items[0]", "line_added"), ("line_items[0]", "line_removed")]
    assert changes[0].after == line("Consulting", "1", "90", "90")
    assert changes[1].before == line("Widget")


def test_a_misread_line_is_found_below_one_that_was_missed():
    before = lines(line("Widgct", "1", "5", "5"))
    after = lines(line("Shipping insurance", "1", "70", "70"), line("Widget", "2", "6", "12"))
    assert told(compare(before, after))[0] == ("line_items[0]", "line_added")
    assert ("line_items[1].desc", "changed") in told(compare(before, after))


def test_an_equal_line_is_the_same_whatever_it_holds():
    only_counted = lines(line(None, "1", None, None))
    assert compare(only_counted, only_counted) == ()
    assert told(compare(only_counted, lines(line("Apples", "1", "5", "5"), *only_counted.lines))) == [
        ("line_items[0]", "line_added")
    ]


def test_rows_of_removed_lines_count_in_the_extracted_invoice():
    before = lines(line("Apples", "1", "5", "5"), line("Carried over", "1", "99", "99"))
    assert told(compare(before, lines(before.lines[0]))) == [("line_items[1]", "line_removed")]


def test_many_lines_that_were_all_replaced_are_compared_in_no_time():
    def invoice(seed):
        draw = random.Random(seed)
        words = ("".join(draw.choices("qwertzuiop", k=60)) for _ in range(200))
        return lines(*(line(desc, "1", str(draw.random()), str(draw.random())) for desc in words))

    start = time.process_time()
    assert len(compare(invoice(1), invoice(2))) == 400
    assert time.process_time() - start < 2


def test_of_very_many_lines_each_is_compared_with_the_one_in_its_place(monkeypatch):
    monkeypatch.setattr(corrections, "MOST_PAIRS", 3)
    apples, pears = line("Apples", "1", "5", "5"), line("Pears", "2", "3", "6")
    assert told(compare(lines(apples, pears), lines(apples | {"qty": Decimal(2)}, pears))) == [
        ("line_items[0].qty", "changed")
    ]
    kinds = [kind for _, kind in told(compare(lines(apples, pears), lines(pears, apples)))]
    assert kinds == ["line_added"] * 2 + ["line_removed"] * 2


def test_lines_known_to_be_none_are_compared():
    assert told(compare(lines(line()), lines())) == [("line_items[0]", "line_removed")]


def test_changes_survive_json_with_every_digit():
    before = Truth({"financial_summary.subtotal": Decimal("0.10"), "vendor.name": "A"}, (line(),))
    after = Truth(
        {"financial_summary.subtotal": Decimal("1E+2"), "vendor.name": None}, (line("X", None, "9"),)
    )
    changes = compare(before, after)
    stored = json.loads(json.dumps([change.to_record() for change in changes]))
    assert tuple(map(FieldChange.from_record, stored)) == changes
    assert stored[1]["before"] == "0.10"


def test_the_field_to_count_by_has_no_row():
    paths = ("vendor.name", "line_items[12].qty", "line_items[3]")
    changes = [FieldChange(path, None, None, ChangeKind.CHANGED) for path in paths]
    assert [change.field for change in changes] == ["vendor.name", "line_items.qty", "line_items"]


@pytest.mark.parametrize(
    "record",
    [
        {"path": "line_items[0]", "before": None, "after": "x", "kind": "line_added"},
        {"path": "line_items[0]", "before": None, "after": {"colour": "x"}, "kind": "line_added"},
        {"path": "line_items[0]", "before": None, "after": {"qty": "many"}, "kind": "line_added"},
        {"path": "vendor.name", "before": None, "after": {"x": 1}, "kind": "changed"},
        {"path": "vendor.colour", "before": None, "after": "x", "kind": "changed"},
        {"path": "line_items[0].qty", "before": None, "after": "NaN", "kind": "changed"},
        {"path": "line_items[0].qty", "before": None, "after": "1E+999999999", "kind": "changed"},
        {"path": "line_items[0].qty", "before": None, "after": True, "kind": "changed"},
        {"path": "line_items[0].qty", "before": [], "after": "1", "kind": "changed"},
        {"path": None, "before": None, "after": None, "kind": "changed"},
        {"path": "vendor.name", "before": None, "after": "x", "kind": []},
        {"path": "vendor.name", "kind": "filled"},
        {},
        "vendor.name",
        None,
    ],
)
def test_what_is_no_change_is_refused(record):
    with pytest.raises(ValueError, match="no change of a field"):
        FieldChange.from_record(record)
