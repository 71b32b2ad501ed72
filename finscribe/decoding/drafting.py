"""Guessing what the model writes next, so that one forward pass can verify many tokens.

A guess is never trusted: the decoder keeps the part that the model would have written itself. Good guesses come
from the page: the rest of the words begun, the next number on the line, the date that starts that way.
"""

from __future__ import annotations

import bisect
import json
from dataclasses import dataclass
from functools import cached_property

from finscribe.decoding.cursor import Cursor, unescape
from finscribe.decoding.printed import Printed
from finscribe.invoice import LINES, Kind, kind_of

FIRST_LINE = "vendor.name"


@dataclass(frozen=True, eq=False)
class Drafter:
    """Guesses for the answers to one document."""

    printed: Printed

    @cached_property
    def _flat(self) -> tuple[str, list[int], list[int]]:
        """The text with single spaces, where each cell of a line ends in it, and where each line starts."""
        flat, cell_ends, line_starts = "", [], []
        for line in self.printed.text.splitlines():
            if not line.strip():
                continue
            line_starts.append(len(flat))
            for cell in line.split("  "):
                if cell.strip():
                    flat += " ".join(cell.split())
                    cell_ends.append(len(flat))
                    flat += " "
        return flat, cell_ends, line_starts

    @cached_property
    def _values(self) -> dict[Kind, list[str]]:
        """Per kind, what can be written, in the order of the page."""
        found = {}
        for kind in (Kind.NUMBER, Kind.REDUCTION, Kind.RATE, Kind.DATE, Kind.CURRENCY):
            places = self.printed.places(kind)
            found[kind] = [w for _, w in sorted((spot, w) for w, spots in places.items() for spot in spots)]
        return found

    def guess(self, cursor: Cursor) -> str:
        """What could follow, as JSON text; empty where there is nothing to go by."""
        if cursor.choosing:
            return self._next_line(cursor)
        if cursor.path is None:
            return ""
        kind = kind_of(cursor.path)
        if kind in (Kind.SPAN, Kind.PHRASE):
            return self._text(cursor)
        return self._listed(cursor, kind)

    def _next_line(self, cursor: Cursor) -> str:
        return "{" if cursor.row < 0 else ""

    def _text(self, cursor: Cursor) -> str:
        if cursor.at_start:
            return self._first_words(cursor)
        begun = unescape(cursor.value)
        if not begun:
            return ""
        flat, cell_ends, _ = self._flat
        place = flat.find(begun, self._last_place(cursor))
        place = place if place >= 0 else flat.find(begun)
        if place < 0:
            return ""
        return self._rest(place + len(begun), closing=not (cursor.path or "").endswith("address"))

    def _rest(self, place: int, *, closing: bool) -> str:
        """From a place to the end of its cell, and the closing quote; addresses run on to the next line."""
        flat, cell_ends, _ = self._flat
        index = bisect.bisect_left(cell_ends, place)
        if index == len(cell_ends):
            return '"'
        end = cell_ends[index if closing or place < cell_ends[index] else min(index + 1, len(cell_ends) - 1)]
        return json.dumps(flat[place:end], ensure_ascii=False)[1:-1] + ('"' if closing else "")

    def _first_words(self, cursor: Cursor) -> str:
        flat, cell_ends, line_starts = self._flat
        if cursor.path == FIRST_LINE or not line_starts:
            return '"' + self._rest(0, closing=True) if flat else ""
        if not (cursor.path or "").startswith(LINES):
            return "null"
        following = [start for start in line_starts if start > self._last_place(cursor)]
        return '"' + self._rest(following[0], closing=True) if cursor.row > 0 and following else ""

    def _last_place(self, cursor: Cursor) -> int:
        """Where the latest text value stands on the page; 0 when none does."""
        flat, _, _ = self._flat
        place = 0
        for path, written in cursor.finished[-8:]:
            if written.startswith('"') and (
                path.startswith(LINES) or not (cursor.path or "").startswith(LINES)
            ):
                place = max(place, flat.find(json.loads(written), place))
        return place

    def _listed(self, cursor: Cursor, kind: Kind) -> str:
        """The rest of the first value that starts as written: in lines the one after the latest, else null."""
        in_lines = (cursor.path or "").startswith(LINES)
        if cursor.at_start and not in_lines:
            return "null"
        written = cursor.value.decode("utf-8", "ignore")
        values = self._values.get(kind, [])
        for value in values[self._after_latest(cursor, values) :] if in_lines else values:
            if value.startswith(written) and value != written:
                return value[len(written) :]
        return ""

    def _after_latest(self, cursor: Cursor, values: list[str]) -> int:
        """The index behind the latest numbers of the lines, followed in the order of the page."""
        index = 0
        for path, written in cursor.finished:
            if path.startswith(LINES) and written in values[index:]:
                index = values.index(written, index) + 1
        return index
