"""Files, globs, folders and standard input -> raw records, and each of them -> one `Record` or one `Reject`."""

from __future__ import annotations

import glob
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from finscribe.errors import RecordError, SourcesError
from finscribe.training.reading.lines import KEPT, Raw, open_file, read_entries, read_lines
from finscribe.training.reading.retractions import NO_RETRACTIONS, Retractions
from finscribe.training.reading.shapes import read_record
from finscribe.training.reading.shapes.einvoices import read_einvoice
from finscribe.training.reading.strict_json import parse_object
from finscribe.training.records import Origin, Record, Reject

STANDARD_INPUT = "-"
SUFFIXES = (".jsonl", ".jsonl.gz", ".json", ".json.gz", ".pdf")
_OURS = (".rejects.jsonl", ".split.jsonl")
_CARD = "dataset.json"
"""What preparation writes beside its output, and nobody means to read with the folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a SROIE folder (`receipts`) or standard input (no path), under the name that the user gave it."""

    name: str
    path: Path | None
    kind: Literal["lines", "entries", "pdf", "receipts"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be read, in order; the inputs that are missing, and those named more than once."""

    found: tuple[Source, ...]
    missing: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Source]:
        return iter(self.found)

    @property
    def warnings(self) -> tuple[str, ...]:
        """One sentence for each input that is not read."""
        missing = [f"{name}: there is no such file or folder; it is left out" for name in self.missing]
        return (*missing, *(f"{name}: named more than once; it is read once" for name in self.repeated))


def expand(inputs: Sequence[str]) -> Sources:
    """The sources that inputs name: files, globs, folders (with all inside them), `-` for standard input.

    Raises `SourcesError` when all inputs are missing, and for a folder without data.
    """
    found: dict[str, Source] = {}
    missing, repeated = [], []
    for name in inputs:
        sources = _sources(name)
        if not sources:
            missing.append(name)
        for source in sources:
            key = str(source.path.resolve()) if source.path else STANDARD_INPUT
            if key in found:
                repeated.append(source.name)
            found.setdefault(key, source)
    if not found:
        raise SourcesError(
            f"no input is there: {', '.join(missing) or 'none is named'}",
            hint="Name files, folders or globs that exist, or - for standard input.",
        )
    return Sources(tuple(found.values()), tuple(missing), tuple(repeated))


def _sources(name: str) -> list[Source]:
    path = Path(name)
    if name == STANDARD_INPUT:
        return [Source(name, None, "lines")]
    if os.path.isdir(name):
        return _folder(path)
    if os.path.exists(name):
        return [_file(path)]
    if not glob.has_magic(name):
        return []
    matches = map(Path, sorted(glob.glob(name, recursive=True)))
    return [source for match in matches for source in _match(match)]


def _match(path: Path) -> list[Source]:
    """A match of a glob; a folder counts where it is a set of receipts, for `**` names all the others too."""
    if path.is_dir():
        return [Source(str(path), path, "receipts")] if _receipt_folders(path) else []
    return [_file(path)]


def _file(path: Path) -> Source:
    name = path.name.lower()
    if name.endswith(".pdf"):
        return Source(str(path), path, "pdf")
    return Source(str(path), path, "entries" if name.endswith((".json", ".json.gz")) else "lines")


def _folder(folder: Path) -> list[Source]:
    try:
        found = list(_walk(folder))
    except OSError as error:
        raise SourcesError(
            f"{error.filename}: the folder cannot be read ({error.strerror})", hint="Check its permissions."
        ) from error
    if not found:
        raise SourcesError(
            f"{folder}: no data in this folder",
            hint=f"Looked for {' '.join(SUFFIXES)}, and for SROIE folders (box and key), also in folders inside.",
        )
    return found


def _walk(folder: Path) -> Iterator[Source]:
    """The data of a folder: its receipts, its files by name, its folders by name; hidden ones are left out."""
    receipts = _receipt_folders(folder) or ()
    if receipts:
        yield Source(str(folder), folder, "receipts")
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    yield from (_file(path) for path in entries if path.is_file() and _is_data(path))
    for path in entries:
        if path.is_dir() and not path.is_symlink() and path not in receipts:
            yield from _walk(path)


def _is_data(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES) and not path.name.endswith(_OURS) and path.name != _CARD


# --- reading -----------------------------------------------------------------------------------------


def read_raw(source: Source) -> Iterator[Raw | Reject]:
    """The raw records of one source, not yet understood."""
    if source.path is None:
        yield from read_lines(sys.stdin.buffer, "standard input")  # type: ignore[arg-type]
    elif source.kind == "pdf":
        yield Raw(Origin(source.name, 1), str(source.path), "pdf")
    elif source.kind == "receipts":
        yield from _receipts(source.path)
    else:
        yield from _read_file(source.path, source)


def _read_file(path: Path, source: Source) -> Iterator[Raw | Reject]:
    try:
        stream = open_file(path)
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror}"
        yield Reject(Origin(source.name, 1), "unreadable", message, "")
        return
    with stream:
        yield from (read_entries if source.kind == "entries" else read_lines)(stream, source.name)


def to_record(raw: Raw, retractions: Retractions = NO_RETRACTIONS) -> Record | Reject:
    """What a raw record says; a `Reject` where nothing can be learned from it, or where it was taken back."""
    try:
        if raw.kind == "pdf":
            return read_einvoice(Path(raw.content), raw.origin)
        found = parse_object(raw.content)
        retractions.check(found)
        return read_record(found, raw.origin)
    except RecordError as error:
        return Reject(raw.origin, error.reason, error.message, raw.content)
    except RecursionError:
        message = "objects or lists stand too deep inside one another"
        return Reject(raw.origin, "too-deep", message, raw.content[:KEPT])


# --- SROIE -------------------------------------------------------------------------------------------


def _receipt_folders(folder: Path) -> tuple[Path, Path] | None:
    """The folders of box and of key files, by their usual or their ICDAR names."""
    inner = sorted(path for path in folder.iterdir() if path.is_dir())
    box = next(
        (path for path in inner if path.name.lower() in ("box", "boxes") or "task1" in path.name), None
    )
    key = next(
        (path for path in inner if path.name.lower() in ("key", "keys", "entities") or "task2" in path.name),
        None,
    )
    return (box, key) if box and key else None


def _receipts(folder: Path) -> Iterator[Raw | Reject]:
    """One raw record for each receipt, its two files in one object."""
    folders = _receipt_folders(folder)
    boxes, keys = (_by_stem(each) for each in folders) if folders else ({}, {})
    for stem in sorted(boxes.keys() | keys.keys()):
        origin = Origin(str(keys.get(stem) or boxes[stem]), 1)
        if stem not in boxes or stem not in keys:
            missing = "box" if stem not in boxes else "key"
            reason = "no-text" if stem not in boxes else "no-truth"
            yield Reject(origin, reason, f"the receipt {stem} has no {missing} file", "")
        else:
            yield _receipt(origin, boxes[stem], keys[stem])


def _by_stem(folder: Path) -> dict[str, Path]:
    files = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".txt", ".csv", ".json"))
    return {path.stem: path for path in files}


def _receipt(origin: Origin, box: Path, key: Path) -> Raw | Reject:
    try:
        texts = {name: path.read_text("utf-8-sig") for name, path in (("sroie_box", box), ("sroie_key", key))}
    except UnicodeDecodeError as error:
        return Reject(origin, "encoding", f"{box.name} or {key.name} is not UTF-8: {error.reason}", "")
    except OSError as error:
        return Reject(origin, "unreadable", f"{error.filename}: {error.strerror}", "")
    return Raw(origin, json.dumps(texts, ensure_ascii=False))
