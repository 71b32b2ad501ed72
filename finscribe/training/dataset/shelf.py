"""What has to be remembered of all records, kept on disk: examples in their order, keys, signatures."""

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
from finscribe.training.dataset.study import Example, Studied, read_example


class Shelf:
    """A working folder that holds studied records one after the other; it is gone when the work is done."""

    def __init__(self, folder: Path) -> None:
        self.near, self.alike = folder / "near", folder / "alike"
        self._folder = folder
        self._examples, self._keys = folder / "examples", folder / "keys"

    def __enter__(self) -> Shelf:
        shutil.rmtree(self._folder, ignore_errors=True)  # of a preparation that was killed
        self._folder.mkdir(parents=True)
        self._files = [path.open("ab") for path in (self._examples, self._keys, self.near, self.alike)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # of a full disk, which is said already
            self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, studied: Studied) -> None:
        """Put a chunk behind those that are there."""
        examples, keys, near, alike = self._files
        examples.write("".join(studied.lines).encode())
        for file, rows in ((keys, studied.keys), (near, studied.near), (alike, studied.alike)):
            file.write(rows.tobytes())

    def close(self) -> None:
        """No more is added; from now on it can be read."""
        for file in self._files:
            file.close()

    @property
    def keys(self) -> NDArray[Any]:
        """The keys of all examples, dtype `KEYS`."""
        return np.fromfile(self._keys, KEYS)

    def examples(self) -> Iterator[Example]:
        """All examples in their order."""
        with self._examples.open(encoding="utf-8") as lines:
            yield from map(read_example, lines)
