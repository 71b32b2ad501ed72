"""The baseline without a model: labels and regular expressions, as extraction was done before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from finscribe.decoding import Printed
from finscribe.decoding.labels import LABELS, SUMMARY, TITLES
from finscribe.decoding.merging import Written
from finscribe.documents import Document
from finscribe.evaluation.majority import as_extraction
from finscribe.extract import Extraction
from finscribe.invoice import CELLS, HEADER_FIELDS, Kind, Value, cell_path

_TITLE = re.compile("|".join(pattern.pattern for pattern in TITLES.values()), re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_AFTER_LABEL = re.compile(r"[\s:.#\-]*(?P<value>\S+(?: \S+)*)")
_ADDRESS = re.compile(
    r"(?<![\d/.-])\d{4,6}(?![\d/.-])|\b(?:street|st|road|rd|ave|jalan|jln|lot|str|straße|rue|via|calle)\b",
    re.IGNORECASE,
)
_AMOUNTS = {
    "financial_summary.subtotal": "financial_summary.subtotal",
    "financial_summary.discount": "financial_summary.discount",
    "financial_summary.shipping": "financial_summary.shipping",
    "financial_summary.tax_amount": "financial_summary.tax",
    "financial_summary.rounding": "financial_summary.rounding",
    "financial_summary.grand_total": "financial_summary.grand_total",
    "financial_summary.amount_due": "financial_summary.amount_due",
}
"""Fields whose amount stands at the end of the line with their label, and the labels' names."""
_AROUND_NUMBERS = re.compile(r"^\d+ ?x |\s{2,}|(?<!\S)[$€£]?[\d.,]+(?!\S)")
_MOST_ADDRESS_LINES = 4


class Rules:
    """Reads documents by rules alone; what it says it says with the probability 1."""

    def read(self, documents: Sequence[Document]) -> Sequence[Extraction]:
        """One extraction for each."""
        return [
            as_extraction(list(_written(_Page(document.text))), document, "regex") for document in documents
        ]


@dataclass(frozen=True, slots=True)
class _Number:
    """A printed amount: where it begins and its first reading."""

    start: int
    value: Decimal


@dataclass(frozen=True)
class _Page:
    """A text by lines, with the amounts on each."""

    text: str

    @cached_property
    def printed(self) -> Printed:
        return Printed(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def numbers(self) -> list[list[_Number]]:
        """The amounts of each line, from left to right."""
        found: list[dict[int, _Number]] = [{} for _ in self.lines]
        for number in self.printed.numbers:
            row = self.text.count("\n", 0, number.start)
            if not number.percent:
                found[row].setdefault(number.start, _Number(number.start, number.value))
        return [[numbers[start] for start in sorted(numbers)] for numbers in found]


def _written(page: _Page) -> Iterator[Written]:
    found = {**_texts(page), **_dates(page), **_codes(page), **_amounts(page)}
    yield from (Written(path, found.get(path), 1.0) for path in HEADER_FIELDS)
    for row, cells in enumerate(_rows(page)):
        yield from (Written(cell_path(row, cell), cells.get(cell), 1.0) for cell in CELLS)


def _texts(page: _Page) -> dict[str, Value]:
    """The vendor on top, its address below, and what stands behind labels."""
    first = next((row for row, line in enumerate(page.lines) if _is_name(line)), None)
    found: dict[str, Value] = {}
    if first is not None:
        found["vendor.name"] = page.lines[first].strip()
        below = page.lines[first + 1 : first + 1 + _MOST_ADDRESS_LINES]
        found["vendor.address"] = (
            ", ".join(line.strip(" ,") for line in below if _ADDRESS.search(line)) or None
        )
    for path in ("vendor.tax_id", "client.name", "invoice_number", "purchase_order", "payment.terms"):
        found[path] = _behind_label(page, path)
    return found


def _is_name(line: str) -> bool:
    return _letters(line) > 3 and not _TITLE.search(line)


def _behind_label(page: _Page, path: str) -> str | None:
    for line in page.lines:
        if (label := LABELS[path].search(line)) and (after := _AFTER_LABEL.match(line, label.end())):
            return after["value"]
    return None


def _dates(page: _Page) -> dict[str, Value]:
    """The first date is that of the invoice, the first on a line that says so is due."""
    due = [row for row, line in enumerate(page.lines) if LABELS["due_date"].search(line)]
    dates = [(page.text.count("\n", 0, date.start), date.value) for date in page.printed.dates]
    return {
        "invoice_date": next((value for row, value in dates if row not in due), None),
        "due_date": next((value for row, value in dates if row in due), None),
    }


def _codes(page: _Page) -> dict[str, Value]:
    iban = _IBAN.search(page.text)
    return {
        "document_type": next((name for name, title in TITLES.items() if title.search(page.text)), None),
        "currency": next(iter(page.printed.currencies), None),
        "payment.iban": iban[0] if iban else None,
    }


def _amounts(page: _Page) -> dict[str, Value]:
    """The last amount of the last line with the label; rates are those printed with a percent sign."""
    found: dict[str, Value] = {}
    for path, label in _AMOUNTS.items():
        rows = [
            row for row, line in enumerate(page.lines) if LABELS[label].search(line) and page.numbers[row]
        ]
        found[path] = page.numbers[rows[-1]][-1].value if rows else None
    rates = page.printed.places(Kind.RATE)
    percent = [number for number in page.printed.numbers if number.percent]
    if percent and rates:
        found["financial_summary.tax_rate"] = percent[0].value.scaleb(-2).normalize()
    return found


def _rows(page: _Page) -> Iterable[dict[str, Value]]:
    """Lines with words and an amount, up to the first total."""
    for row, line in enumerate(page.lines):
        numbers = page.numbers[row]
        if SUMMARY.search(line):
            return
        priced = numbers and numbers[-1].value.as_tuple().exponent == -2
        desc = max(_AROUND_NUMBERS.split(line), key=_letters).strip() if priced else ""
        if _letters(desc) > 1:
            yield {"desc": desc, **_priced([number.value for number in numbers])}


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)


def _priced(values: Sequence[Decimal]) -> dict[str, Value]:
    names = {1: ("line_total",), 2: ("qty", "line_total")}.get(
        len(values), ("qty", "unit_price", "line_total")
    )
    return dict(zip(names, values[-len(names) :], strict=True))
