"""Paper with a letterhead: logos, everything of a vendor in one line or in columns at the foot, days behind a town."""

from __future__ import annotations

from finscribe.synthesis.content import names

from . import mentions
from .blocks import beside, contact_rows
from .draft import Draft
from .page import Cell, Row
from .payment import bank_rows

_MARKS = (" · ", " | ", " - ", ", ", " • ", " – ", " * ")


def vendor_logo(d: Draft) -> list[Row]:
    """The vendor's name as its logo has it, which is not the one that is to be read: short, or of its trade."""
    vendor = d.facts.vendor
    short = names.without_form(vendor, d.locale).rstrip(",")
    first = next((word for word in short.split() if len(word) > 3), short)
    traded = f"{first} {mentions.trade(d)}"
    drawn = d.rng.choice([each for each in (short, first, first.upper(), traded, traded) if each != vendor])
    beside_it = [d.plain(d.label(d.facts.kind))] if d.titled and d.rng.random() < 0.3 else []
    return [[Cell(drawn), *beside_it]]


def vendor_strip(d: Draft) -> list[Row]:
    """Name, address and how to reach the vendor in one line or two, all of it parted by one mark."""
    mark = d.rng.choice(_MARKS)
    name, place = (
        d.text("vendor.name", d.facts.vendor),
        d.text("vendor.address", mark.join(d.facts.vendor_address)),
    )
    told = [cell for row in [*contact_rows(d), _tax_id(d)] for cell in row]
    lines = [[name, place], told] if d.rng.random() < 0.5 else [[name, place, *told]]
    for line in lines:
        for cell in line[1:]:
            cell.glue(mark)
    return lines


def vendor_columns(d: Draft) -> list[Row]:
    """The foot of a company's paper where alone it stands who sells: address, contact and bank beside each other."""
    rng, facts = d.rng, d.facts
    own = [
        [d.text("vendor.name", facts.vendor)],
        *([d.text("vendor.address", line)] for line in facts.vendor_address),
    ]
    reached = [*contact_rows(d), _tax_id(d)]
    headed = rng.random() < 0.3
    columns = [
        [[d.plain(d.label(key))], *column] if headed else column
        for key, column in (("address", own), ("phone", reached), ("bank", bank_rows(d, 0.7)))
        if column
    ]
    if rng.random() < 0.3:
        rng.shuffle(columns)
    rows = columns[0]
    for column in columns[1:]:
        rows = beside(rows, column)
    return rows


def _tax_id(d: Draft) -> Row:
    if d.rng.random() > 0.7:
        return []
    own = d.first(Cell(d.facts.tax_id, "vendor.tax_id"))
    return d.pair(d.case(d.rng.choice(d.locale.tax_id_labels)), own, False)


def letter_date(d: Draft) -> list[Row]:
    """The document's day behind the town where it was written."""
    return _in_a_sentence(d, "dated_at", "{day}", d.day("invoice_date", d.facts.day))


def ordered(d: Draft) -> list[Row]:
    """The buyer's order in a sentence."""
    return _in_a_sentence(d, "ordered", "{po}", d.text("purchase_order", d.facts.po))


def _in_a_sentence(d: Draft, key: str, mark: str, value: Cell) -> list[Row]:
    before, _, after = d.rng.choice(d.table[key]).partition(mark)
    cell = d.first(value)
    cell.before, cell.after = mentions.filled(d, before), mentions.filled(d, after)
    return [[cell]]
