"""The decoder loop: what it writes is what greedy decoding under the same mask writes."""

from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from threading import get_ident
from time import sleep
from typing import ClassVar
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher

from finscribe.decoding import Answer, Grounding, Printed, Task, answering, decode
from finscribe.decoding.grammar import build_grammar
from finscribe.decoding.model import Session
from finscribe.errors import PromptTooLong
from finscribe.invoice import ALL_FIELDS, Invoice
from finscribe.testing import FakeModel
from tests.decoding.documents import documents, requests, some_answer, synthetic_texts
from tests.profiles import examples

SHORT = ("vendor.name", "line_items.desc", "line_items.qty", "financial_summary.grand_total")
TEXT = "ACME Trading Ltd\nInvoice INV-7\n2  Widgets  10.00  20.00\nTotal 20.00"
ANSWER = (
    '{"vendor":{"name":"ACME Trading Ltd"},"line_items":[{"desc":"Widgets","qty":2}],'
    '"financial_summary":{"grand_total":20.00}}'
)
AT_ONCE = (Phase.explicit, Phase.generate)
"""Without shrinking, which takes many minutes for a batch of documents."""
eagerness = st.sampled_from([0.0, 1.0, 3.0, 100.0])


def greedy(model: FakeModel, task: Task) -> list[int]:
    """The textbook: one token at a time, the likeliest that the mask allows."""
    matcher = LLMatcher(model.guide, build_grammar(task.printed, task.request, task.grounding), log_level=0)
    prompt, tokens = model.encode_prompt(task.prompt), []
    while not (matcher.is_stopped() or matcher.is_accepting()):
        bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[: model.vocabulary].astype(bool)
        tokens.append(int(np.where(allowed, model.logits(prompt + tokens), -np.inf).argmax()))
        matcher.consume_token(tokens[-1])
    return tokens


def scripted(text: str, seed: int, eagerness: float) -> FakeModel:
    return FakeModel(some_answer(Printed(text), seed), seed=seed, eagerness=eagerness)


def read(text: str, model: FakeModel, request: tuple[str, ...] = SHORT, **options: object) -> Answer:
    return decode(model, [Task(text, Printed(text), request, **options)])[0]  # type: ignore[arg-type]


@examples(30)
@given(documents, requests, st.integers(0, 1000), eagerness, st.booleans())
def test_decoding_is_greedy_decoding_under_the_mask(
    text: str, request: tuple[str, ...], seed: int, eagerness: float, drafting: bool
) -> None:
    model = scripted(text, seed, eagerness)
    task = Task(text, Printed(text), request)
    (answer,) = decode(model, [task], drafting=drafting)
    assert answer.complete
    assert list(answer.tokens) == greedy(model, task)


@examples(25)
@given(documents, requests, st.integers(0, 1000), eagerness, st.integers(1, 200))
def test_drafts_change_neither_tokens_nor_probabilities(
    text: str, request: tuple[str, ...], seed: int, eagerness: float, limit: int
) -> None:
    model = scripted(text, seed, eagerness)
    task = Task(text, Printed(text), request, max_new_tokens=limit)
    (drafted,), (plain,) = decode(model, [task]), decode(model, [task], drafting=False)
    assert drafted.tokens == plain.tokens
    assert len(drafted.tokens) <= limit
    assert (drafted.values, drafted.complete) == (plain.values, plain.complete)
    assert drafted.probabilities == pytest.approx(plain.probabilities)
    assert drafted.forward_passes <= plain.forward_passes


@settings(deadline=None, max_examples=4, derandomize=True, phases=AT_ONCE)
@given(st.lists(st.tuples(documents, requests), min_size=8, max_size=8), st.integers(0, 1000), eagerness)
def test_a_batch_gives_each_document_what_it_gets_alone(
    batch: list[tuple[str, tuple[str, ...]]], seed: int, eagerness: float
) -> None:
    model = scripted(batch[0][0], seed, eagerness)
    tasks = [Task(text, Printed(text), request) for text, request in batch]
    together = decode(model, tasks)
    alone = [decode(model, [task])[0] for task in tasks]
    assert [answer.tokens for answer in together] == [answer.tokens for answer in alone]
    assert [answer.forward_passes for answer in together] == [answer.forward_passes for answer in alone]


class Reader(FakeModel):
    """Has a script for each document."""

    @cache  # noqa: B019
    def script_for(self, prompt: bytes) -> bytes:
        text = prompt.decode("utf-8", "replace")
        return some_answer(Printed(text), self.seed).encode() + b"\xff"


ways = st.lists(
    st.tuples(st.booleans(), st.sampled_from([1, 3, 8]), st.integers(1, 3)), min_size=3, max_size=3
)


@settings(deadline=None, max_examples=6, derandomize=True, phases=AT_ONCE)
@given(st.lists(st.tuples(documents, requests), min_size=1, max_size=9), st.integers(0, 99), eagerness, ways)
def test_however_many_are_decoded_at_once_and_side_by_side_each_gets_the_textbook_answer(
    batch: list[tuple[str, tuple[str, ...]]], seed: int, eagerness: float, ways: list[tuple[bool, int, int]]
) -> None:
    model = Reader(seed=seed, eagerness=eagerness)
    tasks = [Task(text, Printed(text), request) for text, request in batch]
    wanted = [greedy(model, task) for task in tasks]
    for drafting, batch_size, model.lanes in ways:
        answers = decode(model, tasks, drafting=drafting, batch_size=batch_size)
        assert [list(answer.tokens) for answer in answers] == wanted


@pytest.mark.parametrize("least_chance", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("longest", [0, 1, 2, 4, 16])
@settings(deadline=None, max_examples=3, derandomize=True, phases=AT_ONCE)
@given(st.lists(synthetic_texts, min_size=3, max_size=3), st.integers(0, 99), eagerness)
def test_drafts_cut_short_anywhere_change_nothing_and_end(
    longest: int, least_chance: float, texts: list[str], seed: int, eagerness: float
) -> None:
    model = Reader(seed=seed, eagerness=eagerness)
    tasks = [Task(text, Printed(text), SHORT) for text in texts]
    plain = decode(model, tasks, drafting=False)
    with patch.multiple(answering, LONGEST_DRAFT=longest, LEAST_CHANCE=least_chance):
        drafted = decode(model, tasks, batch_size=2)
    assert [answer.tokens for answer in drafted] == [answer.tokens for answer in plain]
    pairs = zip(drafted, plain, strict=True)
    assert all(short.forward_passes <= long.forward_passes for short, long in pairs)


def test_a_document_takes_the_place_of_one_that_is_finished() -> None:
    model = FakeModel(ANSWER)
    tasks = [Task(TEXT, Printed(TEXT), SHORT, max_new_tokens=limit) for limit in (None, 25, 25, 25)]
    answers = decode(model, tasks, drafting=False, batch_size=2)
    assert model.passes == max(answers[0].forward_passes, sum(each.forward_passes for each in answers[1:]))


@pytest.mark.parametrize("failures", [1, 1000])
def test_an_error_in_one_lane_ends_the_others_whether_they_fail_or_not(failures: int) -> None:
    left = iter(range(failures))

    class Failing(FakeModel):
        def logits(self, tokens: list[int]) -> np.ndarray:
            if self.passes > 20 and next(left, None) is not None:
                raise MemoryError("no room")
            return super().logits(tokens)

    model = Failing(ANSWER, lanes=2)
    with pytest.raises(MemoryError, match="no room"):
        decode(model, [Task(TEXT, Printed(TEXT), SHORT)] * 200)
    assert model.passes < 60


def test_where_it_matters_what_is_read_beside_the_clock_decides_nothing() -> None:
    """One lane is made to wait: what it has been dealt stays its own, unless any lane may take it."""

    class Slow(FakeModel):
        threads: ClassVar[Counter[int]] = Counter()

        def logits(self, tokens: list[int]) -> np.ndarray:
            self.threads[get_ident()] += 1
            if get_ident() == min(self.threads):
                sleep(0.002)
            return super().logits(tokens)

    for exact in (False, True):
        model = Slow(ANSWER, lanes=2)
        model.exact, Slow.threads = exact, Counter()
        decode(model, [Task(TEXT, Printed(TEXT), SHORT)] * 24, drafting=False, batch_size=2)
        fewest, most = sorted(model.threads.values())
        assert (fewest == most) is not exact


def test_a_single_document_asks_for_all_of_the_machine() -> None:
    shares: list[int] = []

    class Sharing(FakeModel):
        def lane(self, lanes: int) -> AbstractContextManager[None]:
            shares.append(lanes)
            return nullcontext()

    decode(Sharing(ANSWER, lanes=4), [Task(TEXT, Printed(TEXT), SHORT)])
    assert shares == [1]


def test_nothing_to_decode_gives_no_answers_and_asks_no_model() -> None:
    class Busy(FakeModel):
        def session(self) -> Session:
            raise AssertionError("nobody asked for anything")

    assert decode(Busy(), []) == []


def test_an_answer_has_its_values_with_their_probabilities() -> None:
    answer = read(TEXT, FakeModel(ANSWER))
    assert answer.text == ANSWER
    assert dict(answer.values) == {
        "vendor.name": '"ACME Trading Ltd"',
        "line_items[0].desc": '"Widgets"',
        "line_items[0].qty": "2",
        "financial_summary.grand_total": "20.00",
    }
    assert all(0.99 < chance <= 1 for chance in answer.probabilities)


def test_a_value_that_the_model_did_not_want_has_a_small_probability() -> None:
    wanted = ANSWER.replace("20.00", "99.99")
    answer = read(TEXT, FakeModel(wanted))
    chances = dict(zip((path for path, _ in answer.values), answer.probabilities, strict=True))
    assert chances["vendor.name"] > 0.99
    assert chances["financial_summary.grand_total"] < 0.01


@pytest.mark.parametrize("limit", [1, 10, 30, 60, 90])
def test_at_the_limit_of_tokens_the_finished_values_are_kept(limit: int) -> None:
    answer = read(TEXT, FakeModel(ANSWER), max_new_tokens=limit)
    assert not answer.complete
    assert len(answer.tokens) == limit
    assert ANSWER.startswith(answer.text)
    whole = read(TEXT, FakeModel(ANSWER)).values
    assert answer.values == whole[: len(answer.values)]
    assert len(answer.values) == (0 if limit < 40 else 1 if limit < 72 else 3)


def test_the_context_is_never_exceeded() -> None:
    model = FakeModel(ANSWER, context_length=len(TEXT) + 1 + 50)
    answer = read(TEXT, model)
    assert not answer.complete
    assert len(TEXT) + 1 + len(answer.tokens) <= model.context_length


def test_a_prompt_longer_than_the_context_is_an_error_that_says_so() -> None:
    with pytest.raises(PromptTooLong, match="58 tokens, the model takes 20") as caught:
        read("word " * 11 + "ab", FakeModel(context_length=20))
    assert caught.value.hint


def test_a_request_for_nothing_needs_no_model() -> None:
    model = FakeModel()
    assert read(TEXT, model, ()).text == "{}"
    assert model.passes == 0


def test_the_schema_lets_the_model_write_what_is_not_printed() -> None:
    wanted = ANSWER.replace("ACME Trading Ltd", "Somebody Else")
    assert read(TEXT, FakeModel(wanted), grounding=Grounding.SCHEMA).text == wanted
    assert "Somebody" not in read(TEXT, FakeModel(wanted)).text


def test_without_grounding_the_model_writes_what_it_likes_until_it_ends() -> None:
    answer = read(TEXT, FakeModel("Sorry, no."), grounding=Grounding.OFF)
    assert answer.text == "Sorry, no."
    assert answer.complete
    assert answer.values == ()


def test_without_grounding_the_limit_of_tokens_holds() -> None:
    answer = read(TEXT, FakeModel("Sorry, no."), grounding=Grounding.OFF, max_new_tokens=5)
    assert answer.text == "Sorry"
    assert not answer.complete


def test_drafts_save_most_forward_passes() -> None:
    model = FakeModel(ANSWER)
    task = Task(TEXT, Printed(TEXT), SHORT)
    (drafted,), (plain,) = decode(model, [task]), decode(model, [task], drafting=False)
    assert drafted.forward_passes * 3 < plain.forward_passes


def test_a_text_of_64_000_characters_is_decoded() -> None:
    text = "".join(f"{n} Widget number {n} of many  {n}  {n}.50  {n}1.00\n" for n in range(2000))[:64_000]
    wanted = '{"vendor":{"name":"Widget number 77"},"financial_summary":{"grand_total":77.50}}'
    answer = read(text, FakeModel(wanted), ("vendor.name", "financial_summary.grand_total"))
    assert answer.text == wanted


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "123456", "فاتورة", "日本語", "\x00\x07"])
def test_hardly_legible_texts_give_valid_answers(text: str) -> None:
    answer = read(text, FakeModel(seed=3), ALL_FIELDS)
    Invoice.from_json(answer.text)
