"""From places to contents with their hash, whole where that is allowed and never more than that in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from finscribe.batch.sources import Place
from finscribe.errors import UnreadableDocument

PIECE = 1024 * 1024
ROWS = 64
"""Rows of a table that are unpacked at once."""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a document, cut off behind the limit, and the SHA-256 of all of them in hexadecimal."""

    data: bytes
    sha256: str


class Contents:
    """Opens documents; keeps the table that it read last open, since the next rows mostly come from there."""

    def __init__(self, limit: int) -> None:
        self._limit = limit  # bytes
        self._group: _Group | None = None

    def read(self, place: Place) -> Content:
        """What is at a place; one byte more than the limit shows that it is too large. Raises UnreadableDocument."""
        try:
            return _hashed(self._pieces(place), self._limit)
        except Exception as error:  # each file system has errors of its own
            reason = getattr(error, "strerror", None) or error
            raise UnreadableDocument(
                f"{place.source}: cannot be read ({reason})",
                hint="Check that it is there and may be read, then try again with --retry-rejects.",
            ) from error

    def _pieces(self, place: Place) -> Iterator[bytes]:
        if place.column is not None:
            return iter([self._value(place)])
        return _pieces_of_file(place.url)

    def _value(self, place: Place) -> bytes:
        if self._group is None or not self._group.leads_to(place):
            if self._group:
                self._group.close()
            self._group = _Group(place)
        return self._group.value(place.row)


def _pieces_of_file(url: str) -> Iterator[bytes]:
    import fsspec

    with fsspec.open(url, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _hashed(pieces: Iterator[bytes], limit: int) -> Content:
    data, digest = bytearray(), hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        data += piece[: limit + 1 - len(data)]
    return Content(bytes(data), digest.hexdigest())


class _Group:
    """One column of one row group, read forwards."""

    def __init__(self, place: Place) -> None:
        import fsspec
        import pyarrow.parquet as pq

        self._of = (place.url, place.group, place.column)
        self._file = fsspec.open(place.url, "rb").open()
        table = pq.ParquetFile(self._file)
        self._batches = table.iter_batches(ROWS, row_groups=[place.group], columns=[place.column])
        self._start, self._values = 0, self._next()

    def leads_to(self, place: Place) -> bool:
        """Whether the place is in this row group and not behind what was read."""
        return self._of == (place.url, place.group, place.column) and place.row >= self._start

    def value(self, row: int) -> bytes:
        """The text or the bytes of a row; nothing where that is null. Raises what the library does."""
        while row >= self._start + len(self._values):
            values = self._next()  # where it fails, the rows behind fail too, and get no other row's content
            self._start += len(self._values)
            self._values = values
        value = self._values[row - self._start].as_py()
        return value.encode() if isinstance(value, str) else value or b""

    def close(self) -> None:
        """No more is read."""
        with closing(self._file):
            self._batches.close()

    def _next(self) -> Any:
        batch = next(self._batches, None)
        if batch is None:
            raise ValueError("the table has fewer rows than it had")
        return batch.column(0)
