"""What a reviewer would object to in a record: warnings, the worst first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from finscribe.decoding.align import Alignment
from finscribe.invoice import LINES, Invoice, Truth, row_and_cell
from finscribe.training.queue.known import nested
from finscribe.training.records import Record
from finscribe.validate import (
    date_order,
    quantity_times_price,
    sum_of_lines,
    tax_amount,
    tax_rate_plausible,
    totals_add_up,
    validate,
)

CODES = ("wrong-encoding", "future-date", "arithmetic", "too-long", "partial-lines", "not-learnable")
"""The kinds of warnings, the worst first."""

DESCRIPTIONS = {
    "wrong-encoding": "the text was decoded with the wrong character set",
    "future-date": "the invoice date lies in the future",
    "arithmetic": "the truth does not agree with itself",
    "too-long": "prompt and answer do not fit the sequence length",
    "partial-lines": "a column of the lines is known in some lines only and cannot be asked for",
    "not-learnable": "the truth has a value that the text does not print",
}

_ARITHMETIC = (
    quantity_times_price,
    sum_of_lines,
    totals_add_up,
    tax_rate_plausible,
    tax_amount,
    date_order,
)
_NEEDS_ALL_PARTS = frozenset({"sum-of-lines", "total", "tax-amount"})
_PARTS = tuple(f"financial_summary.{part}" for part in ("discount", "shipping", "other_charges", "rounding"))

# UTF-8 that was read as Windows-1252 or Latin-1 (Ã¼ for ü, â‚¬ for €), and what could not be read at all.
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u009f\u00a1-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|Â[\u0080-\u009f\u00a1-\u00bf]|â(?:€|‚¬|„¢)|\ufffd"
)


class Warn(NamedTuple):
    """One objection: its code of `CODES`, and a sentence with the value."""

    code: str
    message: str

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return CODES.index(self.code)


def lint(
    record: Record,
    alignment: Alignment,
    *,
    tokens: int | None = None,
    max_seq_length: int | None = None,
    today: date | None = None,
) -> list[Warn]:
    """Everything to object to in a record, the worst first; `tokens` is the length of its training example."""
    today = today or datetime.now(UTC).date()
    found = [
        *_wrong_encoding(record.text),
        *_future_dates(record.truth, today),
        *_arithmetic(record.truth, today),
        *_too_long(tokens, max_seq_length),
        *_partial_lines(alignment.truth),
        *_not_learnable(alignment.unreachable, record.truth),
    ]
    return sorted(found, key=lambda warning: warning.rank)


def cells_known_in_part(truth: Truth) -> dict[str, int]:
    """Cells known in some lines but not in all, so that no request can name them: how many values, by field."""
    lines, lost = truth.lines or (), dict[str, int]()
    if all(line.keys() == lines[0].keys() for line in lines):
        return lost
    asked = set(truth.request)
    for line in lines:
        for cell in line:
            if (field := f"{LINES}.{cell}") not in asked:
                lost[field] = lost.get(field, 0) + 1
    return lost


def _wrong_encoding(text: str) -> Iterator[Warn]:
    found = _MOJIBAKE.findall(text)
    if found:
        where = text.index(found[0])
        yield Warn("wrong-encoding", f"{len(found)} places such as {text[max(0, where - 10) : where + 12]!r}")


def _future_dates(truth: Truth, today: date) -> Iterator[Warn]:
    value = truth.values.get("invoice_date")
    if isinstance(value, str) and value > (today + timedelta(days=1)).isoformat():
        yield Warn("future-date", f"invoice_date is {value}, today is {today}")


def _arithmetic(truth: Truth, today: date) -> Iterator[Warn]:
    """Disagreements among what is known; a sum counts only where all its parts are known.

    What is merely unusual does not count: a line below quantity × price has its own discount more often than not.
    """
    whole = all(part in truth.values for part in _PARTS)
    for finding in validate(Invoice.from_record(nested(truth)), today=today, rules=_ARITHMETIC):
        if finding.is_error and (whole or finding.code not in _NEEDS_ALL_PARTS):
            yield Warn("arithmetic", finding.message)


def _too_long(tokens: int | None, most: int | None) -> Iterator[Warn]:
    if tokens is not None and most is not None and tokens > most:
        yield Warn("too-long", f"{tokens:,} tokens, more than {most:,}")


def _partial_lines(truth: Truth) -> Iterator[Warn]:
    for field, count in cells_known_in_part(truth).items():
        yield Warn("partial-lines", f"{field}: {count} values in {len(truth.lines or ())} lines")


def _not_learnable(unreachable: Sequence[str], truth: Truth) -> Iterator[Warn]:
    for path in unreachable:
        yield Warn("not-learnable", f"{path}: {_value(truth, path)!s:.60} is not printed")


def _value(truth: Truth, path: str) -> object:
    place = row_and_cell(path)
    return truth.values[path] if place is None else (truth.lines or ())[place[0]][place[1]]
