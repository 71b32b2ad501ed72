"""What was read of the pages beside what the electronic invoice inside the same PDF says.

The invoice stays what the pages print: where both differ, a finding names the field and what each of them says. Values
are equal as in `finscribe.metrics`; of several ways to print a value (an address with or without its country) any will
do, and the sign of an amount does not count on a credit note, which XML writes without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finscribe.einvoices.claims import Candidates, Claims
from finscribe.einvoices.reading import EInvoice
from finscribe.invoice import (
    HEADER_FIELDS,
    LINES,
    Invoice,
    Kind,
    Value,
    cell_path,
    cells_of,
    kind_of,
    row_and_cell,
)
from finscribe.metrics import MOST_PAIRS, equal, match_lines
from finscribe.validation.findings import Finding

DIFFERS, UNREADABLE = "electronic-invoice", "electronic-invoice-unreadable"
ELECTRONIC_CODES = frozenset({DIFFERS, UNREADABLE})
"""Of the findings made here. They are about another document than the page, so that confidence does not go by them."""

SHOWN = 3
"""Of the lines that were not read, in the message that says so."""


@dataclass(frozen=True, slots=True)
class ElectronicInvoice:
    """The electronic invoice inside a PDF, as far as the fields were asked for, and what of it was read.

    `says` has its values by path, rows as it counts them; `agrees` the paths of the values read that it says too.
    `problem` is why nothing is known of it, None where it could be read.
    """

    file: str
    says: Mapping[str, Value]
    agrees: tuple[str, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A value that the electronic invoice says, and what was read for it; `path` counts rows as they were read."""

    path: str
    read: Value
    said: Candidates
    same: bool


def compare_with(
    einvoice: EInvoice | None, invoice: Invoice, request: Sequence[str]
) -> tuple[ElectronicInvoice | None, tuple[Finding, ...]]:
    """What an electronic invoice says of the fields asked for, and a finding for all that was read otherwise."""
    if einvoice is None:
        return None, ()
    if einvoice.claims is None:
        message = f"{einvoice.name}, the electronic invoice in this PDF, cannot be read: {einvoice.problem}"
        unread = Finding(UNREADABLE, "warning", (), message, None, None)
        return ElectronicInvoice(einvoice.name, {}, (), einvoice.problem), (unread,)
    sides = _Sides(_asked(einvoice.claims, request), invoice, _is_credit_note(einvoice.claims))
    rows = sides.rows()
    pairs = [*sides.header(), *sides.cells(rows)]
    agrees = tuple(pair.path for pair in pairs if pair.same)
    findings = [_difference(pair) for pair in pairs if not pair.same]
    alone = (*sides.lines_only_read(rows), *sides.lines_only_said(rows))
    return ElectronicInvoice(einvoice.name, dict(_says(sides.claims)), agrees), (*findings, *alone)


def _asked(claims: Claims, request: Sequence[str]) -> Claims:
    cells = cells_of(request)
    header = {
        path: claims.header[path] for path in HEADER_FIELDS if path in request and path in claims.header
    }
    lines = ({cell: line[cell] for cell in cells if cell in line} for line in claims.lines)
    return Claims(header, tuple(line for line in lines if line))


def _says(claims: Claims) -> Iterator[tuple[str, Value]]:
    yield from ((path, said[0]) for path, said in claims.header.items())
    for row, line in enumerate(claims.lines):
        yield from ((cell_path(row, cell), said[0]) for cell, said in line.items())


def _is_credit_note(claims: Claims) -> bool:
    return claims.header.get("document_type") == ("credit_note",)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is said of the fields asked for, what was read, and whether signs count."""

    claims: Claims
    invoice: Invoice
    unsigned: bool

    def header(self) -> Iterator[_Pair]:
        values = self.invoice.values()
        for path, said in self.claims.header.items():
            if said != (None,) or values[path] is not None:
                yield self._pair(path, values[path], said)

    def rows(self) -> dict[int, int]:
        """The lines read, and those of the other side that they stand for: such as have a value in common."""
        read = [self._comparable(line) for line in self.invoice.lines()]
        said = [
            self._comparable({cell: values[0] for cell, values in line.items()}) for line in self.claims.lines
        ]
        if len(read) * len(said) > MOST_PAIRS:
            return {row: row for row in range(min(len(read), len(said)))}
        return {row: other for row, other in match_lines(read, said) if _meet(read[row], said[other])}

    def cells(self, rows: Mapping[int, int]) -> Iterator[_Pair]:
        lines = self.invoice.lines()
        for row, other in rows.items():
            for cell, said in self.claims.lines[other].items():
                yield self._pair(cell_path(row, cell), lines[row][cell], said)

    def lines_only_read(self, rows: Mapping[int, int]) -> Iterator[Finding]:
        """An electronic invoice without lines (there are such profiles) does not say that there are none."""
        for row, line in enumerate(self.invoice.lines() if self.claims.lines else ()):
            if row not in rows:
                fields = tuple(cell_path(row, cell) for cell in line)
                message = (
                    f"line {row + 1}: {_shown_line(line)} was read, the electronic invoice has no such line"
                )
                yield Finding(DIFFERS, "warning", fields, message, None, None)

    def lines_only_said(self, rows: Mapping[int, int]) -> Iterator[Finding]:
        matched = set(rows.values())
        unread = [line for row, line in enumerate(self.claims.lines) if row not in matched]
        if unread:
            shown = [_shown_line({cell: said[0] for cell, said in line.items()}) for line in unread[:SHOWN]]
            more = [f"and {len(unread) - SHOWN} more"] if len(unread) > SHOWN else []
            message = f"lines of the electronic invoice that were not read: {'; '.join([*shown, *more])}"
            yield Finding(DIFFERS, "warning", (LINES,), message, None, None)

    def _pair(self, path: str, read: Value, said: Candidates) -> _Pair:
        plain = self._magnitude(read)
        same = read is not None and any(equal(path, plain, self._magnitude(each)) for each in said)
        return _Pair(path, read, said, same)

    def _comparable(self, line: Mapping[str, Value]) -> dict[str, Value]:
        return {cell: self._magnitude(value) for cell, value in line.items()}

    def _magnitude(self, value: Value) -> Value:
        return abs(value) if self.unsigned and isinstance(value, Decimal) else value


def _meet(read: Mapping[str, Value], said: Mapping[str, Value]) -> bool:
    return any(
        value is not None and equal(f"{LINES}.{cell}", read[cell], value) for cell, value in said.items()
    )


# --- findings ----------------------------------------------------------------------------------------


def _difference(pair: _Pair) -> Finding:
    """An error where two values differ; a warning where a text may be worded otherwise, or nothing was read."""
    read = "nothing was read" if pair.read is None else f"{_shown(pair.read)} was read"
    said = "has several" if pair.said == (None,) else f"says {_shown(pair.said[0])}"
    message = f"{_label(pair.path)}: {read}, the electronic invoice {said}"
    severe = pair.read is not None and kind_of(pair.path) is not Kind.PHRASE
    return Finding(DIFFERS, "error" if severe else "warning", (pair.path,), message, pair.said[0], pair.read)


def _label(path: str) -> str:
    place = row_and_cell(path)
    plain = path.removeprefix("financial_summary.") if place is None else f"line {place[0] + 1}, {place[1]}"
    return plain.replace(".", " ").replace("_", " ")


def _shown(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _shown_line(cells: Mapping[str, Value]) -> str:
    return ", ".join(_shown(value) for value in cells.values() if value is not None) or "nothing"
