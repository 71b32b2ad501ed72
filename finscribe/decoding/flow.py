"""How text runs over a page: through a cell, and from its end into the cells that may carry it on.

The lines of a text have cells, kept apart by `COLUMN_GAP`. What stands in columns is read down its column, so an
address beside another is one value and never a mixture of both.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from finscribe.documents import COLUMN_GAP

if TYPE_CHECKING:
    from finscribe.decoding.printed import Word

SEPARATOR = ", "
JOINTS = (SEPARATOR, " ")
"""What a value may write between two of its cells."""

_COUNTRIES = frozenset(
    """A AT AU B BE BG BR CA CH CN CY CZ D DE DK E EE EL ES F FI FR GB GR HR HU I ID IE IL IN IS IT JP KR L LI LT LU LV
    MT MX MY NL NO NZ P PL PT RO RS S SE SG SI SK TH TR TW UA US VN ZA""".split()
)
_POSTAL_CODE = re.compile(r"\d{3,8}|\d{2,5}-\d{3,4}")
"""What a country's code may stand before: `DE 80331`, `CH - 8001`, `PL 00-950`; no amount, no small number."""

STRETCH = 100
"""Words that a value may have at least before it runs too long: the engine follows it word by word on its stack."""


class Run(NamedTuple):
    """Consecutive words of one cell, at `start:end` of the text."""

    start: int
    end: int


class Spelling(Protocol):
    """Something to be found, read word by word; `length` says when it is read in full."""

    @property
    def length(self) -> int:
        """How much there is to read, in characters."""
        ...

    def take(self, read: int, place: int, joints: Sequence[str], /) -> int | None:
        """How far it is read with the word at a place behind one of the joints; None where it reads otherwise."""


@dataclass(frozen=True, eq=False)
class Flow:
    """The words of a text in lines and cells; a place is the index of a word."""

    text: str
    words: Sequence[Word]

    @cached_property
    def cells(self) -> list[int]:
        """The first word of every cell, in order."""
        gaps = enumerate(self._gaps, 1)
        return [*self._first, *(place for place, gap in gaps if "\n" in gap or len(gap) >= len(COLUMN_GAP))]

    @cached_property
    def lines(self) -> list[int]:
        """The first word of every line that has words, in order."""
        return [*self._first, *(place for place, gap in enumerate(self._gaps, 1) if "\n" in gap)]

    @cached_property
    def _gaps(self) -> list[str]:
        return [self.text[before.end : word.start] for before, word in pairwise(self.words)]

    @property
    def _first(self) -> list[int]:
        return [0] if self.words else []

    def line_of(self, place: int) -> int:
        """The number of the line that a word stands in."""
        return bisect.bisect_right(self.lines, place) - 1

    def cell_of(self, place: int) -> int:
        """The number of the cell that a word stands in."""
        return bisect.bisect_right(self.cells, place) - 1

    def cell_end(self, cell: int) -> int:
        """One past the last word of a cell."""
        return self.cells[cell + 1] if cell + 1 < len(self.cells) else len(self.words)

    def line_end(self, line: int) -> int:
        """One past the last word of a line."""
        return self.lines[line + 1] if line + 1 < len(self.lines) else len(self.words)

    def cells_of_line(self, line: int) -> range:
        """The numbers of a line's cells."""
        return self._cells_of_lines[line]

    @cached_property
    def _cells_of_lines(self) -> list[range]:
        firsts = [bisect.bisect_left(self.cells, place) for place in self.lines]
        return [range(first, behind) for first, behind in pairwise([*firsts, len(self.cells)])]

    def steps(self, place: int) -> list[int]:
        """The words that may follow a word in a value, the next one of its cell before others.

        Only the end of a cell leads into others; marks such as a comma may be left out there.
        """
        cell = self.cell_of(place)
        end = self.cell_end(cell)
        inside = [place + 1] if place + 1 < end else []
        return inside if any(map(self._says, range(place + 1, end))) else [*inside, *self._heads(cell)]

    def horizon(self, first: int) -> int:
        """One past the last word that a value may have which begins with a word of the same stretch as this one."""
        return min(first - first % STRETCH + 2 * STRETCH, len(self.words))

    def _says(self, place: int) -> bool:
        return any(map(str.isalnum, self.words[place].text))

    def _heads(self, cell: int) -> list[int]:
        """Where the cells begin that may carry one on: beside it, and below it in its column."""
        if cell not in self._known_heads:
            line = self.line_of(self.cells[cell])
            carrying = self._carry_on(line, cell)
            self._known_heads[cell] = [head for other in carrying for head in self._beginnings(other)]
        return self._known_heads[cell]

    def _beginnings(self, cell: int) -> Iterable[int]:
        """The first word of a cell, and the postal code behind a country's: few addresses name both."""
        first = self.cells[cell]
        yield first
        code, *behind = (word.text for word in self.words[first : min(first + 3, self.cell_end(cell))])
        hyphens = 1 if behind[:1] == ["-"] else 0
        if code.removesuffix("-") in _COUNTRIES and any(
            map(_POSTAL_CODE.fullmatch, behind[hyphens : hyphens + 1])
        ):
            yield first + 1 + hyphens

    @cached_property
    def _known_heads(self) -> dict[int, list[int]]:
        return {}

    def _carry_on(self, line: int, cell: int) -> Iterable[int]:
        mine = self.cells_of_line(line)
        if cell + 1 in mine:
            yield cell + 1
        column = cell - mine.start
        if line + 1 < len(self._cells_of_lines):
            theirs = self._cells_of_lines[line + 1]
            shift = len(theirs) - len(mine)
            # Columns end and begin, but never change their order.
            yield from theirs[max(0, min(column, column + shift)) : max(column, column + shift) + 1]

    def follow(self, first: int, spelling: Spelling) -> list[int] | None:
        """The places of the words, from `first` on, that spell it; None where they do not."""
        read = spelling.take(0, first, ("",))
        if read is None:
            return None
        came_from: dict[tuple[int, int], tuple[int, int] | None] = {(first, read): None}
        waiting, horizon = [(first, read)], self.horizon(first)
        while waiting:
            place, read = waiting.pop()
            if read == spelling.length:
                return _trail(came_from, (place, read))
            for step in reversed(self.steps(place)):
                taken = spelling.take(read, step, self.joints(place, step))
                if taken is not None and step < horizon and (step, taken) not in came_from:
                    came_from[step, taken] = (place, read)
                    waiting.append((step, taken))
        return None

    def runs_on(self, first: int, last: int) -> bool:
        """Whether words that follow each other are one after the other in a value, too."""
        return last < self.horizon(first) and all(
            place + 1 in self.steps(place) for place in range(first, last)
        )

    def joints(self, place: int, step: int) -> Sequence[str]:
        """What a value may write between a word and one of its steps: as printed in a cell, else comma or space."""
        if self.cell_of(place) != self.cell_of(step):
            return JOINTS
        return ("",) if self.words[step].glued else (" ",)

    def runs(self, places: Sequence[int]) -> tuple[Run, ...]:
        """The stretches of the text at these places, one for each cell."""
        pieces = divided(places, lambda before, place: self.cell_of(before) != self.cell_of(place))
        return tuple(Run(self.words[first].start, self.words[last].end) for first, last in pieces)


def divided(places: Sequence[int], parts: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """The first and the last place of every piece, cut wherever neighbours part."""
    firsts = [n for n, place in enumerate(places) if not n or parts(places[n - 1], place)]
    return [(places[first], places[behind - 1]) for first, behind in pairwise([*firsts, len(places)])]


def _trail(came_from: dict[tuple[int, int], tuple[int, int] | None], last: tuple[int, int]) -> list[int]:
    places = []
    state: tuple[int, int] | None = last
    while state is not None:
        places.append(state[0])
        state = came_from[state]
    return places[::-1]
