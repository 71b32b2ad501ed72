"""Erasing corrections for good, with every line and every torn piece that holds something of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from finscribe.journal import read_lines, replace
from finscribe.json_lines import read_line, write_line
from finscribe.training.names import INVOICE_KEYS, objects_of, read_name
from finscribe.training.queue.record import Correction
from finscribe.training.queue.stored import TOMBSTONE, open_queue, read_entry
from finscribe.training.queue.three_files import ThreeFiles


def erase(files: ThreeFiles, corrections: Collection[Correction]) -> None:
    """Rewrites the files without these corrections; the caller holds the lock.

    The general queue comes last: as long as it knows a correction, a purge that was cut short can be repeated.
    """
    ids = {correction.id for correction in corrections}
    with open_queue(files.general) as queue:
        left = {stored.correction.invoice_id for stored in queue if stored.correction.id not in ids}
        invoices = {correction.invoice_id for correction in corrections if correction.invoice_id} - left
        _rewrite(files.reviews, lines_without(read_lines(files.reviews), ids, invoices))
        for path in (*files.torn, files.orphaned):
            _rewrite(path, pieces_without(read_lines(path), corrections))
        _rewrite(files.unsloth, queue.projection(without=ids))
    _rewrite(files.general, lines_without(queue_without(read_lines(files.general), ids), ids, invoices))


def _rewrite(path: Path, lines: Iterator[bytes]) -> None:
    if path.exists():
        replace(path, lines)


def queue_without(lines: Iterable[bytes], ids: Collection[str]) -> Iterator[bytes]:
    """The lines of the general queue that neither hold nor take back one of these corrections."""
    for line in lines:
        entry = read_entry(line)
        if entry is None or entry.id not in ids:
            yield line


def lines_without(lines: Iterable[bytes], ids: Collection[str], invoices: Collection[str]) -> Iterator[bytes]:
    """The lines, of records of any shape, that are about neither these corrections nor these invoices."""
    for line in lines:
        objects = list(objects_of(line.decode("utf-8-sig", "replace")))
        corrections = _names(objects, "id", "example_id", TOMBSTONE)
        about = _names(objects, *INVOICE_KEYS)
        if corrections.isdisjoint(ids) and about.isdisjoint(invoices):
            yield line


def pieces_without(pieces: Iterable[bytes], erased: Collection[Correction]) -> Iterator[bytes]:
    """The torn pieces that hold nothing of these corrections."""
    marks = [mark for correction in erased for mark in _marks(correction)]
    return (piece for piece in pieces if not any(_holds(piece, key, value) for key, value in marks))


def _marks(correction: Correction) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values that a piece of one of the three records of a correction would begin with."""
    yield _member("id", correction.id)
    yield _member("example_id", correction.id)
    yield _member(TOMBSTONE, correction.id)
    yield _member("input", correction.input)
    unsloth = correction.to_unsloth_line()
    if unsloth:
        yield _member("input", read_line(unsloth)["input"])
    for key in INVOICE_KEYS if correction.invoice_id else ():
        yield _member(key, correction.invoice_id)


def _member(key: str, value: Any) -> tuple[bytes, bytes]:
    line = write_line({key: value})
    name = line[1 : line.index(b": ") + 2]
    return name, line[1 + len(name) : -2]


def _holds(piece: bytes, key: bytes, value: bytes) -> bool:
    """Whether a piece has this value of a key, or was torn within it."""
    _, found, rest = piece.partition(key)
    rest = rest.rstrip(b"\n")
    return bool(found and rest) and (rest.startswith(value) or value.startswith(rest))


def _names(objects: Iterable[Mapping[str, Any]], *keys: str) -> set[str | None]:
    """What these keys of the objects name."""
    return {read_name(each.get(key)) for each in objects for key in keys}
