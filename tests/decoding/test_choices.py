"""What a model nearly wrote: kept while it decodes, and scored in one pass."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.decoding import Printed, Task, decode
from finscribe.decoding.choices import MOST_KEPT, SPAN, Wording, choice_at
from finscribe.invoice import kind_of
from finscribe.testing import FakeModel
from tests.decoding.documents import documents, requests, some_answer
from tests.decoding.torn import Torn
from tests.profiles import examples

TEXT = "Tea  2  10.00  20.00\nTotal  20.00\nCash  50.00\nChange  30.00"
REQUEST = ("financial_summary.grand_total",)
TOTAL = REQUEST[0]
ANSWER = '{"financial_summary":{"grand_total":20.00}}'


def wording(text: str, model: FakeModel, request: tuple[str, ...]) -> Wording:
    task = Task(text, Printed(text), request)
    return Wording(task, decode(model, [task])[0], model)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    return logits - np.logaddexp.reduce(logits.astype(np.float64))


def test_of_a_choice_the_tokens_that_came_close_are_kept() -> None:
    logits = np.array([1.0, 5.0, 4.0, 5.0 - SPAN - 0.1], dtype=np.float32)
    logprobs = log_softmax(logits)
    choice = choice_at(7, logits, 1, float(logprobs[1]))
    assert (choice.place, choice.logprob) == (7, logprobs[1])
    assert choice.near == pytest.approx({0: logprobs[0], 2: logprobs[2]})


def test_a_model_that_knows_nothing_keeps_no_more_than_a_few() -> None:
    choice = choice_at(0, np.zeros(5000, dtype=np.float32), 0, -math.log(5000))
    assert len(choice.near) <= MOST_KEPT


def test_alternatives_are_printed_and_part_from_what_was_written_at_a_token_that_came_close() -> None:
    found = wording(TEXT, Torn(ANSWER, ANSWER.replace("20.00", "50.00"), doubt=2.0), REQUEST)
    alternatives = found.alternatives(TOTAL, Printed(TEXT).places(kind_of(TOTAL)))
    assert alternatives == pytest.approx({"50.00": -2.0}, abs=1e-3)


def test_a_number_may_be_parted_from_by_where_it_ends() -> None:
    text = "Total 20 of 205"
    found = wording(
        text, Torn('{"financial_summary":{"grand_total":205}}', ANSWER.replace(".00", "")), REQUEST
    )
    assert found.alternatives(TOTAL, Printed(text).places(kind_of(TOTAL))) == pytest.approx(
        {"20": -1}, abs=1e-3
    )


def test_text_that_is_no_name_has_no_alternatives() -> None:
    model = FakeModel('{"vendor":{"address":"Tea"}}', eagerness=1.0)
    found = wording(TEXT, model, ("vendor.address",))
    assert found.answer.choices == {}
    assert found.alternatives("vendor.address", ["20.00"]) == {}


@examples(40)
@given(documents, requests, st.integers(0, 1000), st.randoms(use_true_random=False))
def test_a_rewording_is_the_answer_with_other_values_and_scored_as_the_model_finds_it(
    text: str, request: tuple[str, ...], seed: int, rng: object
) -> None:
    model = FakeModel(some_answer(Printed(text), seed), seed=seed, eagerness=3.0)
    found = wording(text, model, request)
    paths = [path for path, _ in found.answer.values if kind_of(path).numeric][:3]
    if not paths:
        return
    values = {path: rng.choice(["7", "12.50", "-3", "0.2"]) for path in paths}  # type: ignore[attr-defined]
    rewording = found.reworded(values)
    assert spelled(rewording.tokens, model) == replaced(found, values)[: len(rewording.tokens)]
    (score,) = found.scored([rewording])
    assert score.logprobs == pytest.approx(
        {path: said(found, rewording.tokens, new) for path, (new, _) in rewording.places.items()}
    )
    before = sum(said(found, found.answer.tokens, old) for _, old in rewording.places.values())
    assert score.log_ratio == pytest.approx(sum(score.logprobs.values()) - before)


def spelled(tokens: list[int], model: FakeModel) -> bytes:
    return b"".join(map(model.token_bytes, tokens))


def replaced(found: Wording, values: dict[str, str]) -> bytes:
    """The answer written anew, value by value, from what the decoder listed."""
    text, at = found.answer.text.encode(), 0
    for path, written in found.answer.values:
        key = path.rpartition(".")[2]
        at = text.index(f'"{key}":{written}'.encode(), at) + len(key) + 3
        new = values.get(path, written).encode()
        text = text[:at] + new + text[at + len(written.encode()) :]
        at += len(new)
    return text


def said(found: Wording, tokens: "list[int] | tuple[int, ...]", places: range) -> float:
    """The log probability of some tokens, one at a time."""
    model = found.model
    assert isinstance(model, FakeModel)
    sequence = [*model.encode_prompt(found.task.prompt), *tokens]
    start = len(sequence) - len(tokens)
    return sum(float(log_softmax(model.logits(sequence[: start + place]))[tokens[place]]) for place in places)


def test_what_the_context_does_not_hold_is_not_likely() -> None:
    model = FakeModel(ANSWER)
    found = wording(TEXT, model, REQUEST)
    model.context_length = len(TEXT) + len(ANSWER) // 2
    passes = model.passes
    (score,) = found.scored([found.reworded({TOTAL: "50.00"})])
    assert (score.log_ratio, model.passes) == (-math.inf, passes)
