"""What an answer may say."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from finscribe.decoding.grammar import Grounding, build_grammar
from finscribe.decoding.printed import Printed
from finscribe.invoice import ALL_FIELDS, Kind
from tests.decoding.documents import TRICKY, documents, requests, some_answer, texts
from tests.profiles import examples

BYTES = LLTokenizer("byte")


def matcher(text: str, request: tuple[str, ...], grounding: Grounding = Grounding.GROUNDED) -> Any:
    made = LLMatcher(BYTES, build_grammar(Printed(text), request, grounding), log_level=0)
    assert not made.is_error(), made.get_error()
    return made


def accepts(text: str, path: str, value: str, grounding: Grounding = Grounding.GROUNDED) -> bool:
    """Whether a document's grammar takes a value, given as JSON, for a field."""
    parent, _, key = path.rpartition(".")
    answer = f'{{"{key}":{value}}}'
    answer = f'{{"{parent}":{answer}}}' if parent else answer
    tokens = list(answer.encode())
    return bool(matcher(text, (path,), grounding).validate_tokens(tokens) == len(tokens))


@examples(60)
@given(documents, requests, st.sampled_from([Grounding.GROUNDED, Grounding.SCHEMA]))
def test_every_document_has_a_grammar(text: str, request: tuple[str, ...], grounding: Grounding) -> None:
    matcher(text, request, grounding)


@examples(60)
@given(documents, st.integers(0, 1000))
def test_whatever_is_printed_can_be_written(text: str, seed: int) -> None:
    written = list(some_answer(Printed(text), seed).encode())
    made = matcher(text, ALL_FIELDS)
    assert made.validate_tokens(written) == len(written)
    assert made.consume_tokens(written)
    assert made.is_accepting()


@examples(40)
@given(texts)
def test_the_first_and_the_last_word_of_every_line_can_be_written(text: str) -> None:
    made = matcher(text, ("payment.terms",))
    for line in text.split("\n"):
        for word in {word.text for word in Printed(line).words[:: max(1, len(Printed(line).words) - 1)]}:
            if word not in Printed(text).by_text:
                continue  # a word that is divided otherwise where it stands
            written = list(f'{{"payment":{{"terms":{json.dumps(word, ensure_ascii=False)}}}}}'.encode())
            made.reset()
            assert made.validate_tokens(written) == len(written), word


@pytest.mark.parametrize("printed", TRICKY)
def test_quotes_backslashes_tabs_and_other_scripts_can_be_written(printed: str) -> None:
    value = json.dumps(" ".join(printed.split()), ensure_ascii=False)
    assert accepts(f"first line\n{printed}\nlast line", "vendor.name", value)


def test_words_over_a_line_break_are_one_space_apart() -> None:
    assert accepts("ACME\nTrading   Ltd", "vendor.name", '"ACME Trading Ltd"')
    assert not accepts("ACME\nTrading   Ltd", "vendor.name", '"ACME\\nTrading"')


@pytest.mark.parametrize(
    "value", ['""', '" "', '" ACME"', '"ACME "', '"CME"', '"Acme"', '"Ltd ACME Corp"', "5"]
)
def test_what_is_not_printed_cannot_be_written(value: str) -> None:
    assert not accepts("ACME Trading Ltd", "vendor.name", value)


def test_runs_are_joined_by_comma_or_space_in_phrases_only() -> None:
    text = "Main St 5  Jane\n12345 Town  Doe"
    assert accepts(text, "vendor.address", '"Main St 5, 12345 Town"')
    assert accepts(text, "vendor.address", '"Main St 5 12345 Town"')
    assert not accepts(text, "invoice_number", '"Main St 5, 12345 Town"')
    assert accepts(text, "invoice_number", '"St 5"')


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Rechnung Nr. 4711 vom 03.06.2025", "4711"),
        ("RECHNUNG NR. 4711 VOM 3. JUNI 2025", "4711"),
        ("Invoice 77, issued on 3 June 2025", "77"),
        ("Facture n° F2025-12 du 03/06/2025", "F2025-12"),
        ("Factura 2025/77 de 3 de junio de 2025", "2025/77"),
        ("Order 4711 2025-06-03", "4711"),
        ("Tax id DE 123 456 788 of 03/06/2025", "DE 123 456 788"),
    ],
)
def test_an_identifier_ends_before_a_day(text: str, number: str) -> None:
    assert accepts(text, "invoice_number", json.dumps(number))
    behind = text.partition(number)[2]
    longer = [number + behind[: word.end()] for word in re.finditer(r"\S+", behind)]
    assert longer
    assert not any(accepts(text, "invoice_number", json.dumps(value)) for value in longer)


@pytest.mark.parametrize(
    "number",
    ["RE 2025-06-03", "SC 20250603", "210111 mit LV", "03/06/2025", "12 34 56 78", "INV/2025/06/0008 A"],
)
def test_an_identifier_may_look_like_a_day_and_have_words(number: str) -> None:
    assert accepts(f"No. {number}\n03.06.2025", "invoice_number", json.dumps(number))


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("financial_summary.grand_total", "1234.50", True),
        ("financial_summary.grand_total", "1234.5", False),
        ("financial_summary.grand_total", "1234", False),
        ("financial_summary.grand_total", "null", True),
        ("financial_summary.tax_rate", "0.19", True),
        ("financial_summary.tax_rate", "0.20", False),
        ("invoice_date", '"2024-04-03"', True),
        ("invoice_date", '"2024-03-04"', True),
        ("invoice_date", '"2024-03-05"', False),
        ("currency", '"EUR"', True),
        ("currency", '"USD"', False),
        ("document_type", '"credit_note"', True),
        ("document_type", '"letter"', False),
    ],
)
def test_numbers_dates_and_lists_are_readings_of_the_page(path: str, value: str, allowed: bool) -> None:
    assert accepts("03/04/2024\nVAT 19%\nTotal EUR 1.234,50", path, value) is allowed


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Tea 2.00 Coffee 3.00 Cake 4.00 Total 9.00", 3),
        ("OCR: Cafe One, Tea 2.00, Juice 3.50, Water 1.00, Bun 2.00, Pie 4.00, Egg 3.00, Total 15.50", 6),
        ("茶2.00咖啡3.00饼4.00", 3),
    ],
)
def test_items_that_stand_in_one_line_can_all_be_written(text: str, items: int) -> None:
    amounts = list(Printed(text).places(Kind.NUMBER))[:items]
    lines = ",".join(f'{{"line_total":{amount}}}' for amount in amounts)
    written = list(f'{{"line_items":[{lines}]}}'.encode())
    assert len(amounts) == items
    assert matcher(text, ("line_items.line_total",)).validate_tokens(written) == len(written)


def test_the_schema_alone_takes_what_is_not_printed() -> None:
    assert accepts("ACME", "vendor.name", '"Some Other Name"', Grounding.SCHEMA)
    assert accepts("ACME", "currency", '"XYZ"', Grounding.SCHEMA)
    assert accepts("ACME", "invoice_date", '"1999-12-31"', Grounding.SCHEMA)
    assert not accepts("ACME", "invoice_date", '"31.12.1999"', Grounding.SCHEMA)
    assert not accepts("ACME", "vendor.name", '""', Grounding.SCHEMA)


@pytest.mark.parametrize("text", ["", "   \n ", "🙂", "12345", "\x00\x01"])
def test_a_document_with_next_to_nothing_has_a_grammar(text: str) -> None:
    assert accepts(text, "vendor.name", "null")


def test_a_text_without_line_breaks_may_list_as_many_items_as_it_has_room_for() -> None:
    items = [f'{{"desc":"Tea {number}"}}' for number in range(1, 6)]
    text = "  ".join(f"{number}  Tea {number}  1.50" for number in range(1, 6))
    request = ("line_items.desc",)
    for count, allowed in ((0, True), (1, True), (5, True), (6, False)):
        answer = list(f'{{"line_items":[{",".join((items * 2)[:count])}]}}'.encode())
        assert (matcher(text, request).validate_tokens(answer) == len(answer)) is allowed
        # One item in a line of usual length.
        assert (
            matcher(text.replace("50  ", "50\n"), request).validate_tokens(answer) == len(answer)
        ) is allowed


def test_a_long_document_has_its_grammar_in_seconds() -> None:
    line = "{n} Widget number {n} of many  {n}  {n}.50  {n}1.00\n"
    text = "".join(line.format(n=number) for number in range(2000))[:64_000]
    started = time.process_time()
    matcher(text, ALL_FIELDS).compute_bitmask()
    assert time.process_time() - started < 6
