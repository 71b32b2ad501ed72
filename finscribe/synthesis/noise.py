"""What OCR does to text, as `finscribe.synthesis.rendering.ocr_errors` counted it, and amounts off their lines."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import TypeVar

from finscribe.readings import read_dates

from .layout.page import GLUE, SUMMARY, Cell, Row

FILE = Path(__file__).with_name("ocr_errors.json")
"""What was counted, by `finscribe.synthesis.rendering.ocr_errors`."""
CONFUSED, DROPPED, ADDED = "confused", "dropped", "added"
SPACE_LOST, SPACE_ADDED, JOINED, SPLIT = "space lost", "space added", "cells joined", "cell split"

_T = TypeVar("_T")


def blur(rng: Random, text: str) -> str:
    """The text with one OCR error, if it has a place for the kind that is drawn."""
    kind = _drawn(rng, *_KINDS)
    if kind == CONFUSED:
        for _ in range(4):
            seen, read = _drawn(rng, *_CONFUSIONS)
            if seen in text:
                return text.replace(seen, read, 1)
        return text
    if kind in (SPACE_LOST, SPLIT):
        spaces = [at for at, char in enumerate(text) if char == " "]
        at = rng.choice(spaces) if spaces else len(text)
        return text[:at] + ("" if kind == SPACE_LOST else "  ") + text[at + 1 :]
    if kind == SPACE_ADDED:
        inside = [at for at, (left, right) in enumerate(pairwise(text), 1) if left != " " != right]
        at = rng.choice(inside) if inside else len(text)
        return f"{text[:at]} {text[at:]}"
    at = int(rng.random() * len(text))
    if kind == DROPPED:
        return text[:at] + text[at + 1 :]
    return text[:at] + rng.choice(_MARKS) + text[at:]


_MARKS = ".,'`~*_-:"
"""What specks are read as."""


def _drawn(rng: Random, values: Sequence[_T], bounds: Sequence[float]) -> _T:
    """One of the values, by the running sums of their counts."""
    return values[bisect(bounds, rng.random() * bounds[-1])]


def _counted(counts: Iterable[tuple[_T, int]]) -> tuple[list[_T], list[float]]:
    """Values and the running sums of their counts."""
    values, weights = zip(*counts, strict=True)
    return list(values), list(accumulate(weights))


_ERRORS = json.loads(FILE.read_text("utf-8"))
LEVELS: Sequence[float] = _ERRORS["levels"]
"""Shares of the cells of a scan that have an error: the twentieths of all scans, from the best one on."""
_KINDS = _counted((kind, count) for kind, count in _ERRORS["kinds"].items() if kind != JOINED)
_CONFUSIONS = _counted(((seen, read), count) for seen, read, count in _ERRORS["confusions"])
_JOINED_SHARE = _ERRORS["kinds"].get(JOINED, 0) / sum(_ERRORS["kinds"].values())


def degrade(rng: Random, rows: list[Row], level: float) -> None:
    """Errors in up to a share `level` of labels, distractors and text values, in place; numbers and dates stay.

    Where an error finds no place in a text, it is left out.
    """
    draw, joined = rng.random, level * _JOINED_SHARE
    for row in rows:
        for at, cell in enumerate(row):
            if cell.value is None and len(cell.text) > 3 and draw() < level:
                cell.text = blur(rng, cell.text).strip() or cell.text
            if len(cell.before) > 4 and draw() < level:
                cell.before = _kept_apart(blur(rng, cell.before), cell.before)
            if at and draw() < joined and _may_join(row[at - 1], cell):
                cell.glue(" ")


def _may_join(left: Cell, right: Cell) -> bool:
    """Whether cells that stand apart may share a column; two numbers may not, which would become one."""
    two_numbers = left.printed[-1:].isdigit() and right.printed[:1].isdigit()
    return bool(left.printed) and not right.glued and not two_numbers


def _kept_apart(blurred: str, before: str) -> str:
    """The blurred label, still separated from its value as it was."""
    if before[0] == GLUE or not blurred.strip():
        return before
    end = before[len(before.rstrip()) :]
    return blurred.rstrip() + (end or (before[-1] if before[-1] in ":#(" else " "))


def squeeze(rows: list[Row], *, dates: bool = False) -> None:
    """Take the spaces out of labels and text values, as some transcriptions do; values stay apart.

    Of `dates` too, where they are still the same without, and out of what is printed behind them.
    """
    for row in rows:
        for cell in row:
            if cell.value is None:
                cell.text = cell.text.replace(" ", "")
            elif dates and isinstance(cell.value, str):
                _squeeze_date(cell)
            if not cell.glued:
                end = cell.before[len(cell.before.rstrip()) :]
                cell.before = cell.before.replace(" ", "") + end[:1]


def _squeeze_date(cell: Cell) -> None:
    text, after = cell.text.replace(" ", ""), cell.after.replace(" ", "")
    if text != cell.text and _is_read(text, cell):
        cell.text = text
    if after != cell.after and _is_read(cell.text + after, cell):  # the time of day would lengthen the year
        cell.after = after


def _is_read(text: str, cell: Cell) -> bool:
    return any(found.value == cell.value for found in read_dates(text))


def slip(rng: Random, rows: list[Row]) -> None:
    """Some amounts of items stand a line lower, or below their line, as pages are read that lay askew."""
    items = [at for at, row in enumerate(rows) if _amount(row)]
    if not items:
        return
    if rng.random() < 0.4:
        first = rng.randrange(len(items))
        sunk = items[first : first + rng.randint(2, 6)]
        fallen: Row = []
        for at in sunk:
            fallen, rows[at] = rows[at][_amount(rows[at]) :], [*rows[at][: _amount(rows[at])], *fallen]
        rows.insert(sunk[-1] + 1, fallen)
        return
    share = rng.uniform(0.1, 0.6)
    for at in reversed(items):
        if rng.random() < share:
            rows[at : at + 1] = [rows[at][: _amount(rows[at])], rows[at][_amount(rows[at]) :]]


def slip_sums(rng: Random, rows: list[Row]) -> None:
    """The amounts of the sums stand a line above their labels or below them, as photographs are read that lay askew."""
    run = _sums(rows)
    if len(run) < 2:
        return
    parted = [_parted(rows[at]) for at in run]
    labels: list[Row] = [label for label, _ in parted]
    amounts: list[Row] = [[amount] for _, amount in parted]
    if rng.random() < 0.5:
        labels.insert(0, [])
        amounts.append([])
    else:
        labels.append([])
        amounts.insert(0, [])
    rows[run.start : run.stop] = [[*label, *amount] for label, amount in zip(labels, amounts, strict=True)]


def _sums(rows: list[Row]) -> range:
    """The rows of the sums from the first on, as long as each ends with an amount behind its label."""
    first = next((at for at, row in enumerate(rows) if row and row[-1].path.startswith(SUMMARY)), len(rows))
    last = first
    while last < len(rows) and _ends_with_an_amount(rows[last]):
        last += 1
    return range(first, last)


def _ends_with_an_amount(row: Row) -> bool:
    """Whether the row is a label, in its own column or before the amount, and an amount that ends it."""
    *front, last = row or [Cell("")]
    if not isinstance(last.value, Decimal) or last.glued or last.after or len(front) > 1:
        return False
    return not (front[0].path or last.before) if front else bool(last.before)


def _parted(row: Row) -> tuple[Row, Cell]:
    """The label of a row of the sums in a column of its own, and its amount."""
    amount = row[-1]
    if len(row) > 1:
        return row[:-1], amount
    label, amount.before = Cell(amount.before.rstrip()), ""
    return [label], amount


def _amount(row: Row) -> int:
    """Where in its row an item's amount stands by itself behind something else; 0 where none does."""
    alone = (at for at, cell in enumerate(row) if cell.path.endswith(".line_total") and not cell.glued)
    return next(alone, 0)
