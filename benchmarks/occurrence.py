"""Whether evidence points at the right place: python benchmarks/occurrence.py [--synthetic 1000]

Most totals are printed more than once. Synthetic documents know which of the equal numbers and words a value is; for
every true value, this counts how often the place that evidence puts first is that one. Needs no model.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from finscribe.decoding import Printed
from finscribe.decoding.align import align
from finscribe.decoding.merging import Written
from finscribe.documents import Document
from finscribe.evidence import Evidence, find_evidence
from finscribe.invoice import CELLS, HEADER_FIELDS, LINES, Truth, Value, cell_path, row_and_cell
from finscribe.synthesis import HELD_OUT_FAMILIES, Sample, generate

SEED = 6_000_000_000


def true_values(sample: Sample, printed: Printed) -> list[Written]:
    """The truth as a model that makes no mistake writes it: text as it is printed, numbers with their digits there."""
    truth = Truth.read(sample.truth)
    reached = align(truth, printed).truth
    values = {path: _written(truth.values.get(path), reached.values.get(path)) for path in HEADER_FIELDS}
    cells = {
        cell_path(row, cell): _written(line.get(cell), text.get(cell))
        for row, (line, text) in enumerate(zip(truth.lines or (), reached.lines or (), strict=True))
        for cell in CELLS
    }
    before = HEADER_FIELDS.index("financial_summary.subtotal")
    order = [*HEADER_FIELDS[:before], *cells, *HEADER_FIELDS[before:]]
    known = {**values, **cells}
    return [Written(path, known[path], 1.0) for path in order]


def _written(value: Value, reached: Value) -> Value:
    return value if isinstance(reached, Decimal) else reached


def labelled(sample: Sample) -> dict[str, list[tuple[int, int]]]:
    """Where the pieces of each value stand, by its path."""
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in sample.pieces:
        block, *rest = piece.path.split(".")
        path = cell_path(int(rest[0]), rest[1]) if block == LINES else piece.path
        found.setdefault(path, []).append((piece.start, piece.end))
    return found


def is_right(found: Evidence, pieces: list[tuple[int, int]], is_text: bool) -> bool:
    """Whether the first place is where the value is: one of the pieces, or of a text what all of them span."""
    first = found.places[0]
    if is_text:
        return first[0].start >= pieces[0][0] and first[-1].end <= pieces[-1][1]
    return any(start <= first[0].start and first[0].end <= end for start, end in pieces)


@dataclass(frozen=True, slots=True)
class Judged:
    """A value with a known place: its field, whether it is printed several times, whether the first place is right."""

    field: str
    several: bool
    right: bool


def judged(count: int, families: tuple[str, ...] | None) -> Iterator[Judged]:
    """Every value with a known place of so many documents."""
    for index in range(count):
        sample = generate(SEED + index, families)
        document = Document.from_text(sample.text)
        if document.text != sample.text:
            continue
        printed, places = Printed(document.text), labelled(sample)
        for path, found in find_evidence(true_values(sample, printed), document, printed).items():
            if found.places and path in places:
                cell = row_and_cell(path)
                field = f"{LINES}.{cell[1]}" if cell else path
                right = is_right(found, places[path], is_text=isinstance(found.value, str))
                yield Judged(field, len(found.places) > 1, right)


def figures(found: Sequence[Judged]) -> Iterator[str]:
    """How many values there are and the share that is right, of all and of those that are printed several times."""
    for some in (found, [each for each in found if each.several]):
        yield str(len(some))
        yield f"{sum(each.right for each in some) / len(some):.3f}" if some else ""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--synthetic", type=int, default=1000, help="documents")
    parser.add_argument("--held_out", action="store_true", help="of held-out layout families alone")
    args = parser.parse_args()
    found = list(judged(args.synthetic, HELD_OUT_FAMILIES if args.held_out else None))
    table = Table(title=f"first place right, {args.synthetic} documents")
    for name in ("field", "values", "right", "printed several times", "right"):
        table.add_column(name, justify="left" if name == "field" else "right")
    for field in dict.fromkeys(each.field for each in found):
        table.add_row(field, *figures([each for each in found if each.field == field]))
    table.add_row("all", *figures(found))
    Console().print(table)


if __name__ == "__main__":
    main()
