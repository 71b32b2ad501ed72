"""Whatever a model writes, the answer made of it is one that the grammar of its document accepts."""

import json
import math
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.grammar import Grounding, build_grammar
from finscribe.decoding.merging import read_answer
from finscribe.decoding.printed import Printed
from finscribe.decoding.remote import checking
from finscribe.decoding.remote.checking import check
from finscribe.decoding.remote.replies import Said
from finscribe.invoice import ALL_FIELDS, LINES, Value, cells_of, row_and_cell, write_json
from tests.decoding.documents import documents, some_answer
from tests.profiles import examples

BYTES = LLTokenizer("byte")
TEXT = "ACME Ltd\nInvoice INV-7\n2  Tea  10.00  20.00\n1  Milk 3.50 3.50\nTotal 23.50\nDate 2024-03-04"


def checked(text: str, answer: str, grounding: Grounding = Grounding.GROUNDED, ended: Any = "stop") -> Answer:
    return check(Said(answer, ended), Task("", Printed(text), ALL_FIELDS, grounding), 1)


def values_of(answer: Answer) -> dict[str, Value]:
    return {item.path: item.value for item in read_answer(answer, Grounding.GROUNDED)}


def written(answer: Answer) -> str:
    """The answer as a model on this machine would have written it."""
    values = values_of(answer)
    cells = [(place, value) for path, value in values.items() if (place := row_and_cell(path))]
    rows = [
        {place[1]: value for place, value in row} for _, row in groupby(cells, key=lambda each: each[0][0])
    ]
    return write_json(values, rows, ALL_FIELDS)[0]


def accepts(text: str, answer: str) -> bool:
    matcher = LLMatcher(BYTES, build_grammar(Printed(text), ALL_FIELDS), log_level=0)
    tokens = list(answer.encode())
    return matcher.consume_tokens(tokens) and matcher.is_accepting()


# --- held to what is printed -------------------------------------------------------------------------


@examples(100)
@given(documents, st.integers(0, 1000))
def test_what_the_grammar_lets_a_model_write_is_left_as_it_is(text: str, seed: int) -> None:
    answer = some_answer(Printed(text), seed)
    found = checked(text, answer)
    assert written(found) == answer
    assert (found.rejected, found.flaws, found.complete) == ((), (), True)


@examples(100)
@given(documents, documents, st.integers(0, 1000))
def test_an_answer_about_another_document_becomes_one_that_the_grammar_accepts(
    text: str, other: str, seed: int
) -> None:
    answer = some_answer(Printed(other), seed)
    found = checked(text, answer)
    assert accepts(text, written(found))
    claimed = {path: value for path, value in values_of(checked(other, answer)).items() if value is not None}
    kept = {path for path, value in values_of(found).items() if value is not None}
    rejected = {each.path for each in found.rejected}
    assert kept.isdisjoint(rejected)
    assert kept | rejected == claimed.keys() & values_of(found).keys()  # nothing is lost without a word


@examples(150)
@given(documents, st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["vendor", "name", LINES, "qty", "total", "a", "currency"]), inner, max_size=4),
))  # fmt: skip
def test_any_json_becomes_an_answer_that_the_grammar_accepts(text: str, said: object) -> None:
    assert accepts(text, written(checked(text, json.dumps(said))))


@examples(150)
@given(documents, st.text())
def test_any_text_becomes_an_answer_that_the_grammar_accepts(text: str, said: str) -> None:
    assert accepts(text, written(checked(text, said)))


@examples(60)
@given(documents, st.integers(0, 1000), st.integers(0, 400))
def test_an_answer_that_breaks_off_keeps_what_was_written_in_full(text: str, seed: int, end: int) -> None:
    answer = some_answer(Printed(text), seed)
    whole, cut = values_of(checked(text, answer)), checked(text, answer[:end])
    for path, value in values_of(cut).items():
        assert value in (None, whole[path])
    assert cut.complete == (end >= len(answer))


# --- examples ----------------------------------------------------------------------------------------


def test_values_take_the_spelling_of_the_page() -> None:
    found = checked(
        TEXT, json.dumps({"vendor": {"name": "acme LTD."}, "financial_summary": {"grand_total": 23.5}})
    )
    assert dict(found.values) == {"vendor.name": '"ACME Ltd"', "financial_summary.grand_total": "23.50"}
    assert found.rejected == ()


def test_a_value_that_is_not_printed_is_null_and_said() -> None:
    found = checked(
        TEXT, '{"vendor": {"name": "ACME Ltd", "tax_id": "DE811234567"}, "invoice_date": "2024-04-03"}'
    )
    assert values_of(found) == {"vendor.name": "ACME Ltd", "vendor.tax_id": None, "invoice_date": None}
    assert [(each.path, each.json) for each in found.rejected] == [
        ("vendor.tax_id", '"DE811234567"'),
        ("invoice_date", '"2024-04-03"'),
    ]


def test_lines_keep_their_places_when_one_of_them_is_made_up() -> None:
    lines = [
        {"desc": "Tea", "qty": 2},
        {"desc": "Coffee beans", "qty": 77},
        {"desc": "Milk", "qty": "one", "line_total": 3.5},
    ]
    found = checked(TEXT, json.dumps({LINES: lines}))
    kept = {path: value for path, value in values_of(found).items() if value is not None}
    assert kept == {
        "line_items[0].desc": "Tea",
        "line_items[0].qty": Decimal(2),
        "line_items[2].desc": "Milk",
        "line_items[2].line_total": Decimal("3.50"),
    }
    assert [each.path for each in found.rejected] == [
        "line_items[1].desc",
        "line_items[1].qty",
        "line_items[2].qty",
    ]
    assert found.rejected[-1].json == '"one"'


def test_more_lines_than_the_text_has_room_for_are_left_out_and_said() -> None:
    found = checked("ACME\nTea 1", json.dumps({LINES: [{"desc": "Tea"}] * 500}))
    assert len(found.values) == 2 * len(cells_of(ALL_FIELDS))
    assert [flaw.code for flaw in found.flaws] == ["too-many-lines"]


@pytest.mark.parametrize(
    ("answer", "ended", "codes"),
    [
        ("", "refused", ["answer-refused"]),
        ("I cannot help with that.", "stop", ["answer-unreadable"]),
        ("[1, 2]", "stop", ["answer-unreadable"]),
        ('{"weather": "fine"}', "stop", ["answer-unreadable"]),
        ('{"vendor": {"name": "ACME Ltd", "address"', "stop", ["answer-broken"]),
        ('{"vendor": {"name": "ACME Ltd"', "length", []),
        ("{}", "stop", []),
        ('```json\n{"vendor": {"name": "ACME Ltd"}}\n```', "stop", []),
        ('<think>{"vendor": ...}</think>\nHere: {"vendor": {"name": "ACME Ltd"}} as asked.', "stop", []),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(answer: str, ended: str, codes: list[str]) -> None:
    found = checked(TEXT, answer, ended=ended)
    assert [flaw.code for flaw in found.flaws] == codes
    assert found.complete == (not codes and ended == "stop")
    assert "ACME" not in answer or dict(found.values)["vendor.name"] == '"ACME Ltd"'


def test_an_answer_of_nothing_but_nonsense_has_no_values() -> None:
    found = checked(TEXT, json.dumps({LINES: [{"qty": "many"} for _ in range(200)]}))
    assert found.values == ()
    assert [flaw.code for flaw in found.flaws] == ["answer-unreadable"]


def test_an_answer_without_end_is_read_as_far_as_one_may_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_CHARACTERS", 60)
    found = checked(TEXT, json.dumps({"vendor": {"name": "ACME Ltd"}, "more": ["x"] * 1000}))
    assert dict(found.values)["vendor.name"] == '"ACME Ltd"'
    assert [flaw.code for flaw in found.flaws] == ["answer-broken"]


def test_without_grounding_nothing_is_checked() -> None:
    answer = json.dumps({"vendor": {"name": "Someone Else"}})
    for grounding in (Grounding.SCHEMA, Grounding.OFF):
        found = checked(TEXT, answer, grounding)
        assert [item.value for item in read_answer(found, grounding)] == ["Someone Else"]
        assert found.rejected == ()


# --- how sure ----------------------------------------------------------------------------------------


def said_in_tokens(*tokens: tuple[str, float]) -> Said:
    return Said("".join(token for token, _ in tokens), "stop", tuple((t.encode(), p) for t, p in tokens))


def test_the_probability_of_a_value_is_that_of_the_tokens_which_write_it() -> None:
    said = said_in_tokens(
        ('{"vendor": {"', -0.5), ('name":', -3.0), (' "', -0.1), ("AC", -0.2), ('ME Ltd"', -0.4), ("}}", -2.0)
    )
    found = check(said, Task("", Printed(TEXT), ALL_FIELDS), 1)
    assert found.probabilities == pytest.approx([math.exp(-0.7)])


def test_the_probability_of_a_value_behind_letters_of_several_bytes_is_its_own() -> None:
    said = said_in_tokens(('{"ü": 1, "vendor": {"name": ', -1.0), ('"Mü', -0.3), ('ll"', -0.3), ("}}", -5.0))
    found = check(said, Task("", Printed("Müll"), ALL_FIELDS), 1)
    assert found.values == (("vendor.name", '"Müll"'),)
    assert found.probabilities == pytest.approx([math.exp(-0.6)])


def test_a_probability_that_nobody_told_is_none() -> None:
    assert checked(TEXT, '{"vendor": {"name": "ACME Ltd"}}').probabilities == (0.0,)
    old_shape = said_in_tokens(('{"merchant_name": ', -0.1), ('"ACME Ltd"', -0.1), ("}", -0.1))
    found = check(old_shape, Task("", Printed(TEXT), ALL_FIELDS), 1)
    assert set(found.probabilities) <= {0.0}
