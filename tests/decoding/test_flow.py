"""How text runs over a page."""

import pytest

from finscribe.decoding.printed import Printed, find_text

TWO_COLUMNS = "Bill to\nACME Ltd  Jane Doe\nMain St 5,  Side Rd 7\n12345 Town  67890 City\nFrance"


def following(text: str, word: str) -> list[str]:
    """The words that may follow the last one that reads like this."""
    printed = Printed(text)
    return [printed.words[step].text for step in printed.flow.steps(printed.by_text[word][-1])]


def test_words_of_a_cell_follow_each_other() -> None:
    assert following(TWO_COLUMNS, "Main") == ["St"]


@pytest.mark.parametrize(("last", "heads"), [("Ltd", ["Jane", "Main"]), ("Doe", ["Side"])])
def test_the_end_of_a_cell_leads_beside_it_and_down_its_column(last: str, heads: list[str]) -> None:
    assert following(TWO_COLUMNS, last) == heads


def test_marks_at_the_end_of_a_cell_may_be_left_out() -> None:
    assert following(TWO_COLUMNS, "5") == [",", "Side", "12345"]


@pytest.mark.parametrize(("last", "heads"), [("Town", ["67890", "France"]), ("City", ["France"])])
def test_where_a_column_ended_either_may_go_on(last: str, heads: list[str]) -> None:
    assert following(TWO_COLUMNS, last) == heads


def test_where_a_column_begins_its_neighbour_may_have_moved() -> None:
    assert following("ACME\na  b", "ACME") == ["a", "b"]
    assert following("x  ACME\na  b  c", "ACME") == ["b", "c"]


def test_a_value_never_mixes_columns_nor_repeats_a_cell() -> None:
    printed = Printed(TWO_COLUMNS)
    assert find_text(printed, "Main St 5, 12345 Town, France")
    for mixture in (
        "Main St 5, 67890 City",
        "Side Rd 7 12345 Town",
        "Main St 5, Main St 5",
        "12345 Town ACME Ltd",
    ):
        assert find_text(printed, mixture) == []


def test_a_value_goes_on_in_the_next_line_and_no_further_down() -> None:
    assert find_text(Printed("ACME\nLtd"), "ACME, Ltd")
    assert not find_text(Printed("ACME\n1\nLtd"), "ACME, Ltd")


@pytest.mark.parametrize("code", ["DE", "D", "CH-", "DE -"])
def test_an_address_may_leave_out_a_country_before_the_postal_code(code: str) -> None:
    text = f"Main St 5\n{code} 12345 Town"
    assert following(text, "5") == [code.split()[0], "12345"]
    assert find_text(Printed(text), "Main St 5, 12345 Town")
    assert find_text(Printed(text), f"Main St 5, {code} 12345 Town")


@pytest.mark.parametrize(
    "town", ["No. 12345", "DEU 12345", "DE Town", "12 345", "DE", "RM 12.50", "PO 4711", "M 8", "SE 12"]
)
def test_nothing_else_is_left_out(town: str) -> None:
    assert following(f"Main St 5\n{town}", "5") == [town.split()[0]]


def test_many_empty_looking_cells_are_passed_once_each() -> None:
    text = "\n".join(["ACME", *["-  -  -  -"] * 60, "Ltd"])
    assert Printed(text).flow.follow(0, _Never()) is None


class _Never:
    """Takes every word and is never read in full; counts how many it was shown."""

    length = 1

    def __init__(self) -> None:
        self.shown = 0

    def take(self, read: int, _place: int, _joints: object, /) -> int | None:
        self.shown += 1
        assert self.shown < 10_000
        return read
