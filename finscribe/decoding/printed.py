"""What a document prints, by kind: the only material that a grounded answer is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from finscribe.folding import fold
from finscribe.invoice import DOCUMENT_TYPES, Kind, Value, write_value
from finscribe.readings import DateReading, NumberReading, read_dates, read_numbers

SEPARATOR = ", "
MOST_RUNS = {Kind.SPAN: 1, Kind.PHRASE: 7}
"""How many runs of words a text value may be pieced together from."""

_BREAKS = r"\s:;#()\[\]{}<>=|*\"“”«»：；（）【】、，。\u3040-\u30ff\u3400-\u9fff"
LONGEST_WORD = 80
"""Characters after which an unbroken blob (a bar code, base64) is cut, lest its grammar outgrow the engine."""
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
class Run:
    """Consecutive words, first to last, at `start:end` of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoldedText:
    """Folded words in one piece, and the words that begin and end at its places; empty ones do neither."""

    text: str
    begins: dict[int, int]
    ends: dict[int, int]

    @classmethod
    def of(cls, folded: Sequence[str]) -> FoldedText:
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
        return tuple(read_numbers(self.text))

    @cached_property
    def dates(self) -> tuple[DateReading, ...]:
        return tuple(read_dates(self.text))

    @cached_property
    def currencies(self) -> dict[str, list[tuple[int, int]]]:
        """ISO 4217 codes that a printed code or sign stands for, with the places of those signs."""
        return _currencies(self.text)

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
            return any(value == code for code, _ in _read_currencies(self.text))
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
    return fraction if fraction.as_tuple().exponent < 0 else fraction.quantize(Decimal(1))  # type: ignore[operator]


# --- currencies --------------------------------------------------------------------------------------

_DOLLARS = "USD CAD AUD SGD NZD HKD MXN"
_SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "S$": "SGD", "NZ$": "NZD", "HK$": "HKD",
    "NT$": "TWD", "R$": "BRL", "MX$": "MXN", "$": _DOLLARS, "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP",
    "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY", "₹": "INR", "RS": "INR PKR LKR", "RM": "MYR",
    "RP": "IDR", "KR": "SEK NOK DKK", "ZŁ": "PLN", "ZL": "PLN", "KČ": "CZK", "FT": "HUF", "LEI": "RON", "₺": "TRY",
    "TL": "TRY", "₽": "RUB", "₩": "KRW", "₫": "VND", "฿": "THB", "₱": "PHP", "₪": "ILS", "₴": "UAH", "FR": "CHF",
    "SFR": "CHF", "DH": "AED", "R": "ZAR", "Q": "GTQ",
}  # fmt: skip
_CODES = frozenset(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GTQ HKD HUF IDR ILS INR ISK JPY KES KRW LKR MAD MXN "
    "MYR NGN NOK NZD PEN PHP PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)
_NAMES = _CODES | _SIGNS.keys()
_SIGN = re.compile(r"(?:US|CA|AU|NZ|HK|NT|MX|[CASR])?\$|[€£¥￥円元₹₺₽₩₫฿₱₪₴]")
_AMOUNT_AFTER = re.compile(r"\.?[ \t]?\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEEDS_AMOUNT = frozenset({"R", "Q", "FR", "FT", "TL", "DH", "RS", "LEI", "ZL"})


def _currencies(text: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for code, place in _read_currencies(text):
        found.setdefault(code, []).append(place)
    return found


def _read_currencies(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for pattern in (_SIGN, _LETTERS):
        for match in pattern.finditer(text):
            if match[0].upper() in _NAMES:
                for code in _codes(match, text):
                    yield code, match.span()


def _codes(match: re.Match[str], text: str) -> Sequence[str]:
    sign = match[0].upper()
    if sign in _CODES and (match[0] == sign or _beside_amount(match, text)):
        return (sign,)
    if sign in _NEEDS_AMOUNT and not _beside_amount(match, text):
        return ()
    return _SIGNS.get(sign, "").split()


def _beside_amount(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 2) : match.start()].rstrip(" \t")
    return before[-1:].isdigit() or _AMOUNT_AFTER.match(text, match.end()) is not None


# --- text --------------------------------------------------------------------------------------------


def find_text(printed: Printed, value: str) -> list[tuple[Run, ...]]:
    """Every way in which whole words print a value: one run where it stands in one piece.

    A value that no single run prints is pieced together from the longest runs, joined by `, ` or a space.
    """
    runs = _find_runs(printed, value)
    if runs:
        return [(run,) for run in runs]
    pieced = _piece_together(printed, value)
    return [pieced] if pieced else []


def _find_runs(printed: Printed, value: str) -> list[Run]:
    wanted = [match[0] for match in _WORD.finditer(value)]
    if not wanted:
        return []
    return [
        Run(printed.words[first].start, printed.words[first + len(wanted) - 1].end)
        for first in printed.by_text.get(wanted[0], ())
        if printed.spelled(first, first + len(wanted)) == value
    ]


def _piece_together(printed: Printed, value: str) -> tuple[Run, ...] | None:
    runs: list[Run] = []
    rest = value
    while rest:
        run, length = _longest_run(printed, rest, runs[-1].end if runs else 0)
        if run is None:
            return None
        runs.append(run)
        rest = rest[length:]
        joint = SEPARATOR if rest.startswith(SEPARATOR) else " "
        if rest and not rest.startswith(joint):
            return None
        rest = rest[len(joint) :] if rest else ""
    return tuple(runs)


def _longest_run(printed: Printed, value: str, after: int) -> tuple[Run | None, int]:
    """The longest run that begins a value, ending where a joint or nothing follows; nearest after `after`."""
    first_word = _WORD.match(value)
    if first_word is None:
        return None, 0
    best: Run | None = None
    best_key = (0, 0.0)
    for first in printed.by_text.get(first_word[0], ()):
        length, run = _common(printed, first, value)
        key = (
            length,
            -abs(printed.words[first].start - after) - (1e9 if printed.words[first].start < after else 0),
        )
        if run and key > best_key:
            best, best_key = run, key
    return best, best_key[0]


def _common(printed: Printed, first: int, value: str) -> tuple[int, Run | None]:
    length, run = 0, None
    position = 0
    for index in range(first, len(printed.words)):
        word = printed.words[index]
        spelled = word.text if index == first or word.glued else " " + word.text
        if not value.startswith(spelled, position):
            break
        position += len(spelled)
        if position == len(value) or value.startswith((SEPARATOR, " "), position):
            length, run = position, Run(printed.words[first].start, word.end)
    return length, run


def spell(printed: Printed, runs: Iterable[Run]) -> str:
    """What runs print, joined by `, ` (white space inside a run is one space)."""
    return SEPARATOR.join(" ".join(printed.text[run.start : run.end].split()) for run in runs)
