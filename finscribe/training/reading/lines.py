"""Bytes -> the JSON texts in them, one a line or one after the other, however broken, in bounded memory."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from finscribe.training.records import Origin, Reject

MOST_LINE_BYTES = 16 * 1024 * 1024
MOST_JSON_BYTES = 128 * 1024 * 1024
KEPT = 2_000
"""Characters that are kept of what is too large or too broken to be kept whole."""

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1024 * 1024


class Raw(NamedTuple):
    """A record as it lies on disk: `content` is JSON text, or the path of a PDF."""

    origin: Origin
    content: str
    kind: Literal["json", "pdf"] = "json"


Readline = Callable[[int], bytes]


def read_lines(stream: io.BufferedReader, source: str) -> Iterator[Raw | Reject]:
    """The lines of JSON Lines (UTF-8, or UTF-16 with its mark; also gzip); what cannot be read is a reject.

    Blank lines are skipped. Lines over `MOST_LINE_BYTES` are passed over without being held in memory.
    """
    return _guarded(_lines(stream, source), source)


def read_entries(stream: io.BufferedReader, source: str) -> Iterator[Raw | Reject]:
    """The entries of a `.json` file: of one list, one object, or several one after the other, numbered from 1.

    The file is held in memory; one over `MOST_JSON_BYTES` is one reject.
    """
    return _guarded(_entries(stream, source), source)


def _guarded(found: Iterator[Raw | Reject], source: str) -> Iterator[Raw | Reject]:
    """What is found up to an error of the file itself, which becomes the last reject."""
    line = 0
    try:
        for each in found:
            line = each.origin.line
            yield each
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"the gzip file is truncated or damaged: {error}; what comes before is read"
        yield Reject(Origin(source, line + 1), "truncated", message, "")
    except UnicodeDecodeError as error:
        yield Reject(Origin(source, line + 1), "encoding", f"the file is no {error.encoding} text", "")
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        yield Reject(Origin(source, line + 1), "unreadable", message, "")


def _unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    packed = stream.peek(2)[:2] == _GZIP
    return io.BufferedReader(gzip.GzipFile(fileobj=stream)) if packed else stream


# --- lines -------------------------------------------------------------------------------------------


def _lines(stream: io.BufferedReader, source: str) -> Iterator[Raw | Reject]:
    stream = _unpacked(stream)
    readline = _readline(stream)
    number = 0
    while line := readline(MOST_LINE_BYTES + 1):
        number += 1
        origin = Origin(source, number)
        if len(line) > MOST_LINE_BYTES and not line.endswith(b"\n"):
            _skip(readline)
            yield _too_large(origin, line, f"the line is longer than {MOST_LINE_BYTES:,} bytes")
        elif line := line.removeprefix(codecs.BOM_UTF8).strip():
            yield _decoded(origin, line)


def _readline(stream: io.BufferedReader) -> Readline:
    """Lines as UTF-8; those of UTF-16 rewritten, with what is invalid still invalid."""
    if not stream.peek(2).startswith(_UTF16):
        return stream.readline
    text = io.TextIOWrapper(stream, "utf-16", errors="surrogatepass", newline="\n")
    return lambda size: text.readline(size).encode("utf-8", "surrogatepass")


def _skip(readline: Readline) -> None:
    while (rest := readline(_CHUNK)) and not rest.endswith(b"\n"):
        pass


def _decoded(origin: Origin, line: bytes) -> Raw | Reject:
    try:
        return Raw(origin, line.decode())
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start + 1} is {line[error.start]:#04x}"
        return Reject(origin, "encoding", message, line.decode(errors="backslashreplace"))


def _too_large(origin: Origin, data: bytes, message: str) -> Reject:
    return Reject(origin, "too-large", message, data[: 4 * KEPT].decode(errors="replace")[:KEPT])


# --- entries -----------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"[\s,\[\]]*")
"""What stands around the entries of a list, and between texts that follow each other."""
_INDENTATION = re.compile(r"[ \t]*")
_DECODER = json.JSONDecoder()


def _entries(stream: io.BufferedReader, source: str) -> Iterator[Raw | Reject]:
    data = _unpacked(stream).read(MOST_JSON_BYTES + 1)
    if len(data) > MOST_JSON_BYTES:
        message = (
            f"the file is larger than {MOST_JSON_BYTES:,} bytes; as .jsonl, one record a line, it may be"
        )
        yield _too_large(Origin(source, 1), data, message)
        return
    text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    number, start = 1, _after_gap(text, 0)
    while start < len(text):
        origin = Origin(source, number)
        found, end = _entry(text, start, origin)
        yield found
        number, start = number + 1, _after_gap(text, end)


def _after_gap(text: str, place: int) -> int:
    gap = _BETWEEN.match(text, place)
    return gap.end() if gap else place


def _next_entry(text: str, start: int) -> int:
    """Where reading goes on behind a broken entry: at the next object that begins a line as deep in the page.

    What stands deeper belongs to the broken one; `}, {` ends one object and begins the next.
    """
    line = text.rfind("\n", 0, start) + 1
    indentation = _INDENTATION.match(text, line)
    depth = indentation[0] if indentation else ""
    begun = re.compile(rf"\n{depth}(?:\}}[ \t]*,[ \t]*)?(?=\{{)").search(text, start)
    return begun.end() if begun else len(text)


def _entry(text: str, start: int, origin: Origin) -> tuple[Raw | Reject, int]:
    """The entry that begins at `start`, and where it ends."""
    try:
        _, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        reason = "too-deep" if isinstance(error, RecursionError) else "not-json"
        end = _next_entry(text, start)
        message = (
            f"not JSON: {error}; reading goes on at the next object that begins a line as deep as this one"
        )
        return Reject(origin, reason, message, text[start : min(end, start + KEPT)]), end
    return Raw(origin, text[start:end]), end


def may_hold(path: Path, mark: str) -> bool:
    """Whether an ASCII string may stand in a file: surely not when its bytes do not; packed ones may always."""
    searched, before = mark.encode(), b""
    with suppress(OSError), path.open("rb") as stream:
        if stream.peek(2)[:2] in (_GZIP, *_UTF16):
            return True
        while block := stream.read(_CHUNK):
            if searched in before + block:
                return True
            before = block[-len(searched) :]
    return False


def open_file(path: Path) -> io.BufferedReader:
    """A file to be read as lines or entries; raises `OSError`."""
    return path.open("rb")
