"""What printed numbers and dates can mean."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.readings import magnitudes, read_dates, read_numbers

AMOUNTS = st.decimals(0, 99_999_999, places=2)
DAYS = st.dates(date(1970, 1, 1), date(2068, 12, 31))


def numbers(text: str) -> list[str]:
    return [str(reading.value) for reading in read_numbers(text)]


def dates(text: str) -> list[str]:
    return [reading.value for reading in read_dates(text)]


def indian(amount: Decimal) -> str:
    whole, _, cents = f"{amount:.2f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail]) + "." + cents


ARABIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩\u066b\u066c")

NUMBER_STYLES = {
    "english": lambda amount: f"{amount:,.2f}",
    "german": lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
    "french": lambda amount: f"{amount:,.2f}".replace(",", "\u202f").replace(".", ","),
    "swiss": lambda amount: f"{amount:,.2f}".replace(",", "’"),
    "indian": indian,
    "arabic": lambda amount: f"{amount:,.2f}".translate(ARABIC),
}
DATE_STYLES = {
    "iso": lambda day: day.isoformat(),
    "year first": lambda day: f"{day.year}/{day.month}/{day.day}",
    "dotted year first": lambda day: f"{day.year}.{day.month}.{day.day}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "german": lambda day: f"{day:%d.%m.%Y}",
    "spaced": lambda day: f"{day.day}. {day.month}. {day.year}",
    "english": lambda day: f"{day:%d/%m/%Y}",
    "american": lambda day: f"{day:%m/%d/%Y}",
    "short": lambda day: f"{day:%d-%m-%y}",
    "named": lambda day: f"{day.day} {day:%B} {day.year}",
    "american named": lambda day: f"{day:%b} {day.day}, {day.year}",
    "dashed": lambda day: f"{day:%d-%b-%y}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
}


@pytest.mark.parametrize("style", NUMBER_STYLES)
@given(amount=AMOUNTS)
def test_an_amount_is_among_the_readings_of_its_print(style: str, amount: Decimal) -> None:
    printed = NUMBER_STYLES[style](amount)
    text = f"Total EUR {printed}\n"
    places = {(reading.value, text[reading.start : reading.end]) for reading in read_numbers(text)}
    assert (amount, printed) in places


@pytest.mark.parametrize("style", DATE_STYLES)
@given(day=DAYS)
def test_a_date_is_among_the_readings_of_its_print(style: str, day: date) -> None:
    printed = DATE_STYLES[style](day)
    text = f"Date: {printed} x"
    places = {(reading.value, text[reading.start : reading.end]) for reading in read_dates(text)}
    assert (day.isoformat(), printed) in places


@given(st.text(max_size=60) | st.text("0123456789.,-–/()$€ \n%MaryDe'", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for number in read_numbers(text):
        assert number.value.is_finite()
        assert 0 <= number.start < number.end <= len(text)
    for day in read_dates(text):
        date.fromisoformat(day.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 December 2020", ["2020-12-05"]),
        ("5. Dezember 2020", ["2020-12-05"]),
        ("5 de dezembro de 2020", ["2020-12-05"]),
        ("5th of May, 2024", ["2024-05-05"]),
        ("Feb11.2012", ["2012-02-11"]),
        ("Jul.30'11", ["2011-07-30"]),
        ("16JUL17", ["2017-07-16"]),
        ("5. März 2024", ["2024-03-05"]),
        ("3. marts 2021", ["2021-03-03"]),
        ("21. 12. 2020", ["2020-12-21"]),
        ("21 / 12 / 2020", ["2020-12-21"]),
        ("98-12-31", ["1998-12-31"]),
        ("20-12-21", ["2021-12-20"]),
        ("2024/3/4", ["2024-03-04"]),
        ("2024-3-4", ["2024-03-04"]),
        ("2024. 3. 4", ["2024-03-04"]),
        ("2024/12/3", ["2024-12-03"]),
        ("2024/3/45", []),
        ("3/4/5", []),
        ("1.2.3.2024", ["2024-03-02", "2024-02-03"]),
        ("03/04/2024", ["2024-04-03", "2024-03-04"]),
        ("03/04/2024 and 31/01/2024", ["2024-04-03", "2024-01-31"]),
        ("31/02/2024", []),
        ("192.168.1.10", []),
        ("Invoice 2025/17 dated 14 February 2025", ["2025-02-14"]),
        ("fattura n. 7 del 11 ottobre 2024", ["2024-10-11"]),
        ("14 March 2025 16 April 2026", ["2025-03-14", "2026-04-16"]),
        ("12 boxes 14 March 2025", ["2025-03-14"]),
        ("Jan 1 - Jan 31  11,904  hours", []),
        ("Jan 31  12.50", []),
        ("Date: 14 Mar 24.05", ["2024-03-14"]),
        ("12 Dec 24.50 EUR", ["2024-12-12"]),
        ("1 Jan 24.31 Jan 24", ["2024-01-01", "2024-01-31"]),
    ],
)
def test_dates_read_as(text: str, expected: list[str]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234", ["1234", "1.234"]),
        ("0.500", ["0.500"]),
        ("٤٥\u066b٥٠", ["45.50"]),
        ("٤٥\u066b٥٠٠", ["45.500"]),
        ("١\u066c٢٣٤", ["1234"]),
        ("١ ٢٣٤\u066b٥٠", ["1", "1234.50", "234.50"]),
        ("-5", ["-5"]),
        ("5.00-", ["-5.00"]),
        ("(12.00)", ["12.00", "-12.00"]),
        ("(R$12.00)", ["12.00", "-12.00"]),
        ("-CA$0.02", ["-0.02"]),
        ("-S$35.00", ["-35.00"]),
        ("- 5", ["5", "-5"]),
        ("-\n5", ["5"]),
        ("(\n5)", ["5"]),
        ("A-5", ["5"]),
        ("-.50", ["50", "-0.50"]),
        ("1234567890123456", []),
    ],
)
def test_numbers_read_as(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize("text", ["19 %", "١٩\u066a"])
def test_a_percent_sign_is_noted_and_the_value_kept(text: str) -> None:
    assert [(str(reading.value), reading.percent) for reading in read_numbers(text)] == [("19", True)]


def test_groups_that_no_style_prints_are_not_read() -> None:
    assert magnitudes("12.34.56") == ()


@pytest.mark.parametrize(
    "piece",
    ["1", "1.", "5 ", "123 ", "a", "12 Mar ", "12. 12. ", "-(US$ ", "- 12,345.67 CA$ Jan 5, 2024\n"],
)
def test_a_hundred_thousand_characters_are_read_quickly(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    started = time.process_time()
    read_numbers(text)
    read_dates(text)
    assert time.process_time() - started < 8  # well under one second on an idle machine


@pytest.mark.parametrize(
    "other", ["Tél. 01.42.68.53.00", "Host 10.15.20.33", "Part 05-20-1234", "Tel. 01.12.68.53.00", "99/13/99"]
)
def test_what_is_no_date_does_not_settle_the_order_of_day_and_month(other: str) -> None:
    found = dates(f"{other}\nDate 03/04/2024")
    assert {"2024-03-04", "2024-04-03"} <= set(found)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Tool box  2  Set  1999.00  3998.00", ["2", "1999.00", "3998.00"]),
        ("Drill bit set  2  45  90", ["2", "45", "90"]),
        ("13 set 13,64", ["13", "13.64"]),
    ],
)
def test_the_columns_of_a_set_are_no_days_of_september(text: str, amounts: list[str]) -> None:
    assert dates(text) == []
    assert numbers(text) == amounts


@pytest.mark.parametrize(
    "text", ["12 set 2024", "12. set. 24", "12-set-24", "12set24", "set 12, 2024", "set 12, 24"]
)
def test_days_of_september_are_read_in_italian(text: str) -> None:
    assert dates(text) == ["2024-09-12"]


@pytest.mark.parametrize("text", ["x;-12.50", "a|-12.50"])
def test_a_minus_right_behind_a_mark_is_one(text: str) -> None:
    assert numbers(text) == ["-12.50"]


@pytest.mark.parametrize("text", ["EUR-12.50", "RM-12.50"])
def test_a_minus_right_behind_a_currency_may_be_one(text: str) -> None:
    assert numbers(text) == ["12.50", "-12.50"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12.50 CR", ["12.50", "-12.50"]),
        ("12.50CR", ["12.50", "-12.50"]),
        ("12.50 CRATES", ["12.50"]),
        ("INV-12", ["12"]),
    ],
)
def test_what_is_credited_may_be_negative(text: str, found: list[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date: Jan  5 2024", "2024-01-05"),
        ("05  JAN  2024", "2024-01-05"),
        ("Oct 10,24", "2024-10-10"),
        ("12. März 2024,14.30 Uhr", "2024-03-12"),
    ],
)
def test_days_of_other_months_may_have_a_gap_or_a_comma(text: str, day: str) -> None:
    assert dates(text) == [day]
