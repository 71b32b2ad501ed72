"""Erasing examples for good: which lines and which torn pieces hold something of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from finscribe.training.queue.examples import Example, read_line, write_line
from finscribe.training.queue.stored import read_entry


def queue_without(lines: Iterable[bytes], ids: Collection[str]) -> Iterator[bytes]:
    """The lines of the general queue that neither hold nor take back one of these examples."""
    for line in lines:
        entry = read_entry(line)
        if entry is None or entry.id not in ids:
            yield line


def log_without(lines: Iterable[bytes], ids: Collection[str], invoices: Collection[str]) -> Iterator[bytes]:
    """The lines of the active-learning log that are about neither these examples nor these invoices."""
    for line in lines:
        record = _record(line)
        about = {str(record.get(key)) for key in ("document_id", "doc_id", "invoice_id")}
        if record.get("example_id") not in ids and about.isdisjoint(invoices):
            yield line


def pieces_without(pieces: Iterable[bytes], erased: Collection[Example]) -> Iterator[bytes]:
    """The torn pieces that hold nothing of these examples."""
    marks = [mark for example in erased for mark in _marks(example)]
    return (piece for piece in pieces if not any(_holds(piece, key, value) for key, value in marks))


def _marks(example: Example) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values that a piece of one of the three records of an example would begin with."""
    yield _member("id", example.id)
    yield _member("example_id", example.id)
    yield _member("input", example.input)
    unsloth = example.to_unsloth_line()
    if unsloth:
        yield _member("input", read_line(unsloth)["input"])
    for key in ("invoice_id", "document_id") if example.invoice_id else ():
        yield _member(key, example.invoice_id)


def _member(key: str, value: Any) -> tuple[bytes, bytes]:
    line = write_line({key: value})
    name = line[1 : line.index(b": ") + 2]
    return name, line[1 + len(name) : -2]


def _holds(piece: bytes, key: bytes, value: bytes) -> bool:
    """Whether a piece has this value of a key, or was torn within it."""
    _, found, rest = piece.partition(key)
    rest = rest.rstrip(b"\n")
    return bool(found and rest) and (rest.startswith(value) or value.startswith(rest))


def _record(line: bytes) -> dict[str, Any]:
    try:
        return read_line(line)
    except ValueError:
        return {}
