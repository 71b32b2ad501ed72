"""What printed numbers and dates can mean: every canonical reading, with its place in the text.

A print is not always one value: `1.234` is one and a bit in English and over a thousand in German,
`03/04/2024` is March or April. All readings are listed; the document or the model decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple


class NumberReading(NamedTuple):
    """A number printed at `start:end`; `percent` when a percent sign follows (the value is not divided)."""

    value: Decimal
    start: int
    end: int
    percent: bool = False


class DateReading(NamedTuple):
    """An ISO 8601 date printed at `start:end`."""

    value: str
    start: int
    end: int


# --- numbers -----------------------------------------------------------------------------------------

_ARABIC_DECIMAL = "\u066b"  # the mark between thousands is \u066c
_DIGITS = re.compile(r"\d+(?:[.,'\u2019\u066b\u066c]\d+)*")
_SPACED = re.compile(
    r"\d(?<![\d.,\u066b\u066c]\d)\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:[.,\u066b]\d{1,4})?(?![\d])"
)
_PERCENTS = ("%", " %", "\u00a0%", "\u066a", " \u066a")
_SIGN = "[$€£¥₹₩₱₫₽₺฿]"
_UNIT = rf"(?:[^\W\d_]{{0,3}}{_SIGN}|[^\W\d_]{{1,3}})?"
"""What may stand between a sign or parenthesis and the digits: `$`, `EUR`, `R$`, `CA$`."""
_OPEN = re.compile(rf"\({_UNIT} ?\Z")
_CLOSE = re.compile(rf" ?{_UNIT}\)")
_BEFORE_MINUS = r"(?:EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|MYR|IDR|RM|Rp|kr)"
"""Currencies whose letters may stand right before a minus; other letters there are those of a code, `INV-12`."""
_MINUS_BEFORE = re.compile(
    rf"(?:\A|[\s(:=;|]|{_SIGN}|\b(?P<letters>{_BEFORE_MINUS}))[-\u2212\u2013](?P<gap> ?){_UNIT}(?P<gap2> ?)\Z"
)
_MINUS_AFTER = re.compile(r"[-\u2212\u2013](?!\w)")
_CREDITED = re.compile(r" ?CR\b")
_MINUSES = ("-", "\u2212", "\u2013")
_MAYBE_SIGNED = re.compile(r"[-\u2212\u2013(]")
_DECIMAL_MARKS = (".", ",", _ARABIC_DECIMAL)
_ZEROS = ("0", "٠", "۰")
_MOST_DIGITS = 15


def read_numbers(text: str) -> list[NumberReading]:
    """All readings of all numbers printed in a text, in order of place."""
    places = [match.span() for match in (*_DIGITS.finditer(text), *_SPACED.finditer(text))]
    found: list[NumberReading] = []
    for start, end in sorted(places):
        found += _signed(text, start, end, magnitudes(text[start:end]))
        if start and text[start - 1] == "." and not text[max(0, start - 2) : start - 1].isdigit():
            found += _signed(text, start - 1, end, magnitudes("0." + text[start:end]))
    return found


def _signed(text: str, start: int, end: int, values: Iterable[Decimal]) -> list[NumberReading]:
    percent = text.startswith(_PERCENTS, end)
    plain, negative = _signs(text, start, end)
    if plain and not negative:
        return [NumberReading(value, start, end, percent) for value in values]
    signed = [each for value in values for each in ([value] if plain else []) + ([-value] if value else [])]
    return [NumberReading(value, start, end, percent) for value in signed]


def _signs(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the number can be read as positive, and as negative."""
    maybe_after = text.startswith((*_MINUSES, " CR", "CR"), end)
    if not maybe_after and not _MAYBE_SIGNED.search(text, max(0, start - 8), start):
        return True, False
    before, after = text[max(0, start - 8) : start], text[end : end + 6]
    if minus := _MINUS_BEFORE.search(before):
        return bool(minus["letters"] or minus["gap"] or minus["gap2"]), True
    if _MINUS_AFTER.match(after):
        return False, True
    if _CREDITED.match(after) or (_OPEN.search(before) and _CLOSE.match(after)):
        return True, True
    return True, False


@lru_cache(maxsize=20_000)
def magnitudes(printed: str) -> tuple[Decimal, ...]:
    """The values that digits with separators can stand for, without a sign: both, when styles differ.

    Knows 1,234.50 · 1.234,50 · 1 234,50 · 1'234.50 · 1,23,456.00 (India) · ١٬٢٣٤٫٥٠.
    """
    if printed.isdecimal():
        return (Decimal(printed),) if len(printed) <= _MOST_DIGITS else ()
    groups = re.split(r"\D", printed)
    marks = re.findall(r"\D", printed)
    if sum(map(len, groups)) > _MOST_DIGITS:
        return ()
    found = []
    if _grouped(groups, marks):
        found.append(Decimal("".join(groups)))
    if (
        marks
        and marks[-1] in _DECIMAL_MARKS
        and marks[-1] not in marks[:-1]
        and _grouped(groups[:-1], marks[:-1])
    ):
        found.append(Decimal("".join(groups[:-1]) + "." + groups[-1]))
    return tuple(dict.fromkeys(found))


def _grouped(groups: list[str], marks: list[str]) -> bool:
    """Whether the marks are thousands separators: one kind, groups of three (or India's two and three)."""
    if not marks:
        return True
    if groups[0][:1] in _ZEROS or marks[0] == _ARABIC_DECIMAL:
        return False
    sizes = [len(group) for group in groups]
    thousands = all(size == 3 for size in sizes[1:])
    indian = len(sizes) > 2 and sizes[-1] == 3 and all(size == 2 for size in sizes[1:-1])
    return len(set(marks)) == 1 and 1 <= sizes[0] <= 3 and (thousands or indian)


# --- dates -------------------------------------------------------------------------------------------

_MONTH_NAMES = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen januari janeiro styczen stycznia sty "
    "sijecanj",
    2: "february feb februar fevrier fev fevr febrero febbraio februari fevereiro luty lutego lut pebruari",
    3: "march mar marz maerz mrz mars marzo marts maart mrt marco maret marzec marca",
    4: "april apr avril avr abril abr aprile kwiecien kwietnia kwi",
    5: "may mai mayo maggio mag mei maio maj maja mei",
    6: "june jun juni juin junio giugno giu junho czerwiec czerwca cze",
    7: "july jul juli juillet juil julio luglio lug julho lipiec lipca lip",
    8: "august aug aout agosto ago augustus agustus agu augusti sierpien sierpnia sie",
    9: "september sep sept septembre septiembre settembre set setembro wrzesien wrzesnia wrz",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz",
    11: "november nov novembre noviembre novembro nopember listopad listopada lis",
    12: "december dec dezember dez decembre diciembre dic dicembre desember des dezembro "
    "grudzien grudnia gru",
}
_DAY, _YEAR = r"(?P<d>\d{1,2})(?!\d)", r"(?P<y>\d{4}|'?\d{2})(?!\d)"
_YEAR_BEHIND_A_DAY = r"(?P<y>\d{4}|'\d{2}|(?<!\.)\d{2}(?![.,]\d{2,3}(?![:\d])))(?!\d)"
"""Two digits that are neither the cents nor the beginning of an amount: no year in `Jan 31  11,904`, `Mar 24.05`."""
_NAME = r"(?P<m>[^\W\d_]{3,12}+)"  # whole words: no letter ever follows
_NUMERIC = re.compile(
    r"(?P<a>(?P<year>\d(?<!\d\d)\d{3}(?!\d))|\d(?<!\d\d)\d{0,3}+)(?P<mark> [-/.\u2013] |[-/.\u2013] ?)"
    r"(?P<b>\d{1,2})(?P=mark)(?P<c>(?(year)\d{1,2}|(?:\d{4}|\d{2})))(?!\d)"
)
_DAY_FIRST = re.compile(
    rf"(?P<d>\d(?<!\d\d)\d?+)(?!\d)(?:st|nd|rd|th|er|º|\.)?(?: of\b| de\b|)[-/. ]{{0,2}}{_NAME}"
    rf"\.?(?: del?\b|),?[-/. ]{{0,2}}{_YEAR}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_]){_NAME}\.?[-/ ]{{0,2}}{_DAY}(?:st|nd|rd|th)?[,.]?[-/ ]{{0,2}}{_YEAR_BEHIND_A_DAY}",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(rf"(?P<y>\d(?<!\d\d)\d{{3}})[-/. ]{{1,2}}{_NAME}[-/. ]{{1,2}}{_DAY}", re.IGNORECASE)
_CENTS, _CENTS_BEHIND = re.compile(r"[.,]\d\d\Z"), re.compile(r"[.,]\d\d(?![:\d])")
_COMPACT = re.compile(r"([12](?<!\d\d)\d\d\d)(?<=19..|20..)(\d\d)(\d\d)(?!\d)")
_CJK = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


_MONTHS = {_without_accents(name): month for month, names in _MONTH_NAMES.items() for name in names.split()}


def read_dates(text: str, whole: str | None = None) -> list[DateReading]:
    """All readings of all dates printed in a text, in order of place.

    Where day and month could be either, both are listed, unless another date of the text settles it, or of the `whole`
    that the text is part of.
    """
    numeric = list(_NUMERIC.finditer(text))
    day_first, month_first = _settled(numeric if whole is None else _NUMERIC.finditer(whole))
    found = [reading for match in numeric for reading in _numeric_readings(match, day_first, month_first)]
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        for match, month in _months(pattern, text):
            found += _reading(match, match["y"], month, match["d"])
    for pattern in (_COMPACT, _CJK) if "年" in text or "년" in text else (_COMPACT,):
        for match in pattern.finditer(text):
            found += _reading(match, *match.groups())
    return sorted(dict.fromkeys(found), key=lambda reading: (reading.start, -reading.end))


def _months(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """What a pattern finds whose name is a month's; in what has another name, as `17 dated 14`, a date may begin."""
    at = 0
    while match := pattern.search(text, at):
        name = _without_accents(match["m"])
        month = _MONTHS.get(name) if name != "set" or _is_of_september(match) else None
        if month:
            yield match, month
        at = match.end() if month else match.start() + 1


def _is_of_september(match: re.Match[str]) -> bool:
    """Whether `set` is the month in Italian, and not what is sold, with a quantity or a price beside it."""
    within, behind = _CENTS.search(match[0]), _CENTS_BEHIND.match(match.string, match.end())
    return not (within or behind or "  " in match[0])


def _settled(numeric: Iterable[re.Match[str]]) -> tuple[bool, bool]:
    """Which orders the dates of the text that have but one leave open: (day first, month first)."""
    settling = [match for match in numeric if len(match["a"]) <= 2 and not _of_a_row(match)]
    first, second = (
        [bool(_reading(match, match["c"], *order)) for match in settling for order in (match.group(*groups),)]
        for groups in ("ba", "ab")
    )
    day_first = any(day and not month for day, month in zip(first, second, strict=True))
    month_first = any(month and not day for day, month in zip(first, second, strict=True))
    return (not month_first or day_first), (not day_first or month_first)


def _of_a_row(match: re.Match[str]) -> bool:
    """Whether more digits are joined to it, as in telephones and addresses of machines: `01.12.68.53.00`."""
    text, mark = match.string, match["mark"].strip()
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    return (before[1:] == mark and before[0].isdigit()) or (after[:1] == mark and after[1:].isdigit())


def _numeric_readings(match: re.Match[str], day_first: bool, month_first: bool) -> list[DateReading]:
    a, b, c = match.group("a", "b", "c")
    if len(a) == 4:
        return _reading(match, a, b, c) if len(c) <= 2 else []
    if len(a) > 2:
        return []
    found = _reading(match, c, b, a) if day_first else []
    found += _reading(match, c, a, b) if month_first else []
    return found or (_reading(match, a, b, c) if len(c) == 2 else [])


def _reading(match: re.Match[str], year: str, month: str | int, day: str) -> list[DateReading]:
    number = int(year.removeprefix("'"))
    if number < 100:
        number += 2000 if number < 70 else 1900
    try:
        value = date(number, int(month), int(day)).isoformat()
    except ValueError:
        return []
    return [DateReading(value, *match.span())] if 1900 <= number <= 2100 else []
