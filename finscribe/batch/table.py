"""Rows of JSON Lines as a table in Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from finscribe import journal
from finscribe.exact_json import write_exactly
from finscribe.files import sync_folder
from finscribe.json_lines import read_line

PLAIN = {
    "id": str,
    "source": str,
    "sha256": str,
    "model": str,
    "grounding": str,
    "text": str,
    "complete": bool,
}
AS_JSON = ("invoice", "evidence", "findings", "settled", "reread", "electronic_invoice", "seconds")
"""Columns of JSON as text, in which amounts keep the digits that were read."""

ROWS_IN_A_GROUP = 1000


def is_ours(path: Path) -> bool:
    """Whether a file is a table with the columns that tables of batches have had from the first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return set(PLAIN) <= set(pq.read_schema(path).names)
    except pa.ArrowException:
        return False


def write_table(rows: Path, output: Path) -> None:
    """Writes all rows anew, synced; a reader sees the old table or the new one, whole. Raises OSError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [(name, pa.bool_() if kind is bool else pa.string()) for name, kind in PLAIN.items()]
        + [("forward_passes", pa.int64())]
        + [(name, pa.string()) for name in AS_JSON]
    )
    new = output.with_name(f".{output.name}.new")
    with journal.named(output), new.open("wb") as file:
        with pq.ParquetWriter(file, schema) as writer:
            for group in _groups(rows):
                writer.write_table(pa.Table.from_pylist(group, schema=schema))
        file.flush()
        os.fsync(file.fileno())
    new.replace(output)
    sync_folder(output.parent)


def _groups(rows: Path) -> Iterator[list[dict[str, Any]]]:
    cells = map(_cells, journal.read_lines(rows))
    while group := list(islice(cells, ROWS_IN_A_GROUP)):
        yield group


def _cells(line: bytes) -> dict[str, Any]:
    record = read_line(line)
    texts = {name: _as_utf8(text) for name in PLAIN if isinstance(text := record.get(name), str)}
    return record | texts | {name: write_exactly(record.get(name)) for name in AS_JSON}


def _as_utf8(text: str) -> str:
    """The text, halves of characters as escapes: names of files may hold bytes that are no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()
