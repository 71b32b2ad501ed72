"""What training knows of one document, whatever shape it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from finscribe.invoice import Truth


class Origin(NamedTuple):
    """Where a record stands: the file as the user named it, and its line (or entry) counted from 1."""

    source: str
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class Record:
    """One document and what is known of it.

    `text` is the OCR text alone: no header, no instruction. `shape` is what it came in. `changes` counts what was
    normalised on the way, by kind.
    """

    text: str
    truth: Truth
    origin: Origin
    shape: str
    invoice_id: str | None = None
    timestamp: datetime | None = None
    changes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that is not used: where it stands, why (code and sentence), and the record as it was."""

    origin: Origin
    reason: str
    message: str
    original: Any
