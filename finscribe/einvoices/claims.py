"""What an electronic invoice claims, before it is known what its page prints of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias
from xml.etree.ElementTree import Element

if TYPE_CHECKING:  # reading a page takes no schema of invoices, and starts sooner without it
    from finscribe.invoice import Value

LONGEST = 2000
"""Characters of a text."""

_DECIMAL = re.compile(r"[+-]?(\d{1,24}(\.\d{0,24})?|\.\d{1,24})", re.ASCII)

Candidates: TypeAlias = "tuple[Value, ...]"
"""Ways in which a page may print one value, the fullest first; `(None,)` where there is no single one."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The candidates of each field by its path, and of each line's cells; nothing where nothing is claimed."""

    header: Mapping[str, Candidates]
    lines: tuple[Mapping[str, Candidates], ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """An allowance (subtracted) or a charge (added) on the whole invoice, with its reason in words or code."""

    added: bool
    amount: Decimal
    reason: str


_TYPES = {
    **dict.fromkeys("326 380 384 386 388 389 393 395 751 875 876 877".split(), "invoice"),
    **dict.fromkeys("81 83 261 381 396 532".split(), "credit_note"),
    "325": "proforma",
}
"""UNTDID 1001."""
_SHIPPING = re.compile(
    r"\b(?:FC|DL|SAA|ABK)\b|freight|shipping|deliver|postage|fracht|versand|porto|liefer|transport|livraison|"
    r"frais de port|spedizione|envío|verzend",
    re.IGNORECASE,
)


def claimed(fields: Mapping[str, Candidates]) -> dict[str, Candidates]:
    """The fields of which something is claimed."""
    return {path: candidates for path, candidates in fields.items() if candidates}


def texts(*values: str | None) -> Candidates:
    """The texts that are given, each once, with plain spaces; none that is too long to be a value."""
    plain = (" ".join((value or "").split()) for value in values)
    return tuple(dict.fromkeys(text for text in plain if text and len(text) <= LONGEST))


def number(text: str | None) -> Decimal | None:
    """An XML decimal, which has no exponent; None for anything else."""
    plain = (text or "").strip()
    return Decimal(plain) if _DECIMAL.fullmatch(plain) else None


def numbers(*values: str | Decimal | None) -> Candidates:
    """The numbers that are given."""
    found = (value if isinstance(value, Decimal) else number(value) for value in values)
    return tuple(value for value in found if value is not None)


def price_of_one(price: str, base: str) -> Candidates:
    """A price as it is given and, where that is for several (`base` of them), the price of one."""
    amount, several = number(price), number(base)
    return numbers(amount, amount / several if amount is not None and several else None)


def nonzero(*values: str | Decimal | None) -> Candidates:
    """Amounts without zeros, which an XML may give where the page prints nothing."""
    return tuple(value for value in numbers(*values) if value)


def dates(text: str | None) -> Candidates:
    """A date as `20240131` or `2024-01-31`, in ISO 8601."""
    match = re.match(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?!\d)", text or "")
    return (f"{match[1]}-{match[2]}-{match[3]}",) if match else ()


def document_type(code: str | None) -> Candidates:
    """Our name for a UNTDID 1001 code; nothing for one that is no kind of invoice of ours."""
    found = _TYPES.get((code or "").strip())
    return (found,) if found else ()


def address(lines: Sequence[str], postcode: str, city: str, country: str) -> Candidates:
    """An address with and without its country and additional lines, the town before or after its code."""
    towns = dict.fromkeys((f"{postcode} {city}".strip(), f"{city} {postcode}".strip()))
    given = [line for line in lines if line]
    streets = (given, given[:1])
    written = (
        ", ".join(part for part in (*street, town, ending) if part)
        for street in streets
        for town in towns
        for ending in (country, "")
    )
    return texts(*written)


def tax_rate(percentages: Iterable[str]) -> Candidates:
    """The rate as a fraction where there is exactly one; known to be no single one where there are several."""
    rates = {rate for text in percentages if (rate := number(text)) is not None}
    return (None,) if len(rates) > 1 else tuple(rate.scaleb(-2) for rate in rates)


def reductions_and_charges(charges: Sequence[Charge]) -> dict[str, Candidates]:
    """Allowances as discount, charges as shipping or other charges by their reason."""
    discount = sum((each.amount for each in charges if not each.added), Decimal(0))
    shipping = sum(
        (each.amount for each in charges if each.added and _SHIPPING.search(each.reason)), Decimal(0)
    )
    added = sum((each.amount for each in charges if each.added), Decimal(0))
    return {
        "financial_summary.discount": nonzero(discount),
        "financial_summary.shipping": nonzero(shipping),
        "financial_summary.other_charges": nonzero(added - shipping),
    }


def left_to_pay(due: str, total: str) -> Candidates:
    """What is due where it is not the total; a page that prints one amount need not say it twice."""
    return tuple(amount for amount in numbers(due) if amount != number(total))


def text_at(element: Element | None, *paths: str) -> str:
    """The text at the first of some paths that has any, names of any namespace; empty where none has."""
    for path in paths:
        found = None if element is None else element.find(anywhere(path))
        if found is not None and found.text and found.text.strip():
            return found.text.strip()
    return ""


def texts_at(element: Element | None, path: str) -> list[str]:
    """The texts at a path, those of repeated elements too."""
    found = [] if element is None else element.findall(anywhere(path))
    return [each.text.strip() for each in found if each.text and each.text.strip()]


def anywhere(path: str) -> str:
    """A path of names as ElementTree wants it for names of any namespace: `a/b` is `{*}a/{*}b`."""
    return "/".join(part if part in ("", ".", "..", "*") else f"{{*}}{part}" for part in path.split("/"))
