"""From what a model wrote freely to an answer in which every value is one that the document prints.

A value is what the grammar of its document would let a model on this machine write, or it is null: as it was written
where the grammar takes it so, else in the page's own spelling of it (`reach`). What is neither is rejected, and said.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from finscribe.decoding.align import reach
from finscribe.decoding.answering import Answer, Flaw, Rejected, Task
from finscribe.decoding.grammar import Grounding, most_lines
from finscribe.decoding.printed import Printed, find_text
from finscribe.decoding.remote.replies import Said
from finscribe.decoding.remote.scanning import Leaf, Scan, nested, path_of, scan
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import (
    FIELDS,
    LINES,
    Kind,
    Truth,
    Value,
    cell_path,
    cells_of,
    kind_of,
    row_and_cell,
    write_value,
)

MOST_CHARACTERS = 2_000_000
"""Of an answer: several times what the longest context has room for. What goes beyond is as good as broken off."""

MOST_UNREADABLE = 50
"""Values of an answer that may be of a wrong kind before all of it is taken for nonsense."""

REFUSED = Flaw("answer-refused", "the model refused to answer, or its server held the answer back")
NO_JSON = Flaw("answer-unreadable", "the model's answer holds no JSON object of an invoice")
BROKEN = Flaw("answer-broken", "the model's answer breaks off; what stood in it up to there is used")


def check(said: Said, task: Task, requests: int) -> Answer:
    """The answer to a task; `requests` is how often the model was asked for it."""
    found = scan(said.text[:MOST_CHARACTERS])
    read = _read(found.leaves)
    values = dict(_asked(read, task))
    rejected: tuple[Rejected, ...] = ()
    if task.grounding is Grounding.GROUNDED:
        written = {leaf.path: leaf.value for leaf in found.leaves}
        kept = {path: _held(written.get(path), value, path, task.printed) for path, value in values.items()}
        lost = [
            path for path in kept if kept[path] is None and (values[path] is not None or path in read.wrong)
        ]
        rejected = tuple(Rejected(path, read.wrong.get(path) or write_value(values[path])) for path in lost)
        values = kept
    chances, flaws = _Chances(said, found), tuple(_flaws(said, found, read, task))
    return Answer(
        read.truth.to_json(),
        (),
        tuple((path, write_value(value)) for path, value in values.items()),
        tuple(map(chances.of, values)),
        requests,
        said.ended == "stop" and found.whole and NO_JSON not in flaws,
        rejected=rejected,
        flaws=flaws,
    )


# --- held to what is printed -------------------------------------------------------------------------


def _held(written: object, value: Value, path: str, printed: Printed) -> Value:
    """A value as the grammar takes it: as it was `written`, else what was understood of that in the page's spelling."""
    kind = kind_of(path)
    if isinstance(written, str | Decimal) and _may_be_written(written, kind, printed):
        return written
    return None if value is None else reach(value, kind, printed)


def _may_be_written(value: str | Decimal, kind: Kind, printed: Printed) -> bool:
    """Whether the grammar of a document takes a value of a kind just so."""
    if kind.numeric != isinstance(value, Decimal):
        return False
    if isinstance(value, Decimal):
        return write_value(value) in printed.places(kind)
    if kind.textual:
        return any(kind is Kind.PHRASE or len(way) == 1 for way in find_text(printed, value))
    return printed.prints(kind, value)


# --- understood --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """What an answer says of an invoice, and the JSON of what is of a wrong kind, by its path."""

    truth: Truth
    wrong: Mapping[str, str]

    @property
    def rows(self) -> int:
        """How many lines it speaks of."""
        places = [place[0] for path in self.wrong if (place := row_and_cell(path))]
        return max([len(self.truth.lines or ()), *(row + 1 for row in places)])


def _read(leaves: Sequence[Leaf]) -> _Read:
    """The values of an answer, of today's or an older shape; those of a wrong kind are put aside one by one."""
    left, wrong = list(leaves), dict[str, str]()
    for _ in range(MOST_UNREADABLE):
        try:
            return _Read(Truth.read(nested(left)), wrong)
        except InvoiceShapeError as error:
            bad = [leaf for leaf in left if _is_in(leaf, error.field)]
            if not bad:
                break
            left = [leaf for leaf in left if leaf not in bad]
            wrong |= {leaf.path: _as_json(leaf) for leaf in bad if _is_ours(leaf.path)}
    return _Read(Truth({}), {})


def _is_in(leaf: Leaf, field: str) -> bool:
    """Whether a leaf stands at the place in a record that an error names, or below it."""
    return any(path_of(leaf.keys[:count]) == field for count in range(1, len(leaf.keys) + 1))


def _is_ours(path: str) -> bool:
    place = row_and_cell(path)
    return (f"{LINES}.{place[1]}" if place else path) in FIELDS


def _as_json(leaf: Leaf) -> str:
    if isinstance(leaf.value, bool):
        return "true" if leaf.value else "false"
    return write_value(leaf.value)


def _asked(read: _Read, task: Task) -> Iterator[tuple[str, Value]]:
    """What an answer says of the fields asked for: known header fields, all cells of as many lines as there may be."""
    for path in task.request:
        if path in read.truth.values or path in read.wrong:
            yield path, read.truth.values.get(path)
    cells, lines = cells_of(task.request), read.truth.lines or ()
    for row in range(min(read.rows, most_lines(task.printed.text))):
        line = lines[row] if row < len(lines) else {}
        yield from ((cell_path(row, cell), line.get(cell)) for cell in cells)


def _flaws(said: Said, found: Scan, read: _Read, task: Task) -> Iterator[Flaw]:
    nothing = not (read.truth.values or read.truth.lines or read.wrong)
    if said.ended == "refused":
        yield REFUSED
    elif nothing and not (found.whole and not found.leaves):
        yield NO_JSON
    elif not found.whole and said.ended != "length":
        yield BROKEN
    most = most_lines(task.printed.text)
    if read.rows > most:
        said_so = (
            f"the model wrote {read.rows} lines, and the text has room for {most}: the others are left out"
        )
        yield Flaw("too-many-lines", said_so)


# --- how sure ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chances:
    """The probability of each value, by its path: the product of those of its tokens, 0 where it is not known."""

    said: Said
    found: Scan

    def of(self, path: str) -> float:
        """That of the value which stands at this path in the answer; older shapes have it elsewhere."""
        leaf = self._leaves.get(path)
        if leaf is None or not self.said.pieces:
            return 0.0
        start = len(self.said.text[: leaf.start].encode("utf-8", "replace"))
        end = start + len(self.said.text[leaf.start : leaf.end].encode("utf-8", "replace"))
        tokens = range(bisect_right(self._ends, start), bisect_left(self._ends, end) + 1)
        return math.exp(sum(self.said.pieces[token][1] for token in tokens))

    @cached_property
    def _leaves(self) -> Mapping[str, Leaf]:
        return {leaf.path: leaf for leaf in self.found.leaves}

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(piece) for piece, _ in self.said.pieces))
