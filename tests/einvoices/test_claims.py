"""What an electronic invoice claims of single fields."""

from decimal import Decimal

import pytest

from finscribe.einvoices.claims import (
    Charge,
    address,
    dates,
    document_type,
    left_to_pay,
    number,
    reductions_and_charges,
    tax_rate,
    texts,
)


def test_an_address_is_tried_with_and_without_country_and_extra_lines() -> None:
    found = address(["1 Rue A", "Bât. B", ""], "75001", "Paris", "FR")
    assert found[:2] == ("1 Rue A, Bât. B, 75001 Paris, FR", "1 Rue A, Bât. B, 75001 Paris")
    assert "1 Rue A, Paris 75001" in found


def test_an_address_of_which_nothing_is_known_claims_nothing() -> None:
    assert address(["", ""], "", "", "") == ()


@pytest.mark.parametrize(
    ("rates", "candidates"),
    [(["20.00", "20"], (Decimal("0.2"),)), (["19", "7"], (None,)), ([], ()), (["x"], ())],
)
def test_the_tax_rate_is_one_fraction_or_known_to_be_several(
    rates: list[str], candidates: tuple[object]
) -> None:
    assert tax_rate(rates) == candidates


def test_charges_are_shipping_or_others_by_their_reason() -> None:
    charges = [
        Charge(False, Decimal(5), "Rabatt"),
        Charge(True, Decimal(4), "Versandkosten"),
        Charge(True, Decimal(3), " FC"),
        Charge(True, Decimal(2), "Verpackung"),
    ]
    assert reductions_and_charges(charges) == {
        "financial_summary.discount": (Decimal(5),),
        "financial_summary.shipping": (Decimal(7),),
        "financial_summary.other_charges": (Decimal(2),),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [("20240131", ("2024-01-31",)), ("2024-01-31Z", ("2024-01-31",)), ("", ()), ("soon", ())],
)
def test_dates_are_read(text: str, found: tuple[str, ...]) -> None:
    assert dates(text) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [("380", ("invoice",)), ("381", ("credit_note",)), ("325", ("proforma",)), ("220", ()), (None, ())],
)
def test_type_codes_have_our_names(code: str | None, found: tuple[str, ...]) -> None:
    assert document_type(code) == found


@pytest.mark.parametrize(
    "text", ["", "x", "NaN", "Infinity", None, "1e999999999", "9" * 5000, ".", "1.2.3", "١"]
)
def test_what_is_no_number_is_none(text: str | None) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["1", "-1.50", "+2", "3.", ".5", " 4.0000 "])
def test_decimals_are_read_as_xml_writes_them(text: str) -> None:
    assert number(text) == Decimal(text.strip())


def test_a_text_too_long_to_be_a_value_claims_nothing() -> None:
    assert texts("a" * 2000, "b" * 2001, " c\n d ") == ("a" * 2000, "c d")


def test_what_is_due_is_claimed_where_it_is_not_the_total() -> None:
    assert left_to_pay("100.00", "120.00") == (Decimal("100.00"),)
    assert left_to_pay("120.0", "120.00") == ()
