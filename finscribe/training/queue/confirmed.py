"""What of a corrected invoice somebody confirmed or changed: the rest is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from finscribe.corrections import ChangeKind, FieldChange
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import ALL_FIELDS, LINES, Truth, cell_path

_ROW = re.compile(rf"(?<=^{LINES})\[(\d{{1,9}})\]")


def only_confirmed(
    truth: Truth, confirmed: Iterable[str], changes: Iterable[FieldChange] = (), *, stored: bool = False
) -> Truth:
    """What of a truth somebody confirmed or changed; raises `InvoiceShapeError` for a path that is no field.

    A `stored` truth holds no more than that already, so rows of which nothing was known may be gone.
    """
    changes = list(changes)
    removed = any(change.kind is ChangeKind.LINE_REMOVED for change in changes)
    known = {_checked(path, truth, stored=stored) for path in confirmed}
    known |= {change.path for change in changes if change.kind is not ChangeKind.LINE_REMOVED}
    values = {path: value for path, value in truth.values.items() if _covered(path, known)}
    rows = tuple(
        {cell: value for cell, value in line.items() if _covered(cell_path(row, cell), known)}
        for row, line in enumerate(truth.lines or ())
    )
    none_left = truth.lines == () and (removed or LINES in known)
    return Truth(values, rows if any(rows) or none_left else None, truth.ignored)


def _covered(path: str, known: set[str]) -> bool:
    """Whether a field is named itself, by its block, its row or its column."""
    row, _, cell = path.rpartition(".")
    block = row.partition("[")[0]
    return not known.isdisjoint({path, row, block, f"{block}.{cell}"})


def _checked(path: str, truth: Truth, *, stored: bool) -> str:
    names = {*ALL_FIELDS, *(field.rpartition(".")[0] for field in ALL_FIELDS)} - {""}
    row = _ROW.search(path)
    known_row = stored or row is None or int(row[1]) < len(truth.lines or ())
    if _ROW.sub("", path) in names and known_row:
        return path
    raise InvoiceShapeError(
        f"confirmed: {path!r:.80} is no field of this invoice",
        field=path,
        hint="Name fields, blocks, rows or cells: vendor.name, payment, line_items[0], line_items.qty.",
    )
