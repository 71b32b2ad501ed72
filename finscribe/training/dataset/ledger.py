"""The split's ledger: which vendor family and which text went to train, val or gate, for good.

The ledger is a JSON Lines file beside the output, `<output stem>.split.jsonl`. Its lines are `{"family": NAME, "part":
PART}` and `{"text": HASH, "part": PART}`, HASH being 64 bits of BLAKE2b of the document's key in hexadecimal. Lines are
only ever added. What it holds decides before anything else, so that data added later never moves a record.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.errors import LedgerError, MissingDependency
from finscribe.files import locked
from finscribe.training.dataset.duplicates import Longs, hash_text

Parts: TypeAlias = NDArray[np.int8]
"""Positions in `PARTS`, or one of the negative marks below."""

PARTS = ("train", "val", "gate")
TRAIN = 0
UNKNOWN = -1
BRIDGE = -2
"""A record that would tie two parts together."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was decided before: sorted hashes of families and of texts, each with its part."""

    families: tuple[Longs, Parts]
    texts: tuple[Longs, Parts]

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """The ledger at `path`, empty where there is none; raises LedgerError with the line."""
        found: dict[str, dict[int, int]] = {"family": {}, "text": {}}
        for number, line in enumerate(_lines(path), 1):
            kind, key, part = _entry(path, number, line)
            found[kind][key] = part
        return cls(_sorted(found["family"]), _sorted(found["text"]))

    def part_of_families(self, hashes: Longs) -> Parts:
        """The part of each family, `UNKNOWN` where it is new."""
        return _look_up(self.families, hashes)

    def part_of_texts(self, hashes: Longs) -> Parts:
        """The part of each text, `UNKNOWN` where it is new."""
        return _look_up(self.texts, hashes)


def ledger_path(output: Path) -> Path:
    """Where the ledger of an output lies."""
    return output.with_name(f"{output.stem}.split.jsonl")


_encode = json.JSONEncoder(ensure_ascii=False).encode


def family_line(name: str, part: int) -> str:
    """The ledger's line for a family."""
    return f'{{"family": {_encode(name)}, "part": "{PARTS[part]}"}}\n'


def text_line(text_hash: int, part: int) -> str:
    """The ledger's line for a text."""
    return f'{{"text": "{text_hash:016x}", "part": "{PARTS[part]}"}}\n'


def _lines(path: Path) -> Iterator[str]:
    try:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as lines:
                yield from lines
    except OSError as error:
        raise LedgerError(
            f"{path}: the split's ledger cannot be read: {error.strerror or error}",
            hint="Check its permissions. Without it the split is made anew, and val records may enter train.",
        ) from error


def _entry(path: Path, number: int, line: str) -> tuple[str, int, int]:
    try:
        entry = json.loads(line)
        part = PARTS.index(entry["part"])
        if "family" in entry:
            return "family", hash_text(entry["family"]), part
        return "text", int(entry["text"], 16), part
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(
            f"{path}:{number}: not a line of the split's ledger: {line.strip()[:80]!r}",
            hint="Restore the file from a copy. Without it the split is made anew, and val records may enter train.",
        ) from error


def _sorted(entries: Mapping[int, int]) -> tuple[Longs, Parts]:
    hashes = np.fromiter(entries.keys(), np.uint64, len(entries))
    parts = np.fromiter(entries.values(), np.int8, len(entries))
    order = np.argsort(hashes)
    return hashes[order], parts[order]


def _look_up(known: tuple[Longs, Parts], hashes: Longs) -> Parts:
    keys, parts = known
    if not len(keys):
        return np.full(len(hashes), UNKNOWN, np.int8)
    places = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
    return np.where(keys[places] == hashes, parts[places], UNKNOWN).astype(np.int8)


@contextmanager
def only_one(output: Path) -> Iterator[None]:
    """Hold the lock of an output, whose folder is made; raises LedgerError where another preparation holds it.

    Raises MissingDependency on a system without `fcntl` (Windows), where two of them would mix.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(output.with_name(f".{output.stem}.lock"), wait=False))
        except BlockingIOError as error:
            raise LedgerError(
                f"another preparation is writing {output}",
                hint="Wait until it is done, or give another --output.",
            ) from error
        except OSError as error:
            if error.errno != errno.ENOTSUP:
                raise
            raise MissingDependency(
                f"{error.strerror}, so two preparations could mix",
                hint="Prepare on Linux or macOS; on Windows, in WSL or in the container.",
            ) from error
        yield
