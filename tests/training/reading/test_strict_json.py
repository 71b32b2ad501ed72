"""JSON that means one thing."""

from decimal import Decimal
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.strict_json import parse, parse_object


def test_numbers_keep_their_digits() -> None:
    assert parse('{"a": 12.50, "b": 3}') == {"a": Decimal("12.50"), "b": 3}
    assert str(parse("12.50")) == "12.50"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not-json"),
        ("{", "not-json"),
        ("{} {}", "not-json"),
        ("1" * 5000, "not-json"),
        ("1e99999999999999999999", "not-json"),
        ('{"a": {"b": 1, "b": 1}}', "duplicate-key"),
        ('{"a": 1, ' + ", ".join(f'"k{n}": 1' for n in range(50_000)) + ', "a": 1}', "duplicate-key"),
        ("[NaN]", "not-a-number"),
        ('{"a": Infinity}', "not-a-number"),
        ("[" * 200_000, "too-deep"),
    ],
)
def test_what_means_nothing_or_two_things_is_refused(text: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse(text)
    assert caught.value.reason == reason
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [("[]", "list"), ("1", "number"), ("1.5", "number"), ("null", "null"), ('"a"', "string")],
)
def test_what_is_no_object_is_refused_by_its_name(text: str, name: Any) -> None:
    with pytest.raises(RecordError, match=f"the record is a {name}") as caught:
        parse_object(text)
    assert caught.value.reason == "not-an-object"
