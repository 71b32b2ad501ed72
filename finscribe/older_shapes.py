"""Records of older shapes, and of today's, read into today's fields: `modernise`.

Names are looked up in the tables below whatever their case or spelling (`invoiceNumber`, `Invoice Number`).
Where two names of a record mean the same field, today's name wins, then the one that the table names first;
the other is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from finscribe.errors import InvoiceShapeError
from finscribe.invoice import CELLS, DOCUMENT_TYPES, FIELDS, LINES, Kind, Truth, Value
from finscribe.readings import NumberReading, read_dates, read_numbers

# --- names -------------------------------------------------------------------------------------------


def _names(table: Mapping[str, str]) -> dict[str, str]:
    return {name: target for target, names in table.items() for name in names.split()}


_VENDOR = _names(
    {
        "vendor.name": "name vendor_name company_name merchant_name seller_name store_name",
        "vendor.address": "address vendor_address merchant_address seller_address",
        "vendor.tax_id": "tax_id vat_id vat_number vat_no tax_number vat tin gstin abn vendor_tax_id",
    }
)
_CLIENT = _names(
    {
        "client.name": "name client_name customer_name company_name buyer_name",
        "client.address": "address client_address customer_address billing_address",
    }
)
_DATES = _names(
    {
        "invoice_date": "invoice_date date issue_date issued document_date date_of_issue transaction_date",
        "due_date": "due_date due payment_due payment_due_date",
    }
)
_NUMBERS = _names(
    {
        "document_type": "document_type doc_type",
        "invoice_number": "invoice_number invoice_no invoice_id receipt_number document_number",
        "purchase_order": "purchase_order po_number purchase_order_number po order_number",
        "currency": "currency currency_code",
    }
)
_SUMMARY = _names(
    {
        "financial_summary.subtotal": "subtotal sub_total net_total net_amount",
        "financial_summary.discount": "discount discount_amount total_discount",
        "financial_summary.shipping": "shipping shipping_amount shipping_cost freight delivery",
        "financial_summary.other_charges": "other_charges service_charge fees tip",
        "financial_summary.tax_rate": "tax_rate vat_rate",
        "financial_summary.tax_amount": "tax_amount tax total_tax vat_amount",
        "financial_summary.rounding": "rounding rounding_adjustment",
        "financial_summary.grand_total": "grand_total total total_amount amount gross_total invoice_total",
        "financial_summary.amount_due": "amount_due balance_due total_due amount_payable",
    }
)
_TAX = _names({"financial_summary.tax_rate": "rate", "financial_summary.tax_amount": "amount total"})
_PAYMENT = _names({"payment.iban": "iban", "payment.terms": "terms payment_terms"})
_LINE = _names(
    {
        "desc": "desc description item name product item_description product_name",
        "qty": "qty quantity count",
        "unit_price": "unit_price price unit_cost price_per_unit",
        "line_total": "line_total total amount total_price line_amount",
    }
)

_AMONG_OTHERS = _DATES | {name: _NUMBERS[name] for name in ("invoice_number", "invoice_no", "currency")}
"""Header fields that older records keep in any of their blocks."""
_EVERYWHERE = (
    {f"vendor_{name}".replace("vendor_vendor_", "vendor_"): path for name, path in _VENDOR.items()}
    | {f"client_{name}".replace("client_client_", "client_"): path for name, path in _CLIENT.items()}
    | {"company": "vendor.name", "address": "vendor.address"}
    | _PAYMENT
    | _SUMMARY
    | _NUMBERS
    | _DATES
)
_BLOCKS: dict[str, dict[str, str]] = {
    "": _EVERYWHERE,
    "document": _EVERYWHERE | {"number": "invoice_number", "type": "document_type"},
    "vendor": _AMONG_OTHERS | _VENDOR,
    "client": _AMONG_OTHERS | _CLIENT,
    "financial_summary": _AMONG_OTHERS | _SUMMARY,
    "payment": _AMONG_OTHERS | _SUMMARY | _PAYMENT,
    "dates": _DATES,
    "tax": _TAX,
}
_BLOCK_NAMES = _names(
    {
        "vendor": "vendor merchant_info merchant vendor_info seller supplier",
        "client": "client client_info customer customer_info buyer bill_to",
        "financial_summary": "financial_summary summary totals financials",
        "payment": "payment payment_info payment_details",
        "dates": "dates",
        "document": "transaction_info transaction invoice_info invoice invoice_details data parsed",
    }
)
_OUTER = ("", "document")
"""The record itself, and what may stand for it one level down: blocks and lines are looked for in these."""
_LINES_NAMES = (LINES, "items", "lines", "line_item")
_PLAIN_BLOCKS = {"vendor": "vendor.name", "client": "client.name"}
"""Blocks that older records give as a plain string, and the field that it is."""
_AMOUNT_KEYS = {"amount", "value", "currency", "currency_code"}
_TYPE_NAMES = {
    **{name: name for name in DOCUMENT_TYPES},
    **_names(
        {
            "invoice": "tax_invoice bill sales_invoice",
            "receipt": "sales_receipt",
            "credit_note": "credit credit_memo creditnote",
            "proforma": "pro_forma proforma_invoice pro_forma_invoice",
        }
    ),
}
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "RM": "MYR", "RP": "IDR", "R$": "BRL", "CA$": "CAD"}
_DEEPEST = 6
_MOST_DIGITS = 15
_LONGEST_KEPT = 60


def _key(name: str) -> str:
    return _short_key(name) if len(name) <= _LONGEST_KEPT else _snake(name)


def _snake(name: str) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^\w$]+|_+", "_", snake).strip("_").casefold()


_short_key = lru_cache(maxsize=4096)(_snake)  # the names of a file are the same in all its records

_Ranked = dict[str, tuple[str, int]]
"""The field that a name means, and how well it fits: 0 for today's name in today's place."""


def _ranked(block: str, names: Mapping[str, str]) -> _Ranked:
    return {
        key: (path, 0 if f"{block}.{key}".strip(".") == path else place)
        for place, (key, path) in enumerate(names.items(), start=1)
    }


_RANKED = {block: _ranked(block, names) for block, names in _BLOCKS.items()}
_RANKED_CELLS = _ranked("", _LINE)


# --- the record --------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A value of the record: which field it fills, where it stood, how well its name fits (0 is best)."""

    path: str
    origin: str
    rank: int
    value: Any


@dataclass(slots=True)
class _Reading:
    """What has been gathered from a record so far."""

    found: list[_Found] = field(default_factory=list)
    lines: list[tuple[str, Any]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    currencies: list[tuple[str, str]] = field(default_factory=list)


def modernise(record: Mapping[str, Any]) -> Truth:
    """What the record knows, typed, and the paths of what belongs to no field.

    A block that is null knows all its fields to be null. Raises `InvoiceShapeError` for a value that cannot
    be read, with `field` its path in the record.
    """
    if not isinstance(record, Mapping):
        raise _wrong("invoice", record, "an object")
    reading = _Reading()
    _gather(reading, record, "", "")
    values = _settle(reading, reading.found)
    lines = _lines(reading)
    if "currency" not in values and reading.currencies:
        values["currency"] = reading.currencies[0][1]
    known = values.get("currency")
    reading.ignored += [origin for origin, currency in reading.currencies if currency != known]
    ordered = {path: values[path] for path in FIELDS if path in values}
    return Truth(ordered, lines, tuple(sorted(set(reading.ignored))))


def _gather(reading: _Reading, record: Mapping[str, Any], block: str, prefix: str) -> None:
    names, outer = _RANKED[block], block in _OUTER
    for raw, value in record.items():
        if not isinstance(raw, str):
            raise _wrong(f"{prefix}{raw}", raw, "a name in quotes")
        key, origin = _key(raw), prefix + raw
        inner = _inner_block(key, value, outer)
        if outer and key in _LINES_NAMES:
            reading.lines.append((origin, value))
        elif inner is not None:
            _gather_block(reading, value, inner, origin)
        elif key in names:
            path, rank = names[key]
            reading.found.append(_Found(path, origin, rank, value))
        else:
            reading.ignored.append(origin)


def _inner_block(key: str, value: Any, outer: bool) -> str | None:
    """The block that a key opens: by its name, or a tax given as `{rate, amount}`."""
    if outer and key in _BLOCK_NAMES:
        return _BLOCK_NAMES[key]
    if key == "tax" and isinstance(value, Mapping) and not _is_amount(value):
        return "tax"
    return None


def _gather_block(reading: _Reading, value: Any, block: str, origin: str) -> None:
    if value is None:
        fields = sorted(set(_DATES.values())) if block == "dates" else _fields_of(block)
        reading.found += [_Found(path, origin, len(_EVERYWHERE), None) for path in fields]
        reading.ignored += [] if fields else [origin]
    elif isinstance(value, Mapping):
        if origin.count(".") >= _DEEPEST:
            raise _wrong(origin, "...", f"at most {_DEEPEST} objects inside one another")
        _gather(reading, value, block, f"{origin}.")
    elif isinstance(value, str) and block in _PLAIN_BLOCKS:
        reading.found.append(_Found(_PLAIN_BLOCKS[block], origin, 0, value))
    elif block == "document":
        reading.ignored.append(origin)
    else:
        raise _wrong(origin, value, "an object")


def _fields_of(block: str) -> list[str]:
    return [path for path in FIELDS if block and path.startswith(f"{block}.")]


def _settle(reading: _Reading, found: Iterable[_Found], row: str = "") -> dict[str, Value]:
    """One value for each field: a printed one before null, the better name first; the rest is reported."""
    chosen: dict[str, Value] = {}
    for path, origin, _, raw in sorted(found, key=attrgetter("rank")):
        if path == "currency" and _shared_sign(raw):
            reading.ignored.append(origin)
            continue
        value = None if raw is None else _typed(reading, FIELDS[row + path], raw, origin)
        kept = chosen.setdefault(path, value)
        if kept is None:
            chosen[path] = value
        elif value is not None and kept != value:
            reading.ignored.append(origin)
    return chosen


def _lines(reading: _Reading) -> tuple[dict[str, Value], ...] | None:
    """The lines under the best of their names that has any; `None` when the record does not speak of them."""
    if not reading.lines:
        return None
    ranked = sorted(reading.lines, key=lambda each: _LINES_NAMES.index(_key(each[0].rpartition(".")[2])))
    origin, rows = next((each for each in ranked if each[1]), ranked[0])
    reading.ignored += [other for other, value in ranked if other != origin and value]
    if rows is None:
        return ()
    if not isinstance(rows, list | tuple):
        raise _wrong(origin, rows, "a list")
    return tuple(_line(reading, row, f"{origin}[{index}]") for index, row in enumerate(rows))


def _line(reading: _Reading, row: Any, origin: str) -> dict[str, Value]:
    if not isinstance(row, Mapping):
        raise _wrong(origin, row, "an object")
    found = []
    for raw, value in row.items():
        key = _key(raw) if isinstance(raw, str) else ""
        if key in _RANKED_CELLS:
            path, rank = _RANKED_CELLS[key]
            found.append(_Found(path, f"{origin}.{raw}", rank, value))
        else:
            reading.ignored.append(f"{origin}.{raw}")
    cells = _settle(reading, found, row=f"{LINES}.")
    return {cell: cells[cell] for cell in CELLS if cell in cells}


# --- values ------------------------------------------------------------------------------------------

_SURROGATE = re.compile("[\ud800-\udfff]")
_ISO_DATE = re.compile(r"(?:19\d\d|20\d\d|2100)-\d\d-\d\d", re.ASCII)


def _typed(reading: _Reading, kind: Kind, value: Any, origin: str) -> Value:
    if isinstance(value, str):
        value = " ".join(value.split()) or None
    if value is None:
        return None
    if kind.numeric:
        amount = value if isinstance(value, Decimal) else _amount_of(reading, value, origin)
        return _sized(kind, _number(kind, amount, origin))
    if kind is Kind.DATE:
        return _date(value, origin)
    if kind is Kind.DOCUMENT_TYPE:
        return _document_type(value, origin)
    if kind is Kind.CURRENCY:
        return _currency(value, origin)
    if kind is Kind.PHRASE and isinstance(value, Mapping | list | tuple):
        parts = [_text(part, origin) for part in (value.values() if isinstance(value, Mapping) else value)]
        return ", ".join(part for part in parts if part) or None
    return _text(value, origin)


def _text(value: Any, origin: str) -> str | None:
    """Text with plain single spaces; a number without decimals is text where text is asked for."""
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and str(value).isdigit():
        return str(value)
    if not isinstance(value, str) or _SURROGATE.search(value):
        raise _wrong(origin, value, "text that can be stored as UTF-8")
    return " ".join(value.split()) or None


def _is_amount(value: Mapping[str, Any]) -> bool:
    keys = {_key(str(key)) for key in value}
    return keys <= _AMOUNT_KEYS and bool(keys & {"amount", "value"})


def _amount_of(reading: _Reading, value: Any, origin: str) -> Any:
    """The number in `{amount, currency}`, whose currency is noted; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    if not _is_amount(value):
        raise _wrong(origin, dict(value), "a number or {amount, currency}")
    parts = {_key(str(key)): part for key, part in value.items()}
    code, place = parts.get("currency", parts.get("currency_code")), f"{origin}.currency"
    if _shared_sign(code):
        reading.ignored.append(place)
    elif code is not None and (known := _currency(code, place)):
        reading.currencies.append((place, known))
    return parts.get("amount", parts.get("value"))


def _number(kind: Kind, value: Any, origin: str) -> Decimal | None:
    if isinstance(value, str):
        value = " ".join(value.split()) or None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float | str):
        raise _wrong(origin, value, "a number")
    number = _printed_number(kind, value, origin) if isinstance(value, str) else _plain_number(value, origin)
    if not number.is_finite():
        raise _wrong(origin, value, "a finite number")
    if number and not -_MOST_DIGITS <= number.adjusted() < _MOST_DIGITS:
        raise _wrong(origin, value, f"a number of at most {_MOST_DIGITS} digits")
    return number


def _plain_number(value: int | float | Decimal, origin: str) -> Decimal:
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        raise _wrong(origin, "an integer", f"a number of at most {_MOST_DIGITS} digits")
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _printed_number(kind: Kind, text: str, origin: str) -> Decimal:
    """The one number of a string such as `1,234.50`, `(12.00)`, `USD 5` or, for a rate, `19%`."""
    if re.fullmatch(r"[-+]?\d+(\.\d+)?(?:[eE][-+]?\d{1,2})?", text):
        try:
            return Decimal(text)
        except InvalidOperation:
            raise _wrong(origin, text, "a number") from None
    readings = _widest(read_numbers(text))
    around = text[: readings[0].start] + " " + text[readings[0].end :] if readings else text
    if not readings or re.search(r"\d", around) or len(re.findall(r"[^\W\d_]+", around)) > 1:
        raise _wrong(origin, text, "one number")
    if readings[0].percent and kind is not Kind.RATE:
        raise _wrong(origin, text, "an amount, not a percentage")
    negative = [reading.value for reading in readings if reading.value < 0]
    value = (negative or [reading.value for reading in readings])[0]
    return value.scaleb(-2) if readings[0].percent else value


def _widest(readings: list[NumberReading]) -> list[NumberReading]:
    """The readings of the place with the most digits; `1,234` is first read as a whole number."""
    widest = max(readings, key=lambda reading: reading.end - reading.start, default=None)
    return [each for each in readings if widest and (each.start, each.end) == (widest.start, widest.end)]


def _sized(kind: Kind, number: Decimal | None) -> Decimal | None:
    """A discount as what is subtracted; a rate of 1 and more as the percentage that it must be."""
    if number is None:
        return None
    if kind is Kind.RATE and number >= 1:
        return number.scaleb(-2)
    return abs(number) if kind is Kind.REDUCTION else number


def _date(value: Any, origin: str) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if not isinstance(value, str):
        raise _wrong(origin, value, "a date as text")
    if _ISO_DATE.fullmatch(value) and _is_day(value):
        return value  # as nearly all are written, and in one way only
    readings = sorted({reading.value for reading in read_dates(value)})
    if not readings:
        raise _wrong(origin, value, "a date")
    if len(readings) > 1:
        raise _wrong(origin, value, f"one date, not {' or '.join(readings)}")
    return readings[0]


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _document_type(value: Any, origin: str) -> str:
    known = _TYPE_NAMES.get(_key(value)) if isinstance(value, str) else None
    if known is None:
        raise _wrong(origin, value, f"one of {', '.join(DOCUMENT_TYPES)}")
    return known


def _currency(value: Any, origin: str) -> str | None:
    """An ISO 4217 code, also from a sign that one currency has."""
    code = (_text(value, origin) or "").upper()
    return _SIGNS.get(code, code) or None


def _shared_sign(value: Any) -> bool:
    """Whether this names no single currency, as `$` does."""
    code = " ".join(value.split()).upper() if isinstance(value, str) else ""
    return bool(code) and code not in _SIGNS and not re.fullmatch(r"[A-Z]{3}", code)


def _wrong(origin: str, value: Any, wanted: str) -> InvoiceShapeError:
    return InvoiceShapeError(
        f"{origin}: {wanted} is expected, got {value!r:.80}",
        field=origin,
        hint="Correct the value, or leave the field out when it is not known.",
    )
