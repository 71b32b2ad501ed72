"""From a truth to what the decoder could write: every training target is made of what its document prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finscribe.decoding.flow import SEPARATOR, divided
from finscribe.decoding.printed import Printed
from finscribe.folding import fold
from finscribe.invoice import FIELDS, LINES, Kind, Truth, Value, cell_path


@dataclass(frozen=True, slots=True)
class Alignment:
    """A truth in the words of its document, and the paths of the values that the document does not print."""

    truth: Truth
    unreachable: tuple[str, ...]


def align(truth: Truth, printed: Printed) -> Alignment:
    """Maps every known value to its spelling on the page.

    What cannot be reached is left out, so that it counts as unknown: a header field by itself, a cell in its line.
    """
    missing: list[str] = []
    values = _aligned(truth.values, None, printed, missing)
    lines = None
    if truth.lines is not None:
        lines = tuple(_aligned(line, row, printed, missing) for row, line in enumerate(truth.lines))
    return Alignment(Truth(values, lines, truth.ignored), tuple(missing))


def _aligned(
    values: Mapping[str, Value], row: int | None, printed: Printed, missing: list[str]
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for path, value in values.items():
        kind = FIELDS[path if row is None else f"{LINES}.{path}"]
        reached = None if value is None else reach(value, kind, printed)
        if value is not None and reached is None:
            missing.append(path if row is None else cell_path(row, path))
        else:
            found[path] = reached
    return found


def reach(value: str | Decimal, kind: Kind, printed: Printed) -> Value:
    """The spelling of a value that the grammar of its document accepts, or None."""
    if isinstance(value, Decimal):
        return printed.spelling(kind, value)
    if kind.textual:
        return _reach_text(value, kind, printed)
    return value if printed.prints(kind, value) else None


def _reach_text(value: str, kind: Kind, printed: Printed) -> str | None:
    wanted = fold(value)
    if not wanted:
        return None
    whole = _in_one_piece(value, wanted, kind, printed)
    return whole if whole or kind is Kind.SPAN else _in_pieces(wanted, printed)


def _in_one_piece(value: str, wanted: str, kind: Kind, printed: Printed) -> str | None:
    """Consecutive words that spell it, as it is written or else the first; those of a span all stand in one segment."""
    may_be = printed.flow.runs_on if kind is Kind.PHRASE else printed.in_one_segment
    runs = printed.folded_text.runs(wanted)
    ways = [printed.spelled(first, last + 1) for first, last in runs if may_be(first, last)]
    return value if value in ways else next(iter(ways), None)


def _in_pieces(wanted: str, printed: Printed) -> str | None:
    """Words that spell it from cell to cell, in as few pieces as can be; those that follow each other are one."""
    starts = [
        place for place in printed.by_initial.get(wanted[0], ()) if wanted.startswith(printed.folded[place])
    ]
    ways = (printed.flow.follow(place, _Folded(wanted, printed.folded)) for place in starts)
    found = [divided(places, lambda before, place: place != before + 1) for places in ways if places]
    if not found:
        return None
    return SEPARATOR.join(printed.spelled(first, last + 1) for first, last in min(found, key=len))


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded value; joints and marks do not count."""

    wanted: str
    folded: Sequence[str]

    @property
    def length(self) -> int:
        return len(self.wanted)

    def take(self, read: int, place: int, _joints: Sequence[str], /) -> int | None:
        word = self.folded[place]
        return read + len(word) if self.wanted.startswith(word, read) else None
