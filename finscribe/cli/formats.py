"""Outcomes as JSON, JSON Lines and CSV: one object or row for each document, also for one that failed."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import Any, Protocol

from finscribe.batch.reading import Failed, Outcome, described
from finscribe.cli.inputs import Format
from finscribe.exact_json import write_exactly
from finscribe.invoice import HEADER_FIELDS, LINES, Value, write_value

CSV_COLUMNS = ("file", "error", *HEADER_FIELDS, LINES, "findings")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Prints outcomes on standard output."""

    def write(self, outcome: Outcome) -> None:
        """Print one outcome, or keep it for the end."""

    def finish(self) -> None:
        """Print what is left."""


def choose_writer(output_format: Format, request: Sequence[str], *, many: bool) -> Writer:
    """The writer of a format."""
    if output_format == "json":
        return JsonWriter(many)
    if output_format == "jsonl":
        return JsonLinesWriter()
    if output_format == "csv":
        return CsvWriter()
    from finscribe.cli.table import TableWriter

    return TableWriter(request)


def as_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome for `write_exactly`: `file`, `error` (null when all went well), and what was found in which text."""
    if isinstance(outcome, Failed):
        return {"file": outcome.source.name, "error": described(outcome.error)}
    return {"file": outcome.source.name, "error": None, **outcome.record()}


class JsonWriter:
    """One object for one file, a list for several, printed at the end."""

    def __init__(self, many: bool) -> None:
        self._many = many
        self._records: list[dict[str, Any]] = []

    def write(self, outcome: Outcome) -> None:
        """Keep the record."""
        self._records.append(as_record(outcome))

    def finish(self) -> None:
        """Print all records."""
        shown = self._records if self._many else self._records[0]
        _print(write_exactly(shown, indent=2))


class JsonLinesWriter:
    """One object a line, each as soon as it is there."""

    def write(self, outcome: Outcome) -> None:
        """Print the record."""
        _print(write_exactly(as_record(outcome)))

    def finish(self) -> None:
        """Nothing is left."""


class CsvWriter:
    """One row a document: the header fields by path, `line_items` as JSON, the codes of the findings."""

    def __init__(self) -> None:
        self._csv = csv.writer(sys.stdout, lineterminator="\n")
        self._csv.writerow(CSV_COLUMNS)

    def write(self, outcome: Outcome) -> None:
        """Print the row."""
        row = dict.fromkeys(CSV_COLUMNS, "") | _cells(outcome) | {"file": outcome.source.name}
        self._csv.writerow(_harmless(row[column]) for column in CSV_COLUMNS)
        sys.stdout.flush()

    def finish(self) -> None:
        """Nothing is left."""


def _cells(outcome: Outcome) -> dict[str, Value]:
    if isinstance(outcome, Failed):
        return {"error": outcome.error.code}
    invoice = outcome.extraction.invoice
    cells: dict[str, Value] = dict(invoice.values())
    cells[LINES] = write_exactly(invoice.lines())
    cells["findings"] = " ".join(finding.code for finding in outcome.extraction.findings)
    return cells


def _harmless(cell: Value) -> str:
    """The cell as text; what a spreadsheet would run as a formula gets an apostrophe in front."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return write_value(cell)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
