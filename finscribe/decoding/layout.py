"""The words of a page in lines and cells, for guessing where a value stands."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property

from finscribe.decoding.printed import Printed
from finscribe.documents import COLUMN_GAP

_END_MARKS = ":;,="


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the words of a text stand; a place is the index of a word in `Printed.words`."""

    printed: Printed

    @cached_property
    def flat(self) -> str:
        """The whole text as values write it: one space where white space stands."""
        return self.printed.spelled(0, len(self.printed.words))

    @cached_property
    def offsets(self) -> list[int]:
        """Where each word starts in `flat`."""
        offsets, length = [], 0
        for index, word in enumerate(self.printed.words):
            length += 0 if word.glued or not index else 1
            offsets.append(length)
            length += len(word.text)
        return offsets

    @cached_property
    def cells(self) -> list[int]:
        """The first word of every cell, in order."""
        return [place for place in range(len(self.printed.words)) if self._breaks(place)[0]]

    @cached_property
    def lines(self) -> list[int]:
        """The first word of every line that has words, in order."""
        return [place for place in range(len(self.printed.words)) if self._breaks(place)[1]]

    def _breaks(self, place: int) -> tuple[bool, bool]:
        """Whether a cell begins with this word, and a line."""
        if not place:
            return True, True
        before, word = self.printed.words[place - 1], self.printed.words[place]
        gap = self.printed.text[before.end : word.start]
        line = "\n" in gap
        return line or len(gap) >= len(COLUMN_GAP), line

    def line_of(self, place: int) -> int:
        """The number of the line that a word stands in."""
        return bisect.bisect_right(self.lines, place) - 1

    def line_end(self, line: int) -> int:
        """One past the last word of a line."""
        return self.lines[line + 1] if line + 1 < len(self.lines) else len(self.printed.words)

    def line_text(self, line: int) -> str:
        return self.flat[self.offsets[self.lines[line]] : self.end_offset(self.line_end(line))]

    def end_offset(self, place: int) -> int:
        """Where the word before a place ends in `flat`."""
        return self.offsets[place - 1] + len(self.printed.words[place - 1].text)

    def cell_end(self, place: int) -> int:
        """One past the last word of the cell, without the colon that may end it."""
        index = bisect.bisect_right(self.cells, place)
        end = self.cells[index] if index < len(self.cells) else len(self.printed.words)
        while end - 1 > place and self.printed.words[end - 1].text in _END_MARKS:
            end -= 1
        return end

    def below(self, place: int, lines: int = 1) -> int | None:
        """The first word of the cell in the same column some lines further down, or of its only cell."""
        line = self.line_of(place)
        if not 0 <= line + lines < len(self.lines):
            return None
        column = bisect.bisect_right(self.cells, place) - bisect.bisect_left(self.cells, self.lines[line]) - 1
        target = bisect.bisect_left(self.cells, self.lines[line + lines]) + column
        if target < len(self.cells) and self.line_of(self.cells[target]) == line + lines:
            return self.cells[target]
        return self.lines[line + lines]

    def place_at(self, offset: int) -> int:
        """The first word that starts at or behind an offset of `flat`."""
        return bisect.bisect_left(self.offsets, offset)

    def find(self, begun: str, after: int = 0) -> int | None:
        """The first place from `after` on where the text begins with these characters at a word."""
        offset = self.offsets[after] if after < len(self.offsets) else len(self.flat)
        while (offset := self.flat.find(begun, offset)) >= 0:
            place = bisect.bisect_left(self.offsets, offset)
            if place < len(self.offsets) and self.offsets[place] == offset:
                return place
            offset += 1
        return None

    def behind(self, label: re.Pattern[str]) -> int | None:
        """The first word behind a label: in its line, else below it."""
        for line in range(len(self.lines)):
            if match := label.search(self.line_text(line)):
                return self._behind(line, self.offsets[self.lines[line]] + match.end())
        return None

    def _behind(self, line: int, offset: int) -> int | None:
        place = bisect.bisect_left(self.offsets, offset)
        while place < self.line_end(line) and not any(map(str.isalnum, self.printed.words[place].text)):
            place += 1
        return place if place < self.line_end(line) else self.below(max(place - 1, 0))
