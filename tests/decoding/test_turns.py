"""Answers that begin like another and go another way: from there on they are what greedy decoding writes."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from finscribe.decoding import Printed, Task, decode
from finscribe.decoding.answering import Answer
from finscribe.decoding.turns import LEAST_LOG_RATIO, Turn, joined, turns_of_lines
from finscribe.invoice import ALL_FIELDS, LINES, write_json
from tests.decoding.torn import Torn

NAMES = ("Tea", "Jam", "Oil", "Rye bread", "Salt")
TEXT = "ACME\n" + "\n".join(f"{name}  {at}  {at}.00" for at, name in enumerate(NAMES, 1)) + "\nTotal  15.00"
DOUBT = 1.5


def script(*left_out: str) -> str:
    """The answer without some of the lines."""
    lines = [
        {"desc": name, "qty": Decimal(at), "line_total": Decimal(f"{at}.00")}
        for at, name in enumerate(NAMES, 1)
        if name not in left_out
    ]
    return write_json(
        {"vendor.name": "ACME", "financial_summary.grand_total": Decimal("15.00")}, lines, ALL_FIELDS
    )[0]


MODEL = Torn(script(), *map(script, NAMES), doubt=DOUBT)
"""It would nearly have left out each of the lines."""


def answered() -> tuple[Task, Answer, list[Turn]]:
    """The task, its answer, and the turns of that."""
    task = Task("Read:\n" + TEXT, Printed(TEXT), ALL_FIELDS)
    (answer,) = decode(MODEL, [task])
    return task, answer, list(turns_of_lines(task, answer, MODEL))


def test_there_is_a_turn_for_every_line_that_was_nearly_left_out() -> None:
    _, answer, found = answered()
    assert len(found) == len(NAMES)
    for turn in found:
        assert turn.task.begun
        *same, other = turn.task.begun.tokens
        assert answer.tokens[: len(same)] == tuple(same)
        assert answer.tokens[len(same)] != other
        assert turn.log_ratio == pytest.approx(-DOUBT, rel=1e-4)


def test_what_is_too_unlikely_is_no_turn() -> None:
    task = Task("Read:\n" + TEXT, Printed(TEXT), ALL_FIELDS)
    for doubt, count in ((-LEAST_LOG_RATIO - 0.01, len(NAMES)), (-LEAST_LOG_RATIO + 0.01, 0)):
        model = Torn(script(), *map(script, NAMES), doubt=doubt)
        assert len(list(turns_of_lines(task, decode(model, [task])[0], model))) == count


def test_what_follows_a_turn_is_the_same_with_and_without_drafts_alone_and_in_batches() -> None:
    _, _, found = answered()
    tasks = [turn.task for turn in found]
    once = decode(MODEL, tasks, drafting=False, batch_size=1)
    again = decode(MODEL, tasks, drafting=True, batch_size=4)
    for left_out, one, other in zip(NAMES, once, again, strict=True):
        assert one.complete
        assert other.complete
        assert one.values == other.values
        assert one.probabilities == pytest.approx(other.probabilities)
        read = [value for path, value in one.values if path.endswith(".desc")]
        assert read == [f'"{name}"' for name in NAMES if name != left_out]


def test_values_before_the_turn_keep_their_probabilities_and_the_one_behind_it_has_that_of_the_turn() -> None:
    _, answer, found = answered()
    before = dict(zip(answer.values, answer.probabilities, strict=True))
    turned = decode(MODEL, [found[2].task])[0]  # leaves out the third line
    after = dict(zip((path for path, _ in turned.values), turned.probabilities, strict=True))
    for (path, value), probability in before.items():
        if (path, value) in turned.values and path < f"{LINES}[2]":
            assert after[path] == pytest.approx(probability, rel=1e-5)
    assert after[f"{LINES}[2].desc"] == pytest.approx(math.exp(-DOUBT) / (1 + math.exp(-DOUBT)), rel=1e-3)


def test_it_ends_with_the_list_of_lines() -> None:
    _, _, found = answered()
    for turned in decode(MODEL, [turn.task for turn in found]):
        assert not [path for path, _ in turned.values if path.startswith("financial_summary")]


def test_a_joined_answer_has_the_new_lines_and_the_old_rest() -> None:
    task, answer, found = answered()
    for left_out, turned in zip(NAMES, decode(MODEL, [turn.task for turn in found]), strict=True):
        whole = joined(task, turned, answer)
        assert whole.text == script(left_out)
        assert sorted(whole.values) == sorted(
            [value for value in answer.values if not value[0].startswith(LINES)]
            + [value for value in turned.values if value[0].startswith(LINES)]
        )
        assert len(whole.probabilities) == len(whole.values)


def test_answers_without_any_value_are_joined_too() -> None:
    task, _, _ = answered()
    nothing = Answer("{", (), (), (), 1, False)
    assert joined(task, nothing, nothing).values == ()
