"""What a document prints, by kind: the only material that a grounded answer is made of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from finscribe.decoding.currencies import read_currencies
from finscribe.decoding.flow import Flow, Run
from finscribe.decoding.identifiers import accounts, boundaries
from finscribe.folding import fold
from finscribe.invoice import DOCUMENT_TYPES, Kind, Value, write_value
from finscribe.readings import DateReading, NumberReading, read_dates, read_numbers

_BREAKS = r"\s:;#()\[\]{}<>=|*\"“”«»：；（）【】、，。\u3040-\u30ff\u3400-\u9fff"
LONGEST_WORD = 80
"""Characters after which an unbroken blob (a bar code, base64) is cut, lest its grammar outgrow the engine."""
MOST_UNBROKEN = 10
"""Digits of a number without any mark; a longer row is that of an article, an account or a telephone."""
MOST_BEHIND_LETTERS = 6
"""Such digits right behind one to three Latin letters, no currency: `F20180023` is a code, `NET12500` is none."""
FEWEST_DIALLED = 6
"""Such digits from which on a leading zero makes a telephone of them; `001` and `0002` are quantities of some tills."""
_PREFIX = re.compile(r"(?<!\w)[A-Za-z]{1,3}\Z")
_MULTIPLIES = ("x", "X")
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:]|[.,]\d)")
_HOUR = r"(?<![\d.,])(?:[01]?\d|2[0-4])[.:][0-5]\d"
_HOURS = re.compile(rf"(?i){_HOUR} ?[-\u2013] ?{_HOUR} ?(?:Uhr|[ap]\.?m)\b|{_HOUR} ?Uhr\b")
"""From when till when, or a time of day in German: `8.00-20.00 Uhr`."""
_ALONE, _NO_MORE = r"(?<![^\W_])", r"(?![^\W_])"
_BIC = re.compile(
    rf"{_ALONE}(?:BIC|SWIFT)(?:[- ]?(?:Code|BIC|No\.?))?[\s:./]*[A-Z]{{6}}[A-Z\d]{{2}}(?:[A-Z\d]{{3}})?{_NO_MORE}"
)
"""The number of a bank behind its label; without one, words of shops that leave out spaces look like it."""
_JOINED = re.compile(
    rf"{_ALONE}(?:([A-Za-z]{{1,6}})[-/]?\d+(?:[-/]\d+)+|[^\W_]+_(?:[^\W_]+_)*[^\W_]+){_NO_MORE}(?![.,]\d| ?%)"
)
"""Numbers of something whose letters and digits are joined: `RE-2024/508`, `INV/2023/03/0008`, `UC1_2023_AFF`."""
_MISREAD = re.compile(r"(?<![\d.,])[.,]*\d[\d.,]*(?:[OoIlSB]+[.,]?\d|[.,]?[Oo]+(?![^\W\d_]))[\dOoIlSB.,]*")
"""An amount in which OCR took figures for letters, `1,2OO.00`; no piece of it is the amount."""
_NO_NUMBERS = (_CLOCK, _HOURS, _BIC, _MISREAD)
"""What holds digits and no number, whatever is around it."""
_WORD = re.compile(
    rf"\d(?:[^{_BREAKS},]|,(?=\d)|:(?=\d)){{0,{LONGEST_WORD - 1}}}|[^{_BREAKS},]{{1,{LONGEST_WORD}}}|\S"
)


class Word(NamedTuple):
    """A printed word at `start:end`; `glued` when no white space stands before it."""

    text: str
    start: int
    end: int
    glued: bool


@dataclass(frozen=True, slots=True)
class FoldedText:
    """Folded words in one piece, and the words that begin and end at its places; empty ones do neither."""

    text: str
    begins: dict[int, int]
    ends: dict[int, int]

    @classmethod
    def of(cls, folded: Sequence[str]) -> FoldedText:
        """The text of words that are folded already, in their order."""
        ends = list(accumulate(map(len, folded)))
        last = range(len(folded) - 1, -1, -1)
        # Words that are empty share their place with a neighbour, which is put in after them.
        begins = dict(zip([0, *ends], range(len(folded)), strict=False))
        return cls("".join(folded), begins, dict(zip(reversed(ends), last, strict=True)))

    def runs(self, wanted: str) -> Iterator[tuple[int, int]]:
        """First and last word of every run of whole words that spells what is wanted, in order."""
        place = self.text.find(wanted)
        while place >= 0:
            first, last = self.begins.get(place), self.ends.get(place + len(wanted))
            if first is not None and last is not None:
                yield first, last
            place = self.text.find(wanted, place + 1)


@dataclass(frozen=True, eq=False)
class Printed:
    """The words, numbers, dates and currencies of one text, each with its places."""

    text: str
    whole: str | None = None
    """The text that it is part of, which settles how its dates and its dollars are read."""

    def part(self, start: int, end: int) -> Printed:
        """What its characters `start:end` print; where that is all, itself with what it has found already."""
        if (start, end) == (0, len(self.text)):
            return self
        return Printed(self.text[start:end], self.text if self.whole is None else self.whole)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words as a value may begin and end: white space and the marks `: ; , # ( ) [ ] = | *` part them.

        Ideographs stand alone, for they are written without spaces.
        """
        ends = [-1, *(end for _, end in self._spans)]
        return tuple(
            Word(self.text[start:end], start, end, start == before)
            for (start, end), before in zip(self._spans, ends, strict=False)
        )

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in _WORD.finditer(self.text)]

    @cached_property
    def flow(self) -> Flow:
        """The words in lines and cells, and how a value may run over them."""
        return Flow(self.text, self.words)

    @cached_property
    def by_text(self) -> dict[str, list[int]]:
        """The indices of the words that read the same."""
        index: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            index.setdefault(word.text, []).append(number)
        return index

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words as the folded match compares them; empty for punctuation."""
        return tuple([fold(self.text[start:end]) for start, end in self._spans])

    @cached_property
    def by_initial(self) -> dict[str, list[int]]:
        """The indices of the words whose folded form begins with the same character."""
        index: dict[str, list[int]] = {}
        for number, folded in enumerate(self.folded):
            if folded:
                index.setdefault(folded[0], []).append(number)
        return index

    @cached_property
    def folded_text(self) -> FoldedText:
        """The folded words one after the other, in one piece."""
        return FoldedText.of(self.folded)

    def spelled(self, first: int, last: int) -> str:
        """Words `first` to `last` (exclusive) as a value writes them: one space where white space stands."""
        spans = self._spans[first:last]
        return " ".join(self.text[spans[0][0] : spans[-1][1]].split()) if spans else ""

    @cached_property
    def numbers(self) -> tuple[NumberReading, ...]:
        """Every reading of every printed number, in the order of the text.

        Parts of dates, of times, of accounts, of codes and of what OCR misread are none.
        """
        spans = [(date.start, date.end) for date in self.dates]
        spans += [match.span() for pattern in _NO_NUMBERS for match in pattern.finditer(self.text)]
        spans += [*self._accounts, *_joined(self.text)]
        inside = {place for start, end in spans for place in range(start, end)}
        return tuple(
            number
            for number in read_numbers(self.text)
            if number.start not in inside and not self._is_code(number)
        )

    def _is_code(self, number: NumberReading) -> bool:
        """Whether digits without any mark are a code, an account or a telephone, by their length or what is around."""
        digits = self.text[number.start : number.end].removeprefix(".")
        if not digits.isdecimal():
            return False
        return len(digits) > MOST_UNBROKEN or self._dialled(number, digits) or self._named(number, digits)

    def _dialled(self, number: NumberReading, digits: str) -> bool:
        """Whether they are a telephone, or its code in brackets."""
        bracketed = len(digits) > 2 and self.text[number.start - 1 : number.start] == "("
        return int(digits[0]) == 0 and bool(number.value) and (bracketed or len(digits) >= FEWEST_DIALLED)

    def _named(self, number: NumberReading, digits: str) -> bool:
        """Whether they go on with a word of few letters that is neither a currency nor `times`."""
        if len(digits) <= MOST_BEHIND_LETTERS:
            return False
        before = _PREFIX.search(self.text, max(0, number.start - 4), number.start)
        if before is None or before[0] in _MULTIPLIES:
            return False
        return not any(read_currencies(f"{before[0]}1"))

    @cached_property
    def dates(self) -> tuple[DateReading, ...]:
        """Every reading of every printed date, in the order of the text."""
        return tuple(read_dates(self.text, self.whole))

    @cached_property
    def segments(self) -> list[int]:
        """The first word of every segment that an identifier may lie in, in order."""
        return sorted({*self.flow.cells, *boundaries(self.flow, self._accounts, self.dates)})

    @cached_property
    def _accounts(self) -> list[tuple[int, int]]:
        return list(accounts(self.text))

    def in_one_segment(self, first: int, last: int) -> bool:
        """Whether two words are of the same segment."""
        return bisect_right(self.segments, first) == bisect_right(self.segments, last)

    @cached_property
    def currencies(self) -> dict[str, list[tuple[int, int]]]:
        """ISO 4217 codes that a printed code or sign stands for, with the places of those signs."""
        found: dict[str, list[tuple[int, int]]] = {}
        for code, place in read_currencies(self.text, self.whole):
            found.setdefault(code, []).append(place)
        return found

    def places(self, kind: Kind) -> dict[str, list[tuple[int, int]]]:
        """Every value of a kind that is no text, as it is written in JSON, and where it is printed."""
        if kind not in self._places:
            found: dict[str, dict[tuple[int, int], None]] = {}
            for written, start, end in self._written(kind):
                found.setdefault(written, {})[start, end] = None
            self._places[kind] = {written: list(spots) for written, spots in found.items()}
        return self._places[kind]

    @cached_property
    def _places(self) -> dict[Kind, dict[str, list[tuple[int, int]]]]:
        return {}

    def spots(self, kind: Kind, value: Value) -> list[tuple[int, int]]:
        """Where a value that is no text is printed: as it is written, else wherever an equal number stands."""
        exact = self.places(kind).get(write_value(value))
        if exact is not None or not isinstance(value, Decimal):
            return exact or []
        return self._by_value(kind).get(value, [])

    def _by_value(self, kind: Kind) -> dict[Decimal, list[tuple[int, int]]]:
        if kind not in self._equals:
            found = self._equals[kind] = {}
            for written, spots in self.places(kind).items():
                found.setdefault(Decimal(written), []).extend(spots)
        return self._equals[kind]

    @cached_property
    def _equals(self) -> dict[Kind, dict[Decimal, list[tuple[int, int]]]]:
        return {}

    def prints(self, kind: Kind, value: str) -> bool:
        """Whether a date or what is chosen from a list is among the `places` of its kind."""
        if kind is Kind.DATE:
            return any(value == date.value for date in self.dates)
        if kind is Kind.CURRENCY:
            return any(value == code for code, _ in read_currencies(self.text, self.whole))
        return value in DOCUMENT_TYPES

    def spelling(self, kind: Kind, value: Decimal) -> Decimal | None:
        """The most precise of the ways in which a number of a kind is printed (see `places`); None where it is not."""
        if kind is Kind.RATE:
            percentage = value.scaleb(2)
            fraction = as_fraction(percentage) if percentage in self._percentages else None
            return fraction if fraction == value else None
        if kind is Kind.REDUCTION:
            signed = [self._amounts[each] for each in (value, -value) if value >= 0 and each in self._amounts]
            finest = min(signed, key=_exponent, default=None)
            return None if finest is None else abs(finest)
        return self._amounts.get(value)

    @cached_property
    def _percentages(self) -> set[Decimal]:
        return {number.value for number in self.numbers if _is_rate(number)}

    @cached_property
    def _amounts(self) -> dict[Decimal, Decimal]:
        """Each number that is no percentage, in the spelling with most digits behind the point."""
        found: dict[Decimal, Decimal] = {}
        for value in [number.value for number in self.numbers if not number.percent]:
            known = found.setdefault(value, value)
            if known is not value and _exponent(value) < _exponent(known):
                found[value] = value
        return found

    def _written(self, kind: Kind) -> Iterable[tuple[str, int, int]]:
        if kind is Kind.DATE:
            return ((f'"{date.value}"', date.start, date.end) for date in self.dates)
        if kind is Kind.CURRENCY:
            return ((f'"{code}"', *place) for code, found in self.currencies.items() for place in found)
        if kind is Kind.DOCUMENT_TYPE:
            return ((f'"{name}"', 0, 0) for name in DOCUMENT_TYPES)
        return (
            (format(value, "f"), number.start, number.end)
            for number in self.numbers
            for value in _values(number, kind)
        )


def _joined(text: str) -> Iterator[tuple[int, int]]:
    """Where joined codes stand; amounts behind a currency are none, nor those that OCR put an underscore before."""
    for match in _JOINED.finditer(text):
        letters, (*parts, _) = match[1], match[0].split("_")
        if letters:
            code = letters not in _MULTIPLIES and not any(read_currencies(f"{letters}1"))
        else:
            code = len(parts) > 1 or any(sign.isdecimal() for sign in parts[0])
        if code:
            yield match.span()


def _values(number: NumberReading, kind: Kind) -> tuple[Decimal, ...]:
    if kind is Kind.RATE:
        return (as_fraction(number.value),) if _is_rate(number) else ()
    if number.percent:
        return ()
    return (abs(number.value),) if kind is Kind.REDUCTION else (number.value,)


def _exponent(value: Decimal) -> int:
    return value.as_tuple().exponent  # type: ignore[return-value]


def _is_rate(number: NumberReading) -> bool:
    return number.percent or 0 < number.value < 100


def as_fraction(percentage: Decimal) -> Decimal:
    """20.00 -> 0.2, without trailing zeros."""
    fraction = percentage.scaleb(-2).normalize()
    return fraction if _exponent(fraction) < 0 else fraction.quantize(Decimal(1))


# --- where values stand ------------------------------------------------------------------------------


def find_value(printed: Printed, kind: Kind, value: Value) -> list[tuple[Run, ...]]:
    """Every way in which a value is printed; none for null and for a type of document, which no word stands for."""
    if value is None or kind is Kind.DOCUMENT_TYPE:
        return []
    if kind.textual:
        return find_text(printed, str(value))
    return [(Run(*spot),) for spot in printed.spots(kind, value)]


def find_text(printed: Printed, value: str) -> list[tuple[Run, ...]]:
    """Every way in which whole words print a value, as text runs on from cell to cell; each cell's part is a run."""
    first_word = _WORD.match(value)
    starts = printed.by_text.get(first_word[0], ()) if first_word else ()
    ways = (printed.flow.follow(start, _Exactly(value, printed.words)) for start in starts)
    return [printed.flow.runs(places) for places in ways if places]


@dataclass(frozen=True, slots=True)
class _Exactly:
    """A value letter by letter, its cells joined by a comma or a space."""

    value: str
    words: Sequence[Word]

    @property
    def length(self) -> int:
        return len(self.value)

    def take(self, read: int, place: int, joints: Sequence[str], /) -> int | None:
        pieces = (joint + self.words[place].text for joint in joints)
        return next((read + len(piece) for piece in pieces if self.value.startswith(piece, read)), None)
