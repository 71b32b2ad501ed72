"""Lines read once more where they do not add up: which turn that the model nearly took makes the sums hold.

Many sums fail because a line was left out, or what is none was read as one: then they are wrong by an amount that the
page prints. There the answer is taken up again where the model was of two minds about which line comes next, and goes
the other way; what it writes from there on is its own, from the same grammar. Of the ways under which all identities
hold the likeliest is taken. No line is ever made up: without such a way the answer stays, and so do the findings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finscribe.arithmetic import Settled, identity_findings
from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.merging import Written
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.turns import Turn, joined, turns_of_lines
from finscribe.invoice import LINES, Value, build_invoice
from finscribe.validate import Finding
from finscribe.validation.totals import lines_sum

SUM_OF_LINES = "sum-of-lines"
"""The code of the finding for which lines are read again."""

MOST_WAYS = 4
"""How many ways of a document are tried, the likeliest ones."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a document was read as: the answers to its windows' tasks, and their values as `read` has them from these.

    `settled` are numbers that were read otherwise; `reread` are the codes of the findings that went away because lines
    or parties were. `passes` counts the forward passes.
    """

    tasks: Sequence[Task]
    answers: Sequence[Answer]
    read: Callable[[Sequence[Answer]], tuple[list[Written], tuple[Settled, ...]]]
    written: list[Written]
    settled: tuple[Settled, ...]
    passes: int
    reread: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Value]:
        """The values by their paths."""
        return {item.path: item.value for item in self.written}


Decode = Callable[[Sequence[Task]], Sequence[Answer]]
"""Writes the answers to tasks, fewer where its time is up: the first ones then."""


@dataclass(frozen=True, slots=True)
class Way:
    """A turn that the answer to one window of a document may take, both by their numbers, in a field or the lines."""

    document: int
    window: int
    part: str
    turn: Turn


Tried = tuple[Transcript, float] | None
"""A transcript by another way, and how likely that way is beside the one written; None where it is no better."""


def likeliest_ways(
    transcripts: Sequence[Transcript],
    ways: Sequence[Way],
    decode: Decode,
    try_way: Callable[[Transcript, Way, Answer], Tried],
) -> list[Transcript]:
    """The transcripts, each by the likeliest of its ways that are better, if there is one; all passes are counted."""
    after, log_ratios = list(transcripts), [-math.inf] * len(transcripts)
    for way, answer in zip(ways, decode([way.turn.task for way in ways]), strict=False):
        number = way.document
        passes = after[number].passes + answer.forward_passes
        tried = try_way(transcripts[number], way, answer) if answer.complete else None
        if tried and tried[1] > log_ratios[number]:
            after[number], log_ratios[number] = tried
        after[number] = replace(after[number], passes=passes)
    return after


def read_again(transcripts: Sequence[Transcript], model: SteeredModel, decode: Decode) -> list[Transcript]:
    """The transcripts; where the lines of one do not add up and the model nearly wrote lines that do, it has those."""
    ways = [
        way
        for number, transcript in enumerate(transcripts)
        if _is_off_by_a_printed_amount(transcript)
        for way in _ways(number, transcript, model)
    ]
    return likeliest_ways(transcripts, ways, decode, _with_other_lines)


def _is_off_by_a_printed_amount(transcript: Transcript) -> bool:
    """Whether the lines make too little, or too much, by an amount that the page prints: most likely that of a line."""
    for finding in _errors(transcript):
        if (
            finding.code == SUM_OF_LINES
            and isinstance(finding.found, Decimal)
            and isinstance(finding.expected, Decimal)
        ):
            amount = abs(finding.found - finding.expected)
            return any(
                abs(number.value) == amount for task in transcript.tasks for number in task.printed.numbers
            )
    return False


def _ways(number: int, transcript: Transcript, model: SteeredModel) -> list[Way]:
    """The likeliest ways of a document, whose number is given."""
    found = [
        Way(number, window, LINES, turn)
        for window, (task, answer) in enumerate(zip(transcript.tasks, transcript.answers, strict=True))
        for turn in turns_of_lines(task, answer, model)
    ]
    return sorted(found, key=lambda way: -way.turn.log_ratio)[:MOST_WAYS]


def _with_other_lines(transcript: Transcript, way: Way, turned: Answer) -> Tried:
    """The transcript with other lines in one of its windows, if it adds up so."""
    answers = list(transcript.answers)
    answers[way.window] = joined(transcript.tasks[way.window], turned, answers[way.window])
    codes = tuple(dict.fromkeys(finding.code for finding in _errors(transcript)))
    written, settled = transcript.read(answers)
    tried = replace(transcript, answers=answers, written=written, settled=settled, reread=codes)
    return (tried, way.turn.log_ratio) if _adds_up(tried) else None


def _errors(transcript: Transcript) -> list[Finding]:
    return [finding for finding in identity_findings(transcript.values) if finding.is_error]


def _adds_up(transcript: Transcript) -> bool:
    """Whether all identities hold, that of the lines' sum not for want of a number."""
    return lines_sum(build_invoice(transcript.values)) is not None and not _errors(transcript)
