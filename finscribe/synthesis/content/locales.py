"""Where a document comes from: its currency, tax, number and date habits, streets and names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from . import countries_english, countries_further, countries_other
from .vocabulary import read_table


@dataclass(frozen=True, slots=True)
class Locale:
    """The habits of one country and language; patterns use # for a digit and @ for a capital letter."""

    code: str
    language: str
    currency: str
    signs: tuple[str, ...]
    thousands: str
    point: str
    dates: tuple[str, ...]
    taxes: tuple[str, ...]
    rates: tuple[str, ...]
    tax_id_labels: tuple[str, ...]
    tax_ids: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    city_lines: tuple[str, ...]
    phones: tuple[str, ...]
    suffixes: tuple[str, ...]
    countries: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    tax_included: float = 0.3
    decimals: int = 2
    scale: Decimal = Decimal(1)
    iban: str = ""
    regions: tuple[str, ...] = ()
    weight: int = 3

    def __hash__(self) -> int:
        return hash(self.code)


def _read(block: str) -> Locale:
    row = read_table(block)
    one = {key: values[0] for key, values in row.items()}
    return Locale(
        code=one["code"],
        language=one["code"][:2],
        currency=one["currency"],
        signs=row["signs"],
        thousands=one["numbers"][1],
        point=one["numbers"][5],
        dates=row["dates"],
        taxes=row["taxes"],
        rates=row["rates"],
        tax_id_labels=row["tax_id_labels"],
        tax_ids=row["tax_ids"],
        streets=row["streets"],
        cities=row["cities"],
        city_lines=row["city_lines"],
        phones=row["phones"],
        suffixes=row["suffixes"],
        countries=row["countries"],
        first=row["first"],
        last=row["last"],
        iban=one.get("iban", ""),
        regions=row.get("regions", ()),
        tax_included=float(one["tax_included"]),
        decimals=int(one.get("decimals", "2")),
        scale=Decimal(one.get("scale", "1")),
        weight=int(one["weight"]),
    )


def _read_all(countries: str) -> tuple[Locale, ...]:
    return tuple(map(_read, countries.strip().split("\n\n")))


def _weighed(locales: tuple[Locale, ...]) -> tuple[Locale, ...]:
    return tuple(locale for locale in locales for _ in range(locale.weight))


_USUAL = _read_all(countries_english.COUNTRIES + countries_other.COUNTRIES)
_FURTHER = _read_all(countries_further.COUNTRIES)
LOCALES: tuple[Locale, ...] = (*_USUAL, *_FURTHER)

DRAW, DRAW_FURTHER = _weighed(_USUAL), _weighed(_FURTHER)
"""Each as often as its weight says: those of all layouts, and those that composed ones show besides."""
