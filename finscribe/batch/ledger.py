"""The rows on disk: what is done, what was rejected, and so what a next run does not do again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from finscribe import journal
from finscribe.batch.rows import KEY_BYTES, Fate, Keys, Row, check_start, holds, read_key
from finscribe.batch.sources import PARQUET
from finscribe.errors import BatchError
from finscribe.files import locked

_ANOTHER = "Give another --output."


class Ledger:
    """Appends rows that are on disk when `add` returns, one for each key."""

    def __init__(self, output: Path, *, retry_rejects: bool = False) -> None:
        self.rows = rows_file(output)
        self.rejects = output.with_name(f"{output.name}.rejects.jsonl")
        for path in (self.rows, self.rejects):
            _check_rows(path)
            journal.mend(path)
        if retry_rejects:
            self._set_rejects_aside()
        self._sorted = _sorted(key for path in (self.rows, self.rejects) for key in _keys(path))
        self._added: set[bytes] = set()

    def known(self) -> Keys:
        """The keys of all rows that there are."""
        if self._added:
            self._sorted = np.unique(np.concatenate([self._sorted, _sorted(self._added)]))
            self._added = set()
        return self._sorted

    def add(self, rows: Iterable[Row]) -> Counter[Fate]:
        """Appends those that are not known, all of them or none, and counts what became of each."""
        fates: Counter[Fate] = Counter()
        lines: dict[Fate, bytes] = {"done": b"", "rejected": b""}
        new = set()
        for row in rows:
            known = row.fate == "known" or row.key in new or self._has(row.key)
            fates["known" if known else row.fate] += 1
            if not known:
                lines[row.fate] += row.line
                new.add(row.key)
        journal.append({self.rows: lines["done"], self.rejects: lines["rejected"]})
        self._added |= new
        return fates

    def rejected(self) -> int:
        """How many documents are rejected, by this run and by those before."""
        return sum(1 for _ in _keys(self.rejects))

    def _has(self, key: bytes) -> bool:
        return key in self._added or holds(self._sorted, key)

    def _set_rejects_aside(self) -> None:
        """The rejects go to a file of earlier ones, so that they are known no more."""
        old = self.rejects.with_name(f"{self.rejects.stem}.old.jsonl")
        journal.append({old: b"".join(journal.read_lines(self.rejects))})
        self.rejects.unlink(missing_ok=True)


def rows_file(output: Path) -> Path:
    """Where rows are appended: the output itself, or, as Parquet cannot be appended to, a file beside it."""
    return output.with_name(f"{output.name}.rows.jsonl") if output.suffix == PARQUET else output


@contextmanager
def open_ledger(output: Path, *, retry_rejects: bool = False) -> Iterator[Ledger]:
    """The ledger of an output, which nobody else writes meanwhile; Parquet is written from it at the end.

    Raises BatchError where the output is in use, is something else's, or cannot be written.
    """
    try:
        if output.suffix == PARQUET and output.exists():
            _check_table(output)
        with locked(rows_file(output), wait=False):
            ledger = Ledger(output, retry_rejects=retry_rejects)
            yield ledger
            if output.suffix == PARQUET:
                from finscribe.batch.table import write_table

                write_table(ledger.rows, output)
    except BlockingIOError as error:
        raise BatchError(
            f"another batch is writing {output}", hint="Wait for it, or give another --output."
        ) from error
    except OSError as error:
        raise BatchError(
            f"{error.filename or output}: {error.strerror or error}",
            hint="What was written before is whole; make room or correct the path, and run it again.",
        ) from error


def _check_table(output: Path) -> None:
    """Raises BatchError for a table that the next run would not write again with all that is in it."""
    from finscribe.batch.table import is_ours

    if not is_ours(output):
        raise BatchError(f"{output}: there already, and no table of a batch", hint=_ANOTHER)
    if not (rows := rows_file(output)).exists():
        raise BatchError(
            f"{output}: {rows.name}, which holds its rows, is not beside it",
            hint="Put it back, or give another --output.",
        )


def _check_rows(path: Path) -> None:
    """Raises BatchError where a file begins with something else than a row, whole or torn."""
    with suppress(FileNotFoundError), path.open("rb") as file, _numbered(path, 1):
        check_start(file.readline())


def _keys(path: Path) -> Iterator[bytes]:
    for number, line in enumerate(journal.read_lines(path), start=1):
        with _numbered(path, number):
            yield read_key(line)


@contextmanager
def _numbered(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise BatchError(f"{path}, line {number}: no row of a batch ({error})", hint=_ANOTHER) from error


def _sorted(keys: Iterable[bytes]) -> Keys:
    return np.unique(np.frombuffer(b"".join(keys), dtype=f"S{KEY_BYTES}"))
