"""What crowds the pages of business software: parties as forms, references, remarks in prose and feet.

All of it stands around the values and looks like them: numbers, dates, amounts and names that are none of the
document's own.
"""

from __future__ import annotations

from finscribe.synthesis.content import names
from finscribe.synthesis.content.tax_ids import draw_tax_id

from . import mentions
from .blocks import beside, contact_rows, tax_id_rows
from .draft import Draft
from .page import Cell, Row
from .payment import bank_rows

_BUYER = ("to", "buyer")
"""What a customer stands below: as on other documents, or in the words of forms."""


def vendor_form(d: Draft) -> list[Row]:
    """The seller as a form: every part of it behind its label."""
    own = Cell(d.facts.tax_id, "vendor.tax_id")
    return _form(d, ("from", "seller"), "vendor", d.facts.vendor, d.facts.vendor_address, own)


def client_form(d: Draft) -> list[Row]:
    """The buyer as a form of the same kind; its tax number is none of the document's values."""
    theirs = Cell(draw_tax_id(d.rng, d.locale))
    return _form(d, _BUYER, "client", d.facts.client, d.facts.client_address, theirs)


def _form(
    d: Draft, headings: tuple[str, str], party: str, name: str, address: list[str], tax_id: Cell
) -> list[Row]:
    """A heading, then number, name, contact, address, telephone and tax number, some of them left out."""
    heading = d.label(d.rng.choice(headings))
    rows: list[Row] = [[Cell(heading + ("" if d.rng.random() < 0.7 else d.colon))]]
    if d.rng.random() < 0.4:
        rows.append(d.labelled("number_key", Cell(mentions.number(d))))
    rows += _named(d, f"{party}.name", name)
    if d.rng.random() < 0.45:
        rows.append(d.labelled("contact", d.plain(names.person(d.rng, d.locale))))
    first, *rest = [d.text(f"{party}.address", line) for line in address]
    if rest and d.rng.random() < 0.4:
        rest[-1] = _with_country(d, rest[-1])
    rows += [d.labelled("address", first), *([cell] for cell in rest)]
    if d.rng.random() < 0.5:
        rows.append(d.labelled("phone", Cell(mentions.phone(d))))
    if d.rng.random() < 0.45:
        rows.append(d.labelled("email_key", Cell(mentions.mail(d))))
    if d.rng.random() < 0.6:
        rows.append(d.pair(d.case(d.rng.choice(d.locale.tax_id_labels)), d.first(tax_id)))
    return rows


def _named(d: Draft, path: str, name: str) -> list[Row]:
    """The name behind its label; of two lines, the label may stand beside the second."""
    words = name.split()
    if len(words) < 3 or d.rng.random() < 0.8:
        return [d.labelled("name_key", d.text(path, name))]
    cut = d.rng.randint(1, len(words) - 1)
    above, beside_label = " ".join(words[:cut]), " ".join(words[cut:])
    return [[d.text(path, above)], d.labelled("name_key", d.text(path, beside_label), True)]


def vendor_contact(d: Draft) -> list[Row]:
    """A letterhead with a person, branch or trading name between name and address; above the name trades or nothing."""
    facts = d.facts
    return [
        *([[_trades(d)]] if d.rng.random() < 0.3 else []),
        *_attended(d, "vendor", facts.vendor, facts.vendor_address),
        *contact_rows(d),
        *tax_id_rows(d, 0.5),
    ]


def client_contact(d: Draft) -> list[Row]:
    """The customer with the person whom the invoice is for, under a heading or not."""
    heading: list[Row] = [d.heading(d.rng.choice(_BUYER))] if d.rng.random() < 0.5 else []
    return [*heading, *_attended(d, "client", d.facts.client, d.facts.client_address)]


def _trades(d: Draft) -> Cell:
    """What a company does, in up to three words."""
    trades = {mentions.trade(d): None for _ in range(4)}
    return d.plain(d.rng.choice((" | ", " - ", ", ")).join([*trades][: d.rng.randint(2, 3)]))


def _attended(d: Draft, party: str, name: str, address: list[str]) -> list[Row]:
    person = names.person(d.rng, d.locale)
    between = d.rng.choice(
        (
            d.labelled("contact", d.plain(person), False),
            [d.plain(person)],
            [d.plain(f"{mentions.trade(d)} {names.word(d.rng)}")],
            [Cell(mentions.mail(d))],
        )
    )
    return [
        [d.text(f"{party}.name", name)],
        between,
        *([d.text(f"{party}.address", line)] for line in address),
    ]


def letter_opening(d: Draft) -> list[Row]:
    """What a letter says before it comes to the point."""
    rows: list[Row] = [[Cell(mentions.sentence(d, "greeting"))]] if d.rng.random() < 0.7 else []
    return rows + [[Cell(mentions.sentence(d, "letter"))] for _ in range(d.rng.randint(1, 2))]


def letter_closing(d: Draft) -> list[Row]:
    """How a letter ends, and who signs it."""
    signed = d.facts.vendor if d.rng.random() < 0.4 else names.person(d.rng, d.locale)
    return [[Cell(d.label("closing"))], [d.plain(signed)]]


def page_turn(d: Draft) -> list[Row]:
    """The foot of a page and the head of the next one."""
    page, pages = d.rng.randint(1, 2), d.rng.randint(2, 4)
    mark = d.rng.choice(("/", " / ", f" {d.rng.choice(('of', '-', '|'))} "))
    foot = [Cell(f"{d.label('page')} {page}{mark}{max(page + 1, pages)}")]
    head = [d.plain(d.rng.choice((d.facts.vendor, d.label(d.facts.kind), mentions.mail(d))))]
    return [foot, head] if d.rng.random() < 0.6 else [foot]


def _with_country(d: Draft, town: Cell) -> Cell:
    """A town whose postal code stands behind the country's, which is part of the address where a hyphen joins them."""
    country, mark = d.locale.code[-2:], d.rng.choice((" ", "-", " - "))
    if not town.text[0].isdecimal():
        return town
    if mark == "-":
        return Cell(f"{country}-{town.text}", town.path)
    return Cell(town.text, town.path, before=country + mark)


def title_line(d: Draft) -> list[Row]:
    """The title with number and day in one sentence, as `Invoice 4711 of 3 May 2026`."""
    facts, rng = d.facts, d.rng
    number, day = d.first(d.text("invoice_number", facts.number)), d.day("invoice_date", facts.day)
    title = d.label("titles" if facts.kind == "invoice" and rng.random() < 0.4 else facts.kind)
    dated = rng.choice(d.table["date"]).lower()
    kind = rng.choice((" ", " ", f" ({rng.choice(_TYPE_CODES[facts.kind])}) ", " # ", ": "))
    number.before = title + kind + rng.choice(("", "Nr. ", "No. ", "N° "))
    day.glue(f" {rng.choice((d.label('of_day'), d.label('of_day'), d.case(dated), '/', '-', ','))} ")
    return [[number, day]]


_TYPE_CODES = {
    "invoice": (380, 380, 380, 326, 387, 389, 575),
    "credit_note": (381, 381, 396),
    "proforma": (325,),
    "receipt": (380,),
}
"""Types of documents by their numbers in UN/EDIFACT 1001."""


def references(d: Draft) -> list[Row]:
    """Numbers, names and dates of other things, in one column or two; some labels have nothing behind them."""
    return listed_references(d, d.rng.randint(2, 6), 0.35)


def listed_references(d: Draft, count: int, halved: float) -> list[Row]:
    """So many of them, in two columns with the chance `halved`."""
    pairs = [_reference(d) for _ in range(count)]
    if d.rng.random() < halved:
        half = (len(pairs) + 1) // 2
        return beside(pairs[:half], pairs[half:])
    return pairs


def _reference(d: Draft) -> Row:
    """The number, name or day of another thing behind its label, or a label with nothing behind it."""
    draw = d.rng.random()
    if draw < 0.06:
        return d.labelled("related", _related_invoice(d))
    if draw < 0.7:
        return d.labelled("refs", Cell(mentions.number(d)))
    if draw < 0.74:
        return d.heading("refs")
    if draw < 0.8:
        return d.labelled("delivery", _other_days(d))
    if draw < 0.9:
        return d.labelled("contact", d.plain(names.person(d.rng, d.locale)))
    return d.labelled("customer_no", Cell(mentions.number(d)))


def _related_invoice(d: Draft) -> Cell:
    """The number of another invoice, the document's own with some other digits, and its day or not."""
    own = d.facts.number
    other = "".join(
        d.rng.choice("0123456789") if sign.isdecimal() and d.rng.random() < 0.4 else sign for sign in own
    )
    cell = d.plain(other if other != own else mentions.number(d))
    if d.rng.random() < 0.4:
        cell.text += d.rng.choice((" / ", ", ", " - ")) + mentions.other_day(d).text
    return cell


def _other_days(d: Draft) -> Cell:
    """A day, or a first and a last one."""
    day = mentions.other_day(d)
    if d.rng.random() < 0.3:
        day.text += d.rng.choice((" - ", " – ", " / ", " ... ")) + mentions.other_day(d).text
    return day


def remarks(d: Draft) -> list[Row]:
    """Sentences about other days, amounts, numbers and companies, now and then under a heading."""
    rows: list[Row] = [d.heading("remarks")] if d.rng.random() < 0.5 else []
    return rows + [[Cell(mentions.sentence(d, "prose"))] for _ in range(d.rng.randint(1, 4))]


def company_foot(d: Draft) -> list[Row]:
    """The foot of a company's paper: its name and address again, telephone, bank and register in columns."""
    rng, facts = d.rng, d.facts
    left = [[d.plain(line)] for line in (facts.vendor, *facts.vendor_address)]
    middle = [d.labelled("phone", Cell(mentions.phone(d)), False), [Cell(mentions.mail(d))]]
    middle.append(
        d.pair(rng.choice(d.locale.tax_id_labels), d.first(Cell(facts.tax_id, "vendor.tax_id")), False)
    )
    blocks: list[list[Row]] = [left, middle, bank_rows(d)]
    rng.shuffle(blocks)
    return (
        beside(beside(blocks[0], blocks[1]), blocks[2])
        if rng.random() < 0.7
        else beside(blocks[0], blocks[1])
    )


def sender(d: Draft) -> list[Row]:
    """The line of the vendor's name and address that stands above an address in a letter's window."""
    mark = d.rng.choice((" · ", ", ", " - ", " | ", "  ●  ", " * "))
    place = d.plain(mark.join(d.facts.vendor_address))
    place.glue(mark)
    d.otherwise["vendor.address"] = place
    return [[d.plain(d.facts.vendor), place]]


def pay_by(d: Draft) -> list[Row]:
    """The day by which is to be paid, in a sentence."""
    before, _, after = d.rng.choice(d.table["pay_by"]).partition("{due}")
    day = d.day("due_date", d.facts.due)
    day.before, day.after = d.case(before), d.case(after)
    return [[day]]
