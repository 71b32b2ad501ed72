"""Lines read once more where they do not add up: which turn that the model nearly took makes the sums hold.

Many sums fail because a line was left out, or what is none was read as one: then they are wrong by an amount that the
page prints. There the answer is taken up again where the model was of two minds about which line comes next, and goes
the other way; what it writes from there on is its own, from the same grammar. Of the ways under which all identities
hold the likeliest is taken. No line is ever made up: without such a way the answer stays, and so do the findings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finscribe.arithmetic import IDENTITIES, Settled
from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.merging import Written
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.turns import Turn, joined, turns
from finscribe.invoice import Invoice, build_invoice
from finscribe.validate import Finding, validate
from finscribe.validation.totals import lines_sum

SUM = "sum-of-lines"
"""The code of the finding for which lines are read again."""

MOST = 4
"""How many ways of a document are tried, the likeliest ones."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document was read as: the answers to its windows' tasks, and their values put together by `merge`.

    `settled` are numbers that were read otherwise; `reread` are the codes of the findings that went away because lines
    were. `passes` counts the forward passes.
    """

    tasks: Sequence[Task]
    answers: Sequence[Answer]
    merge: Callable[[Sequence[Answer]], list[Written]]
    written: list[Written]
    settled: tuple[Settled, ...]
    passes: int
    reread: tuple[str, ...] = ()


def read_again(
    drafts: Sequence[Draft], model: SteeredModel, decode: Callable[[Sequence[Task]], Sequence[Answer]]
) -> list[Draft]:
    """The drafts; where the lines of one do not add up and the model nearly wrote lines that do, it has those.

    `decode` writes the answers to tasks, fewer where its time is up: the first ones then.
    """
    ways = [
        (number, *way)
        for number, draft in enumerate(drafts)
        if _lacks_a_printed_amount(draft)
        for way in _ways(draft, model)
    ]
    answers = decode([turn.task for _, _, turn in ways])
    after, chances = list(drafts), [-math.inf] * len(drafts)
    for (number, window, turn), answer in zip(ways, answers, strict=False):
        before = drafts[number]
        after[number] = replace(after[number], passes=after[number].passes + answer.forward_passes)
        tried = _turned(before, window, answer)
        if answer.complete and turn.chance > chances[number] and _adds_up(tried):
            chances[number] = turn.chance
            codes = tuple(dict.fromkeys(finding.code for finding in _errors(before)))
            after[number] = replace(tried, passes=after[number].passes, reread=codes)
    return after


def _lacks_a_printed_amount(draft: Draft) -> bool:
    """Whether the lines make too little, or too much, by an amount that the page prints: most likely that of a line."""
    for finding in _errors(draft):
        if (
            finding.code == SUM
            and isinstance(finding.found, Decimal)
            and isinstance(finding.expected, Decimal)
        ):
            lacking = abs(finding.found - finding.expected)
            return any(
                abs(number.value) == lacking for task in draft.tasks for number in task.printed.numbers
            )
    return False


def _ways(draft: Draft, model: SteeredModel) -> list[tuple[int, Turn]]:
    """The likeliest turns of a draft, each with the number of its window."""
    found = [
        (window, turn)
        for window, (task, answer) in enumerate(zip(draft.tasks, draft.answers, strict=True))
        for turn in turns(task, answer, model)
    ]
    return sorted(found, key=lambda way: -way[1].chance)[:MOST]


def _turned(draft: Draft, window: int, turned: Answer) -> Draft:
    """The draft with another answer to one of its windows."""
    answers = list(draft.answers)
    answers[window] = joined(draft.tasks[window], turned, answers[window])
    return replace(draft, answers=answers, written=draft.merge(answers), settled=())


def _errors(draft: Draft) -> list[Finding]:
    """What is found on the identities that do not hold."""
    return [finding for finding in validate(_invoice(draft), rules=IDENTITIES) if finding.severity == "error"]


def _adds_up(draft: Draft) -> bool:
    """Whether all identities hold, that of the lines' sum not for want of a number."""
    return lines_sum(_invoice(draft)) is not None and not _errors(draft)


def _invoice(draft: Draft) -> Invoice:
    return build_invoice({item.path: item.value for item in draft.written})
