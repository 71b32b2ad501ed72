"""The layout families: which blocks follow each other in a document, and which item shapes it may use.

`titled` is how often a title is printed where the document would be understood without one. Held-out families
are never drawn unless they are named: models are measured on them.
"""

from __future__ import annotations

from dataclasses import dataclass

from finscribe.synthesis.content.vocabulary import read_table

_FAMILIES = """
name: receipt-centered
blocks: vendor title meta items count totals tender tax-table footer
items: desc-numbers coded inline table
titled: 0.6

name: receipt-bare
blocks: vendor meta-bare items totals tender footer
items: inline desc-total desc-numbers
titled: 0

name: receipt-packed
blocks: vendor title meta-packed items totals tender footer
items: coded desc-numbers inline
titled: 0.6

name: receipt-hardware
blocks: vendor meta title items count totals tender tax-table footer
items: coded numbers-desc table
titled: 0.85

name: receipt-restaurant
blocks: vendor meta-packed items totals tender tax-table footer
items: inline desc-total
titled: 0.2

name: receipt-grocery
blocks: vendor title items count totals tender tax-table meta-bare footer
items: desc-total desc-numbers inline
titled: 0.3

name: receipt-date-last
blocks: vendor items totals tender meta-bare footer
items: inline desc-total desc-numbers
titled: 0

name: receipt-table
blocks: title vendor meta items totals tender footer
items: table
titled: 0.9

name: receipt-total-only
blocks: vendor title meta-bare total tender footer
items: inline
titled: 0.5

name: receipt-client
blocks: vendor title client? meta items totals tender footer
items: table coded desc-numbers
titled: 0.9

name: receipt-footer-vendor
blocks: vendor-name title meta items totals tender vendor-foot footer
items: inline desc-total table
titled: 0.6

name: receipt-two-column-meta
blocks: vendor title meta&meta items totals tender tax-table footer
items: desc-numbers inline
titled: 0.5

name: receipt-headless
blocks: meta-bare items count totals tender footer
items: inline desc-total desc-numbers
titled: 0.1

name: receipt-date-first
blocks: meta-bare vendor items totals tender tax-table footer
items: inline coded desc-numbers
titled: 0.3
held_out: yes

name: receipt-numbers-first
blocks: vendor meta title items totals tender footer
items: numbers-desc
titled: 0.4
held_out: yes

name: receipt-vendor-line
blocks: title vendor-line meta-packed items totals tender footer
items: inline desc-numbers desc-total
titled: 0.5
held_out: yes

name: invoice-letter
blocks: vendor title client meta items totals due payment footer
items: table wrapped desc-numbers
titled: 0.6

name: invoice-two-column
blocks: vendor title client&meta items totals due payment footer
items: table wrapped
titled: 0.6

name: invoice-two-column-mirrored
blocks: vendor title meta&client items totals due payment footer
items: table
titled: 0.6

name: invoice-vendor-beside-meta
blocks: vendor&meta client items totals due payment footer
items: table wrapped
titled: 1

name: invoice-vendor-beside-client
blocks: title vendor&client meta items totals due payment footer
items: table desc-numbers
titled: 0.6

name: invoice-plain-labels
blocks: title vendor-labelled meta client-labelled items totals due payment footer
items: labelled sentence table
titled: 0.6

name: invoice-labels-first
blocks: meta vendor-labelled client-labelled items totals due payment
items: labelled table sentence
titled: 0

name: invoice-meta-table
blocks: vendor title client meta-table items totals due payment footer
items: table wrapped
titled: 0.6

name: invoice-ship-to
blocks: vendor title meta client&ship items totals due payment footer
items: table
titled: 0.6

name: invoice-line-letterhead
blocks: vendor-line client title meta items totals due payment footer
items: table sentence
titled: 0.6

name: invoice-footer-vendor
blocks: vendor-name client title meta items totals due payment vendor-foot footer
items: table wrapped
titled: 0.6

name: invoice-title-first
blocks: title meta vendor-headed client items totals due payment footer
items: table desc-numbers
titled: 0.6

name: invoice-payment-beside
blocks: vendor title client meta items payment&totals footer
items: table
titled: 0.6

name: invoice-packed
blocks: title vendor meta-packed client-labelled items totals due payment footer
items: table inline
titled: 0.6

name: invoice-utility
blocks: vendor title client-labelled meta&meta totals due payment footer
items: table
titled: 0.6

name: invoice-totals-across
blocks: vendor title client meta items totals-across due payment footer
items: table
titled: 0.6

name: invoice-stacked
blocks: title meta-stacked vendor-headed client items totals due payment footer
items: table labelled
titled: 0.6

name: invoice-service
blocks: vendor-labelled client-labelled title meta items totals due payment footer
items: sentence desc-total
titled: 0.6

name: invoice-client-first
blocks: client title meta items totals due payment vendor footer
items: table wrapped
titled: 0.9
held_out: yes

name: invoice-columns-swapped
blocks: title client&vendor meta-packed items totals due payment footer
items: table desc-numbers
titled: 0.9
held_out: yes

name: invoice-all-columns
blocks: vendor&meta client&ship items payment&totals footer
items: wrapped table
titled: 1
held_out: yes
"""


@dataclass(frozen=True, slots=True)
class Family:
    """A named family: its blocks in order, the item shapes it may use, and how often it has a title.

    `receipt` tells whether a till prints it.
    """

    name: str
    blocks: tuple[str, ...]
    items: tuple[str, ...]
    titled: float
    receipt: bool
    held_out: bool


def _family(block: str) -> Family:
    row = {key: values[0] for key, values in read_table(block).items()}
    return Family(
        name=row["name"],
        blocks=tuple(row["blocks"].split()),
        items=tuple(row["items"].split()),
        titled=float(row["titled"]),
        receipt=row["name"].startswith("receipt"),
        held_out="held_out" in row,
    )


BY_NAME: dict[str, Family] = {family.name: family for family in map(_family, _FAMILIES.strip().split("\n\n"))}
TRAINED: tuple[str, ...] = tuple(name for name, family in BY_NAME.items() if not family.held_out)
HELD_OUT: tuple[str, ...] = tuple(name for name, family in BY_NAME.items() if family.held_out)
