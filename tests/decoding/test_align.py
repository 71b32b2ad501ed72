"""From a truth to what the decoder could write."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from finscribe.decoding.align import align, reach
from finscribe.decoding.grammar import build_grammar
from finscribe.decoding.printed import Printed
from finscribe.folding import fold
from finscribe.invoice import ALL_FIELDS, Kind, Truth
from finscribe.synthesis import FAMILIES, generate
from tests.decoding.documents import documents, some_answer
from tests.profiles import examples

BYTES = LLTokenizer("byte")


def accepted(printed: Printed, truth: Truth) -> bool:
    matcher = LLMatcher(BYTES, build_grammar(printed, truth.request), log_level=0)
    target = list(truth.to_json().encode())
    return bool(
        matcher.validate_tokens(target) == len(target)
        and matcher.consume_tokens(target)
        and matcher.is_accepting()
    )


@pytest.mark.parametrize("first_seed", [0, 50_000_000, 3_000_000_000])
def test_every_target_of_a_synthetic_document_is_accepted_by_its_grammar(first_seed: int) -> None:
    missing = known = 0
    for seed in range(first_seed, first_seed + 120):
        sample = generate(seed, FAMILIES)
        truth, printed = Truth.read(sample.truth), Printed(sample.text)
        alignment = align(truth, printed)
        assert accepted(printed, alignment.truth), seed
        known += sum(value is not None for value in truth.values.values())
        missing += len(alignment.unreachable)
    assert missing < 0.02 * known


@examples(60)
@given(documents, documents, st.integers(0, 1000))
def test_every_target_is_accepted_whatever_the_truth_and_the_document(
    text: str, other: str, seed: int
) -> None:
    printed = Printed(text)
    for source in (printed, Printed(other)):
        truth = Truth.read(some_answer(source, seed))
        lines = (truth.lines or ())[: text.count("\n") + 1]
        alignment = align(Truth(truth.values, lines), printed)
        assert accepted(printed, alignment.truth)


@examples(60)
@given(documents, st.integers(0, 1000))
def test_nothing_that_was_copied_from_the_page_is_unreachable(text: str, seed: int) -> None:
    truth = Truth.read(some_answer(Printed(text), seed))
    missing = align(truth, Printed(text)).unreachable
    lost = [path for path in missing if fold(str(_value(truth, path)))]
    assert lost == []


def _value(truth: Truth, path: str) -> object:
    if "[" not in path:
        return truth.values[path]
    row, _, cell = path.removeprefix("line_items[").partition("].")
    assert truth.lines is not None
    return truth.lines[int(row)][cell]


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("ACME, Ltd.", "ACME LTD\nInvoice", "ACME LTD"),
        ("Main St 5 12345 Town", "Main St 5  Jane\n12345 Town  Doe", "Main St 5, 12345 Town"),
        ("Muller", "Müller", None),
        ("ACM", "ACME", None),
        ("acme", "(ACME)", "ACME"),
        ("--", "--", None),
    ],
)
def test_texts_match_by_letters_and_digits(value: str, text: str, found: str | None) -> None:
    assert reach(value, Kind.PHRASE, Printed(text)) == found


def test_numbers_take_the_spelling_of_the_page() -> None:
    printed = Printed("Total 30.90\nVAT 20%")
    assert format(reach(Decimal("30.9"), Kind.NUMBER, printed), "f") == "30.90"  # type: ignore[arg-type]
    assert reach(Decimal("0.20"), Kind.RATE, printed) == Decimal("0.2")
    assert reach(Decimal("30.91"), Kind.NUMBER, printed) is None


def test_what_is_not_printed_is_left_out_and_named() -> None:
    truth = Truth(
        {"vendor.name": "ACME", "invoice_date": "2024-01-01", "due_date": None, "currency": "EUR"},
        ({"desc": "Tea", "qty": Decimal(3)}, {"desc": "Beer", "qty": Decimal(2)}),
    )
    alignment = align(truth, Printed("ACME\n3 Tea\n4 Beer"))
    assert alignment.unreachable == ("invoice_date", "currency", "line_items[1].qty")
    assert alignment.truth.values == {"vendor.name": "ACME", "due_date": None}
    assert alignment.truth.request == ("vendor.name", "due_date", "line_items.desc")


def test_a_truth_that_knows_nothing_of_the_lines_asks_for_none() -> None:
    alignment = align(Truth({"vendor.name": "ACME"}), Printed("ACME"))
    assert alignment.truth.lines is None
    assert alignment.truth.request == ("vendor.name",)


def test_explicit_nulls_are_learnable() -> None:
    alignment = align(Truth(dict.fromkeys(("vendor.name", "currency"))), Printed(""))
    assert alignment.unreachable == ()
    assert alignment.truth.to_json() == '{"vendor":{"name":null},"currency":null}'
    assert set(alignment.truth.request) < set(ALL_FIELDS)


def test_words_are_taken_as_they_are_written_before_others_that_differ_in_case() -> None:
    printed = Printed("Blue Curtain  1  4.00\nCURTAIN  2  8.00")
    assert reach("CURTAIN", Kind.PHRASE, printed) == "CURTAIN"
    assert reach("curtain", Kind.PHRASE, printed) == "Curtain"
