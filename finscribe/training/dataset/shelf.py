"""What has to be remembered of all records, kept on disk: themselves in their order, keys, signatures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finscribe.training.dataset.duplicates import KEYS
from finscribe.training.dataset.study import StudiedChunk, StudiedRecord, read_studied


class Shelf:
    """A working folder that holds studied records one after the other; it is gone when the work is done."""

    def __init__(self, folder: Path) -> None:
        self.near, self.alike = folder / "near", folder / "alike"
        self._folder = folder
        self._records, self._keys = folder / "records", folder / "keys"

    def __enter__(self) -> Shelf:
        shutil.rmtree(self._folder, ignore_errors=True)  # of a preparation that was killed
        self._folder.mkdir(parents=True)
        self._files = [path.open("ab") for path in (self._records, self._keys, self.near, self.alike)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # of a full disk, which is said already
            self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, chunk: StudiedChunk) -> None:
        """Put a chunk behind those that are there."""
        records, keys, near, alike = self._files
        records.write(chunk.records)
        for file, rows in ((keys, chunk.keys), (near, chunk.near), (alike, chunk.alike)):
            file.write(rows.tobytes())

    def close(self) -> None:
        """No more is added; from now on it can be read."""
        for file in self._files:
            file.close()

    @property
    def keys(self) -> NDArray[Any]:
        """The keys of all records, dtype `KEYS`."""
        return np.fromfile(self._keys, KEYS)

    def records(self) -> Iterator[StudiedRecord]:
        """All records in their order."""
        with self._records.open("rb") as lines:
            yield from read_studied(lines)
