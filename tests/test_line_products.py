"""Lines that do not multiply, read by their rows: printed numbers alone, and only such as the model finds likely."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.arithmetic import COLUMN_ORDER, Settled
from finscribe.decoding.printed import Printed
from finscribe.decoding.rows import LEAST_LOG_RATIO_IN_ROWS
from finscribe.documents import Document
from finscribe.extract import Extraction, extract
from finscribe.invoice import ALL_FIELDS, kind_of, write_json
from finscribe.line_products import LINE_ARITHMETIC
from finscribe.testing import FakeModel
from tests.decoding.torn import Torn
from tests.profiles import examples

Numbers = tuple[str, str, str]

TIMESHEET = (
    "ACME\nWeek  Work  Hours  Rate  Amount\n"
    "36  Night shift  38.50  27.40  1054.90\n36  Sunday  5.00  41.10  205.50"
)
NIGHT, SUNDAY = ("38.50", "27.40", "1054.90"), ("5.00", "41.10", "205.50")
MISREAD: Numbers = ("36", "38.50", "1054.90")
"""The week for the hours, and the hours for the rate."""


def answer(*lines: Numbers, names: Sequence[str] = ("Night shift", "Sunday")) -> str:
    """The JSON of lines with these quantities, prices and totals, and of nothing else."""
    cells = [
        {"desc": name, "qty": Decimal(qty), "unit_price": Decimal(price), "line_total": Decimal(total)}
        for name, (qty, price, total) in zip(names, lines, strict=False)
    ]
    return write_json({}, cells, ALL_FIELDS)[0]


def read(model: FakeModel, text: str = TIMESHEET, **options: Any) -> Extraction:
    return extract(Document.from_text(text), model, **options)


def numbers(found: Extraction) -> list[Numbers]:
    return [(str(line.qty), str(line.unit_price), str(line.line_total)) for line in found.invoice.line_items]


def test_a_line_is_read_as_its_row_multiplies_and_what_changed_is_said() -> None:
    found = read(Torn(answer(MISREAD, SUNDAY), answer(NIGHT, SUNDAY), answer(("36", "27.40", "1054.90"))))
    assert numbers(found) == [NIGHT, SUNDAY]
    assert found.settled == (
        Settled("line_items[0].qty", Decimal(36), Decimal("38.50"), (LINE_ARITHMETIC,)),
        Settled("line_items[0].unit_price", Decimal("38.50"), Decimal("27.40"), (LINE_ARITHMETIC,)),
    )
    assert LINE_ARITHMETIC not in {finding.code for finding in found.findings}


def test_what_is_taken_has_its_place_and_the_probability_that_the_model_gave_it() -> None:
    found = read(Torn(answer(("38.50", "36", "1054.90")), answer(NIGHT), doubt=2.0))
    price = found.evidence["line_items[0].unit_price"]
    assert TIMESHEET[price.places[0][0].start :].startswith("27.40")
    assert price.probability == pytest.approx(math.exp(-2) / (1 + math.exp(-2)), rel=1e-2)


@pytest.mark.parametrize(("doubt", "taken"), [(7.0, True), (-LEAST_LOG_RATIO_IN_ROWS + 1, False)])
def test_what_the_model_finds_out_of_the_question_is_not_taken(doubt: float, taken: bool) -> None:
    written = ("38.50", "36", "1054.90")
    found = read(Torn(answer(written), answer(NIGHT), doubt=doubt))
    assert numbers(found) == [NIGHT if taken else written]


def test_a_total_that_belongs_to_another_row_is_read_anew_too() -> None:
    found = read(Torn(answer(("38.50", "27.40", "205.50"), SUNDAY), answer(NIGHT, SUNDAY)))
    assert numbers(found) == [NIGHT, SUNDAY]


def test_lines_that_multiply_stay_and_take_no_pass_more() -> None:
    model, plain = Torn(answer(NIGHT, SUNDAY)), Torn(answer(NIGHT, SUNDAY))
    assert numbers(read(model)) == [NIGHT, SUNDAY]
    read(plain, arithmetic=False)
    assert model.passes == plain.passes


def test_all_lines_of_a_window_take_one_pass() -> None:
    wrong = [("36", "38.50", "1054.90"), ("36", "5.00", "205.50")]
    others = [answer(NIGHT, SUNDAY), answer(MISREAD, SUNDAY), answer(("36", "27.40", "1054.90"), SUNDAY)]
    model, plain = Torn(answer(*wrong), *others), Torn(answer(*wrong), *others)
    found = read(model)
    read(plain, arithmetic=False)
    assert {each.path.partition(".")[0] for each in found.settled} == {"line_items[0]", "line_items[1]"}
    assert model.passes == plain.passes + 1


# --- which of the two is the quantity ----------------------------------------------------------------

TURNED = "ACME\nItem  Unit price  Qty  Amount\nTea  40.00  5.00  200.00\nJam  3.00  7.00  21.00"


def test_the_headers_of_the_columns_say_which_number_is_the_quantity() -> None:
    wrong, right = ("1.00", "5.00", "200.00"), ("5.00", "40.00", "200.00")
    turned = ("40.00", "5.00", "200.00")
    text = TURNED.replace("Tea", "Tea  1.00")
    likelier = Torn(answer(wrong, names=["Tea"]), answer(turned, names=["Tea"]), answer(right, names=["Tea"]))
    assert numbers(read(likelier, text)) == [right]


def test_lines_that_are_the_other_way_round_than_their_headers_are_turned() -> None:
    written = [("40.00", "5.00", "200.00"), ("3.00", "7.00", "21.00")]
    right = [("5.00", "40.00", "200.00"), ("7.00", "3.00", "21.00")]
    one, other = (answer(*lines, names=["Tea", "Jam"]) for lines in (written, right))
    half = answer(written[0], right[1], names=["Tea", "Jam"])
    found = read(Torn(one, other, half), TURNED)
    assert numbers(found) == right
    assert [each.identities for each in found.settled] == [(COLUMN_ORDER,)] * 4


def test_without_headers_the_other_lines_say_it() -> None:
    text = "ACME\nTea  1.00  40.00  5.00  200.00\nJam  3.00  7.00  21.00\nSalt  2.00  9.00  18.00"
    names, sure = ["Tea", "Jam", "Salt"], [("7.00", "3.00", "21.00"), ("9.00", "2.00", "18.00")]
    upright, turned = ("40.00", "5.00", "200.00"), ("5.00", "40.00", "200.00")
    written = answer(("1.00", "40.00", "200.00"), *sure, names=names)
    found = read(Torn(written, *(answer(each, *sure, names=names) for each in (upright, turned))), text)
    assert numbers(found)[0] == turned


def test_a_single_line_is_read_the_way_round_that_the_model_finds_much_likelier() -> None:
    text, names = "ACME\nTea  1.00  40.00  5.00  200.00", ["Tea"]
    written, turned = answer(("1.00", "40.00", "200.00"), names=names), ("5.00", "40.00", "200.00")
    assert numbers(read(Torn(written, answer(turned, names=names)), text)) == [turned]


def test_a_row_of_the_table_is_no_header_of_the_rows_below() -> None:
    text = "ACME\nItem  Qty  Unit price  Amount\nFlat rate  40.00  3 hours  120.00\nTea  5.00  40.00  200.00"
    right = [("40.00", "3", "120.00"), ("5.00", "40.00", "200.00")]
    found = read(Torn(answer(*right, names=["Flat rate", "Tea"])), text)
    assert (numbers(found), found.settled) == (right, ())


def test_lines_whose_row_prints_their_product_both_ways_are_not_turned() -> None:
    text = "ACME\nItem  Qty  Price  Amount\n5  Tea  5  5.00  25.00"
    model, plain = (Torn(answer(("5", "5.00", "25.00"), names=["Tea"])) for _ in range(2))
    assert read(model, text).settled == ()
    read(plain, text, arithmetic=False)
    assert model.passes == plain.passes


# --- what is left alone ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written", "nearly"),
    [
        pytest.param(
            "ACME\nTea  2  20.00\n10.00", ("2", "20.00", "10.00"), ("2", "10.00", "20.00"), id="two rows"
        ),
        pytest.param(
            "ACME\nTea  1  20.00  20.00  8.00",
            ("1", "8.00", "20.00"),
            ("1", "20.00", "20.00"),
            id="times one",
        ),
        pytest.param(
            "ACME\nTea  3  8.00  20.00\nOther  2  10.00  20.00",
            ("3", "8.00", "20.00"),
            ("2", "10.00", "20.00"),
            id="another row",
        ),
        pytest.param(
            "ACME\nTea  3  6.67  20.05", ("3", "20.05", "6.67"), ("3", "6.67", "20.05"), id="nearly the total"
        ),
    ],
)
def test_a_line_stays_where_its_row_prints_no_product(text: str, written: Numbers, nearly: Numbers) -> None:
    model = Torn(answer(written, names=["Tea"]), answer(nearly, names=["Tea"]), doubt=9.0)
    assert numbers(read(model, text)) == [written]


def test_a_row_that_another_line_stands_in_is_not_taken_twice() -> None:
    written = [NIGHT, ("38.50", "36", "205.50")]
    found = read(Torn(answer(*written), answer(NIGHT, NIGHT)))
    assert numbers(found) == written


def test_a_row_that_is_printed_twice_is_taken_twice() -> None:
    text = f"{TIMESHEET}\n37  Night shift  38.50  27.40  1054.90"
    written, names = [NIGHT, ("38.50", "37", "1054.90")], ["Night shift", "Night shift"]
    found = read(Torn(answer(*written, names=names), answer(NIGHT, NIGHT, names=names)), text)
    assert numbers(found) == [NIGHT, NIGHT]


DISCOUNTED = "ACME\nItem  Qty  Price  Gross  Discount  Net\nTea  4  25.00  100.00  {discount}  90.00"


@pytest.mark.parametrize(("discount", "taken"), [("10.00", False), ("10%", False), ("7.00", True)])
def test_a_line_with_its_discount_beside_it_keeps_its_total(discount: str, taken: bool) -> None:
    written, gross = ("4", "25.00", "90.00"), ("4", "25.00", "100.00")
    model = Torn(answer(written, names=["Tea"]), answer(gross, names=["Tea"]), doubt=4.0)
    assert numbers(read(model, DISCOUNTED.format(discount=discount))) == [gross if taken else written]


def test_no_total_is_taken_with_which_the_invoice_does_not_add_up_any_more() -> None:
    text = DISCOUNTED.format(discount="n/a") + "\nTotal  90.00"

    def whole(total: str) -> str:
        line = {
            "desc": "Tea",
            "qty": Decimal(4),
            "unit_price": Decimal("25.00"),
            "line_total": Decimal(total),
        }
        return write_json({"financial_summary.grand_total": Decimal(90)}, [line], ALL_FIELDS)[0]

    found = read(Torn(whole("90.00"), whole("100.00"), doubt=4.0), text)
    assert (numbers(found)[0][2], found.settled) == ("90.00", ())


def test_the_rows_that_agree_most_are_tried_first_however_many_follow() -> None:
    rows = [f"{week}  Night shift  8.00  26.00  208.00" for week in range(27, 36)]
    text = "\n".join(
        ["ACME", "36  Night shift  8.00  25.00  200.00", *rows, "37  Night shift  8.00  25.00  200.00"]
    )
    written, right = ("36", "8.00", "200.00"), ("8.00", "25.00", "200.00")
    others = [answer(right), answer(("36", "25.00", "200.00"))]
    assert numbers(read(Torn(answer(written), *others), text)) == [right]


def test_a_line_that_stays_the_wrong_way_round_keeps_its_row() -> None:
    """The model does not turn the first line; the second one cannot stand in its row for that."""
    text = "ACME\nItem  Unit price  Qty  Amount\nTea  40.00  5.00  200.00\nJam  3.00  9.00  200.00"
    written = [("40.00", "5.00", "200.00"), ("9.00", "3.00", "200.00")]
    other = answer(written[0], ("5.00", "40.00", "200.00"), names=["Tea", "Jam"])
    assert numbers(read(Torn(answer(*written, names=["Tea", "Jam"]), other), text)) == written


@pytest.mark.parametrize("options", [{"arithmetic": False}, {"grounding": "schema"}])
def test_lines_are_not_read_by_their_rows_where_nobody_wants_it(options: dict[str, Any]) -> None:
    found = read(Torn(answer(MISREAD), answer(NIGHT)), **options)
    assert numbers(found) == [MISREAD]


prices = st.decimals("0.01", 40, places=2)


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    """A quantity, a price, their product and one more number, in any order."""
    qty, price = Decimal(draw(st.integers(2, 9))), draw(prices)
    return list(map(str, draw(st.permutations([qty, price, qty * price, draw(prices)]))))


@examples(40)
@given(st.lists(rows(), min_size=1, max_size=3), st.data())
def test_whatever_is_read_is_printed(page: list[list[str]], data: st.DataObject) -> None:
    text = "ACME\n" + "\n".join(f"Tea {'  '.join(row)}" for row in page)
    drawn = [data.draw(st.permutations(row), label="line")[:3] for row in page]
    one, other = (answer(*lines, names=["Tea"] * len(page)) for lines in (drawn, drawn[::-1]))
    found = read(Torn(one, other), text)
    shown = Printed(text)
    for path, value in found.given.items():
        if isinstance(value, Decimal):
            assert shown.spots(kind_of(path), value)
    for each in found.settled:
        assert found.evidence[each.path].value == each.after
