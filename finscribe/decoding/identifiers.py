"""Where identifiers end: before a day, at an account's number, at marks that part what stands in one cell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from finscribe.decoding.flow import Flow
from finscribe.readings import DateReading

if TYPE_CHECKING:
    from finscribe.decoding.printed import Word

MOST_BEFORE_A_DAY = 3
"""Words without a digit, such as `of` or `issued on`, that may stand between an identifier and a day."""
_PARTING = frozenset("·•|–—")
_PARTING_WORDS = frozenset("-/")
"""Marks that are a part of some identifiers; a word without a digit behind one of them is none."""
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2} ?\d{2}(?: ?[A-Z\d]){11,30}(?![^\W_])")
"""What may be an IBAN, in groups or closed, with words behind it that may be none of it."""


def accounts(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand whose check digits and length are right (ISO 13616)."""
    for match in _IBAN.finditer(text):
        from stdnum import iban  # only here: most texts hold nothing like one

        written = match[0]
        while written and not iban.is_valid(written, check_country=False):
            written = written.rpartition(" ")[0]
        if written:
            yield match.start(), match.start() + len(written)


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
        if not following.glued and _parts(mark, following):
            yield from (place, place + 1)


def _behind_identifier(flow: Flow, day: int) -> Iterator[int]:
    """The word behind the last one with a digit before a day in its cell, if there is one close to it."""
    first = max(flow.cells[flow.cell_of(day)], day - 1 - MOST_BEFORE_A_DAY)
    for place in range(day, first, -1):
        if _has_digit(flow.words[place - 1]):
            yield place
            return


def _parts(mark: Word, following: Word) -> bool:
    """Whether a word is a mark between what it stands between."""
    if mark.text == ":":
        return True
    between_words = mark.text in _PARTING_WORDS and not _has_digit(following)
    return not mark.glued and (mark.text in _PARTING or between_words)


def _has_digit(word: Word) -> bool:
    return any(map(str.isdecimal, word.text))
