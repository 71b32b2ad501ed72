"""What each kind of server is sent, and that llguidance makes of it the grammar that is used on this machine."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from llguidance import LLMatcher, LLTokenizer, grammar_from

from finscribe.decoding import Grounding, Printed, Task
from finscribe.decoding.grammar import build_grammar
from finscribe.decoding.remote.dialects import Dialect, constraint, ladder, request_of, schema_of
from finscribe.documents import Document
from finscribe.extract import extract
from finscribe.invoice import ALL_FIELDS, Invoice, in_order
from tests.decoding.documents import documents
from tests.decoding.remote.server import Sent, Server, later, listing, load, refuses, says, served
from tests.profiles import examples

TEXT = "ACME Ltd\nInvoice INV-7\n€ 23.50 on 04.03.2024"
ANSWER = '{"vendor": {"name": "ACME Ltd"}}'
CONSTRAINTS = {"structured_outputs", "ebnf", "grammar", "response_format"}


def task(text: str = TEXT, grounding: Grounding = Grounding.GROUNDED) -> Task:
    return Task("the prompt", Printed(text), ALL_FIELDS, grounding)


def read(model: Any) -> Any:
    return extract(Document.from_text(TEXT), model)


# --- the grammar -------------------------------------------------------------------------------------


@examples(40)
@given(documents)
def test_servers_make_of_the_grammar_what_is_used_here(text: str) -> None:
    """vLLM and SGLang hand it to `grammar_from` as below; llama.cpp hands on all of it as Lark."""
    here = build_grammar(Printed(text), ALL_FIELDS)
    lark = LLMatcher.grammar_from_lark(here)
    assert grammar_from("grammar", constraint(task(text), "vllm")["structured_outputs"]["grammar"]) == lark
    assert grammar_from("ebnf", constraint(task(text), "sglang")["ebnf"]) == lark
    first, _, rest = constraint(task(text), "llama.cpp")["grammar"].partition("\n")
    assert (first, rest) == ("%llguidance {}", here)


def test_the_line_that_llama_cpp_knows_the_grammar_by_is_a_part_of_the_language() -> None:
    grammar = constraint(task(), "llama.cpp")["grammar"]
    matcher = LLMatcher(LLTokenizer("byte"), grammar, log_level=0)
    written = Invoice.from_record({"vendor": {"name": "ACME Ltd"}}).to_json()
    assert not matcher.is_error()
    assert matcher.consume_tokens(list(written.encode()))
    assert matcher.is_accepting()


# --- the schema --------------------------------------------------------------------------------------


def accepts(schema: dict[str, Any], value: object) -> bool:
    matcher = LLMatcher(
        LLTokenizer("byte"), LLMatcher.grammar_from_json_schema(json.dumps(schema)), log_level=0
    )
    assert not matcher.is_error()
    return bool(matcher.consume_tokens(list(json.dumps(value).encode())) and matcher.is_accepting())


def test_the_schema_takes_an_invoice_and_of_dates_and_currencies_those_that_are_printed() -> None:
    schema, invoice = schema_of(task()), Invoice().to_dict()
    assert accepts(schema, invoice)
    assert accepts(schema, {**invoice, "invoice_date": "2024-03-04", "currency": "EUR"})
    assert accepts(
        schema, {**invoice, "line_items": [{"desc": "a", "qty": 1.5} | {"unit_price": None, "line_total": 2}]}
    )
    assert not accepts(schema, {**invoice, "invoice_date": "2024-03-05"})
    assert not accepts(schema, {**invoice, "currency": "USD"})
    assert not accepts(schema, {**invoice, "document_type": "letter"})
    assert not accepts(schema, {**invoice, "more": 1})
    assert accepts(schema_of(task(grounding=Grounding.SCHEMA)), {**invoice, "currency": "USD"})


def test_the_schema_asks_for_what_is_asked_for_in_its_order() -> None:
    request = in_order(["vendor.name", "line_items.qty", "payment.iban"])
    schema = schema_of(Task("", Printed(TEXT), request))
    assert list(schema["properties"]) == ["vendor", "line_items", "payment"]
    assert list(schema["properties"]["line_items"]["items"]["properties"]) == ["qty"]


@pytest.mark.parametrize("dialect", ["vllm", "sglang", "llama.cpp", "schema", "off"])
def test_without_grounding_the_model_is_free(dialect: Dialect) -> None:
    assert constraint(task(grounding=Grounding.OFF), dialect) == {}


# --- which of them -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "key"),
    [
        ("vllm", "structured_outputs"),
        ("sglang", "ebnf"),
        ("llamacpp", "response_format"),  # one built without llguidance would end at a grammar of it
        ("somebody", "response_format"),
    ],
)
def test_the_list_of_models_says_what_a_server_takes(owner: str, key: str) -> None:
    with served(says(ANSWER), models=listing("invoices", owner=owner)) as (server, model):
        read(model)
    assert set(server.asked[0]) & CONSTRAINTS == {key}
    assert server.paths == ["/v1/chat/completions"]
    assert server.asked[0]["messages"][0]["content"].startswith("OCR_TEXT:\nACME Ltd\n")


def test_a_model_without_a_template_is_asked_to_complete_the_prompt() -> None:
    with served(says(ANSWER), api="completions") as (server, model):
        assert read(model).invoice.vendor.name == "ACME Ltd"
    assert server.paths == ["/v1/completions"]
    assert server.asked[0]["prompt"].endswith("\nJSON:\n")
    assert "messages" not in server.asked[0]


def test_what_a_server_refuses_is_asked_for_otherwise_and_not_again() -> None:
    def without_extras(request: dict[str, Any]) -> Sent:
        return says(ANSWER)(request) if set(request).isdisjoint(CONSTRAINTS) else refuses(400)

    with served(without_extras, models=listing("invoices", owner="vllm")) as (server, model):
        assert [read(model).forward_passes for _ in range(3)] == [3, 1, 1]
    assert [set(asked) & CONSTRAINTS for asked in server.asked] == [
        {"structured_outputs"},
        {"response_format"},
        set(),
        set(),
        set(),
    ]


def test_a_grammar_that_was_taken_once_is_tried_again_after_a_refusal() -> None:
    replies = [says(ANSWER), refuses(400), says(ANSWER)]
    with served(*replies, models=listing("invoices", owner="sglang")) as (server, model):
        for _ in range(3):
            read(model)
    assert ["ebnf" in asked for asked in server.asked] == [True, True, False, True]


def test_an_answer_that_a_grammar_ends_in_the_middle_is_asked_for_with_a_schema() -> None:
    replies = [says('{"vendor": {"name": "AC'), says(ANSWER)]
    with served(*replies, models=listing("invoices", owner="vllm")) as (server, model):
        found = read(model)
    assert found.complete
    assert found.invoice.vendor.name == "ACME Ltd"
    assert "response_format" in server.asked[1]


def test_a_grammar_that_breaks_a_server_is_left_out_of_the_next_try_and_not_of_the_next_document() -> None:
    replies = [later(500), says(ANSWER), says(ANSWER)]
    with served(*replies, grammar="llama.cpp") as (server, model):
        assert read(model).invoice.vendor.name == "ACME Ltd"
        read(model)
    assert ["grammar" in asked for asked in server.asked] == [True, False, True]


def test_what_one_server_refuses_another_one_is_still_asked_for() -> None:
    lists = [listing("invoices", owner="vllm")] * 2
    replies = [refuses(400), says(ANSWER)]
    with Server(*replies, models=lists[0]) as old, Server(says(ANSWER), models=lists[1]) as new:
        model = load([old, new])
        for _ in range(4):
            read(model)
    assert all("structured_outputs" in asked for asked in new.asked)
    assert ["structured_outputs" in asked for asked in old.asked][1:] == [True, True]


def test_each_server_is_asked_in_its_own_dialect() -> None:
    lists = [listing("invoices", owner=owner) for owner in ("vllm", "sglang")]
    with Server(says(ANSWER), models=lists[0]) as one, Server(says(ANSWER), models=lists[1]) as other:
        model = load([one, other])
        read(model)
        read(model)
    assert "structured_outputs" in one.asked[0]
    assert "ebnf" in other.asked[0]


def test_a_server_that_was_silent_at_first_is_looked_at_before_it_is_asked() -> None:
    silent = iter([later(503), listing("invoices", owner="sglang")])
    with (
        Server(says(ANSWER), models=lambda _: next(silent)) as late,
        Server(says(ANSWER)) as well,
    ):
        model = load([late, well])
        read(model)
    assert "ebnf" in late.asked[0]


def test_the_setting_names_the_dialect_where_the_list_does_not() -> None:
    with served(says(ANSWER), grammar="vllm") as (server, model):
        read(model)
    assert "structured_outputs" in server.asked[0]
    assert ladder("vllm") == ("vllm", "schema", "off")
    assert ladder("schema") == ("schema", "off")
    assert ladder("off") == ("off",)


# --- probabilities -----------------------------------------------------------------------------------


def in_pieces(text: str, size: int = 5) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


CHAT = [{"token": piece, "logprob": -0.25, "bytes": list(piece.encode())} for piece in in_pieces(ANSWER)]
PLAIN = {"tokens": [*in_pieces(ANSWER), "</s>"], "token_logprobs": [-0.25] * len([*in_pieces(ANSWER), ""])}


@pytest.mark.parametrize(
    ("api", "logprobs", "probability"),
    [
        ("chat", {"content": CHAT}, math.exp(-0.5)),
        ("completions", PLAIN, math.exp(-0.5)),
        ("chat", None, 0.0),
        ("chat", {"content": [{"token": "?", "logprob": -1}]}, 0.0),
        ("chat", {"content": [{**CHAT[0], "logprob": None}, *CHAT[1:]]}, 0.0),
        ("chat", {"content": "nonsense"}, 0.0),
        ("completions", {"tokens": ["a"], "token_logprobs": 3}, 0.0),
    ],
)
def test_probabilities_are_those_that_the_server_tells(api: str, logprobs: Any, probability: float) -> None:
    with served(says(ANSWER, choice={"logprobs": logprobs}), api=api) as (_, model):
        found = read(model).evidence["vendor.name"]
    assert found.value == "ACME Ltd"
    assert found.probability == found.confidence == pytest.approx(probability)


def test_a_request_is_greedy_and_asks_for_probabilities() -> None:
    asked = request_of(task(), "m", "chat", "schema", 100)
    assert (asked["temperature"], asked["logprobs"], asked["stream"], asked["max_tokens"]) == (
        0,
        True,
        False,
        100,
    )
    assert request_of(task(), "m", "completions", "off", 100)["logprobs"] == 1
