"""XLSX: a sheet of documents and one of their lines. Text stays text, so that no cell is a formula."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.exports.rows import COLUMNS, DOCUMENTS, LINES, document_row, line_rows
from app.store.approved import Approved
from finscribe.invoice import HEADER_FIELDS, Kind, Value, kind_of

MOST_ROWS = 1_048_576  # of a sheet
LONGEST_TEXT = 32_767  # of a cell
FIRST_YEAR = 1900
CHUNK = 256 * 1024
_DATES = frozenset(path for path in HEADER_FIELDS if kind_of(path) is Kind.DATE)


def write_workbook(documents: Iterable[Approved]) -> Iterator[bytes]:
    """The workbook, made on disk row by row and then read from there."""
    with tempfile.TemporaryFile() as file:
        _make(file, documents)
        file.seek(0)
        yield from iter(lambda: file.read(CHUNK), b"")


def _make(file: IO[bytes], documents: Iterable[Approved]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book,
    ):
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheets = {
            table: _Sheets(book.add_worksheet, table, COLUMNS[table], bold, day)
            for table in (DOCUMENTS, LINES)
        }
        for approved in documents:
            sheets[DOCUMENTS].write(document_row(approved))
            for row in line_rows(approved):
                sheets[LINES].write(row)


class _Sheets:
    """Rows below their columns, on one sheet more whenever one is full."""

    def __init__(
        self, add: Callable[[str], Worksheet], name: str, columns: Sequence[str], bold: Format, day: Format
    ) -> None:
        self._add, self._name, self._columns, self._bold, self._day = add, name, columns, bold, day
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        self._count += 1
        self._sheet = self._add(self._name if self._count == 1 else f"{self._name} {self._count}")
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._columns) - 1, 16)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, column, self._bold)
        self._row = 1

    def write(self, row: Mapping[str, Value]) -> None:
        """Adds a row."""
        if self._row == MOST_ROWS:
            self._begin()
        for place, column in enumerate(self._columns):
            self._write(place, column, row[column])
        self._row += 1

    def _write(self, place: int, column: str, value: Value) -> None:
        if isinstance(value, Decimal):
            self._sheet.write_number(self._row, place, float(value))
        elif value and column in _DATES and (day := _day(value)):
            self._sheet.write_datetime(self._row, place, day, self._day)
        elif value:
            self._sheet.write_string(self._row, place, value[:LONGEST_TEXT])


def _day(text: str) -> date | None:
    """A date that spreadsheets know."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None
