"""Following an answer while it is written: which value is being written, and how much of it stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from finscribe.invoice import LINES, cell_path, cells_of, in_order, skeleton


@dataclass(slots=True)
class Cursor:
    """The place in an answer that `feed` has reached.

    `path` names the value being written (`line_items[1].qty`), or is None in the fixed text between values;
    `value` holds its bytes so far. `finished` lists the values written in full, as JSON text.
    """

    parts: tuple[str, ...]
    cells: tuple[str, ...]
    index: int = 0
    fixed: bytes = b""
    path: str | None = None
    value: bytes = b""
    row: int = -1
    cell: int = 0
    choosing: bool = False
    finished: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def of(cls, request: Sequence[str]) -> Cursor:
        """The beginning of an answer to a request; raises InvoiceShapeError for unknown fields."""
        parts = tuple(skeleton(in_order(request)))
        return cls(parts, cells_of(request), fixed=parts[0].encode())

    def copy(self) -> Cursor:
        """One that goes ahead while this one stays."""
        return replace(self)

    @property
    def done(self) -> bool:
        """Whether the answer has been written to its end."""
        return self.index == len(self.parts) - 1 and not self.fixed

    def past(self, part: str) -> bool:
        """Whether a header field, or `LINES`, has been written to its end."""
        return part in self.parts[: self.index]

    @property
    def at_start(self) -> bool:
        """Whether a value begins right here."""
        return self.path is not None and not self.value

    def feed(self, text: bytes) -> None:
        """Takes what was written next. What does not follow the grammar leaves the cursor where it is."""
        if len(text) < len(self.fixed) and self.fixed.startswith(text):
            self.fixed = self.fixed[len(text) :]
        elif self._ends_nothing(text):
            self.value += text
        else:
            for position in range(len(text)):
                self._take(text[position : position + 1])

    def _ends_nothing(self, text: bytes) -> bool:
        """Whether all of it surely goes into the value that is being written."""
        if self.path is None or self.fixed or not self.value:
            return False
        return b'"' not in text if self.value.startswith(b'"') else text.isdigit()

    def _take(self, byte: bytes) -> None:
        if self.fixed:
            self.fixed = self.fixed.removeprefix(byte)
            if not self.fixed:
                self._fixed_ended()
        elif self.choosing:
            self._chosen(byte)
        elif self.path is not None:
            self._take_value(byte)

    def _take_value(self, byte: bytes) -> None:
        text = self.value.startswith(b'"')
        if not text and byte in (b",", b"}"):
            self._value_ended()
            self._take(byte)
            return
        self.value += byte
        if (text and byte == b'"' and _closes(self.value)) or self.value == b"null":
            self._value_ended()

    def _fixed_ended(self) -> None:
        if self.row >= 0 and not self.choosing:
            self.path, self.value = cell_path(self.row, self.cells[self.cell]), b""
        elif self.index + 1 < len(self.parts):
            self._enter(self.parts[self.index + 1])

    def _enter(self, part: str) -> None:
        if part == LINES:
            self.choosing = True
        else:
            self.path, self.value = part, b""

    def _chosen(self, byte: bytes) -> None:
        """In the list, between its lines: `[` opens it, `{` a line, `,` separates, `]` ends it."""
        if byte == b"{":
            self.row += 1
            self.cell = 0
            self.choosing = False
            self.fixed = f'"{self.cells[0]}":'.encode()
        elif byte == b"]":
            self.choosing = False
            self.row = -1
            self._next_part()

    def _value_ended(self) -> None:
        assert self.path is not None
        self.finished = (*self.finished, (self.path, self.value.decode("utf-8", "replace")))
        self.path, self.value = None, b""
        if self.row < 0:
            self._next_part()
        elif self.cell + 1 < len(self.cells):
            self.cell += 1
            self.fixed = f',"{self.cells[self.cell]}":'.encode()
        else:
            self.choosing = True

    def _next_part(self) -> None:
        self.index += 2
        self.fixed = self.parts[self.index].encode()


def _closes(value: bytes) -> bool:
    """Whether the quote at the end closes the string, which it does unless a backslash escapes it."""
    body = value[1:-1]
    return len(value) > 1 and (len(body) - len(body.rstrip(b"\\"))) % 2 == 0


def unescape(value: bytes) -> str | None:
    """The text of an unfinished JSON string, or None when it ends in the middle of a character."""
    try:
        return str(json.loads(value + b'"'))
    except ValueError:
        return None
