"""What becomes of a document: a row of the output, of the rejects, or nothing because it has one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.exact_json import write_exactly

KEY_BYTES = 16

Keys: TypeAlias = NDArray[np.bytes_]
"""Sorted keys, 16 bytes each."""

Fate = Literal["done", "rejected", "known"]


@dataclass(frozen=True, slots=True)
class Row:
    """The key of a document, its fate, and the line that says so (empty for one that is known)."""

    key: bytes
    fate: Fate
    line: bytes = b""


def key_of(source: str, sha256: str | None) -> bytes:
    """What a document is known by: its source and its content, None for one that could not be read."""
    return hashlib.sha256(f"{source}\0{sha256 or ''}".encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]


def write_row(fate: Fate, source: str, sha256: str | None, rest: Mapping[str, Any]) -> Row:
    """A row with its line of JSON, which begins with the key, so that it is found without reading the rest."""
    key = key_of(source, sha256)
    record = {"id": key.hex(), "source": source, "sha256": sha256, **rest}
    return Row(key, fate, write_exactly(record).encode("utf-8", "backslashreplace") + b"\n")


def read_key(line: bytes) -> bytes:
    """The key that a line begins with; raises ValueError for a line that `write_row` did not write."""
    start, end = len(_BEFORE), len(_BEFORE) + 2 * KEY_BYTES
    if not line.startswith(_BEFORE) or line[end : end + 1] != b'"':
        raise ValueError("it does not begin with an id")
    return bytes.fromhex(line[start:end].decode("ascii"))


def check_start(start: bytes) -> None:
    """Raises ValueError where a file's first line, or as much of it as was written, is no beginning of a row."""
    row = _BEFORE + bytes(KEY_BYTES).hex().encode() + b'"'
    read_key(start + row[len(start) :])


_BEFORE = b'{"id":"'


def holds(keys: Keys, key: bytes) -> bool:
    """Whether a key is among sorted ones."""
    place = int(keys.searchsorted(key))
    return place < len(keys) and bytes(keys[place]).ljust(KEY_BYTES, b"\0") == key
