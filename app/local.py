"""Numbers and dates as people of a place write them, and back; what is stored is canonical."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from finscribe.invoice import Kind, Value
from finscribe.readings import magnitudes, read_dates

_SPACES = " \u00a0\u202f"
_ALIKE = {"\u202f": _SPACES, "’": "’'"}
"""What people type for a separator that they cannot find on their keyboard."""
_ISO = "%Y-%m-%d"
_OR = " or "


@dataclass(frozen=True, slots=True)
class Local:
    """How numbers and dates are written: the marks before decimals and between thousands, the pattern of
    dates for `strftime`.

    The default is the canonical form.
    """

    decimal: str = "."
    group: str = ""
    pattern: str = _ISO

    def say(self, kind: Kind, value: Value) -> str:
        """A value of a kind for people, with all its digits; a rate as a percentage, nothing for None."""
        if isinstance(value, Decimal):
            return f"{self.number(_percent(value))} %" if kind is Kind.RATE else self.number(value)
        return "" if value is None else self.day(value) if kind is Kind.DATE else value

    def read(self, kind: Kind, text: str) -> str:
        """What was typed for a kind in its canonical form, as it is where it is written in no way of this place."""
        text = text.strip()
        if kind is Kind.RATE and text.endswith("%"):
            return f"{self._canonical(text[:-1].strip())}%"
        if kind.numeric:
            return self._canonical(text)
        return self._canonical_day(text) if kind is Kind.DATE else text

    def number(self, value: Decimal | int) -> str:
        """A number with its digits."""
        whole, _, decimals = f"{Decimal(value).copy_abs():f}".partition(".")
        grouped = self.group.join(_by_three(whole))
        sign = "-" if value < 0 else ""
        return f"{sign}{grouped}{self.decimal}{decimals}" if decimals else f"{sign}{grouped}"

    def rounded(self, value: float, places: int) -> str:
        """A number with so many decimals."""
        return self.number(Decimal(f"{value:.{places}f}"))

    def share(self, share: float) -> str:
        """A share of 0 to 1 as a percentage without decimals."""
        return f"{self.rounded(100 * share, 0)} %"

    def day(self, iso: str) -> str:
        """A date of ISO 8601; a text that is none as it is."""
        try:
            return date.fromisoformat(iso).strftime(self.pattern)
        except ValueError:
            return iso

    def day_of_year(self, day: date) -> str:
        """A date without its year."""
        return day.strftime(re.sub(r"^%Y[^%]+|[^%.]?%Y$", "", self.pattern).strip())

    def moment(self, moment: datetime | None) -> str:
        """A moment in UTC, to the minute; nothing for None."""
        if moment is None:
            return ""
        return f"{moment.astimezone(UTC):{self.pattern} %H:%M} UTC"

    def _canonical(self, text: str) -> str:
        between = f"[{re.escape(_ALIKE.get(self.group, self.group))}]" if self.group else "(?!)"
        pattern = rf"([-\u2212]?)([1-9]\d{{0,2}}(?:{between}\d{{3}})+|\d+)(?:{re.escape(self.decimal)}(\d+))?"
        found = re.fullmatch(pattern, text, re.ASCII)
        if found is None:
            return text
        whole = re.sub(r"\D", "", found[2])
        return f"{'-' if found[1] else ''}{whole}" + (f".{found[3]}" if found[3] else "")

    def _canonical_day(self, text: str) -> str:
        """Where either number could be the day, the reading in which what comes first here comes first."""
        readings = {reading.value for reading in read_dates(text)}
        first = re.match(r"\D*(\d+)", text)
        if len(readings) < 2 or first is None or self.pattern.startswith("%Y"):
            return text
        part = slice(8, 10) if self.pattern.index("%d") < self.pattern.index("%m") else slice(5, 7)
        fitting = [each for each in readings if int(each[part]) == int(first[1])]
        return fitting[0] if len(fitting) == 1 else text


CANONICAL = Local()


def as_printed(kind: Kind, words: str) -> str:
    """Words of a page as they go into a field: both meanings, for a person to choose, where it may be either.

    Who looks at a page need not write as whoever printed it.
    """
    meanings = {reading.value for reading in read_dates(words)} if kind is Kind.DATE else set()
    if kind.numeric and (number := re.search(r"\d(?:.*\d)?", words)):
        meanings = {f"{value:f}" for value in magnitudes(number[0])}
    return _OR.join(sorted(meanings)) if len(meanings) > 1 else words


def _percent(rate: Decimal) -> Decimal:
    """A fraction times a hundred, without the zeros behind the point that this leaves."""
    whole, _, decimals = f"{rate.scaleb(2):f}".partition(".")
    return Decimal(f"{whole}.{kept}" if (kept := decimals.rstrip("0")) else whole)


def _by_three(digits: str) -> Iterator[str]:
    first = len(digits) % 3
    if first:
        yield digits[:first]
    yield from (digits[at : at + 3] for at in range(first, len(digits), 3))


_TABLE = (
    (".", ",", "%m/%d/%Y", "en"),
    (".", ",", "%d/%m/%Y", "en-gb en-ie en-au en-nz en-in en-sg en-my es-mx hi ms th he"),
    (".", ",", "%Y-%m-%d", "en-ca"),
    (".", ",", "%Y/%m/%d", "ja zh"),
    (".", ",", "%Y. %m. %d.", "ko"),
    (".", "’", "%d.%m.%Y", "de-ch de-li it-ch en-ch"),
    (",", ".", "%d.%m.%Y", "de da tr ro hr sl sr"),
    (",", ".", "%d/%m/%Y", "es it pt el id vi"),
    (",", ".", "%d-%m-%Y", "nl"),
    (",", "\u202f", "%d/%m/%Y", "fr pt-pt"),
    (",", "\u202f", "%d.%m.%Y", "fr-ch pl cs sk ru uk fi nb no nn et lv bg"),
    (",", "\u202f", "%Y-%m-%d", "sv lt fr-ca"),
    (",", "\u202f", "%Y. %m. %d.", "hu"),
)
PLACES = {tag: Local(decimal, group, day) for decimal, group, day, tags in _TABLE for tag in tags.split()}
"""How numbers and dates are written, by language tag in lower case (after the CLDR)."""


def local_of(languages: str) -> Local:
    """The ways of the first language that is known, of an Accept-Language or one tag; else the canonical form."""
    for tag in _tags(languages):
        for known in (tag, tag.partition("-")[0]):
            if known in PLACES:
                return PLACES[known]
    return CANONICAL


def is_known(tag: str) -> bool:
    """Whether a language tag is one whose ways are known."""
    return local_of(tag) is not CANONICAL


def _tags(languages: str) -> list[str]:
    """The tags of an Accept-Language, those that are liked most first."""
    found = []
    for part in languages[:1000].lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        found.append((_weight(weight), tag.strip()))
    return [tag for weight, tag in sorted(found, key=lambda each: -each[0]) if weight > 0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
