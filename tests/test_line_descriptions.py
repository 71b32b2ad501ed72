"""Descriptions that stand in the rows of their lines: printed cells alone, and only such as the model finds likely."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from finscribe.decoding.rows import LEAST_LOG_RATIO_IN_ROWS
from finscribe.documents import Document
from finscribe.extract import Extraction, extract
from finscribe.invoice import ALL_FIELDS, write_json
from finscribe.testing import FakeModel
from tests.decoding.torn import Torn

TABLE = (
    "ACME\nItem  Description  Qty  Price  Amount\n"
    "TEA-1  Green tea, loose  2  10.00  20.00\nJAM-7  Plum jam  3  5.00  15.00"
)
TEA, JAM = ("2", "10.00", "20.00"), ("3", "5.00", "15.00")


def answer(*names: str, numbers: Sequence[tuple[str, ...]] = (TEA, JAM)) -> str:
    """The JSON of lines with these descriptions and numbers, and of nothing else."""
    cells = [
        {"desc": name, "qty": Decimal(qty), "unit_price": Decimal(price), "line_total": Decimal(total)}
        for name, (qty, price, total) in zip(names, numbers, strict=False)
    ]
    return write_json({}, cells, ALL_FIELDS)[0]


def read(model: FakeModel, text: str = TABLE, **options: Any) -> Extraction:
    return extract(Document.from_text(text), model, **options)


def names(found: Extraction) -> list[str | None]:
    return [line.desc for line in found.invoice.line_items]


@pytest.mark.parametrize("written", ["TEA-1", "ACME", "Description"])
def test_a_description_is_the_cell_that_says_most_in_the_row_of_its_numbers(written: str) -> None:
    found = read(Torn(answer(written, "Plum jam"), answer("Green tea, loose", "Plum jam")))
    assert names(found) == ["Green tea, loose", "Plum jam"]


def test_what_is_taken_has_its_place_and_the_probability_that_the_model_gave_it() -> None:
    found = read(Torn(answer("TEA-1"), answer("Green tea, loose"), doubt=2.0)).evidence["line_items[0].desc"]
    assert TABLE[found.places[0][0].start :].startswith("Green tea")
    assert found.probability == pytest.approx(math.exp(-2) / (1 + math.exp(-2)), rel=1e-2)


@pytest.mark.parametrize(("doubt", "taken"), [(8.0, True), (-LEAST_LOG_RATIO_IN_ROWS + 1, False)])
def test_what_the_model_finds_out_of_the_question_is_not_taken(doubt: float, taken: bool) -> None:
    found = read(Torn(answer("TEA-1"), answer("Green tea, loose"), doubt=doubt))
    assert names(found) == ["Green tea, loose" if taken else "TEA-1"]


@pytest.mark.parametrize(
    ("text", "written", "nearly"),
    [
        pytest.param(TABLE, "Green tea", "Green tea, loose", id="a part of the cell"),
        pytest.param(
            "ACME\nGreen tea  2  10.00  20.00\nfrom Assam", "Green tea, from Assam", "Green tea", id="more"
        ),
        pytest.param(
            "ACME\nGreen tea,\nloose from Assam  2  10.00  20.00",
            "Green tea, loose from Assam",
            "loose from Assam",
            id="begun above",
        ),
        pytest.param(
            "ACME\nGreen tea\nA-17  Karton  2  10.00  20.00", "Green tea", "Karton", id="by itself above"
        ),
        pytest.param(TABLE.replace("Green tea, loose", "PCE"), "ACME", "TEA-1", id="a unit"),
        pytest.param(
            TABLE.replace("Green tea, loose  2", "Green tea 2"), "ACME", "Green tea 2", id="a number"
        ),
        pytest.param("ACME\nItems\nGreen tea  2 10.00 20.00", "ACME", "Green tea", id="no row of a table"),
        pytest.param(
            f"{TABLE}\nSAL-2  Sea salt  2  10.00  20.00", "ACME", "Green tea, loose", id="numbers of two rows"
        ),
    ],
)
def test_a_description_stays(text: str, written: str, nearly: str) -> None:
    assert names(read(Torn(answer(written), answer(nearly)), text)) == [written]


def test_of_all_numbers_a_row_prints_those_of_the_line_tell_it_from_others() -> None:
    text = f"{TABLE}\nSAL-2  Sea salt  2  11.00  22.00"
    assert names(read(Torn(answer("ACME"), answer("Green tea, loose")), text)) == ["Green tea, loose"]


def test_a_cell_that_describes_a_line_describes_no_other_one() -> None:
    numbers = [TEA, ("2", "10.00", "15.00")]
    model = Torn(answer("Green tea, loose", "ACME", numbers=numbers), answer("Green tea, loose", "Green tea"))
    assert names(read(model)) == ["Green tea, loose", "ACME"]


def test_of_two_lines_with_one_row_the_likelier_is_described_by_it() -> None:
    model = Torn(
        answer("ACME", "TEA-1", numbers=[TEA, TEA]),
        answer("Green tea, loose", "Green tea, loose", numbers=[TEA, TEA]),
        doubt=1.0,
    )
    assert names(read(model)) == ["ACME", "Green tea, loose"]


def test_descriptions_in_their_rows_take_no_pass_more_and_misplaced_ones_of_a_window_one() -> None:
    right, wrong = answer("Green tea, loose", "Plum jam"), answer("TEA-1", "JAM-7")
    for script, more in ((right, 0), (wrong, 1)):
        with_, without = (Torn(script, answer("Green tea, loose", "JAM-7"), right) for _ in range(2))
        read(with_)
        read(without, arithmetic=False)
        assert with_.passes == without.passes + more


@pytest.mark.parametrize("options", [{"arithmetic": False}, {"grounding": "schema"}])
def test_descriptions_stay_where_nobody_wants_them_read_otherwise(options: dict[str, Any]) -> None:
    found = read(Torn(answer("TEA-1"), answer("Green tea, loose")), **options)
    assert names(found) == ["TEA-1"]
