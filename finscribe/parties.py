"""Names of parties as a reader sees them: in full, and two of them for two parties.

Nobody sends an invoice to themselves. Where a small model reads one name for both parties, for a page shows it more
boldly, the answer is taken up again where the model was of two minds about a name, and goes the other way. Of the ways
with two names the likeliest is taken. And a name that stops right before its legal form, as in `ACME, Inc.`, goes on
to it where the model nearly wrote it so; what has no form at all, a name or a slogan, gives way to a name that has one
and is at least a twentieth as likely. No name is ever made up: without such a way the answer stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.choices import Wording
from finscribe.decoding.grammar import Grounding
from finscribe.decoding.merging import Written, read_answer
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.printed import Printed
from finscribe.decoding.turns import log_of, turns_of_name
from finscribe.folding import fold
from finscribe.invoice import PARTIES, write_value
from finscribe.legal_forms import MOST_WORDS, form_behind, holds_form, is_form, may_end_form
from finscribe.rereading import Decode, Transcript, Tried, Way, likeliest_ways
from finscribe.validation.parties import SAME_PARTY, is_same_address, is_same_name

LEAST_LOG_RATIO = math.log(0.05)
"""How likely other names have to be beside those written, as a difference of log probabilities."""

LEAST_LOG_RATIO_OF_FORM = math.log(0.01)
"""How likely a name with its legal form has to be beside the one written without it, where it is always printed so."""

LEAST_LOG_RATIO_OF_SOME_FORM = math.log(0.05)
"""How likely where the page prints the name without the form as well."""

MOST_WORDS_OF_NAME = 10
"""How many words and marks a name has before its legal form, where it takes another one's place."""

MOST_SCORED = 7
"""How many names with a legal form are scored, the likeliest ones."""

_INSIDE_NAMES = frozenset(("&", "+", ",", "(", "/"))
"""Marks of which the words behind are the end of a name, and none by themselves."""

MOST_WAYS = 4
"""How many ways to call each of the parties otherwise are tried, the likeliest ones."""

_ADDRESSES = {"vendor.name": "vendor.address", "client.name": "client.address"}


def read_parties(transcripts: Sequence[Transcript], model: SteeredModel, decode: Decode) -> list[Transcript]:
    """The transcripts with two names where one stood for both parties, and with names that have their legal form."""
    return [_with_forms(each, model) for each in _told_apart(transcripts, model, decode)]


# --- two names for two parties -----------------------------------------------------------------------


def _told_apart(transcripts: Sequence[Transcript], model: SteeredModel, decode: Decode) -> list[Transcript]:
    """The transcripts; where both parties of one have the same name and the model nearly wrote two, it has those."""
    ways = [
        way
        for number, transcript in enumerate(transcripts)
        if _are_one(transcript)
        for name in PARTIES
        for way in _ways(number, transcript, name, model)
    ]
    return likeliest_ways(transcripts, ways, decode, _with_other_names)


def _are_one(transcript: Transcript) -> bool:
    """Whether both parties have a name, and it is the same one."""
    vendor, client = map(transcript.values.get, PARTIES)
    return isinstance(vendor, str) and isinstance(client, str) and is_same_name(vendor, client)


def _ways(number: int, transcript: Transcript, name: str, model: SteeredModel) -> list[Way]:
    """The likeliest ways to call a party otherwise in a document, whose number is given."""
    origin = _by_path(transcript.written)[name].origin
    if origin is None:
        return []
    task, answer = transcript.tasks[origin.window], transcript.answers[origin.window]
    found = turns_of_name(name, _last_of_parties(task), task, answer, model)
    likeliest = sorted(found, key=lambda turn: -turn.log_ratio)[:MOST_WAYS]
    return [Way(number, origin.window, name, turn) for turn in likeliest]


def _last_of_parties(task: Task) -> str:
    return next(path for path in reversed(task.request) if path.startswith("client."))


def _with_other_names(transcript: Transcript, way: Way, answer: Answer) -> Tried:
    """The transcript with the names of an answer that took a turn, if these are two and likely enough.

    The vendor's name stands before the client's, so that with another vendor the client is read anew, too.
    """
    before = _by_path(transcript.written)
    turned, first = (
        _by_path(read_answer(each, Grounding.GROUNDED, way.window))
        for each in (answer, transcript.answers[way.window])
    )
    names = [name for name in PARTIES[PARTIES.index(way.part) :] if _window(before[name]) == way.window]
    log_ratio = sum(log_of(turned[name].probability) - log_of(first[name].probability) for name in names)
    new = {name: turned[name] for name in names}
    vendor, client = (str((before | new)[name].value or "") for name in PARTIES)
    if log_ratio < LEAST_LOG_RATIO or _is_part(vendor, client) or _is_part(client, vendor):
        return None
    addresses = [
        str(items[path].value) for items in (before, turned) for path in _ADDRESSES.values() if path in items
    ]
    if any(_lies_in(str(item.value), address) for item in new.values() for address in addresses):
        return None
    if _share_address(transcript):
        read = [turned[_ADDRESSES[name]] for name in names]
        new |= {address.path: address for address in read if address.value is not None}
    written = [new.get(item.path, item) for item in transcript.written]
    return replace(transcript, written=written, reread=(*transcript.reread, SAME_PARTY)), log_ratio


def _is_part(name: str, text: str) -> bool:
    """Whether a name is nothing, or words that follow each other in a text."""
    return not _words(name) or f" {_words(name)} " in f" {_words(text)} "


def _lies_in(name: str, address: str) -> bool:
    """Whether a name is a part of an address; some addresses were read with the party's name, which they begin with."""
    begins = _words(address).startswith(_words(name)) and not any(map(str.isdigit, name))
    return _is_part(name, address) and not begins


def _words(text: str) -> str:
    return " ".join(filter(None, map(fold, text.split())))


def _share_address(transcript: Transcript) -> bool:
    vendor, client = map(transcript.values.get, _ADDRESSES.values())
    return isinstance(vendor, str) and isinstance(client, str) and is_same_address(vendor, client)


def _by_path(written: Sequence[Written]) -> dict[str, Written]:
    return {item.path: item for item in written}


def _window(item: Written) -> int | None:
    return None if item.origin is None else item.origin.window


# --- names with their legal form ---------------------------------------------------------------------


def _with_forms(transcript: Transcript, model: SteeredModel) -> Transcript:
    """The transcript; names that have no legal form have one where the model nearly wrote them so."""
    for name in PARTIES:
        written = [
            _with_form(item, transcript, model) if item.path == name else item for item in transcript.written
        ]
        transcript = replace(transcript, written=written)
    return transcript


def _with_form(item: Written, transcript: Transcript, model: SteeredModel) -> Written:
    """A party's name, or the likeliest one with a legal form that is likely enough beside it."""
    if not isinstance(item.value, str) or item.origin is None:
        return item
    task, answer = transcript.tasks[item.origin.window], transcript.answers[item.origin.window]
    if (item.path, write_value(item.value)) not in answer.values:
        return item  # read by another way
    prints = _prints(item.value, task.printed)
    others = {
        write_value(name): (name, least)
        for name, least in _names_with_form(item.value, prints, task.printed).items()
        if not _is_other(name, item, transcript)
    }
    wording = Wording(task, answer, model)
    weighed = wording.alternatives(item.path, others)
    likely = [json for json in weighed if weighed[json] >= others[json][1]]
    if not likely:
        return item
    tried = sorted(likely, key=weighed.__getitem__, reverse=True)[:MOST_SCORED]
    scores = wording.scored([wording.reworded({item.path: json}) for json in tried])
    enough = [
        (score, others[json][0])
        for score, json in zip(scores, tried, strict=True)
        if score.log_ratio >= others[json][1]
    ]
    if not enough:
        return item
    score, name = max(enough, key=lambda found: found[0].log_ratio)
    own = item.probability if (name, True) in prints else 0.0  # both ways to write it say who it is
    return replace(item, value=name, probability=min(1.0, own + math.exp(score.logprobs[item.path])))


def _is_other(name: str, item: Written, transcript: Transcript) -> bool:
    """Whether a name is that of the other party, with its legal form or without, or a part of it."""
    others = (str(transcript.values.get(path) or "") for path in PARTIES if path != item.path)
    return any(other and (_is_part(name, other) or is_same_name(name, other)) for other in others)


def _names_with_form(name: str, prints: Sequence[tuple[str, bool]], printed: Printed) -> dict[str, float]:
    """The names with a legal form that may take a name's place, each with how likely it has to be beside it.

    Those are the name's own prints with the form behind it and, where it has none at all, those that begin a cell or
    stand behind a mark in it.
    """
    own = LEAST_LOG_RATIO_OF_FORM if all(has_form for _, has_form in prints) else LEAST_LOG_RATIO_OF_SOME_FORM
    longer = {whole: own for whole, has_form in prints if has_form}
    return longer if holds_form(name) else dict.fromkeys(_begun_with_form(printed), LEAST_LOG_RATIO) | longer


def _begun_with_form(printed: Printed) -> Iterator[str]:
    """The names with a legal form at the beginning of a cell, or in it behind a mark such as a colon."""
    flow, words = printed.flow, printed.words
    ends = (place for place, folded in enumerate(printed.folded) if folded and may_end_form(folded))
    for cell in dict.fromkeys(map(flow.cell_of, ends)):
        first, end = flow.cells[cell], flow.cell_end(cell)
        for start in range(first, end):
            if (start == first or _parts(printed, start - 1)) and any(map(str.isalpha, words[start].text)):
                yield from _first_with_form(printed, start, end)


def _parts(printed: Printed, place: int) -> bool:
    """Whether a word is a mark behind which a name may begin, as a colon is and the mark in `Tea & Sons` is not."""
    return not printed.folded[place] and printed.words[place].text not in _INSIDE_NAMES


def _first_with_form(printed: Printed, start: int, end: int) -> Iterator[str]:
    """The shortest name with a legal form, if there is one, from a word on in a cell that ends before another."""
    for last in range(start, min(start + MOST_WORDS_OF_NAME, end - 1)):
        behind = [word.text for word in printed.words[last + 1 : min(end, last + 2 + MOST_WORDS)]]
        name = printed.spelled(start, last + 1)
        if count := form_behind(name, behind):
            if not is_form(name):
                yield printed.spelled(start, last + 1 + count)
            return


def _prints(name: str, printed: Printed) -> list[tuple[str, bool]]:
    """The prints of a name, each with the legal form that stands behind it in its cell, and whether one does."""
    found, flow = [], printed.flow
    for first, last in printed.folded_text.runs(fold(name)) if fold(name) else ():
        end = min(last + 1 + MOST_WORDS, flow.cell_end(flow.cell_of(last)))
        count = form_behind(name, [word.text for word in printed.words[last + 1 : end]])
        if flow.runs_on(first, last + count):
            found.append((printed.spelled(first, last + 1 + count), count > 0))
    return found
