"""Where records end: the files of a preparation, each line counted as it is written."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

from finscribe.training.dataset.card import Tally
from finscribe.training.dataset.ledger import PARTS, TRAIN, family_line, text_line
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.staging import Staging
from finscribe.training.dataset.study import StudiedRecord
from finscribe.training.reading.counted import FileFacts
from finscribe.training.records import Reject


class Outputs:
    """The train, val and gate files, the rejects and the ledger, all still in staging."""

    def __init__(self, options: PrepareOptions, staging: Staging) -> None:
        self._staging, self._options = staging, options
        # What is opened first is published first: a ledger that knows too much does no harm, one that knows too little
        # would move records.
        self._ledger = staging.open(options.ledger) if options.split else None
        if self._ledger and options.ledger.exists():
            with options.ledger.open(encoding="utf-8", newline="\n") as before:
                shutil.copyfileobj(before, self._ledger)
        self._rejects = staging.open(options.rejects)
        self._files = {part: _Lines(staging, path) for part, path in options.outputs.items()}
        self._families: set[str] = set()
        self.tally = Tally()

    @property
    def parts(self) -> Collection[int]:
        """The parts that are written, as positions in `PARTS`."""
        return self._files.keys()

    def reject(self, reject: Reject) -> None:
        """Write a record that is not used, with its reason."""
        self.tally.rejects[reject.reason] += 1
        self._rejects.write(
            _as_line(
                {
                    "file": reject.origin.source,
                    "line": reject.origin.line,
                    "reason": reject.reason,
                    "message": reject.message,
                    "original": reject.original,
                }
            )
        )

    def drop_duplicate(self, reason: str) -> None:
        """Count a record that says nothing new."""
        self.tally.duplicates[reason] += 1

    def write(self, record: StudiedRecord, part: int) -> None:
        """Write a record to its part: train gets what the page prints, the others the truth as it is known."""
        self.tally.add(record, PARTS[part])
        self._files[part].write(record.as_train if part == TRAIN else record.as_known)

    def remember_name(self, name: str, part: int) -> None:
        """Write to the ledger where the family of this name went, once."""
        if self._ledger and name not in self._families:
            self._families.add(name)
            self._ledger.write(family_line(name, part))

    def remember_text(self, text_hash: int, part: int) -> None:
        """Write to the ledger where a text went."""
        if self._ledger:
            self._ledger.write(text_line(text_hash, part))

    def files(self) -> dict[str, FileFacts]:
        """The files of the parts, but for train's those with a record: the others are to be gone."""
        for part in [part for part, file in self._files.items() if part != TRAIN and not file.count]:
            self._staging.remove(self._files.pop(part).path)
        return {PARTS[part]: file.facts() for part, file in self._files.items()}


class _Lines:
    """A file of JSON Lines with its count and its hash."""

    def __init__(self, staging: Staging, path: Path) -> None:
        self.path, self.count = path, 0
        self._stream, self._hash = staging.open(path).buffer, hashlib.sha256()

    def write(self, line: bytes) -> None:
        self._stream.write(line)
        self._hash.update(line)
        self.count += 1

    def facts(self) -> FileFacts:
        return FileFacts(str(self.path), self.count, self._hash.hexdigest())


def _as_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> Any:
    """What JSON has no word for: exact numbers as numbers, the rest as text."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 300:
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
