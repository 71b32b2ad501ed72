"""What a reviewer has typed and vouched for so far: no browser in it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.local import CANONICAL, Local
from app.store.einvoices import check
from app.store.invoices import corrected
from app.store.worth import failing
from app.web import texts
from finscribe.corrections import pair_lines
from finscribe.einvoices.reading import EInvoice
from finscribe.errors import InvoiceShapeError
from finscribe.invoice import CELLS, HEADER_FIELDS, LINES, PARTIES, Invoice, Value, kind_of
from finscribe.validate import Finding
from finscribe.validation.parties import SAME_PARTY

SURE, UNSURE = 0.95, 0.7
"""From these confidences on a value is taken to be sure, or unsure and not yet doubtful."""


class Level(StrEnum):
    """How far a value may be trusted."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    SURE = "sure"
    UNSURE = "unsure"
    DOUBTFUL = "doubtful"
    FAILING = "failing"

    @property
    def open(self) -> bool:
        """Whether a reviewer should look at it."""
        return self in (Level.UNSURE, Level.DOUBTFUL, Level.FAILING)


@dataclass(slots=True)
class Row:
    """A line as typed, and which line of the extraction it comes from."""

    cells: dict[str, str]
    origin: int | None = None


@dataclass(slots=True)
class _State:
    values: dict[str, str]
    rows: list[Row]
    confirmed: set[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """The invoice that was typed, None where it is none, and what is to be said by the path of the field.

    `failing` are the checks that fail, `at_odds` the fields that they name, or the one that holds no value of its kind.
    """

    invoice: Invoice | None
    messages: Mapping[str, Sequence[str]] = field(default_factory=dict)
    failing: Sequence[Finding] = ()
    at_odds: frozenset[str] = frozenset()


class ReviewForm:
    """The fields of an invoice as text: what the model read, and what a reviewer makes of it.

    `extracted` is what the model read, `current` what a former review made of it, `evidence` what the model's values
    rest on, `settled` which of them arithmetic chose and `reread` the codes for which lines or parties were read once
    more, all as they are stored. `einvoice` is the electronic invoice that the fields are compared with; `complete` is
    False where the model's answer was cut off. Numbers and dates are written as at the place `local`. Paths name rows
    as they stand now.
    """

    def __init__(
        self,
        extracted: Invoice,
        current: Invoice,
        evidence: Mapping[str, Any],
        confirmed: Sequence[str] = (),
        settled: Sequence[Mapping[str, Any]] = (),
        reread: Sequence[str] = (),
        local: Local = CANONICAL,
        einvoice: EInvoice | None = None,
        complete: bool = True,
    ) -> None:
        self._extracted, self._current, self._evidence = extracted, current, evidence
        self._settled = {each["path"]: each for each in settled}
        self.reread, self._complete = reread, complete
        self._local, self._einvoice = local, einvoice
        origins = pair_lines(extracted.lines(), current.lines())
        rows = [
            Row(
                {cell: self._shown(f"{LINES}.{cell}", value) for cell, value in line.items()},
                origins.get(number),
            )
            for number, line in enumerate(current.lines())
        ]
        values = {path: self._shown(path, value) for path, value in current.values().items()}
        self._state = _State(values, rows, set(confirmed))
        self._before: list[_State] = []
        self._checked: Checked | None = None  # of what stands in the fields now

    @property
    def rows(self) -> Sequence[Row]:
        """The lines as typed."""
        return self._state.rows

    @property
    def confirmed(self) -> list[str]:
        """What the reviewer vouches for."""
        return sorted(self._state.confirmed)

    @property
    def paths(self) -> list[str]:
        """Every field and cell, in the order of the schema."""
        return [*HEADER_FIELDS, *(_cell(row, cell) for row in range(len(self.rows)) for cell in CELLS)]

    def text(self, path: str) -> str:
        """What stands in a field."""
        row, cell = split(path)
        return self._state.values[path] if row is None else self.rows[row].cells[cell]

    def set(self, path: str, text: str) -> None:
        """Types something into a field."""
        if text == self.text(path):
            return
        self._remember()
        row, cell = split(path)
        (self._state.values if row is None else self.rows[row].cells)[cell] = text

    def accept(self, path: str) -> None:
        """Vouches for a field as it stands."""
        if path not in self._state.confirmed:
            self._remember()
            self._state.confirmed.add(path)

    def accept_all(self) -> None:
        """Vouches for everything as it stands."""
        self._remember()
        self._state.confirmed = {*HEADER_FIELDS, LINES}

    def add_row(self, after: int | None = None) -> None:
        """Puts an empty line behind another one, at the end where none is named."""
        self._remember()
        place = len(self.rows) if after is None else after + 1
        self._state.rows.insert(place, Row(dict.fromkeys(CELLS, "")))
        self._shift(place, 1)

    def remove_row(self, row: int) -> None:
        """Takes a line out."""
        self._remember()
        del self._state.rows[row]
        self._state.confirmed -= {path for path in self._state.confirmed if split(path)[0] == row}
        self._shift(row, -1)

    def merge_row(self, row: int) -> None:
        """Makes one of a line and the one below: descriptions are joined, of other cells the filled one stays."""
        if row + 1 >= len(self.rows):
            return
        self._remember()
        upper, lower = self.rows[row].cells, self.rows[row + 1].cells
        joined = " ".join(filter(None, (upper["desc"], lower["desc"])))
        self._state.rows[row].cells = {cell: upper[cell] or lower[cell] for cell in CELLS} | {"desc": joined}
        del self._state.rows[row + 1]
        gone = {path for path in self._state.confirmed if split(path)[0] in (row, row + 1)}
        self._state.confirmed -= gone
        self._shift(row + 1, -1)

    def split_row(self, row: int, at: int | None = None) -> None:
        """Makes two of a line, its description cut at a character; where none is named, at its middle space."""
        text = self.rows[row].cells["desc"]
        cut = _middle(text) if at is None else at
        self._remember()
        self._state.confirmed -= {path for path in self._state.confirmed if split(path)[0] == row}
        self._state.rows[row].cells["desc"] = text[:cut].rstrip()
        self._state.rows.insert(row + 1, Row(dict.fromkeys(CELLS, "") | {"desc": text[cut:].lstrip()}))
        self._shift(row + 1, 1)

    def paste(self, path: str, text: str) -> None:
        """Fills cells from a spreadsheet, from a cell on to the right and downwards; adds lines that are missing."""
        start, cell = split(path)
        if start is None:
            return self.set(path, text)
        self._remember()
        columns = CELLS[CELLS.index(cell) :]
        for row, line in enumerate(text.rstrip("\r\n").splitlines(), start):
            if row == len(self.rows):
                self._state.rows.append(Row(dict.fromkeys(CELLS, "")))
            filled = zip(columns, line.split("\t"), strict=False)
            self._state.rows[row].cells |= {column: value.strip() for column, value in filled}
        return None

    def undo(self) -> bool:
        """Takes the last change back; False where there is none."""
        if not self._before:
            return False
        self._state, self._checked = self._before.pop(), None
        return True

    def level(self, path: str) -> Level:
        """How far a field may be trusted."""
        row, cell = split(path)
        origin = path if row is None else self._origin(row, cell)
        if {path, path.rpartition(".")[0], LINES if row is not None else path} & self._state.confirmed:
            return Level.CONFIRMED
        if path in self.check().at_odds:
            return Level.FAILING
        if origin is None or self.text(path) != self._read(origin):
            return Level.CHANGED
        confidence = float(self._evidence.get(origin, {}).get("confidence", 1))
        return Level.SURE if confidence >= SURE else Level.UNSURE if confidence >= UNSURE else Level.DOUBTFUL

    def settled(self, path: str) -> tuple[str, Sequence[str]] | None:
        """Of a value that arithmetic chose, what the model wrote and the codes of what did not add up; else None."""
        row, cell = split(path)
        origin = path if row is None else self._origin(row, cell)
        if origin is None or origin not in self._settled or self.text(path) != self._read(origin):
            return None
        found = self._settled[origin]
        return self._shown(origin, found["before"]), found["identities"]

    def told_apart(self, path: str) -> bool:
        """Whether it is a party's name as the model read it once more, since both parties had the same one."""
        return path in PARTIES and SAME_PARTY in self.reread and self.text(path) == self._read(path)

    def boxes(self) -> dict[str, list[list[float]]]:
        """Where the values are printed, the likeliest place: `[page, x0, y0, x1, y1]` by path, in page units."""
        found = {}
        for path in self.paths:
            row, cell = split(path)
            origin = path if row is None else self._origin(row, cell)
            if origin and (boxes := _boxes(self._evidence.get(origin, {}))):
                found[path] = boxes
        return found

    def record(self) -> dict[str, Any]:
        """The correction: everything that stands in the fields, an empty one as not printed."""
        record: dict[str, Any] = {}
        for path, text in self._state.values.items():
            block, _, key = path.rpartition(".")
            (record.setdefault(block, {}) if block else record)[key] = self._typed(path, text)
        lines = [
            {cell: self._typed(f"{LINES}.{cell}", text) for cell, text in row.cells.items()}
            for row in self.rows
        ]
        return {**record, LINES: lines}

    def check(self) -> Checked:
        """The invoice that the fields make, and what is wrong with them."""
        if self._checked is None:
            self._checked = self._check()
        return self._checked

    def _check(self) -> Checked:
        try:
            invoice = corrected(self._current, self.record())
        except InvoiceShapeError as error:
            said = error.message.partition(": ")[2] or error.message
            return Checked(None, {error.field: [said]}, at_odds=frozenset([error.field]))
        messages: dict[str, list[str]] = {} if self._complete else {"": [texts.CUT_OFF]}
        findings = check(invoice, self._einvoice)
        for finding in findings:
            messages.setdefault(_said_at(finding), []).append(finding.message)
        failed = failing(findings)
        return Checked(invoice, messages, failed, frozenset(path for each in failed for path in each.fields))

    def _origin(self, row: int, cell: str) -> str | None:
        origin = self.rows[row].origin
        return None if origin is None else _cell(origin, cell)

    def _read(self, origin: str) -> str:
        """What the model read in a field of the extraction."""
        row, cell = split(origin)
        found = self._extracted.values()[origin] if row is None else self._extracted.lines()[row][cell]
        return self._shown(origin, found)

    def _shown(self, path: str, value: Value) -> str:
        return self._local.say(kind_of(path), value)

    def _typed(self, path: str, text: str) -> str | None:
        return self._local.read(kind_of(path), text) or None

    def _remember(self) -> None:
        """Keeps the state as it is, before it is changed."""
        self._before.append(deepcopy(self._state))
        self._checked = None

    def _shift(self, start: int, by: int) -> None:
        """Moves what is vouched for along with its rows, from a row on."""
        self._state.confirmed = {
            _cell(row + by, cell) if row is not None and row >= start else path
            for path in self._state.confirmed
            for row, cell in [split(path)]
        }


def split(path: str) -> tuple[int | None, str]:
    """The row and the cell of a path; a header field has no row and is its own cell."""
    head, bracket, rest = path.partition("[")
    if head != LINES or not bracket:
        return None, path
    row, _, cell = rest.partition("].")
    return int(row.rstrip("]")), cell


def _said_at(finding: Finding) -> str:
    """The path of the field at which a finding is said; empty for one of no field, or of the lines as a whole."""
    return finding.fields[-1] if finding.fields and finding.fields[-1] != LINES else ""


def _middle(text: str) -> int:
    """Behind the space next to the middle; the end of a text without one."""
    spaces = [at + 1 for at, character in enumerate(text) if character == " "]
    return min(spaces, key=lambda at: abs(2 * at - len(text)), default=len(text))


def _cell(row: int, cell: str) -> str:
    return f"{LINES}[{row}].{cell}" if cell else f"{LINES}[{row}]"


def _boxes(evidence: Mapping[str, Any]) -> list[list[float]]:
    places = evidence.get("places") or [[]]
    return [
        [place["page"], *(float(box[side]) for side in ("x0", "y0", "x1", "y1"))]
        for place in places[0]
        for box in place["boxes"]
    ]
