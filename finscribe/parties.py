"""Names of parties as a reader sees them: in full, and two of them for two parties.

Nobody sends an invoice to themselves. Where a small model reads one name for both parties, for a page shows it more
boldly, the answer is taken up again where the model was of two minds about a name, and goes the other way. Of the ways
with two names the likeliest is taken. And a name that stops right before its legal form, as in `ACME, Inc.`, goes on
to it where the model nearly wrote it so. No name is ever made up: without such a way the answer stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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
from finscribe.legal_forms import MOST_WORDS, form_behind
from finscribe.rereading import Decode, Transcript, Tried, Way, likeliest_ways
from finscribe.validation.parties import SAME_PARTY, is_same_address, is_same_name

LEAST_LOG_RATIO = math.log(0.05)
"""How likely other names have to be beside those written, as a difference of log probabilities."""

LEAST_LOG_RATIO_OF_FORM = math.log(0.01)
"""How likely a name with its legal form has to be beside the one written without it, where it is always printed so."""

LEAST_LOG_RATIO_OF_SOME_FORM = math.log(0.05)
"""How likely where the page prints the name without the form as well."""

MOST_WAYS = 4
"""How many ways to call each of the parties otherwise are tried, the likeliest ones."""

_ADDRESSES = {"vendor.name": "vendor.address", "client.name": "client.address"}


def read_parties(transcripts: Sequence[Transcript], model: SteeredModel, decode: Decode) -> list[Transcript]:
    """The transcripts with two names where one stood for both parties, and with names in full."""
    return [_in_full(each, model) for each in _told_apart(transcripts, model, decode)]


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


# --- names in full -----------------------------------------------------------------------------------


def _in_full(transcript: Transcript, model: SteeredModel) -> Transcript:
    """The transcript; a name that ends before its legal form goes on to it where the model nearly did so."""
    return replace(transcript, written=[_whole(item, transcript, model) for item in transcript.written])


def _whole(item: Written, transcript: Transcript, model: SteeredModel) -> Written:
    """A value, with its legal form where it is a name that the model nearly wrote with it.

    Its probability is that of both ways to write it, for both say who it is.
    """
    if item.path not in PARTIES or not isinstance(item.value, str) or item.origin is None:
        return item
    task, answer = transcript.tasks[item.origin.window], transcript.answers[item.origin.window]
    if (item.path, write_value(item.value)) not in answer.values:
        return item  # read by another way
    prints = _prints(item.value, task.printed)
    longer = {
        write_value(name): name
        for name, has_form in prints
        if has_form and not _is_other(name, item, transcript)
    }
    least = (
        LEAST_LOG_RATIO_OF_FORM if all(has_form for _, has_form in prints) else LEAST_LOG_RATIO_OF_SOME_FORM
    )
    wording = Wording(task, answer, model)
    weighed = wording.alternatives(item.path, longer)
    likely = [json for json in weighed if weighed[json] >= least]
    if not likely:
        return item
    scores = wording.scored([wording.reworded({item.path: json}) for json in likely])
    log_ratio, json = max((score.log_ratio, json) for score, json in zip(scores, likely, strict=True))
    if log_ratio < least:
        return item
    probability = min(1.0, item.probability * (1 + math.exp(log_ratio)))
    return replace(item, value=longer[json], probability=probability)


def _is_other(name: str, item: Written, transcript: Transcript) -> bool:
    """Whether a name is that of the other party."""
    return any(fold(name) == fold(str(transcript.values.get(path))) for path in PARTIES if path != item.path)


def _prints(name: str, printed: Printed) -> list[tuple[str, bool]]:
    """The prints of a name, each with the legal form that stands behind it in its cell, and whether one does."""
    found, flow = [], printed.flow
    for first, last in printed.folded_text.runs(fold(name)) if fold(name) else ():
        end = min(last + 1 + MOST_WORDS, flow.cell_end(flow.cell_of(last)))
        count = form_behind(name, [word.text for word in printed.words[last + 1 : end]])
        if flow.runs_on(first, last + count):
            found.append((printed.spelled(first, last + 1 + count), count > 0))
    return found
