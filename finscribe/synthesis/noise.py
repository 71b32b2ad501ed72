"""What OCR does to text: confused characters, lost or added spaces, changed case, amounts off their lines."""

from __future__ import annotations

from random import Random

from .page import Row

_SEEN_AND_READ = """
O>0 0>O l>1 I>l I>1 rn>m m>rn S>5 B>8 e>c T>F A>R N>M U>LI g>q G>6 cl>d Y>V ü>u é>e h>n t>r E>F a>o
i>l ö>o vv>w .>, ,>.
"""
_CONFUSIONS = [*(tuple(pair.split(">")) for pair in _SEEN_AND_READ.split()), ("-", " ")]


def blur(rng: Random, text: str) -> str:
    """The text with one OCR error."""
    draw = rng.random()
    if draw < 0.55:
        for _ in range(4):
            seen, read = _CONFUSIONS[int(rng.random() * len(_CONFUSIONS))]
            if seen in text:
                return text.replace(seen, read, 1)
        return text
    if draw < 0.8 and " " in text.strip():
        kept = len(text.rstrip())
        return text.replace(" ", "", 1) if draw < 0.68 else text[:kept].replace(" ", "") + text[kept:]
    at = int(rng.random() * len(text))
    if draw < 0.9:
        return text[:at] + " " + text[at:]
    if draw < 0.95:
        return text[:at] + rng.choice(".,'`~*_") + text[at:]
    return text.swapcase() if draw > 0.98 else text[:at] + text[at + 1 :]


def degrade(rng: Random, rows: list[Row], level: float) -> None:
    """Blur a share `level` of the labels, distractors and text values in place; numbers and dates stay."""
    for row in rows:
        for cell in row:
            if cell.value is None and len(cell.text) > 3 and rng.random() < level:
                cell.text = blur(rng, cell.text).strip() or cell.text
            if len(cell.before) > 4 and rng.random() < level:
                cell.before = _kept_apart(blur(rng, cell.before), cell.before)


def _kept_apart(blurred: str, before: str) -> str:
    """The blurred label, still separated from its value as it was."""
    if before[0] == "\0" or not blurred.strip():
        return before
    end = before[len(before.rstrip()) :]
    return blurred.rstrip() + (end or (before[-1] if before[-1] in ":#(" else " "))


def squeeze(rows: list[Row]) -> None:
    """Take the spaces out of labels and text values, as some transcriptions do; values stay apart."""
    for row in rows:
        for cell in row:
            if cell.value is None:
                cell.text = cell.text.replace(" ", "")
            if cell.before[:1] != "\0":
                end = cell.before[len(cell.before.rstrip()) :]
                cell.before = cell.before.replace(" ", "") + end[:1]


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


def _amount(row: Row) -> int:
    """Where in its row an item's amount stands by itself behind something else; 0 where none does."""
    return next(
        (
            at
            for at, cell in enumerate(row)
            if cell.path.endswith(".line_total") and not cell.before.startswith("\0")
        ),
        0,
    )
