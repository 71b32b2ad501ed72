"""What was served when, and why: a file of JSON Lines that only grows."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from finscribe.journal import append, mend, read_lines

What: TypeAlias = Literal["adopted", "promoted", "refused", "rolled back", "found", "pruned"]
"""`found` is a pointer that something else has set."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a version: when (UTC, ISO 8601), by whose hand, and what was said about it."""

    what: What
    version: str
    time: str
    by: str
    said: str = ""

    @classmethod
    def now(cls, what: What, version: str, said: str = "") -> Event:
        """Something that happens at this moment, by the user of this process."""
        return cls(what, version, datetime.now(UTC).isoformat(timespec="seconds"), _user(), said)


class History:
    """The events of a registry; writers hold its lock. Methods raise `OSError` where the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Event]:
        """The events, oldest first; a line that is none is passed over."""
        for line in read_lines(self.path):
            try:
                yield Event(**json.loads(line))
            except (ValueError, TypeError):
                continue

    def add(self, event: Event) -> None:
        """Appends an event and returns when it is on disk; a torn end is set aside first."""
        mend(self.path)
        append({self.path: json.dumps(asdict(event), ensure_ascii=False).encode() + b"\n"})


def served_until_now(events: Sequence[Event]) -> list[str]:
    """The versions that led to the one that is served now, as if those rolled back had never been; it is the last."""
    line: list[str] = []
    for event in events:
        if event.what in ("adopted", "promoted"):
            line.append(event.version)
        elif event.what == "found" or (event.what == "rolled back" and event.version in line):
            line = led_to(event.version, line)
    return line


def led_to(version: str, line: Sequence[str]) -> list[str]:
    """The line to a version that the pointer leads to: one that was served before was gone back to."""
    if version not in line:
        return [*line, version]
    return list(line[: len(line) - line[::-1].index(version)])


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container runs with an id that has no name
        return str(os.getuid())
