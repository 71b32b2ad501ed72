"""What a document prints, by kind: the only material that a grounded answer is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from finscribe.folding import fold
from finscribe.invoice import DOCUMENT_TYPES, Kind
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


@dataclass(frozen=True, slots=True)
class Word:
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


@dataclass(frozen=True, eq=False)
class Printed:
    """The words, numbers, dates and currencies of one text, each with its places."""

    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words as a value may begin and end: white space and the marks `: ; , # ( ) [ ] = | *` part them.

        Ideographs stand alone, for they are written without spaces.
        """
        matches = list(_WORD.finditer(self.text))
        return tuple(
            Word(
                match[0],
                match.start(),
                match.end(),
                bool(index) and matches[index - 1].end() == match.start(),
            )
            for index, match in enumerate(matches)
        )

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
        return tuple(fold(word.text) for word in self.words)

    @cached_property
    def by_initial(self) -> dict[str, list[int]]:
        """The indices of the words whose folded form begins with the same character."""
        index: dict[str, list[int]] = {}
        for number, folded in enumerate(self.folded):
            if folded:
                index.setdefault(folded[0], []).append(number)
        return index

    def spelled(self, first: int, last: int) -> str:
        """Words `first` to `last` (exclusive) as a value writes them: one space where white space stands."""
        words = self.words[first:last]
        return "".join(w.text if w.glued or not i else " " + w.text for i, w in enumerate(words))

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

    def spellings(self, kind: Kind) -> dict[Decimal, str]:
        """The most precise of the spellings of each number of a kind."""
        if kind not in self._spellings:
            written = sorted(self.places(kind), key=len)
            self._spellings[kind] = {Decimal(each): each for each in written}
        return self._spellings[kind]

    @cached_property
    def _spellings(self) -> dict[Kind, dict[Decimal, str]]:
        return {}

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
        return (as_fraction(number.value),) if number.percent or 0 < number.value < 100 else ()
    if number.percent:
        return ()
    return (abs(number.value),) if kind is Kind.REDUCTION else (number.value,)


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
_SIGN = re.compile(r"(?:US|CA|AU|NZ|HK|NT|MX|[CASR])?\$|[€£¥￥円元₹₺₽₩₫฿₱₪₴]")
_AMOUNT_AFTER = re.compile(r"\.?[ \t]?\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEEDS_AMOUNT = frozenset({"R", "Q", "FR", "FT", "TL", "DH", "RS", "LEI", "ZL"})


def _currencies(text: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for match in (*_SIGN.finditer(text), *_LETTERS.finditer(text)):
        for code in _codes(match, text):
            found.setdefault(code, []).append(match.span())
    return found


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
