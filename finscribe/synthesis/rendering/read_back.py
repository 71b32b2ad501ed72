"""A drawn page as a reader reads it: its text, and the truth in the words that stand there.

Real readers join cells, part words and take one letter for another. Each line that was printed is found again in what
was read, and with it the places of its values; a value whose place is not found keeps what was printed, so that whoever
learns from it can see that the text does not have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from finscribe.documents import read_document
from finscribe.synthesis.generate import Sample
from finscribe.synthesis.layout.page import Piece, read_truth

_LEAST_ALIKE = 70.0
"""How alike a printed line and a read one have to be, in percent, to be the same line."""


def read_back(sample: Sample, page: bytes) -> Sample:
    """The sample with the text that is read of `page`, a PDF or a picture of it, by its text layer or by OCR.

    Raises DocumentError where nothing can be read of it.
    """
    return moved(sample, read_document(page).text)


def moved(sample: Sample, text: str) -> Sample:
    """The sample with another text of the same page; values are what is read in their places.

    Numbers and dates keep their values, whatever was read, and so do texts of which a piece is not found.
    """
    lines = _same_lines(sample.text, text)
    found = [_moved(piece, lines) for piece in sample.pieces]
    lost = {piece.path for piece, there in zip(sample.pieces, found, strict=True) if there is None}
    pieces = tuple(there for there in found if there and there.path not in lost)
    as_printed = [Piece(path, _value(sample.truth, path), 0, 0) for path in sorted(lost)]
    whole = {name: sample.truth[name] for name in ("document_type", "currency")}
    return replace(sample, text=text, truth=read_truth(text, [*pieces, *as_printed]) | whole, pieces=pieces)


def _value(truth: Any, path: str) -> Any:
    for key in path.split("."):
        truth = truth[int(key)] if isinstance(truth, list) else truth[key]
    return truth


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text and where it begins there."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class _SameLine:
    """A printed line and the read one that stands for it.

    `begins[i]` is where the printed character `i` begins in the read line and `ends[i]` where the one before it ends;
    what was added between the two stands between these places.
    """

    printed: _Line
    read: _Line
    begins: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, printed: _Line, read: _Line) -> _SameLine:
        from rapidfuzz.distance import Levenshtein

        begins, ends = [], [0]
        for step in Levenshtein.opcodes(printed.text, read.text):
            width = step.dest_end - step.dest_start
            for offset in range(step.src_end - step.src_start):
                begins.append(step.dest_start + min(offset, width))
                ends.append(step.dest_start + min(offset + 1, width))
        return cls(printed, read, [*begins, len(read.text)], ends)

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """The places in the text that was read of what is printed at `start:end`, with what was added to its ends."""
        if not self.printed.start <= start < end <= self.printed.start + len(self.printed.text):
            return None
        first, last = start - self.printed.start, end - self.printed.start
        begin, stop = self.begins[first], self.ends[last]
        if self._parted_before(first):
            begin -= len(self.read.text[self.ends[first] : begin].split(" ")[-1])
        if self._parted_before(last):
            stop += len(self.read.text[stop : self.begins[last]].split(" ")[0])
        return (self.read.start + begin, self.read.start + stop) if begin < stop else None

    def _parted_before(self, place: int) -> bool:
        """Whether a printed word begins or ends there, so that what is added belongs to it."""
        around = self.printed.text[max(place - 1, 0) : place + 1]
        return len(around) < 2 or " " in around


def _moved(piece: Piece, lines: Sequence[_SameLine]) -> Piece | None:
    """The piece in its new place; None where its line, or all that it said, was not read."""
    places = next((found for line in lines if (found := line.find(piece.start, piece.end))), None)
    return piece._replace(start=places[0], end=places[1]) if places else None


def _same_lines(printed: str, read: str) -> list[_SameLine]:
    """Printed lines with the read ones that stand for them, wherever these are; the most alike come first."""
    from rapidfuzz import fuzz, process

    left, right = list(_lines(printed)), list(_lines(read))
    alike = process.cdist([line.text for line in left], [line.text for line in right], scorer=fuzz.ratio)
    pairs = sorted(
        zip(*(alike >= _LEAST_ALIKE).nonzero(), strict=True),
        key=lambda pair: (-alike[pair], abs(pair[0] - pair[1])),
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for mine, other in pairs:
        if mine not in found and other not in taken:
            found[mine] = other
            taken.add(other)
    return [_SameLine.of(left[mine], right[other]) for mine, other in found.items()]


def _lines(text: str) -> Iterator[_Line]:
    """The lines with something on them."""
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return (_Line(line, start) for line, start in zip(lines, starts, strict=False) if line.strip())
