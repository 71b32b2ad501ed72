"""The schema: what an invoice is, what a partial truth is, and how both are written as JSON.

This is the only place that knows the JSON. An `Invoice` is complete (every key, `None` where the
document prints nothing); a `Truth` knows some fields and is silent about the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, field_serializer

from finscribe.errors import InvoiceShapeError
from finscribe.exact_json import parse_json as parse_json
from finscribe.exact_json import write_value as write_value

Value: TypeAlias = str | Decimal | None
"""A field's value: text, ISO date or enum as `str`, numbers as `Decimal`, `None` for not printed."""


class Kind(StrEnum):
    """What a field may hold, and so what the decoder may write into it."""

    SPAN = "span"
    """One run of printed words."""
    PHRASE = "phrase"
    """Runs of printed words joined by a comma or a space: names, addresses, descriptions."""
    NUMBER = "number"
    """A printed number."""
    REDUCTION = "reduction"
    """A printed number without its sign: what is subtracted."""
    RATE = "rate"
    """A printed percentage as a fraction."""
    DATE = "date"
    """A printed date in ISO 8601."""
    DOCUMENT_TYPE = "document_type"
    CURRENCY = "currency"

    __hash__ = str.__hash__  # that of Enum is many times slower

    @property
    def numeric(self) -> bool:
        return self in _NUMERIC

    @property
    def textual(self) -> bool:
        """Whether the value is made of printed words."""
        return self in (Kind.SPAN, Kind.PHRASE)

    @property
    def inferred(self) -> bool:
        """Whether the value is chosen from a fixed list instead of copied from the page."""
        return self in (Kind.DOCUMENT_TYPE, Kind.CURRENCY)


_NUMERIC = frozenset({Kind.NUMBER, Kind.REDUCTION, Kind.RATE})
DOCUMENT_TYPES = ("invoice", "receipt", "credit_note", "proforma")

Span = Annotated[str | None, Kind.SPAN]
Phrase = Annotated[str | None, Kind.PHRASE]
Number = Annotated[Decimal | None, Kind.NUMBER]
Reduction = Annotated[Decimal | None, Kind.REDUCTION]
Rate = Annotated[Decimal | None, Kind.RATE]
Date = Annotated[str | None, Kind.DATE]


class Block(BaseModel):
    """A part of an invoice: frozen, and nothing but the keys named here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Vendor(Block):
    """Who sells."""

    name: Phrase = None
    address: Phrase = None
    tax_id: Span = None


class Client(Block):
    """Who buys."""

    name: Phrase = None
    address: Phrase = None


class LineItem(Block):
    """One line: what was sold, how much of it, at what price."""

    desc: Phrase = None
    qty: Number = None
    unit_price: Number = None
    line_total: Number = None


class FinancialSummary(Block):
    """The totals. `discount` is subtracted, `other_charges` is added, `amount_due` is left to pay."""

    subtotal: Number = None
    discount: Reduction = None
    shipping: Number = None
    other_charges: Number = None
    tax_rate: Rate = None
    tax_amount: Number = None
    rounding: Number = None
    grand_total: Number = None
    amount_due: Number = None


class Payment(Block):
    """How to pay."""

    iban: Span = None
    terms: Phrase = None


class Invoice(Block):
    """Everything we read from a document; `None` where it prints nothing.

    Amounts and quantities are `Decimal`, dates ISO 8601 strings, `currency` ISO 4217, `tax_rate` a fraction.
    """

    document_type: Annotated[str | None, Kind.DOCUMENT_TYPE] = None
    vendor: Vendor = Vendor()
    client: Client = Client()
    invoice_number: Span = None
    invoice_date: Date = None
    due_date: Date = None
    purchase_order: Span = None
    currency: Annotated[str | None, Kind.CURRENCY] = None
    line_items: tuple[LineItem, ...] = ()
    financial_summary: FinancialSummary = FinancialSummary()
    payment: Payment = Payment()

    @classmethod
    def from_json(cls, text: str) -> Invoice:
        """Reads an answer of the model; raises `InvoiceShapeError` when it is not one."""
        return cls.from_record(parse_json(text))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Invoice:
        """Builds an invoice from nested keys of today's shape; raises `InvoiceShapeError`."""
        try:
            return cls.model_validate(record)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "invoice"
            raise InvoiceShapeError(
                f"{field}: {first['msg']} (got {first['input']!r:.80})",
                field=field,
                hint="Compare with the keys of `finscribe.invoice.Invoice`; older shapes are read by `Truth.read`.",
            ) from error

    @field_serializer("line_items")
    def _lines(self, lines: Sequence[LineItem]) -> list[dict[str, Any]]:
        return [line.model_dump() for line in lines]

    def values(self) -> dict[str, Value]:
        """Every header field by its path, without the lines."""
        return {path: _get(self, path) for path in HEADER_FIELDS}

    def lines(self) -> list[dict[str, Value]]:
        return [dict(line) for line in self.line_items]

    def to_json(self, request: Sequence[str] | None = None) -> str:
        """Canonical compact JSON of the fields asked for (default all): what models learn to write."""
        return write_json(self.values(), self.lines(), request or ALL_FIELDS)[0]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values for the outside: numbers as `int` or `float`, every key present."""
        plain: dict[str, Any] = json.loads(self.to_json())
        return plain


def _fields(model: type[Block], prefix: str = "") -> Iterable[tuple[str, Kind]]:
    for name, info in model.model_fields.items():
        kinds = [marker for marker in info.metadata if isinstance(marker, Kind)]
        if kinds:
            yield prefix + name, kinds[0]
        else:
            inner: Any = next((arg for arg in get_args(info.annotation) if arg is not ...), info.annotation)
            yield from _fields(inner, f"{prefix}{name}.")


FIELDS: dict[str, Kind] = dict(_fields(Invoice))
"""Every field by its path, in the fixed order; cells of a line are `line_items.desc` and so on."""
ALL_FIELDS: tuple[str, ...] = tuple(FIELDS)
LINES = "line_items"
CELLS: tuple[str, ...] = tuple(LineItem.model_fields)
PARTIES: tuple[str, str] = ("vendor.name", "client.name")
"""The fields that name who sells and who buys."""
HEADER_FIELDS: tuple[str, ...] = tuple(path for path in FIELDS if not path.startswith(LINES + "."))


def cell_path(row: int, cell: str) -> str:
    """The path of one cell, rows counted from 0: `line_items[3].qty`."""
    return f"{LINES}[{row}].{cell}"


@lru_cache(maxsize=4096)  # asked several times for every value of every document
def row_and_cell(path: str) -> tuple[int, str] | None:
    """What `cell_path` was made of; None for any other path, `line_items.qty` too."""
    found = _CELL_PATH.fullmatch(path)
    return (int(found[1]), found[2]) if found else None


_CELL_PATH = re.compile(rf"{LINES}\[(\d{{1,9}})\]\.(\w+)")


def kind_of(path: str) -> Kind:
    """The kind of a field: `vendor.name`, `line_items.qty` or, for one cell, `line_items[3].qty`."""
    place = row_and_cell(path)
    return FIELDS[f"{LINES}.{place[1]}" if place else path]


def cells_of(request: Iterable[str]) -> tuple[str, ...]:
    """The cells of a line that a request asks for, in the fixed order."""
    asked = set(request)
    return tuple(cell for cell in CELLS if f"{LINES}.{cell}" in asked)


def header_of(request: Iterable[str]) -> tuple[str, ...]:
    """The fields of a request that are not cells of lines, in its order."""
    return tuple(path for path in request if not path.startswith(f"{LINES}."))


def in_order(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths in the fixed order of the schema, each once; raises `InvoiceShapeError` for unknown ones."""
    return _in_order(tuple(paths))


@lru_cache(maxsize=1024)
def _in_order(paths: tuple[str, ...]) -> tuple[str, ...]:
    asked = set(paths)
    if unknown := asked - FIELDS.keys():
        name = min(unknown)
        raise InvoiceShapeError(f"unknown field {name!r}", field=name, hint=f"Known: {', '.join(FIELDS)}.")
    return tuple(path for path in FIELDS if path in asked)


def build_invoice(values: Mapping[str, Value]) -> Invoice:
    """The invoice of values by path (`vendor.name`, `line_items[0].qty`); what is not given is None."""
    nested: dict[str, Any] = {}
    rows: dict[int, dict[str, Value]] = {}
    for path, value in values.items():
        if place := row_and_cell(path):
            row, cell = place
            rows.setdefault(row, {})[cell] = value
        else:
            parent, _, key = path.rpartition(".")
            (nested.setdefault(parent, {}) if parent else nested)[key] = value
    return Invoice.from_record({**nested, LINES: list(rows.values())})


def _get(invoice: Invoice, path: str) -> Value:
    found: Any = invoice
    for key in path.split("."):
        found = getattr(found, key)
    return found  # type: ignore[no-any-return]


# --- writing -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands in the JSON: character range `start:end`, quotes included."""

    path: str
    start: int
    end: int


def skeleton(request: Sequence[str]) -> list[str]:
    """The fixed text of an answer, interleaved with the paths of its values.

    Even entries are text, odd ones the path of what stands there; `line_items` stands for the whole list.
    """
    parts, text, block = [], "{", ""
    seen_lines = False
    for path in request:
        if path.startswith(LINES + "."):
            if seen_lines:
                continue
            seen_lines, path = True, LINES
        parent, _, key = path.rpartition(".")
        if block and parent != block:
            text += "}"
        comma = "" if text.endswith("{") else ","
        if parent and parent != block:
            text += f'{comma}"{parent}":{{'
            comma = ""
        text += f'{comma}"{key}":'
        parts += [text, path]
        text, block = "", parent
    return [*parts, text + ("}}" if block else "}")]


def write_json(
    values: Mapping[str, Value], lines: Sequence[Mapping[str, Value]], request: Sequence[str]
) -> tuple[str, list[Slot]]:
    """Canonical compact JSON of the requested fields in their fixed order, and where each value stands."""
    slots, out, length = [], [], 0
    for place, text in _pieces(values, lines, in_order(request)):
        if place is not None:
            path = place if isinstance(place, str) else cell_path(*place)
            slots.append(Slot(path, length, length + len(text)))
        out.append(text)
        length += len(text)
    return "".join(out), slots


_Place: TypeAlias = str | tuple[int, str] | None
"""What a piece of an answer is: the value of a field or of a row's cell, or a part of the skeleton."""


def _pieces(
    values: Mapping[str, Value], lines: Sequence[Mapping[str, Value]], request: tuple[str, ...]
) -> Iterator[tuple[_Place, str]]:
    parts, cells = _plan(request)
    for index, part in enumerate(parts):
        if index % 2 == 0:
            yield None, part
        elif part != LINES:
            yield part, write_value(values.get(part))
        else:
            yield None, "["
            for row, line in enumerate(lines):
                for position, cell in enumerate(cells):
                    opening = ("},{" if row else "{") if position == 0 else ","
                    yield None, f'{opening}"{cell}":'
                    yield (row, cell), write_value(line.get(cell))
            yield None, "}]" if lines and cells else "]"


@lru_cache(maxsize=1024)
def _plan(request: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The skeleton of an answer, and the cells of its lines."""
    return tuple(skeleton(request)), cells_of(request)


# --- partial truth -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a document: absent = unknown, `None` = known not to be printed.

    `values` holds header fields by path; `lines` is `None` when nothing is known of the lines, and each
    line may know only some of its cells. `ignored` names keys of the record that belong to no field.
    """

    values: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...] | None = None
    ignored: tuple[str, ...] = ()

    @classmethod
    def read(cls, record: Mapping[str, Any] | str) -> Truth:
        """Reads a record of today's or an older shape; raises `InvoiceShapeError` with the field named."""
        from finscribe.older_shapes import modernise

        return modernise(parse_json(record) if isinstance(record, str) else record)

    @classmethod
    def of(cls, invoice: Invoice) -> Truth:
        """Everything of an invoice as known, its nulls included."""
        return cls(invoice.values(), tuple(invoice.lines()))

    @property
    def request(self) -> tuple[str, ...]:
        """The fields known: header fields, and the cells that every line knows."""
        cells = [
            cell for cell in CELLS if self.lines is not None and all(cell in line for line in self.lines)
        ]
        return in_order([*self.values, *(f"{LINES}.{cell}" for cell in cells)])

    def to_json(self, request: Sequence[str] | None = None) -> str:
        """Canonical JSON of the known fields: a training target."""
        asked = self.request if request is None else in_order(request)
        return "".join(text for _, text in _pieces(self.values, self.lines or (), asked))
