"""The words of a page in lines and cells, for guessing where a value stands."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property

from finscribe.decoding.printed import Printed

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

    @property
    def lines(self) -> list[int]:
        """The first word of every line that has words, in order."""
        return self.printed.flow.lines

    def line_of(self, place: int) -> int:
        """The number of the line that a word stands in."""
        return self.printed.flow.line_of(place)

    def line_end(self, line: int) -> int:
        """One past the last word of a line."""
        return self.printed.flow.line_end(line)

    def line_text(self, line: int) -> str:
        """A line as values write it."""
        return self._line_texts[line]

    @cached_property
    def _line_texts(self) -> list[str]:
        begins = (self.offsets[first] for first in self.lines)
        ends = (self.end_offset(self.line_end(line)) for line in range(len(self.lines)))
        return [self.flat[begin:end] for begin, end in zip(begins, ends, strict=True)]

    def end_offset(self, place: int) -> int:
        """Where the word before a place ends in `flat`."""
        return self.offsets[place - 1] + len(self.printed.words[place - 1].text)

    def cell_end(self, place: int) -> int:
        """One past the last word of the cell, without the colon that may end it."""
        end = self.printed.flow.cell_end(self.printed.flow.cell_of(place))
        while end - 1 > place and self.printed.words[end - 1].text in _END_MARKS:
            end -= 1
        return end

    def cell_text(self, cell: int) -> str:
        """A cell as values write it, without the colon that may end it."""
        first = self.printed.flow.cells[cell]
        return self.printed.spelled(first, self.cell_end(first))

    def below(self, place: int, lines: int = 1) -> int | None:
        """The first word of the cell in the same column some lines further down, or of its only cell."""
        flow, line = self.printed.flow, self.line_of(place)
        if not 0 <= line + lines < len(self.lines):
            return None
        column = flow.cell_of(place) - flow.cells_of_line(line).start
        beneath = flow.cells_of_line(line + lines)
        return flow.cells[beneath[column if column < len(beneath) else 0]]

    def place_at(self, offset: int) -> int:
        """The first word that starts at or behind an offset of `flat`."""
        return bisect.bisect_left(self.offsets, offset)

    def find(self, begun: str, after: int = 0) -> int | None:
        """The first place from `after` on where the text begins with these characters at a word."""
        offset = self.offsets[after] if after < len(self.offsets) else len(self.flat)
        while (offset := self.flat.find(begun, offset)) >= 0:
            place = self.place_at(offset)
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
        place = self.place_at(offset)
        while place < self.line_end(line) and not any(map(str.isalnum, self.printed.words[place].text)):
            place += 1
        return place if place < self.line_end(line) else self.below(max(place - 1, 0))
