"""How one document prints its numbers, amounts and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from .locales import Locale
from .vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """The habits of one document: separators, decimals, sign and its place, how a minus is drawn."""

    thousands: str
    point: str
    decimals: int
    sign: str
    before: bool
    gap: str
    minus: str
    indian: bool

    def plain(self, value: Decimal, decimals: int | None = None) -> str:
        """The digits of a number with this style's separators, without a sign for the currency."""
        places = self.decimals if decimals is None else decimals
        digits = f"{abs(value):.{places}f}"
        whole, _, fraction = digits.partition(".")
        grouped = self._group(whole) if self.thousands and len(whole) > 3 else whole
        return grouped + (self.point + fraction if fraction else "")

    def _group(self, whole: str) -> str:
        head, tail = whole[:-3], whole[-3:]
        width = 2 if self.indian else 3
        parts: list[str] = []
        while head:
            parts.append(head[-width:])
            head = head[:-width]
        return self.thousands.join([*reversed(parts), tail])

    def amount(self, value: Decimal, signed: bool = False, decimals: int | None = None) -> str:
        """An amount as printed, with the currency's sign when `signed`, negative in this style."""
        text = self.plain(value, decimals)
        if signed and self.sign:
            text = f"{self.sign}{self.gap}{text}" if self.before else f"{text}{self.gap}{self.sign}"
        return self.negative(text) if value < 0 else text

    def negative(self, text: str) -> str:
        """The printed amount marked as negative."""
        if self.minus == "()":
            return f"({text})"
        return f"{text}-" if self.minus == "after" else f"-{text}"


def draw_style(rng: Random, locale: Locale) -> NumberStyle:
    """A number style that the locale's printers use."""
    thousands, point, decimals = locale.thousands, locale.point, locale.decimals
    if rng.random() < 0.3:
        thousands = ""
    if locale.code == "id-ID" and rng.random() < 0.6:
        thousands, point = rng.choice(((",", "."), (",", "."), ("", ".")))
        decimals = rng.choice((0, 0, 0, 2)) if thousands else 0
    elif locale.code == "id-ID" and thousands:
        decimals = rng.choice((0, 0, 0, 2))
    elif rng.random() < 0.04:
        thousands, point = ("", ".") if point == "," else (" ", point)
    sign = rng.choice(locale.signs)
    first = locale.language in ("en", "pt", "id") or locale.currency == "CHF"
    before = rng.random() < (0.93 if first else 0.25)
    gap = rng.choice(("", "", " ")) if before and len(sign) < 3 else rng.choice(("", " ", " ", " "))
    minus = rng.choice(("-", "-", "-", "-", "()", "after"))
    return NumberStyle(
        thousands, point, decimals, sign, before, gap, minus, locale.currency == "INR" and thousands == ","
    )


def print_date(day: date, pattern: str, language: str) -> str:
    """A date in a pattern of d D m M y Y (padded, plain) and Mon, MON, Month."""
    words = VOCABULARY[language]
    month, short = words["months"][day.month - 1], words["months_short"][day.month - 1]
    pieces = {
        "Month": month,
        "MON": short.upper(),
        "Mon": short,
        "Y": f"{day.year}",
        "y": f"{day.year % 100:02d}",
        "d": f"{day.day:02d}",
        "D": f"{day.day}",
        "m": f"{day.month:02d}",
        "M": f"{day.month}",
    }
    return "".join(pieces.get(token, token) for token in _tokens(pattern))


_TOKEN_CACHE: dict[str, tuple[str, ...]] = {}


def _tokens(pattern: str) -> tuple[str, ...]:
    if pattern not in _TOKEN_CACHE:
        tokens: list[str] = []
        rest = pattern
        while rest:
            token = next((name for name in ("Month", "MON", "Mon") if rest.startswith(name)), rest[0])
            tokens.append(token)
            rest = rest[len(token) :]
        _TOKEN_CACHE[pattern] = tuple(tokens)
    return _TOKEN_CACHE[pattern]
