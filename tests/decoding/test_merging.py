"""Answers read, and those of several windows put together."""

from decimal import Decimal

import pytest

from finscribe.decoding.answering import Answer
from finscribe.decoding.grammar import Grounding
from finscribe.decoding.merging import Written, complete, merge, read_answer, without_repeats
from finscribe.decoding.printed import Printed
from finscribe.decoding.windows import Window
from finscribe.invoice import Value


def answer(text: str, *values: tuple[str, str]) -> Answer:
    return Answer(text, (), values, (0.5,) * len(values), 1, True)


def row(number: int, desc: str, total: str | None = None) -> list[Written]:
    cells: dict[str, Value] = {"desc": desc, "line_total": total and Decimal(total)}
    return [Written(f"line_items[{number}].{cell}", value, 0.9) for cell, value in cells.items()]


def rows_of(written: list[Written]) -> list[Value]:
    return [item.value for item in written if item.path.endswith("desc")]


def test_values_are_read_as_their_type() -> None:
    found = read_answer(
        answer("", ("vendor.name", '"A \\"B\\""'), ("due_date", "null"), ("line_items[0].qty", "2.50")),
        Grounding.GROUNDED,
    )
    assert [item.value for item in found] == ['A "B"', None, Decimal("2.50")]
    assert format(found[2].value, "f") == "2.50"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "Sorry.", "[1]", "{", '{"vendor": 5}', '{"nonsense": {"a": [1]}}', "null"]
)
def test_an_ungrounded_answer_that_is_no_invoice_has_no_values(text: str) -> None:
    assert [item for item in read_answer(answer(text), Grounding.OFF) if item.value is not None] == []


def test_an_ungrounded_invoice_is_read_with_what_is_known_of_it() -> None:
    text = '{"vendor": {"name": "ACME"}, "line_items": [{"desc": "Tea", "qty": 2}]}'
    found = read_answer(answer(text, ("vendor.name", '"ACME"')), Grounding.OFF)
    chances = {item.path: item.probability for item in found}
    assert chances == {"vendor.name": 0.5, "line_items[0].desc": 0.0, "line_items[0].qty": 0.0}


def test_what_was_asked_for_and_not_written_is_null_without_any_probability() -> None:
    request = ("vendor.name", "currency", "line_items.desc", "line_items.qty", "payment.terms")
    written = [Written("payment.terms", "net", 0.9), Written("line_items[0].desc", "Tea", 0.8)]
    found = complete([*written, Written("due_date", "2024-01-01", 1.0)], request)
    assert [(item.path, item.value, item.probability) for item in found] == [
        ("vendor.name", None, 0.0),
        ("currency", None, 0.0),
        ("line_items[0].desc", "Tea", 0.8),
        ("line_items[0].qty", None, 0.0),
        ("payment.terms", "net", 0.9),
    ]


TEXT = (
    "".join(f"Tea {number}  1.00\n" for number in range(10))
    .replace("Tea 4", "Tea 3")
    .replace("Tea 5", "Tea 3")
)
LINE = len("Tea 0  1.00\n")
WINDOWS = [Window(0, 6 * LINE, 0, 5 * LINE), Window(4 * LINE, 10 * LINE, 5 * LINE, 10 * LINE)]


def test_lines_of_an_overlap_are_neither_lost_nor_doubled_even_when_they_are_alike() -> None:
    names = [f"Tea {number}" for number in (0, 1, 2, 3, 3, 3, 6, 7, 8, 9)]
    parts = [
        [item for number, name in enumerate(names[:6]) for item in row(number, name, "1.00")],
        [item for number, name in enumerate(names[4:]) for item in row(number, name, "1.00")],
    ]
    merged = merge(parts, WINDOWS, TEXT)
    assert rows_of(merged) == names
    assert [item.path for item in merged if item.path.endswith("desc")][-1] == "line_items[9].desc"


def test_headers_that_name_an_item_do_not_move_its_lines_into_another_window() -> None:
    header = ["Subject: Consulting March", "Your order: Consulting, 40 days"]
    lines = [*header, *(f"Consulting  {900 + number}.00" for number in range(10))]
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines) + 1)]
    windows = [Window(0, starts[9], 0, starts[7]), Window(starts[5], starts[12], starts[7], starts[12])]
    parts = [
        [
            item
            for number, line in enumerate(lines[first:last])
            for item in row(number, "Consulting", line[-6:])
        ]
        for first, last in ((2, 9), (5, 12))
    ]
    merged = merge(parts, windows, "".join(f"{line}\n" for line in lines))
    totals = [item.value for item in merged if item.path.endswith("line_total")]
    assert totals == [900 + number for number in range(10)]


@pytest.mark.parametrize("digits", ["25", "250", "2500"])
def test_lines_without_descriptions_are_placed_by_their_amounts_however_written(digits: str) -> None:
    text = "".join(f"{number}.25\n" for number in range(10))
    windows = [Window(0, 30, 0, 25), Window(20, 50, 25, 50)]
    amounts = [Written("", Decimal(f"{number}.{digits}"), 0.9) for number in range(10)]
    parts = [
        [
            Written(f"line_items[{n}].line_total", item.value, 0.9)
            for n, item in enumerate(amounts[first:last])
        ]
        for first, last in ((0, 6), (4, 10))
    ]
    assert [item.value for item in merge(parts, windows, text)] == [item.value for item in amounts]


def test_of_a_header_field_the_likeliest_value_counts_and_any_value_more_than_none() -> None:
    parts = [
        [
            Written("vendor.name", "Tea 0", 0.6),
            Written("currency", None, 1.0),
            Written("due_date", None, 0.2),
        ],
        [
            Written("vendor.name", "Tea 9", 0.5),
            Written("currency", "EUR", 0.1),
            Written("due_date", None, 0.3),
        ],
    ]
    merged = {item.path: item for item in merge(parts, WINDOWS, TEXT)}
    assert merged["vendor.name"].value == "Tea 0"
    assert merged["currency"].value == "EUR"
    assert merged["due_date"].probability == 0.3


def test_a_window_for_the_header_adds_no_lines_even_where_its_answer_has_some() -> None:
    whole = Window(0, len(TEXT), 0, len(TEXT), header_only=True)
    parts = [
        [Written("vendor.name", "Tea 9", 0.7), *row(0, "Tea 7", "1.00")],
        [Written("vendor.name", "Tea 0", 0.6), *row(0, "Tea 1", "1.00")],
        row(0, "Tea 8", "1.00"),
    ]
    merged = merge(parts, [whole, *WINDOWS], TEXT)
    assert rows_of(merged) == ["Tea 1", "Tea 8"]
    assert merged[0] == parts[0][0]


def test_one_window_is_left_as_it_is() -> None:
    part = row(0, "Tea 1", "1.00")
    assert merge([part], [Window(0, len(TEXT), 0, len(TEXT))], TEXT) == part


def test_equal_lines_are_listed_as_often_as_the_page_prints_them() -> None:
    name = Written("vendor.name", "ACME", 0.9)
    tea, milk = (lambda n: row(n, "Tea", "1.00")), (lambda n: row(n, "Milk", "2.00"))
    written = [name, *tea(0), *milk(1), *tea(2), *tea(3), *milk(4)]
    once = without_repeats(written, Printed("ACME\nTea  1.00\nMilk  2.00"))
    assert once == [name, *tea(0), *milk(1)]
    twice = without_repeats(written, Printed("ACME\nTea  1.00\nMilk  2.00\nTea  1.00"))
    assert twice == [name, *tea(0), *milk(1), *tea(2)]


def test_lines_that_differ_in_a_cell_are_all_kept() -> None:
    written = [*row(0, "Tea", "1.00"), *row(1, "Tea", "2.00"), *row(2, "Tea")]
    assert without_repeats(written, Printed("Tea  1.00  2.00")) == written


def test_lines_without_text_may_be_equal() -> None:
    written = [Written(f"line_items[{number}].line_total", Decimal("1.00"), 0.9) for number in range(3)]
    assert without_repeats(written, Printed("1.00")) == written


def test_a_line_whose_text_is_nowhere_is_kept_once() -> None:
    written = [*row(0, "Tea", "1.00"), *row(1, "Tea", "1.00")]
    assert without_repeats(written, Printed("Milk")) == row(0, "Tea", "1.00")
