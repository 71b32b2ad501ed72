"""Guessing what the model writes next, so that one forward pass can verify many tokens.

A guess is never trusted: the decoder keeps the part that the model would have written itself. Good guesses come
from the page: the words behind a label, the rest of the words begun, the prices of the next line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property

from finscribe.decoding.cells import Cells, Item
from finscribe.decoding.cursor import Cursor, unescape
from finscribe.decoding.flow import SEPARATOR
from finscribe.decoding.labels import LABELS, TITLES
from finscribe.decoding.layout import Layout
from finscribe.decoding.printed import Printed, as_fraction
from finscribe.decoding.rows import Rows
from finscribe.decoding.trail import Trail
from finscribe.invoice import LINES, Kind, cell_path, kind_of, row_and_cell

MOST_ADDRESS_LINES = 5
SUMMARY_BLOCK = "financial_summary"


@dataclass(frozen=True, eq=False)
class Drafter:
    """Guesses for the answers to one document."""

    printed: Printed
    _trail: Trail = field(default_factory=Trail)
    _labelled: dict[str, int | None] = field(default_factory=dict)
    _amounts: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)
    _plain: dict[int, bool] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self.printed)

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self._layout)

    @cached_property
    def _cells(self) -> Cells:
        return Cells(self._rows)

    def guess(self, cursor: Cursor) -> str:
        """What could follow, as JSON text; empty where there is nothing to go by."""
        self._trail.follow(cursor.finished, self._locate)
        if cursor.choosing:
            return self._next_line(cursor)
        if cursor.path is None or not self.printed.words:
            return "null" if cursor.at_start else ""
        kind = kind_of(cursor.path)
        if kind.textual:
            return self._text(cursor.path, cursor.value)
        value = self._listed(cursor.path, kind, cursor.value.decode("utf-8", "ignore"))
        return value + self._row_end(cursor)

    # --- lines ---

    def _next_line(self, cursor: Cursor) -> str:
        if self._next_desc() is None:
            return "]"
        return ("{" if cursor.row < 0 else ",{") + f'"{cursor.cells[0]}":'

    def _row_end(self, cursor: Cursor) -> str:
        """What follows the last cell of a line: often one token with what comes behind it."""
        last_cell = cursor.row >= 0 and cursor.cell == len(cursor.cells) - 1
        return "}" + self._next_line(cursor) if last_cell else ""

    def _next_desc(self) -> int | None:
        """Where the next line's description should stand.

        By the prices of the page where they found the latest line too, else as that one stood.
        """
        latest = self._trail.latest_row()
        same = None if latest is None else self._trail.same_as(latest)
        if same is not None:
            return self._trail.place_of(cell_path(same + 1, "desc"))
        item = None if latest is None else self._item(latest)
        row = next((row for row in self._rows.guesses if row.desc > (item.desc if item else -1)), None)
        priced = row.desc if row else None
        if item is None or (row and self._is_priced(item)):
            return priced
        return self._cells.next_item(item)

    def _is_priced(self, item: Item) -> bool:
        """Whether the prices of the page found a line, and its description where it is."""
        row = self._cells.row_of(item)
        return row is not None and row.desc == item.desc

    def _item(self, row: int) -> Item | None:
        """A line as far as it is written, if it stands anywhere."""
        cells, place = self._trail.cells(row), self._trail.place_of(cell_path(row, "desc"))
        if place is None:
            return None
        layout, text = self._layout, str(json.loads(cells["desc"]))
        head = text
        while SEPARATOR in head and not layout.flat.startswith(head, layout.offsets[place]):
            head = head.rpartition(SEPARATOR)[0]
        end = layout.place_at(layout.offsets[place] + len(head))
        rest = text[len(head) + len(SEPARATOR) :]
        tail = layout.find(rest, end) if rest else None
        return Item(place, end, cells, layout.line_of(place if tail is None else tail))

    # --- text ---

    def _text(self, path: str, value: bytes) -> str:
        if not value:
            place = self._expected(path)
            return "null" if place is None else '"' + self._whole(path, place, 0)
        begun = unescape(value)
        if not begun:
            return ""
        piece = begun
        place = self._begun_at(path, begun)
        if place is None:
            head, _, piece = begun.rpartition(SEPARATOR)
            if not piece or begun.endswith(","):
                return self._next_piece(head if not piece else begun[:-1], " " if piece else "")
            place = self._layout.find(piece)
            return "" if place is None else self._run(path, place, len(piece))
        return self._whole(path, place, len(piece))

    def _whole(self, path: str, first: int, written: int) -> str:
        """As `_run`, with what stands below where the description of the line before ran on there."""
        rest, below = self._run(path, first, written), self._layout.below(first)
        if below is None or not self._runs_on(path):
            return rest
        return rest[:-1] + SEPARATOR + self._run("", below, 0)

    def _runs_on(self, path: str) -> bool:
        """Whether the description of the line before ran on in another line of the page."""
        place = row_and_cell(path)
        above = self._item(place[0] - 1) if place and place[0] else None
        return above is not None and above.last > self._layout.line_of(above.desc)

    def _next_piece(self, begun: str, space: str) -> str:
        """Behind a comma that the page doesn't print: the cell below that of the latest piece."""
        place = self._layout.find(begun.rpartition(SEPARATOR)[2])
        below = None if place is None else self._layout.below(place)
        return "" if below is None else space + self._run("", below, 0)

    def _locate(self, path: str, written: str) -> int | None:
        if not written.startswith('"') or not kind_of(path).textual:
            return None
        text = str(json.loads(written))
        return self._begun_at(path, text, text.partition(SEPARATOR)[0])

    def _begun_at(self, path: str, *texts: str) -> int | None:
        """The likeliest place where a text that has been begun stands."""
        expected = self._expected(path)
        for text in texts:
            for after in (expected, self._trail.latest_place() + 1 if path.startswith(LINES) else None, 0):
                place = None if after is None else self._layout.find(text, after)
                if place is not None:
                    return place
        return None

    def _expected(self, path: str) -> int | None:
        """Where a text value should stand, if anywhere."""
        if path.startswith(LINES):
            return self._next_desc()
        block, _, key = path.rpartition(".")
        if key == "address":
            name = self._trail.place_of(f"{block}.name")
            return None if name is None else self._layout.below(name)
        place = self._behind(path)
        return self._title_skipped() if place is None and path == "vendor.name" else place

    def _behind(self, path: str) -> int | None:
        """The first word behind a field's label."""
        if path not in self._labelled:
            self._labelled[path] = self._layout.behind(LABELS[path]) if path in LABELS else None
        return self._labelled[path]

    def _title_skipped(self) -> int:
        """The first line that is no title."""
        lines = self._layout.lines
        titled = [
            any(title.search(self._layout.line_text(n)) for title in TITLES.values())
            for n in range(min(3, len(lines)))
        ]
        return next((lines[n] for n, is_title in enumerate(titled) if not is_title), 0)

    def _run(self, path: str, first: int, written: int) -> str:
        """The rest of a value that starts at a word, `written` characters of which stand, and its closing quote."""
        layout = self._layout
        begin = layout.offsets[first] + written
        end = layout.cell_end(first)
        while layout.end_offset(end) < begin and end < len(self.printed.words):
            end = layout.cell_end(end)
        if path.endswith("address"):
            end = self._address_end(end)
        return json.dumps(layout.flat[begin : layout.end_offset(end)], ensure_ascii=False)[1:-1] + '"'

    def _address_end(self, end: int) -> int:
        """Addresses run on over the lines that look like one: a single cell without a label or a date."""
        layout = self._layout
        for _ in range(MOST_ADDRESS_LINES - 1):
            if end not in layout.lines or not self._continues(layout.line_of(end)):
                return end
            end = layout.cell_end(end)
        return end

    def _continues(self, line: int) -> bool:
        if line not in self._plain:
            text = self._layout.line_text(line)
            self._plain[line] = not any(label.search(text) for label in LABELS.values()) and ":" not in text
        return self._plain[line]

    # --- numbers, dates, lists ---

    def _listed(self, path: str, kind: Kind, written: str) -> str:
        """The rest of the likeliest value that starts as written."""
        for value in self._likely(path, kind):
            if value.startswith(written):
                return value[len(written) :]
        return ""

    def _likely(self, path: str, kind: Kind) -> list[str]:
        if kind is Kind.DOCUMENT_TYPE:
            return [self._document_type]
        if kind is Kind.DATE:
            return self._dates(path)
        if kind is Kind.CURRENCY:
            return [*self._by_frequency, "null"]
        if place := row_and_cell(path):
            return self._in_row(*place)
        return self._in_summary(path, kind)

    @cached_property
    def _document_type(self) -> str:
        found = (name for name, words in TITLES.items() if words.search(self.printed.text))
        return f'"{next(found, "invoice")}"'

    @cached_property
    def _by_frequency(self) -> list[str]:
        places = self.printed.places(Kind.CURRENCY)
        return sorted(places, key=lambda code: -len(places[code]))

    def _dates(self, path: str) -> list[str]:
        """For the due date the one behind its label, for others the first one that isn't."""
        dates = [(date.start, f'"{date.value}"') for date in self.printed.dates]
        label = self._behind("due_date")
        due_from = self.printed.words[label].start if label is not None else len(self.printed.text)
        due = [written for start, written in dates if start >= due_from]
        others = [written for start, written in dates if written not in due[:1]]
        return [*(due[:1] or ["null"]), *others] if path == "due_date" else [*others, *due, "null"]

    def _in_row(self, row: int, cell: str) -> list[str]:
        """The likeliest of the numbers around the line, then these, then all."""
        item = self._item(row) or Item(self._trail.latest_place(), self._trail.latest_place(), {})
        near = [reading for shown in self._cells.numbers(item) for reading in shown.readings]
        likeliest = self._cells.likeliest(cell, item, self._item(row - 1) if row else None)
        same = self._trail.same_as(row)
        known = [] if same is None else self._trail.written(cell_path(same, cell))
        return [*known, likeliest, *near, *self.printed.places(Kind.NUMBER)]

    def _in_summary(self, path: str, kind: Kind) -> list[str]:
        values = self.printed.places(kind)
        labelled = self._only_rate if kind is Kind.RATE else self._labelled_amounts(path)
        return [*(value for value in labelled if value in values), "null", *reversed(values)]

    @cached_property
    def _only_rate(self) -> list[str]:
        """The percentage in the lines that name a tax, if there is but one."""
        label, line_of = LABELS[f"{SUMMARY_BLOCK}.tax"], self.printed.text.count
        taxed = {n for n, line in enumerate(self.printed.text.split("\n")) if label.search(line)}
        rates = {
            format(as_fraction(number.value), "f")
            for number in self.printed.numbers
            if number.percent and line_of("\n", 0, number.start) in taxed
        }
        return list(rates) if len(rates) == 1 else []

    def _labelled_amounts(self, path: str) -> list[str]:
        """The last number of each line with the label, or of the line below."""
        if path not in self._amounts:
            self._amounts[path] = self._found_amounts(path)
        return self._amounts[path]

    def _found_amounts(self, path: str) -> list[str]:
        label = LABELS.get(path) or LABELS[f"{SUMMARY_BLOCK}.tax"]
        rows = self._rows
        below = rows.guesses[-1].line + 1 if rows.guesses else 0
        found: list[str] = []
        for line in range(below, len(self._layout.lines)):
            if label.search(self._layout.line_text(line)):
                prints = rows.prints.get(line) or rows.prints.get(line + 1, [])
                found += prints[-1].readings[:1] if prints else []
        return found
