"""JSON that keeps the digits of amounts."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.errors import InvoiceShapeError
from finscribe.exact_json import parse_json, write_exactly

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
)


@pytest.mark.parametrize("digits", ["7.00", "-0.10", "1200", "0.000000001", "123456789012345678.90"])
def test_a_decimal_is_a_number_with_its_digits(digits: str) -> None:
    assert write_exactly({"total": Decimal(digits)}) == f'{{"total":{digits}}}'


def test_a_decimal_with_an_exponent_is_written_out() -> None:
    assert write_exactly((Decimal("1.2E+3"), Decimal("5E-2"))) == "[1200,0.05]"


@given(PLAIN)
def test_all_else_is_written_as_the_standard_library_writes_it(value: object) -> None:
    assert write_exactly(value, 2) == json.dumps(value, ensure_ascii=False, indent=2)
    assert write_exactly(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_what_is_no_number_is_refused(number: object) -> None:
    with pytest.raises(ValueError, match=r"JSON"):
        write_exactly([number])


def test_what_has_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        write_exactly({1, 2})


def test_numbers_are_read_as_the_digits_that_they_have() -> None:
    assert str(parse_json('{"a": 7.00, "b": [1]}')) == "{'a': Decimal('7.00'), 'b': [Decimal('1')]}"


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '{"a": NaN}', '{"a": 1e31}', '{"a": ' + "1" * 31 + "}", "[" * 9999]
)
def test_what_is_no_object_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(InvoiceShapeError) as caught:
        parse_json(text)
    assert caught.value.field == "output"
