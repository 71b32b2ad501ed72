"""From a truth to what the decoder could write: every training target is made of what its document prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from finscribe.decoding.printed import MOST_RUNS, SEPARATOR, Printed
from finscribe.folding import fold
from finscribe.invoice import FIELDS, LINES, Kind, Truth, Value


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
    values = _aligned(truth.values, "", printed, missing)
    lines = None
    if truth.lines is not None:
        lines = tuple(
            _aligned(line, f"{LINES}[{row}].", printed, missing) for row, line in enumerate(truth.lines)
        )
    return Alignment(Truth(values, lines, truth.ignored), tuple(missing))


def _aligned(
    values: Mapping[str, Value], prefix: str, printed: Printed, missing: list[str]
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for path, value in values.items():
        kind = FIELDS[f"{LINES}.{path}" if prefix else path]
        reached = None if value is None else reach(value, kind, printed)
        if value is not None and reached is None:
            missing.append(prefix + path)
        else:
            found[path] = reached
    return found


def reach(value: str | Decimal, kind: Kind, printed: Printed) -> Value:
    """The spelling of a value that the grammar of its document accepts, or None."""
    if isinstance(value, Decimal):
        return printed.spelling(kind, value)
    if kind in MOST_RUNS:
        return _reach_text(value, MOST_RUNS[kind], printed)
    return value if printed.prints(kind, value) else None


def _reach_text(value: str, most_runs: int, printed: Printed) -> str | None:
    wanted = fold(value)
    if not wanted:
        return None
    pieces: list[str] = []
    after = 0
    while wanted and len(pieces) < most_runs:
        length, first, last = _longest_match(wanted, printed, after, whole=len(pieces) == most_runs - 1)
        if not length:
            return None
        pieces.append(printed.spelled(first, last + 1))
        wanted, after = wanted[length:], last + 1
    return None if wanted else SEPARATOR.join(pieces)


def _longest_match(wanted: str, printed: Printed, after: int, *, whole: bool) -> tuple[int, int, int]:
    """The run of words that spells the longest beginning: folded length, first and last word.

    Among equally long ones the first behind `after`. With `whole` only a run that spells everything counts.
    """
    runs = list(printed.folded_text.runs(wanted))
    if runs:
        return len(wanted), *next((run for run in runs if run[0] >= after), runs[0])
    return (0, 0, 0) if whole else _longest_beginning(wanted, printed, after)


def _longest_beginning(wanted: str, printed: Printed, after: int) -> tuple[int, int, int]:
    best, best_key = (0, 0, 0), (0, False)
    for first in printed.by_initial.get(wanted[0], ()):
        if not wanted.startswith(printed.folded[first]):
            continue
        length, last = _run_length(wanted, printed, first)
        key = (length, first >= after)
        if key > best_key:
            best, best_key = (length, first, last), key
    return best


def _run_length(wanted: str, printed: Printed, first: int) -> tuple[int, int]:
    length, last = 0, first
    for index in range(first, len(printed.folded)):
        folded = printed.folded[index]
        if not wanted.startswith(folded, length):
            break
        if folded:
            length, last = length + len(folded), index
        if length == len(wanted):
            break
    return length, last
