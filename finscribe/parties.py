"""Names of parties as a reader sees them: in full, and two of them for two parties.

A name that stops right before its legal form, as in `ACME, Inc.`, goes on to it where the model nearly wrote it so. And
nobody sends an invoice to themselves: where a small model reads one name for both parties, for a page shows it more
boldly, the answer is taken up again where the model was of two minds about a name, and goes the other way. Of the ways
in which the names differ the likeliest is taken, one with two names before one without. No name is ever made up:
without such a way the answer stays, and so does the finding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.choices import Wording
from finscribe.decoding.grammar import Grounding
from finscribe.decoding.merging import Written, read_answer
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.printed import Printed
from finscribe.decoding.turns import Turn, turns_at
from finscribe.folding import fold
from finscribe.invoice import PARTIES, write_value
from finscribe.legal_forms import LEGAL_FORMS
from finscribe.rereading import Transcript
from finscribe.validation.parties import SAME_PARTY

Decode = Callable[[Sequence[Task]], Sequence[Answer]]

LEAST_LOG_RATIO = math.log(0.05)
"""How likely other names have to be beside those written, as a difference of log probabilities."""

LEAST_LOG_RATIO_OF_FORM = math.log(0.01)
"""How likely a name with its legal form has to be beside the one written without it."""

MOST_WORDS_OF_FORM = 8
"""How many words and marks a legal form has at most, as `, S. de R.L. de C.V.` has."""

_FORMS = frozenset(fold(form.replace(" and ", "")) for form in LEGAL_FORMS)

MOST_WAYS = 4
"""How many ways to call each of the parties otherwise are tried, the likeliest ones."""

_IMPOSSIBLE = 1e-30  # a probability too small to take its logarithm


@dataclass(frozen=True, slots=True)
class _Way:
    """A turn that the name of a party may take in the answer to a window of a document, both by their numbers."""

    document: int
    window: int
    name: str
    turn: Turn


def read_parties(transcripts: Sequence[Transcript], model: SteeredModel, decode: Decode) -> list[Transcript]:
    """The transcripts with names in full, and two of them where one stood for both parties.

    `decode` writes the answers to tasks, fewer where its time is up: the first ones then.
    """
    return _told_apart([_in_full(each, model) for each in transcripts], model, decode)


# --- names in full -----------------------------------------------------------------------------------


def _in_full(transcript: Transcript, model: SteeredModel) -> Transcript:
    """The transcript; a name that ends before its legal form goes on to it where the model nearly did so."""
    return replace(transcript, written=[_whole(item, transcript, model) for item in transcript.written])


def _whole(item: Written, transcript: Transcript, model: SteeredModel) -> Written:
    """A value, with its legal form where it is a name that the model nearly wrote with it.

    Its probability is that of both ways to write it, for both say who it is.
    """
    if item.path not in PARTIES or item.value is None or item.origin is None:
        return item
    task, answer = transcript.tasks[item.origin.window], transcript.answers[item.origin.window]
    longer = {write_value(name): name for name in _with_form(str(item.value), task.printed)}
    if not longer or item.path not in answer.choices:
        return item
    found = Wording(task, answer, model).alternatives(item.path, longer)
    written = max(found, key=found.__getitem__, default=None)
    if written is None or found[written] < LEAST_LOG_RATIO_OF_FORM:
        return item
    probability = min(1.0, item.probability * (1 + math.exp(found[written])))
    return replace(item, value=longer[written], probability=probability)


def _with_form(name: str, printed: Printed) -> Iterator[str]:
    """A name with the legal form that stands behind it in its cell, wherever it is printed so."""
    flow = printed.flow
    for first, last in printed.folded_text.runs(fold(name)):
        furthest = min(last + 1 + MOST_WORDS_OF_FORM, flow.cell_end(flow.cell_of(last)))
        ends = (end for end in range(furthest, last + 1, -1) if _is_form(printed, last + 1, end))
        yield from (printed.spelled(first, end) for end in islice(ends, 1))


def _is_form(printed: Printed, first: int, end: int) -> bool:
    """Whether the words from one to before another are a legal form; *care of* is none."""
    return "".join(printed.folded[first:end]) in _FORMS and printed.spelled(first, end).lower() != "c/o"


# --- two names for two parties -----------------------------------------------------------------------


def _told_apart(transcripts: Sequence[Transcript], model: SteeredModel, decode: Decode) -> list[Transcript]:
    """The transcripts; where both parties of one have the same name and the model nearly wrote two, it has those."""
    ways = [
        way
        for number, transcript in enumerate(transcripts)
        if _are_one(transcript.written)
        for name in PARTIES
        for way in _ways(number, transcript, name, model)
    ]
    answers = decode([way.turn.task for way in ways])
    after, best = list(transcripts), [(False, LEAST_LOG_RATIO)] * len(transcripts)
    for way, answer in zip(ways, answers, strict=False):
        number, before = way.document, transcripts[way.document]
        after[number] = replace(after[number], passes=after[number].passes + answer.forward_passes)
        tried = _renamed(before, way, answer)
        log_ratio = _log_of_names(answer) - _log_of_names(before.answers[way.window])
        worth = all(tried.values[name] for name in PARTIES), log_ratio
        if (
            answer.complete
            and log_ratio >= LEAST_LOG_RATIO
            and worth >= best[number]
            and not _are_one(tried.written)
        ):
            best[number] = worth
            reread = (*before.reread, SAME_PARTY)
            after[number] = replace(tried, passes=after[number].passes, reread=reread)
    return after


def _are_one(written: Iterable[Written]) -> bool:
    """Whether both parties have a name, and it is the same one, or one that goes on where the other ends."""
    names = [fold(str(item.value)) for item in written if item.path in PARTIES and item.value is not None]
    shorter, longer = sorted(names, key=len) if len(names) == len(PARTIES) else ("", "")
    return bool(shorter) and longer.startswith(shorter)


def _renamed(transcript: Transcript, way: _Way, answer: Answer) -> Transcript:
    """The transcript with a party's name as an answer has it, and its address where that was the other party's, too."""
    address = way.name.replace("name", "address")
    values = transcript.values
    shared = values.get("vendor.address") == values.get("client.address")
    new = {
        item.path: item
        for item in read_answer(answer, Grounding.GROUNDED, way.window)
        if item.path == way.name or (item.path == address and shared and item.value is not None)
    }
    return replace(transcript, written=[new.get(item.path, item) for item in transcript.written])


def _log_of_names(answer: Answer) -> float:
    """The log probability of both names together."""
    named = zip(answer.values, answer.probabilities, strict=True)
    return sum(math.log(max(chance, _IMPOSSIBLE)) for (path, _), chance in named if path in PARTIES)


def _ways(number: int, transcript: Transcript, name: str, model: SteeredModel) -> list[_Way]:
    """The likeliest other ways to write a name in a document, whose number is given."""
    written = next(item for item in transcript.written if item.path == name)
    if written.origin is None:
        return []
    task, answer = transcript.tasks[written.origin.window], transcript.answers[written.origin.window]
    found = turns_at(answer.choices.get(name, ()), _last_of_parties(task), task, answer, model)
    likeliest = sorted(found, key=lambda turn: -turn.log_ratio)[:MOST_WAYS]
    return [_Way(number, written.origin.window, name, turn) for turn in likeliest]


def _last_of_parties(task: Task) -> str:
    return next(path for path in reversed(task.request) if path.startswith("client."))
