"""From what a record says to a value of the field's kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from finscribe.errors import InvoiceShapeError
from finscribe.invoice import DOCUMENT_TYPES, Kind, Value
from finscribe.older_shapes.names import AMOUNT_KEYS, SIGNS, TYPE_NAMES, key_of
from finscribe.readings import NumberReading, read_dates, read_numbers

_MOST_DIGITS = 15
_SURROGATE = re.compile("[\ud800-\udfff]")
_ISO_DATE = re.compile(r"(?:19\d\d|20\d\d|2100)-\d\d-\d\d", re.ASCII)


@dataclass(slots=True)
class Notes:
    """What reading a record leaves behind: paths of what was ignored, and currencies with the path of each."""

    ignored: list[str] = field(default_factory=list)
    currencies: list[tuple[str, str]] = field(default_factory=list)


def typed(notes: Notes, kind: Kind, value: Any, origin: str) -> Value:
    """A value of a record, at the path `origin`, as one of a kind; raises InvoiceShapeError where it is none."""
    if isinstance(value, str):
        value = " ".join(value.split()) or None
    if value is None:
        return None
    if kind.numeric:
        amount = value if isinstance(value, Decimal) else _amount_of(notes, value, origin)
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
        raise wrong(origin, value, "text that can be stored as UTF-8")
    return " ".join(value.split()) or None


def is_amount(value: Mapping[str, Any]) -> bool:
    """Whether an object is `{amount, currency}`."""
    keys = {key_of(str(key)) for key in value}
    return keys <= AMOUNT_KEYS and bool(keys & {"amount", "value"})


def _amount_of(notes: Notes, value: Any, origin: str) -> Any:
    """The number in `{amount, currency}`, whose currency is noted; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    if not is_amount(value):
        raise wrong(origin, dict(value), "a number or {amount, currency}")
    parts = {key_of(str(key)): part for key, part in value.items()}
    code, place = parts.get("currency", parts.get("currency_code")), f"{origin}.currency"
    if shared_sign(code):
        notes.ignored.append(place)
    elif code is not None and (known := _currency(code, place)):
        notes.currencies.append((place, known))
    return parts.get("amount", parts.get("value"))


def _number(kind: Kind, value: Any, origin: str) -> Decimal | None:
    if isinstance(value, str):
        value = " ".join(value.split()) or None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float | str):
        raise wrong(origin, value, "a number")
    number = _printed_number(kind, value, origin) if isinstance(value, str) else _plain_number(value, origin)
    if not number.is_finite():
        raise wrong(origin, value, "a finite number")
    if number and not -_MOST_DIGITS <= number.adjusted() < _MOST_DIGITS:
        raise wrong(origin, value, f"a number of at most {_MOST_DIGITS} digits")
    return number


def _plain_number(value: int | float | Decimal, origin: str) -> Decimal:
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        raise wrong(origin, "an integer", f"a number of at most {_MOST_DIGITS} digits")
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _printed_number(kind: Kind, text: str, origin: str) -> Decimal:
    """The one number of a string such as `1,234.50`, `(12.00)`, `USD 5` or, for a rate, `19%`.

    No tax is of thousands of percent: the smaller reading of `8.875%` is taken.
    """
    if re.fullmatch(r"[-+]?\d+(\.\d+)?(?:[eE][-+]?\d{1,2})?", text):
        try:
            return Decimal(text)
        except InvalidOperation:
            raise wrong(origin, text, "a number") from None
    readings = _widest(read_numbers(text))
    around = text[: readings[0].start] + " " + text[readings[0].end :] if readings else text
    if not readings or re.search(r"\d", around) or len(re.findall(r"[^\W\d_]+", around)) > 1:
        raise wrong(origin, text, "one number")
    if readings[0].percent and kind is not Kind.RATE:
        raise wrong(origin, text, "an amount, not a percentage")
    negative = [reading.value for reading in readings if reading.value < 0]
    values = negative or [reading.value for reading in readings]
    value = min(values, key=abs) if kind is Kind.RATE else values[0]
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
        raise wrong(origin, value, "a date as text")
    if _ISO_DATE.fullmatch(value) and _is_day(value):
        return value  # as nearly all are written, and in one way only
    readings = sorted({reading.value for reading in read_dates(value)})
    if not readings:
        raise wrong(origin, value, "a date")
    if len(readings) > 1:
        raise wrong(origin, value, f"one date, not {' or '.join(readings)}")
    return readings[0]


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _document_type(value: Any, origin: str) -> str:
    known = TYPE_NAMES.get(key_of(value)) if isinstance(value, str) else None
    if known is None:
        raise wrong(origin, value, f"one of {', '.join(DOCUMENT_TYPES)}")
    return known


def _currency(value: Any, origin: str) -> str | None:
    """An ISO 4217 code, also from a sign that one currency has."""
    code = (_text(value, origin) or "").upper()
    return SIGNS.get(code, code) or None


def shared_sign(value: Any) -> bool:
    """Whether this names no single currency, as `$` does."""
    code = " ".join(value.split()).upper() if isinstance(value, str) else ""
    return bool(code) and code not in SIGNS and not re.fullmatch(r"[A-Z]{3}", code)


def wrong(origin: str, value: Any, wanted: str) -> InvoiceShapeError:
    """The error for a value at a path that is not what is wanted there."""
    return InvoiceShapeError(
        f"{origin}: {wanted} is expected, got {value!r:.80}",
        field=origin,
        hint="Correct the value, or leave the field out when it is not known.",
    )
