"""What a document prints."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.decoding.printed import FoldedText, Printed, as_fraction, find_text
from finscribe.invoice import Kind
from tests.decoding.documents import texts
from tests.profiles import examples


@examples(100)
@given(texts)
def test_words_cover_all_that_is_not_white_space(text: str) -> None:
    words = Printed(text).words
    assert "".join(word.text for word in words) == "".join(text.split())
    assert all(text[word.start : word.end] == word.text for word in words)


@examples(100)
@given(texts)
def test_every_run_of_words_is_found_where_it_stands(text: str) -> None:
    printed = Printed(text)
    for cell, first in enumerate(printed.flow.cells):
        behind = min(first + 3, printed.flow.cell_end(cell))
        run = (printed.words[first].start, printed.words[behind - 1].end)
        assert (run,) in find_text(printed, printed.spelled(first, behind))


def test_folded_runs_begin_and_end_with_words_that_hold_something() -> None:
    folded = FoldedText.of(["", "a", "", "ab", "", ""])
    assert list(folded.runs("a")) == [(1, 1)]
    assert list(folded.runs("aab")) == [(1, 3)]
    assert list(folded.runs("b")) == []


NUMBERS = st.lists(
    st.sampled_from("0 5 5.0 5.00 -5 05 20 20.0 20% 19.50 % (5.000) 1,5 ,".split()), max_size=8
)


@examples(100)
@given(NUMBERS.map(" ".join))
def test_a_number_is_spelled_in_the_longest_way_that_is_printed(text: str) -> None:
    printed = Printed(text)
    for kind in (Kind.NUMBER, Kind.REDUCTION, Kind.RATE):
        longest = {Decimal(written): written for written in sorted(printed.places(kind), key=len)}
        assert {value: str(printed.spelling(kind, value)) for value in longest} == longest
        assert printed.spelling(kind, Decimal("7.77")) is None


@examples(100)
@given(texts)
def test_what_is_no_text_is_printed_where_it_has_places(text: str) -> None:
    printed = Printed(text)
    for kind, values in ((Kind.DATE, ["2024-03-05", "2023-12-31"]), (Kind.CURRENCY, ["EUR", "USD", "x"])):
        values += [written.strip('"') for written in printed.places(kind)]
        assert all(printed.prints(kind, value) == (f'"{value}"' in printed.places(kind)) for value in values)


def test_a_value_over_several_cells_has_a_run_in_each() -> None:
    text = "ACME  Bill to\nMain St 5  Jane\n12345 Town  Doe"
    (runs,) = find_text(Printed(text), "Main St 5, 12345 Town")
    assert [text[run.start : run.end] for run in runs] == ["Main St 5", "12345 Town"]


def test_a_value_that_is_not_printed_is_not_found() -> None:
    assert find_text(Printed("ACME Ltd"), "ACME GmbH") == []
    assert find_text(Printed("ACME Ltd"), "") == []
    assert find_text(Printed("ACME Ltd"), "CME") == []


def test_a_number_printed_twice_has_both_places() -> None:
    assert Printed("5.00 and 5.00").places(Kind.NUMBER)["5.00"] == [(0, 4), (9, 13)]


def test_a_reduction_has_no_sign_and_a_percentage_is_no_amount() -> None:
    printed = Printed("Discount -36.15\nVAT 12%")
    assert "36.15" in printed.places(Kind.REDUCTION)
    assert "-36.15" in printed.places(Kind.NUMBER)
    assert "12" not in printed.places(Kind.NUMBER)
    assert "0.12" in printed.places(Kind.RATE)


@pytest.mark.parametrize(
    ("percentage", "fraction"), [("20.00", "0.2"), ("7.7", "0.077"), ("100", "1"), ("0", "0")]
)
def test_percentages_become_fractions_without_trailing_zeros(percentage: str, fraction: str) -> None:
    assert format(as_fraction(Decimal(percentage)), "f") == fraction


def test_a_long_row_of_digits_is_a_code_and_no_amount() -> None:
    printed = Printed("GLN 4000001987658  EAN 4006381333931  2 x 1250000000  Total 12.500.000.000,00")
    assert [str(number.value) for number in printed.numbers] == ["2", "1250000000", "12500000000.00"]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("F20180023BUYER", []),
        ("No:F20180023", []),
        ("INV20240001", []),
        ("(030) 12.00", ["12.00"]),
        ("0301234567", []),
        ("Tel.0301234567 No.4000001987658", []),
        ("001 Tea 0002 x .0625", ["1", "2", "625", "0.0625"]),
        ("Rp2500000 kr2500001 RM12345", ["2500000", "2500001", "12345"]),
        ("2x1500000 x1500001", ["2", "1500000", "1500001"]),
        ("A12 TOTAL6600000 NET12500", ["12", "6600000", "12500"]),
        ("合計1250000円", ["1250000"]),
        ("5O.00 1,2OO.00 12O.50 Rp 15.OOO 1OO", []),
        ("10:20:37 at 9:05 2 x 5.00", ["2", "5.00"]),
        ("VAT 19:25.00", ["19", "25.00"]),
        ("2 OZ 5OZ 3L 24x300ML", ["2", "5", "3", "24", "300"]),
        ("Mo-Fr 8.00-20.00 Uhr, Sa 9.30 Uhr 7.15-8.30 a.m. 3.50 h", ["3.50"]),
        ("12.50 am 3. 49.90 Uhr 25.00 pm", ["12.50", "3", "49.90", "25.00"]),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC WELADED1MST 12", ["12"]),
        ("PL61 1090 1014 0000 0712 1981 2874 BIC 5 GB82WEST12345698765432", ["5"]),
        ("BIC: DEUTDEDB110 SWIFT-Code FIDCFR21 ORANGE12PCS", ["12"]),
        ("EU42 1000 2000", ["42", "1000", "2000"]),
        ("DE88 3704 0044 0532 0130 00", ["88", "3704", "44", "532", "130", "0"]),
        ("RE-2024/508 INV/2023/03/0008 UC1_2023_AFF 2_5", []),
        (
            "Total_125 Rp_25000 EUR10-20 RM5/1 x2-500",
            ["125", "25000", "10", "20", "5", "1", "2", "500"],
        ),
        (
            "x2/3.50 A4 TABLE2 -5 EUR-5 3/4 CHEESE12 A-1-5%",
            ["2", "3.50", "4", "2", "-5", "5", "-5", "3", "4", "12", "1", "5"],
        ),
    ],
)
def test_digits_of_a_code_or_a_telephone_are_no_amount(text: str, amounts: list[str]) -> None:
    assert [f"{number.value:f}" for number in Printed(text).numbers] == amounts


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1," * 50_000,
        "1O" * 50_000,
        "1:23" * 25_000,
        "A1/1" * 25_000,
        "A_" * 50_000,
        "DE12 " * 20_000,
    ],
)
def test_long_rows_of_digits_are_looked_through_in_no_time(text: str) -> None:
    started = time.process_time()
    assert len(Printed(text).numbers) <= 100_000
    assert time.process_time() - started < 8
