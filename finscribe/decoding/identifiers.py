"""Where identifiers end: before a day, at an account's number, at marks that part what stands in one cell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from finscribe.decoding.flow import Flow
from finscribe.readings import DateReading

if TYPE_CHECKING:
    from finscribe.decoding.printed import Word

MOST_BEFORE_A_DAY = 3
"""Words without a digit, such as `of` or `issued on`, that may stand between an identifier and a day."""
_PARTING = frozenset("·•|—")
_MAYBE_PARTING = frozenset("-–/")
"""Marks that are a part of some identifiers: of those that go on with a digit, `INV - 0042`, `12 / MAG / 2025`."""
MOST_BEFORE_A_DIGIT = 2
"""Words that may stand between such a mark and the digit."""
_IBAN = re.compile(
    r"(?<![^\W_])(?:A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IOR]|G[BEILRT]|H[RU]|I[ELQST]|JO|K[WZ]|L[BCITUV]|"
    r"M[CDEKRTU]|N[LO]|P[KLST]|QA|R[OS]|S[ACEIKMTV]|T[LNR]|UA|V[AG]|XK) ?\d{2}(?: ?[A-Z\d]){11,30}(?![^\W_])"
)
"""What may be an IBAN, in groups or closed, with words behind it that may be none of it."""


def accounts(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand whose check digits and length are right (ISO 13616)."""
    at = 0
    while match := _IBAN.search(text, at):
        start = match.start()
        end = start + len(_valid(match[0]))
        if end > start:
            yield start, end
        at = max(end, start + 1)  # in what is none, as a tax id before an IBAN, one may begin


def _valid(written: str) -> str:
    """The IBAN that the words begin with; empty where they do with none."""
    from stdnum import iban  # only here: most texts hold nothing like one

    while written and not iban.is_valid(written, check_country=False):
        written = written.rpartition(" ")[0]
    return written


def boundaries(flow: Flow, numbers: Iterable[tuple[int, int]], days: Iterable[DateReading]) -> Iterator[int]:
    """The words with which no identifier goes on that began before them; `numbers` are those of accounts.

    In `No. 4711 of 3 May 2026` the number ends with its last digit, in `DE89 3704 0044 0532 0130 00 · BIC ...` before
    the point.
    """
    starts = [word.start for word in flow.words]
    for start, end in numbers:
        yield bisect_left(starts, start)
        if end <= starts[-1]:
            yield bisect_left(starts, end)
    for day in days:
        place = bisect_left(starts, day.start)
        if starts[place : place + 1] == [day.start] and not flow.text[day.start : day.end].isdecimal():
            yield from _behind_identifier(flow, place)
    for place, (mark, following) in enumerate(pairwise(flow.words)):
        if not following.glued and (mark.text == ":" or (not mark.glued and _parts(flow, place))):
            yield from (place, place + 1)


def _behind_identifier(flow: Flow, day: int) -> Iterator[int]:
    """The word behind the last one with a digit before a day in its cell, if there is one close to it."""
    first = max(flow.cells[flow.cell_of(day)], day - 1 - MOST_BEFORE_A_DAY)
    for place in range(day, first, -1):
        if _has_digit(flow.words[place - 1]):
            yield place
            return


def _parts(flow: Flow, place: int) -> bool:
    """Whether a word that stands by itself is a mark between what it stands between."""
    mark = flow.words[place].text
    if mark not in _MAYBE_PARTING:
        return mark in _PARTING
    end = min(flow.cell_end(flow.cell_of(place)), place + MOST_BEFORE_A_DIGIT + 2)
    goes_on = takewhile(
        lambda word: word.text != ":", flow.words[place + 1 : end]
    )  # behind it is another value
    return not any(map(_has_digit, goes_on))


def _has_digit(word: Word) -> bool:
    return any(map(str.isdecimal, word.text))
