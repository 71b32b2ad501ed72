"""Composing a document: every block by its name, and their order from the family."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce

from . import blocks as b
from . import crowded as c
from . import full_pages as f
from . import letterheads as h
from . import sums, tills
from . import totals as t
from .annotated import annotated
from .draft import Draft
from .families import Family
from .items import ITEMS
from .page import Cell, Row
from .payment import payment_rows
from .wide import wide

Block = Callable[[Draft], list[Row]]


def _vendor_beside_meta(d: Draft) -> list[Row]:
    return b.beside(b.vendor_column(d), [*b.title_rows(d), *b.meta_lines(d)])


def _vendor_beside_client(d: Draft) -> list[Row]:
    heads: list[Row] = [[Cell(d.label("from")), Cell(d.label("to"))]] if d.rng.random() < 0.75 else []
    client: list[Row] = [[d.text("client.name", d.facts.client)]]
    client += [[d.text("client.address", line)] for line in d.facts.client_address]
    return [*heads, *b.beside(b.vendor_column(d), client)]


def _client_beside_ship(d: Draft) -> list[Row]:
    return b.beside(b.client_headed(d), b.ship_to(d))


def _vendor_name(d: Draft) -> list[Row]:
    return b.name_rows(d, "vendor.name", d.facts.vendor)


def _vendor_foot(d: Draft) -> list[Row]:
    place = d.text("vendor.address", d.rng.choice((", ", " · ", " - ", " | ")).join(d.facts.vendor_address))
    return [[place], *b.contact_rows(d), *b.tax_id_rows(d, 0.7)]


def _two_columns_meta(d: Draft) -> list[Row]:
    rows = b.meta_lines(d)
    half = (len(rows) + 1) // 2
    return b.beside(rows[:half], rows[half:])


def _maybe(block: Block, chance: float = 1.0) -> Block:
    """The block with that chance, in small documents with less."""

    def optional(d: Draft) -> list[Row]:
        return block(d) if d.opt(chance) else []

    return optional


BLOCKS: dict[str, Block] = {
    "vendor": b.vendor_stacked,
    "vendor-line": b.vendor_line,
    "vendor-labelled": b.vendor_labelled,
    "vendor-headed": b.vendor_headed,
    "vendor-column": b.vendor_column,
    "vendor-name": _vendor_name,
    "vendor-split": b.vendor_split,
    "till-head": tills.till_head,
    "card-slip": tills.card_slip,
    "promotion": tills.promotion,
    "till-totals": tills.till_totals,
    "vendor-foot": _vendor_foot,
    "vendor-logo": h.vendor_logo,
    "vendor-strip": h.vendor_strip,
    "vendor-columns": h.vendor_columns,
    "letter-date": h.letter_date,
    "ordered": h.ordered,
    "client": b.client_headed,
    "ship": b.ship_to,
    "client-labelled": b.client_labelled,
    "client?": _maybe(b.client_labelled, 0.15),
    "vendor&meta": _vendor_beside_meta,
    "vendor&client": _vendor_beside_client,
    "client&ship": _client_beside_ship,
    "meta": b.meta_lines,
    "meta-packed": b.meta_packed,
    "meta-table": b.meta_table,
    "meta-stacked": b.meta_stacked,
    "meta-bare": b.meta_bare,
    "meta&meta": _two_columns_meta,
    "totals": t.total_rows,
    "total": t.total_only,
    "totals-across": t.totals_across,
    "payment&totals": t.totals_beside_payment,
    "due": t.due_rows,
    "tender": _maybe(t.tender_rows, 0.7),
    "tax-table": _maybe(t.tax_table, 0.3),
    "count": _maybe(t.count_rows, 0.25),
    "payment": payment_rows,
    "full-totals": sums.full_sums,
    "totals-by-rates": sums.sums_and_rates,
    "totals-by-remarks": sums.sums_and_remarks,
    "totals-across-remarks": sums.sums_across_remarks,
    "vendor-contact": c.vendor_contact,
    "client-contact": c.client_contact,
    "letter-opening": c.letter_opening,
    "letter-closing": c.letter_closing,
    "page-turn": c.page_turn,
    "title-line": c.title_line,
    "vendor-form": c.vendor_form,
    "client-form": c.client_form,
    "references": c.references,
    "remarks": c.remarks,
    "tax-breakdown": sums.tax_breakdown,
    "sums-of-nothing": sums.sums_of_nothing,
    "allowances": sums.allowances,
    "sender": c.sender,
    "pay-by": c.pay_by,
    "company-foot": c.company_foot,
    "small-print": _maybe(f.small_print),
    "other-party": _maybe(f.other_party),
    "long-references": _maybe(f.long_references),
    "opening-hours": _maybe(f.opening_hours),
    "footer": b.footer_rows,
}
"""An ampersand joins columns, a question mark is seldom there."""


SHAPES: dict[str, Block] = {
    **ITEMS,
    "annotated": annotated,
    "wide": wide,
    "listed": tills.listed,
    "weighed": tills.weighed,
}
"""How the items may be printed."""


@cache
def _block(name: str) -> Block:
    """The block of this name; several that have no entry of their own are these blocks beside each other."""
    if name in BLOCKS:
        return BLOCKS[name]
    columns = [BLOCKS[_COLUMNS.get(part, part)] for part in name.split("&")]
    return lambda d: reduce(
        lambda left, right: b.beside(left, right(d), d.rng.randint(0, 1)), columns[1:], columns[0](d)
    )


_COLUMNS = {"vendor": "vendor-column"}
"""Blocks that look otherwise in a column."""


def _broken(d: Draft, block: list[Row]) -> list[Row]:
    """The block with some amounts fallen onto the line below their labels."""
    rows: list[Row] = []
    for row in block:
        rows += [[cell] for cell in row] if d.rng.random() < 0.6 else [row]
    return rows


def _needs_title(d: Draft, family: Family) -> bool:
    """Whether only the title can tell what the document is."""
    if family.receipt:
        return d.facts.kind == "invoice"
    return d.facts.kind != "invoice" or not any("meta" in name for name in family.blocks)


def compose(d: Draft, family: Family) -> list[Row]:
    """The rows of a document of this family."""
    rows: list[Row] = []
    d.titled = _needs_title(d, family) or d.rng.random() < family.titled + (0 if family.receipt else 0.25)
    for name in family.blocks:
        if name == "title":
            rows += b.title_rows(d) if d.titled else []
        elif name == "items":
            rows += SHAPES[d.shape](d) if d.facts.items else []
        else:
            block = _block(name)(d)
            rows += (
                _broken(d, block) if d.broken and name in ("totals", "till-totals", "total", "due") else block
            )
    _fill_in(d, rows)
    return rows


def _fill_in(d: Draft, rows: list[Row]) -> None:
    """Values that no cell is are those that a line prints beside others."""
    if not d.otherwise:
        return
    printed = {cell.path for row in rows for cell in row}
    for path, cell in d.otherwise.items():
        if path not in printed:
            cell.path = path
