"""Guessing ahead: never trusted, and right often enough to pay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finscribe.decoding import Printed, Task, decode
from finscribe.decoding.align import align
from finscribe.decoding.cursor import Cursor
from finscribe.decoding.drafting import Drafter
from finscribe.invoice import ALL_FIELDS, Truth
from finscribe.synthesis import generate
from finscribe.testing import FakeModel
from tests.decoding.documents import documents, some_answer

TEXT = (
    "ACME Trading Ltd\nMain Street 5\n12345 Town\nInvoice No: INV-7  Date: 03.05.2024\nDue date: 02.06.2024\n"
    "Item  Qty  Price  Amount\nGreen tea  2  10.00  20.00\nCoffee beans  3  5.00  15.00\n"
    "Subtotal  35.00\nVAT 20%  7.00\nTotal EUR  42.00\nThank you"
)


def guess(written: str, text: str = TEXT, request: tuple[str, ...] = ALL_FIELDS) -> str:
    """What is guessed behind the end of a beginning, given from its first key on."""
    cursor = Cursor.of(request)
    cursor.feed(written.encode())
    return Drafter(Printed(text)).guess(cursor)


def header(path: str, value: str = "", text: str = TEXT) -> str:
    block, _, key = path.rpartition(".")
    return guess(f'{{"{block}":{{"{key}":{value}' if block else f'{{"{key}":{value}', text, (path,))


@settings(deadline=None, max_examples=80, derandomize=True)
@given(documents, st.integers(0, 1000), st.integers(0, 500))
def test_there_is_a_guess_or_none_but_never_an_error(text: str, seed: int, cut: int) -> None:
    printed = Printed(text)
    cursor, drafter = Cursor.of(ALL_FIELDS), Drafter(printed)
    answer = some_answer(printed, seed).encode()
    for start in range(0, len(answer), 7):
        cursor.feed(answer[start : start + 7])
        ahead = cursor.copy()
        for _ in range(3):
            ahead.feed(drafter.guess(ahead).encode())


@pytest.mark.parametrize(
    ("path", "value", "guessed"),
    [
        ("document_type", "", '"invoice"'),
        ("vendor.name", "", '"ACME Trading Ltd"'),
        ("vendor.name", '"ACME T', 'rading Ltd"'),
        ("invoice_number", "", '"INV-7"'),
        ("invoice_date", "", '"2024-05-03"'),
        ("due_date", "", '"2024-06-02"'),
        ("currency", "", '"EUR"'),
        ("purchase_order", "", "null"),
        ("financial_summary.subtotal", "", "35.00"),
        ("financial_summary.tax_amount", "", "7.00"),
        ("financial_summary.discount", "", "null"),
        ("financial_summary.grand_total", "4", "2.00"),
    ],
)
def test_header_values_stand_behind_their_labels(path: str, value: str, guessed: str) -> None:
    assert header(path, value) == guessed


def test_an_address_starts_below_its_name_and_runs_on() -> None:
    assert guess(
        '{"vendor":{"name":"ACME Trading Ltd","address":', request=("vendor.name", "vendor.address")
    ) == ('"Main Street 5 12345 Town"')


LINES = ("line_items.desc", "line_items.qty", "line_items.unit_price", "line_items.line_total")
FIRST = '{"line_items":[{"desc":"Green tea","qty":2,"unit_price":10.00,"line_total":20.00'


@pytest.mark.parametrize(
    ("written", "guessed"),
    [
        ('{"line_items":[', '{"desc":'),
        ('{"line_items":[{"desc":', '"Green tea"'),
        ('{"line_items":[{"desc":"Green tea","qty":', "2"),
        ('{"line_items":[{"desc":"Green tea","qty":2,"unit_price":', "10.00"),
        (FIRST, '},{"desc":'),
        (FIRST + '},{"desc":', '"Coffee beans"'),
        (FIRST + '},{"desc":"Coffee beans","qty":3,"unit_price":5.00,"line_total":15', ".00}]"),
    ],
)
def test_lines_are_guessed_from_their_prices_and_the_list_is_closed_behind_the_last(
    written: str, guessed: str
) -> None:
    assert guess(written, request=LINES) == guessed


def test_a_cell_that_the_line_above_leaves_empty_is_guessed_empty() -> None:
    assert guess('{"line_items":[{"desc":"Green tea","qty":null,"unit_price":10.00,"line_total":20.00},{"desc":'
                 '"Coffee beans","qty":', request=LINES) == "null"  # fmt: skip


COLUMNS = "ACME\nItem  No  Amount\nTea  17  20.00\nBeer  18  15.00\nWine  19  9.00\nTotal  44.00"
STACKED = (
    "Item : Tea\nQty : 2\nPrice : 3,00\nSum : 6,00\nItem : Beer\nQty : 5\nPrice : 2,00\nSum : 10,00\nThanks"
)
WRAPPED = (
    "#  Qty  Unit  Item  Price  Total\n1  2  hrs  Tea  3.00  6.00\nIn bags\n2  5  pkt  Beer  2.00  10.00\nIn cans\n"
    "Total  16.00"
)
GRAVE = "Item : Tea  Qty : 2  Total : 6.00\nItem : Beer  Qty : 3  Total : 8.00\nTotal : 14.00"


@pytest.mark.parametrize(
    ("text", "written", "guessed"),
    [
        # The prices suggest a quantity of 17; the model said that there is none.
        (COLUMNS, '"Tea","qty":null,"unit_price":null,"line_total":20.00},{"desc":"Beer","qty":', "null"),
        (COLUMNS, '"Tea","qty":null,"unit_price":17,"line_total":20.00},{"desc":"Beer","qty":null,"unit_price":', "18"),
        (STACKED, '"Tea","qty":', "2"),
        (STACKED, '"Tea","qty":2,"unit_price":3.00,"line_total":6.00', '},{"desc":'),
        (STACKED, '"Tea","qty":2,"unit_price":3.00,"line_total":6.00},{"desc":', '"Beer"'),
        (STACKED, '"Tea","qty":2,"unit_price":3.00,"line_total":6.00},{"desc":"Beer","qty":5,"unit_price":', "2.00"),
        (STACKED, '"Beer","qty":5,"unit_price":2.00,"line_total":10.00', "}]"),
        (WRAPPED, '"Tea, In bags","qty":', "2"),
        (WRAPPED, '"Tea, In bags","qty":2,"unit_price":', "3.00"),
        (WRAPPED, '"Tea, In bags","qty":2,"unit_price":3.00,"line_total":6.00},{"desc":', '"Beer, In cans"'),
        (WRAPPED, '"Tea, In bags","qty":2,"unit_price":3.00,"line_total":6.00},{"desc":"Be', 'er, In cans"'),
        (WRAPPED, '"Beer, In cans","qty":5,"unit_price":2.00,"line_total":10.00', "}]"),
        (GRAVE, '"Tea","qty":2,"unit_price":null,"line_total":6.00', '},{"desc":'),
        (GRAVE, '"Tea","qty":2,"unit_price":null,"line_total":6.00},{"desc":"Beer","qty":', "3"),
        (GRAVE, '"Beer","qty":3,"unit_price":null,"line_total":8.00', "}]"),
    ],
)  # fmt: skip
def test_a_line_is_guessed_to_be_laid_out_like_the_one_above(text: str, written: str, guessed: str) -> None:
    assert guess('{"line_items":[{"desc":' + written, text, LINES) == guessed


def test_a_line_that_is_repeated_is_guessed_word_for_word() -> None:
    loop = '"Beer","qty":9,"unit_price":1.00,"line_total":6.00},{"desc":'
    twice = '{"line_items":[{"desc":' + 2 * loop
    assert guess(twice, STACKED, LINES) == '"Beer"'
    assert guess(twice + '"Beer","qty":', STACKED, LINES) == "9"


@pytest.mark.parametrize(
    ("text", "guessed"),
    [
        ("VAT 19%  3.80\nTotal 23.80", "0.19"),
        ("Total 23.80\nPay in 5 days: 2%", "null"),
        ("VAT 7%\nVAT 19%", "null"),
    ],
)
def test_the_only_percentage_beside_the_word_tax_is_its_rate(text: str, guessed: str) -> None:
    assert header("financial_summary.tax_rate", text=text) == guessed


def test_behind_a_comma_that_is_not_printed_comes_the_cell_below() -> None:
    text = "ACME  To: Jane\nMain St 5  1 Lane\n12345 Town  Village"
    assert header("vendor.address", '"Main St 5,', text) == ' 12345 Town"'
    assert header("vendor.address", '"Main St 5, ', text) == '12345 Town"'


def test_a_guess_taken_back_leaves_no_trace() -> None:
    drafter, cursor = Drafter(Printed(TEXT)), Cursor.of(ALL_FIELDS)
    cursor.feed(b'{"document_type":"invoice","vendor":{"name":')
    before = drafter.guess(cursor)
    ahead = cursor.copy()
    ahead.feed(b'"Thank you","address":')
    drafter.guess(ahead)
    assert drafter.guess(cursor) == before


def test_a_three_line_invoice_takes_far_less_than_fifty_forward_passes() -> None:
    passes = []
    samples = (generate(seed) for seed in range(10_000_000, 10_000_200))
    for sample in samples:
        truth = align(Truth.read(sample.truth), Printed(sample.text)).truth
        if len(truth.lines or ()) != 3 or truth.request != ALL_FIELDS:
            continue
        script = truth.to_json()
        task = Task(sample.text, Printed(sample.text), ALL_FIELDS)
        (answer,) = decode(FakeModel(script), [task])
        assert answer.text == script
        passes.append(answer.forward_passes)
        if len(passes) == 15:
            break
    assert sum(passes) / len(passes) < 35, passes
