"""What went wrong with a value that is not right."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from finscribe.decoding import Printed
from finscribe.decoding.align import reach
from finscribe.decoding.printed import find_text
from finscribe.folding import fold
from finscribe.invoice import LINES, Kind, Truth, Value, kind_of, write_value
from finscribe.metrics import Pair, equal, similarity


class Mistake(StrEnum):
    """The kinds of mistakes, the first that fits counts."""

    INVENTED = "invented"
    """A value where the truth is that there is none, also in a line that does not exist."""
    NOT_PRINTED = "ocr error"
    """The text does not print the truth: misread by OCR, or a typo of the truth. Nobody can read it."""
    MISSED = "missed"
    """No value where there is one."""
    FORMAT = "format"
    """The right print read in another way: day for month, thousands for decimals, another sign or currency."""
    OTHER_PARTY = "other party"
    """The customer's name or address for the vendor's, or the other way round."""
    PARTIAL = "partial"
    """Too much or too little of the right text."""
    WRONG_LINE = "wrong line"
    """The same cell of another line."""
    WRONG_OCCURRENCE = "wrong occurrence"
    """Something else that the page prints."""
    MADE_UP = "made up"
    """Nothing that the page prints; possible only without grounding."""


def find_mistake(pair: Pair, printed: Printed, truth: Truth) -> Mistake | None:
    """The kind of mistake of a pair; None where it is right or does not count."""
    if pair.right or not pair.counted:
        return None
    if pair.known is None:
        return Mistake.INVENTED
    if reach(pair.known, kind_of(pair.field), printed) is None:
        return Mistake.NOT_PRINTED
    if pair.given is None:
        return Mistake.MISSED
    if _misread(pair, printed):
        return Mistake.FORMAT
    if _is_other_party(pair, truth):
        return Mistake.OTHER_PARTY
    if _partial(pair):
        return Mistake.PARTIAL
    if any(equal(pair.field, pair.given, other) for other in _same_cell_elsewhere(pair, truth)):
        return Mistake.WRONG_LINE
    return Mistake.WRONG_OCCURRENCE if _is_printed(pair, printed) else Mistake.MADE_UP


def _misread(pair: Pair, printed: Printed) -> bool:
    """Whether the print is right and its reading wrong."""
    given, known, kind = pair.given, pair.known, kind_of(pair.field)
    if isinstance(given, Decimal) and isinstance(known, Decimal):
        return bool(known) and _digits(given) == _digits(known)
    if kind in (Kind.DATE, Kind.CURRENCY):
        places = printed.places(kind)
        return bool({*places.get(write_value(given), ())} & {*places.get(write_value(known), ())})
    return False


def _digits(number: Decimal) -> str:
    return "".join(map(str, number.as_tuple().digits)).strip("0")


def _is_other_party(pair: Pair, truth: Truth) -> bool:
    party, _, part = pair.field.partition(".")
    other = truth.values.get(f"{_OTHER_PARTY[party]}.{part}") if party in _OTHER_PARTY else None
    return other is not None and equal(pair.field, pair.given, other)


_OTHER_PARTY = {"vendor": "client", "client": "vendor"}


def _partial(pair: Pair) -> bool:
    if not kind_of(pair.field).textual:
        return False
    given, known = fold(str(pair.given)), fold(str(pair.known))
    return (
        bool(given and known and (given in known or known in given))
        or similarity(pair.field, pair.given, pair.known) > 0
    )


def _same_cell_elsewhere(pair: Pair, truth: Truth) -> Iterator[Value]:
    """What the truth knows of the cell in other lines."""
    if pair.field.startswith(LINES):
        cell = pair.field.partition(".")[2]
        yield from (line[cell] for line in truth.lines or () if line.get(cell) is not None)


def _is_printed(pair: Pair, printed: Printed) -> bool:
    kind = kind_of(pair.field)
    if kind.textual:
        return bool(find_text(printed, str(pair.given)))
    return bool(printed.spots(kind, pair.given))
