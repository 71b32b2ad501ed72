"""What crowds the pages of business software: parties as forms, references, remarks in prose, notes under items.

All of it stands around the values and looks like them: numbers, dates, amounts and names that are none of the
document's own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from . import names
from .blocks import beside
from .draft import Draft
from .facts import ZERO, quantum, rounded
from .items import column_cell, head_row, order_columns
from .page import Cell, Row
from .tax_ids import draw_tax_id

_PLACE = "financial_summary."


def vendor_form(d: Draft) -> list[Row]:
    """The seller as a form: every part of it behind its label."""
    own = d.first(Cell(d.facts.tax_id, "vendor.tax_id"))
    return _form(d, "from", "vendor", d.facts.vendor, d.facts.vendor_address, own)


def client_form(d: Draft) -> list[Row]:
    """The buyer as a form of the same kind; its tax number is none of the document's values."""
    theirs = Cell(draw_tax_id(d.rng, d.locale))
    return _form(d, "to", "client", d.facts.client, d.facts.client_address, theirs)


def _form(d: Draft, heading: str, party: str, name: str, address: list[str], tax_id: Cell) -> list[Row]:
    """A heading, then number, name, contact, address, telephone and tax number, some of them left out."""
    rows: list[Row] = [[Cell(d.label(heading) + ("" if d.rng.random() < 0.7 else d.colon))]]
    if d.rng.random() < 0.4:
        rows.append(d.labelled("number_key", Cell(_number(d))))
    rows.append(d.labelled("name_key", d.text(f"{party}.name", name)))
    if d.rng.random() < 0.45:
        rows.append(d.labelled("contact", d.plain(names.person(d.rng, d.locale))))
    first, *rest = [d.text(f"{party}.address", line) for line in address]
    if rest and d.rng.random() < 0.4:
        rest[-1].before = d.locale.code[-2:] + d.rng.choice((" ", "-", " - "))
    rows += [d.labelled("address", first), *([cell] for cell in rest)]
    if d.rng.random() < 0.5:
        rows.append(d.labelled("phone", Cell(_phone(d))))
    if d.rng.random() < 0.45:
        rows.append(d.labelled("email_key", Cell(_mail(d))))
    if d.rng.random() < 0.6:
        rows.append(d.pair(d.case(d.rng.choice(d.locale.tax_id_labels)), tax_id))
    return rows


def title_line(d: Draft) -> list[Row]:
    """The title with number and day in one sentence, as `Invoice 4711 of 3 May 2026`."""
    facts = d.facts
    number, day = d.first(d.text("invoice_number", facts.number)), d.day("invoice_date", facts.day)
    number.before = (
        d.label(facts.kind)
        + d.rng.choice((" ", " (380) ", " # ", ": "))
        + d.rng.choice(("", "Nr. ", "No. ", "N° "))
    )
    day.before = "\0 " + d.rng.choice((d.label("date").lower(), "/", "-", ",")) + " "
    return [[number, day]]


def references(d: Draft) -> list[Row]:
    """Numbers, names and dates of other things, in one column or two."""
    pairs = [_reference(d) for _ in range(d.rng.randint(2, 9))]
    if d.rng.random() < 0.35:
        half = (len(pairs) + 1) // 2
        return beside(pairs[:half], pairs[half:])
    return pairs


def _reference(d: Draft) -> Row:
    draw = d.rng.random()
    if draw < 0.7:
        return d.labelled("refs", Cell(_number(d)))
    if draw < 0.8:
        return d.labelled("delivery", _other_day(d))
    if draw < 0.9:
        return d.labelled("contact", d.plain(names.person(d.rng, d.locale)))
    return d.labelled("customer_no", Cell(_number(d)))


def remarks(d: Draft) -> list[Row]:
    """Sentences about other days, amounts, numbers and companies, now and then under a heading."""
    rows: list[Row] = [[Cell(d.label("remarks") + d.colon)]] if d.rng.random() < 0.5 else []
    return rows + [[Cell(_written(d, "prose"))] for _ in range(d.rng.randint(1, 5))]


def tax_breakdown(d: Draft) -> list[Row]:
    """The tax by rates in a table of its own: basis, rate and tax, in some order."""
    facts = d.facts
    if not facts.tax or "two_rates" in facts.extras:
        return []
    basis = facts.total - facts.rounding - facts.tax if facts.inclusive else facts.subtotal - facts.discount
    columns: list[tuple[str, Cell]] = [
        (d.label("taxable"), d.money("", basis)),
        (d.label("rate_key"), d.first(d.rate(_PLACE + "tax_rate"))),
        (d.case(facts.tax_name), d.first(d.money(_PLACE + "tax_amount", facts.tax))),
    ]
    if d.rng.random() < 0.3:
        d.rng.shuffle(columns)
    if d.rng.random() < 0.6:
        columns.insert(0, ("", Cell(d.case(facts.tax_name) + d.rng.choice(("", " (S)", " S")))))
    return [[Cell(head) for head, _ in columns if head], [cell for _, cell in columns]]


def sums_of_nothing(d: Draft) -> list[Row]:
    """Charges and allowances of zero, as software prints them that always prints all of its lines."""
    facts = d.facts
    rows: list[Row] = []
    if not facts.other and not facts.shipping:
        rows.append(d.labelled("charges_sum", d.money("", ZERO)))
    if not facts.discount:
        rows.append(d.labelled("allowances_sum", d.first(d.money(_PLACE + "discount", ZERO))))
    return rows if d.rng.random() < 0.7 else rows[:1]


def company_foot(d: Draft) -> list[Row]:
    """The foot of a company's paper: its name and address again, telephone, bank and register in columns."""
    rng, facts = d.rng, d.facts
    left = [[d.plain(line)] for line in (facts.vendor, *facts.vendor_address)]
    middle = [d.labelled("phone", Cell(_phone(d)), False), [Cell(_mail(d))]]
    middle.append(
        d.pair(rng.choice(d.locale.tax_id_labels), d.first(Cell(facts.tax_id, "vendor.tax_id")), False)
    )
    right = [[Cell(f"{names.word(rng)} Bank")], d.labelled("reg", Cell(_number(d)), False)]
    if d.locale.iban:
        right.insert(1, d.labelled("iban", d.first(Cell(names.iban(rng, d.locale), "payment.iban")), False))
    blocks: list[list[Row]] = [left, middle, right]
    rng.shuffle(blocks)
    return (
        beside(beside(blocks[0], blocks[1]), blocks[2])
        if rng.random() < 0.7
        else beside(blocks[0], blocks[1])
    )


def annotated(d: Draft) -> list[Row]:
    """A table whose rows are followed by article numbers, periods and notes, and whose descriptions go on below."""
    rng = d.rng
    order = order_columns(d)
    rows: list[Row] = [head_row(d, order)] if rng.random() < 0.9 else []
    longer, noted = rng.random() < 0.35, rng.choice((0.3, 0.7, 1.0))
    most = rng.choice((1, 1, 2, 3))
    kinds = [rng.choice(d.table["item_note"]) for _ in range(most)]
    for at, item in enumerate(d.facts.items):
        rows.append([column_cell(d, key, at, item) for key in order])
        if longer and rng.random() < 0.6:
            rows.append([d.text(f"line_items.{at}.desc", names.product(rng, d.locale))])
        if rng.random() < noted:
            rows += [[Cell(_filled(d, kind))] for kind in kinds[: rng.randint(1, most)]]
    return rows


# --- what is written -------------------------------------------------------------------------------------


def _number(d: Draft) -> str:
    pattern = d.rng.choice(_NUMBERS)
    return names.fill(d.rng, pattern, d.locale) if pattern else names.code(d.rng, d.locale)


_NUMBERS = (
    "",
    "",
    "######",
    "##########",
    "#############",
    "@@-####",
    "####/##",
    "### ### ###",
    "@@###@@#",
    "####-@@",
)


def _phone(d: Draft) -> str:
    return names.fill(d.rng, d.rng.choice(d.locale.phones), d.locale)


def _mail(d: Draft) -> str:
    place = names.word(d.rng, 2).lower()
    return d.rng.choice(
        ("info@{}.com", "{}@mail.com", "billing@{}.net", "{}.{}@web.eu", "www.{}.com")
    ).format(place, place)


def _other_day(d: Draft) -> Cell:
    cell = d.day("", d.facts.day + timedelta(days=d.rng.randint(-200, 90)))
    cell.value = None
    return cell


def _sum(d: Draft) -> str:
    step = quantum(d.style.decimals)
    part = rounded(max(d.facts.total, step) * d.rng.randint(1, 180) / Decimal(100), step)
    return d.money("", part, False).printed


def _written(d: Draft, key: str) -> str:
    return _filled(d, d.rng.choice(d.table[key]))


_FILLERS: dict[str, Callable[[Draft], str]] = {
    "{day}": lambda d: _other_day(d).text,
    "{no}": _number,
    "{sum}": _sum,
    "{person}": lambda d: names.person(d.rng, d.locale),
    "{vendor}": lambda d: d.facts.vendor,
    "{client}": lambda d: d.facts.client,
}


def _filled(d: Draft, pattern: str) -> str:
    """The sentence with days, numbers, amounts and names in its braces."""
    for mark, write in _FILLERS.items():
        while mark in pattern:
            pattern = pattern.replace(mark, write(d).replace("{", "("), 1)
    return d.case(names.fill(d.rng, pattern, d.locale)) if "{" in pattern else d.case(pattern)
