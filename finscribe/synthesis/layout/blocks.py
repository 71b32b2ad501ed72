"""The blocks around the items: letterhead, parties, document data, payment and small print."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest

from finscribe.synthesis.content import names
from finscribe.synthesis.content.tax_ids import draw_tax_id

from . import mentions
from .draft import Draft
from .page import Cell, Row


def address_rows(d: Draft, path: str, lines: list[str]) -> list[Row]:
    """The address, one or several lines."""
    if d.rng.random() < 0.2:
        return [[d.text(path, d.rng.choice((", ", ", ", " ", " - ", " · ")).join(lines))]]
    last = len(lines) - 1
    return [[d.text(path, line + ("," if d.commas and at < last else ""))] for at, line in enumerate(lines)]


def name_rows(d: Draft, path: str, name: str) -> list[Row]:
    """The name, now and then broken over two lines."""
    if len(name.split()) > 2 and d.rng.random() < 0.1:
        return _broken_name(d, path, name)
    return [[d.text(path, name)]]


def _broken_name(d: Draft, path: str, name: str) -> list[Row]:
    words = name.split()
    cut = d.rng.randint(1, len(words) - 1)
    return [[d.text(path, " ".join(words[:cut]))], [d.text(path, " ".join(words[cut:]))]]


def vendor_split(d: Draft) -> list[Row]:
    """A letterhead whose name of two words or more always goes over two lines, as in logos."""
    name = d.facts.vendor
    rows = _broken_name(d, "vendor.name", name) if " " in name else [[d.text("vendor.name", name)]]
    address = address_rows(d, "vendor.address", d.facts.vendor_address) if d.opt(0.85) else []
    return [*rows, *address, *contact_rows(d), *tax_id_rows(d, 0.5)]


_SITES = ("info@{site}.com", "www.{site}.com", "Email: sales@{site}.net", "https://{site}.io")
_REGISTRATIONS = ("######-@", "20##########", "@@#######-#", "### ### ###", "HRB #####")


def contact_rows(d: Draft) -> list[Row]:
    """Telephone, fax, web and registration numbers: distractors."""
    rows: list[Row] = []
    rng = d.rng
    if d.opt(0.55):
        phone = Cell(mentions.phone(d))
        row = d.labelled("phone", phone, False) if rng.random() < 0.8 else [phone]
        if d.opt(0.25):
            row += d.labelled("fax", Cell(mentions.phone(d)), False)
        rows.append(row)
    if d.opt(0.22):
        site = names.site(rng, d.facts.vendor)
        rows.append([Cell(rng.choice(_SITES).replace("{site}", site))])
    if d.opt(0.2):
        number = names.fill(rng, rng.choice(_REGISTRATIONS), d.locale)
        rows.append(d.labelled("reg", Cell(number), False) if rng.random() < 0.5 else [Cell(f"({number})")])
    return rows


BARE_ID_SHARE = 0.12
"""How many of the tax ids with letters stand without a label on composed documents."""


def tax_id_rows(d: Draft, chance: float) -> list[Row]:
    """The vendor's tax number behind its label."""
    if not d.opt(chance):
        return []
    cell = d.first(Cell(d.facts.tax_id, "vendor.tax_id"))
    if d.more and cell.text[0].isalpha() and d.rng.random() < BARE_ID_SHARE:
        return [[cell]]
    row = d.pair(d.case(d.rng.choice(d.locale.tax_id_labels)), cell, d.apart and d.rng.random() < 0.5)
    if len(row) == 1 and d.rng.random() < 0.12:
        row[0].before, row[0].after = "(" + row[0].before, ")"
    return [row]


_ABOVE = (
    "** COPY **",
    "Welcome",
    "*** DUPLICATE ***",
    "ORIGINAL",
    "WELCOME TO",
    "-- Reprint --",
    "E-Receipt",
)
_COMPANY_NUMBERS = ("(######-@)", "######-@", "(@@#######-@)", "CO. NO: ######-@")


def vendor_stacked(d: Draft) -> list[Row]:
    """A letterhead without labels: name, address, telephone, numbers."""
    rows: list[Row] = []
    if d.opt(0.05):
        rows.append([d.plain(names.person(d.rng, d.locale))])
    if d.opt(0.04):
        rows.append([d.plain(d.rng.choice(_ABOVE))])
    rows += name_rows(d, "vendor.name", d.facts.vendor)
    if d.opt(0.05):
        rows.append([d.plain(slogan(d))])
    if d.opt(0.12):
        rows.append([d.plain(names.fill(d.rng, d.rng.choice(d.table["branches"]), d.locale))])
    if d.opt(0.12):
        rows.append([Cell(names.fill(d.rng, d.rng.choice(_COMPANY_NUMBERS), d.locale))])
    address = address_rows(d, "vendor.address", d.facts.vendor_address) if d.opt(0.85) else []
    middle = [*contact_rows(d), *tax_id_rows(d, 0.5)]
    if d.rng.random() < 0.12:
        d.rng.shuffle(middle)
        return [*rows, *middle, *address]
    return [*rows, *address, *middle]


def slogan(d: Draft) -> str:
    """What stands below a name to praise it."""
    words = " & ".join(names.product(d.rng, d.locale) for _ in range(2))
    first, second = (d.rng.randint(1900, 2020) for _ in range(2))
    return d.rng.choice((f"Est. {first}", words, f"Since {second}", f'"{words}"', f"({words})"))


def vendor_line(d: Draft) -> list[Row]:
    """A letterhead on one or two lines: name and address beside each other."""
    lines = d.facts.vendor_address
    joined = d.rng.choice((", ", " - ", " · ", " | ")).join(lines)
    name, place = d.text("vendor.name", d.facts.vendor), d.text("vendor.address", joined)
    rows: list[Row] = [[name, place]] if d.rng.random() < 0.4 else [[name], [place]]
    return [*rows, *contact_rows(d), *tax_id_rows(d, 0.5)]


def vendor_labelled(d: Draft) -> list[Row]:
    """Vendor behind a label, as in forms and plain text invoices."""
    rows = [d.labelled("from", d.text("vendor.name", d.facts.vendor))]
    if d.opt(0.75):
        if d.rng.random() < 0.6:
            place = d.text("vendor.address", ", ".join(d.facts.vendor_address))
            rows.append(d.labelled("address", place) if d.rng.random() < 0.7 else [place])
        else:
            rows += address_rows(d, "vendor.address", d.facts.vendor_address)
    return [*rows, *tax_id_rows(d, 0.55), *contact_rows(d)]


def vendor_headed(d: Draft) -> list[Row]:
    """A heading such as From, then name and address below it."""
    return [d.heading("from"), *vendor_column(d)]


def vendor_column(d: Draft) -> list[Row]:
    """Name, address without commas at line ends, tax number: for use beside another column."""
    rows: list[Row] = [[d.text("vendor.name", d.facts.vendor)]]
    rows += [[d.text("vendor.address", line)] for line in d.facts.vendor_address]
    return [*rows, *tax_id_rows(d, 0.5), *(contact_rows(d) if d.opt(0.4) else [])]


_ADDRESSED_SHARE = 0.15
"""How many of the composed documents have a word such as *Messrs* above the customer's name."""


def client_headed(d: Draft) -> list[Row]:
    """The customer's name and address, nearly always under a heading."""
    return client_named(d) if d.rng.random() < 0.85 else client_rows(d)


def client_named(d: Draft) -> list[Row]:
    """A heading such as Bill to, then the customer."""
    return [d.heading("to"), *client_rows(d)]


def client_rows(d: Draft) -> list[Row]:
    """Name and address without a heading."""
    rows: list[Row] = [[d.text("client.name", d.facts.client)]]
    if d.more and d.rng.random() < _ADDRESSED_SHARE:
        rows.insert(0, [d.plain(d.rng.choice(d.table["addressed"]))])
    if d.opt(0.85):
        rows += [[d.text("client.address", line)] for line in d.facts.client_address]
    if d.opt(0.12):
        rows.append([Cell(mentions.phone(d))])
    if d.opt(0.3 if d.more else 0.1):
        number = Cell(draw_tax_id(d.rng, d.locale))
        bare = d.more and number.text[0].isalpha() and d.rng.random() < BARE_ID_SHARE
        rows.append([number] if bare else d.pair(d.rng.choice(d.locale.tax_id_labels), number, False))
    return rows


def client_labelled(d: Draft) -> list[Row]:
    """Customer behind a label on its line, its address after it."""
    rows = [d.labelled("to", d.text("client.name", d.facts.client))]
    if d.opt(0.55):
        place = d.text("client.address", ", ".join(d.facts.client_address))
        rows.append(d.labelled("address", place) if d.rng.random() < 0.5 else [place])
    return rows


def ship_to(d: Draft) -> list[Row]:
    """A delivery address: a distractor that looks like a customer."""
    lines = [names.company(d.rng, d.locale), *names.address(d.rng, d.locale)]
    if d.rng.random() < 0.35:
        lines = [d.facts.client, *d.facts.client_address]
    return [d.heading("ship_to"), *([d.plain(line)] for line in lines)]


_NUMBER_KEYS = {
    "invoice": "invoice_no",
    "credit_note": "credit_no",
    "proforma": "proforma_no",
    "receipt": "receipt_no",
}


def meta_pairs(d: Draft) -> list[tuple[str, Cell]]:
    """The document's data as labels and values, with distractors among them."""
    facts, rng = d.facts, d.rng
    receipt = facts.kind == "receipt"
    pairs: list[tuple[str, Cell]] = []
    if _again(d, "invoice_number") and (d.opt(0.8 if receipt else 0.97) or not (receipt or d.titled)):
        pairs.append((d.label(_NUMBER_KEYS[facts.kind]), d.first(d.text("invoice_number", facts.number))))
    if (_again(d, "invoice_date") and d.opt(0.95)) or not pairs:
        cell = d.day("invoice_date", facts.day)
        if rng.random() < (0.45 if receipt else 0.05):
            cell.after = rng.choice((" ", " ", "  ")) + d.clock()
        if rng.random() < (0.09 if receipt else 0.01):
            _add_weekday(d, cell)
        pairs.append((d.label("receipt_date" if receipt else "date"), d.first(cell)))
    if not receipt and d.opt(0.5):
        pairs.append((d.label("due"), d.day("due_date", facts.due)))
    if not receipt and _again(d, "purchase_order") and d.opt(0.28):
        pairs.append((d.label("po"), d.first(d.text("purchase_order", facts.po))))
    if not receipt and d.opt(0.18):
        pairs.append((d.label("terms"), d.first(d.text("payment.terms", d.label("term_values")))))
    side = _RECEIPT_SIDE if receipt else _INVOICE_SIDE
    pairs += [_side(d, key) for chance, key in side if d.opt(chance)]
    if not receipt and d.opt(0.08):
        pairs.append((d.label("currency"), Cell(d.locale.currency, currency=True)))
    if rng.random() < 0.45:
        rng.shuffle(pairs)
    return pairs


def _again(d: Draft, path: str) -> bool:
    """Whether a value is printed behind its label: composed documents seldom say again what is in a line above."""
    return not (d.more and path in d.used) or d.rng.random() < 0.3


def _add_weekday(d: Draft, cell: Cell) -> None:
    name = d.case(d.rng.choice((str.title, str.upper, str.lower))(d.table["weekdays"][d.facts.day.weekday()]))
    if d.rng.random() < 0.5:
        cell.before = name + d.rng.choice((" ", ", ", ". "))
    else:
        opened, closed = d.rng.choice(((" ", ""), ("", ""), (" (", ")")))
        cell.after = opened + name + closed + cell.after


_RECEIPT_SIDE = (
    (0.3, "cashier"),
    (0.25, "table"),
    (0.12, "customer_no"),
    (0.12, "order_no"),
    (0.06, "approved"),
)
_INVOICE_SIDE = (
    (0.22, "customer_no"),
    (0.25, "order_no"),
    (0.2, "delivery"),
    (0.1, "cashier"),
    (0.08, "page"),
)
"""Other data between the document's own, and how often it is there."""


def _side(d: Draft, key: str) -> tuple[str, Cell]:
    value = _side_value(d, key)
    return d.label(key), value


def _side_value(d: Draft, key: str) -> Cell:
    rng = d.rng
    if key == "delivery":
        return d.plain_day(d.facts.day + timedelta(days=rng.randint(-30, 12)))
    if key == "cashier":
        named = rng.random() < 0.6
        return d.plain(names.person(rng, d.locale).split()[0] if named else str(rng.randint(1, 999)))
    if key == "table":
        return Cell(str(rng.randint(1, 99)))
    if key == "page":
        return Cell(f"{rng.randint(1, 3)}/{rng.randint(3, 5)}")
    return Cell(names.code(rng, d.locale))


def meta_lines(d: Draft) -> list[Row]:
    """One label and value a line."""
    return [d.pair(label, value) for label, value in meta_pairs(d)]


def meta_packed(d: Draft) -> list[Row]:
    """Two or three pairs on a line."""
    pairs = [d.pair(label, value, False) for label, value in meta_pairs(d)]
    width = d.rng.choice((2, 2, 3))
    rows = [pairs[at : at + width] for at in range(0, len(pairs), width)]
    return [[cell for pair in row for cell in pair] for row in rows]


def meta_table(d: Draft) -> list[Row]:
    """A row of labels above a row of values."""
    pairs = meta_pairs(d)
    width = min(len(pairs), 4)
    rows: list[Row] = []
    for at in range(0, len(pairs), width):
        part = pairs[at : at + width]
        rows += [[Cell(label) for label, _ in part], [value for _, value in part]]
    return rows


def meta_stacked(d: Draft) -> list[Row]:
    """Each label on a line of its own, its value below."""
    return [[cell] for label, value in meta_pairs(d) for cell in (Cell(label + d.colon), value)]


def meta_bare(d: Draft) -> list[Row]:
    """The values without labels for some of them, as on tills."""
    rows: list[Row] = []
    for label, value in meta_pairs(d):
        bare = value.path == "invoice_date" or (value.path == "" and d.rng.random() < 0.5)
        rows.append([value] if bare else d.pair(label, value, False))
    return rows


def beside(left: list[Row], right: list[Row], shift: int = 0) -> list[Row]:
    """Two blocks in columns, line by line; `shift` moves the right one down."""
    moved: list[Row] = [[] for _ in range(shift)]
    return [[*(a or []), *(b or [])] for a, b in zip_longest(left, [*moved, *right])]


def title_rows(d: Draft) -> list[Row]:
    """The document's title, sometimes with its number or date on the same line."""
    title = Cell(d.label(d.facts.kind))
    roll = d.rng.random()
    if roll < 0.1 and d.facts.kind != "receipt":
        number = d.first(d.text("invoice_number", d.facts.number))
        number.before = d.rng.choice(("# ", "No. ", "Nr. ", "", "N° "))
        if d.rng.random() < 0.5:
            number.before = f"{title.text} {number.before}"
            return [[number]]
        return [[title, number]]
    if roll < 0.14:
        return [[title, d.first(d.day("invoice_date", d.facts.day))]]
    if roll < 0.18:
        title.before, title.after = "*** ", " ***"
    return [[title]]


_AGAIN = (
    "{vendor}",
    "for {vendor}",
    "© {vendor}",
    "{vendor} - {vendor}",
    "** {vendor} **",
    "Account name: {vendor}",
)


def footer_rows(d: Draft) -> list[Row]:
    """Thanks, conditions, page numbers, web addresses."""
    rows: list[Row] = [[Cell(d.label("thanks"))] for _ in range(2) if d.opt(0.4)]
    if d.opt(0.1):
        rows.append([d.plain(d.rng.choice(_AGAIN).replace("{vendor}", d.facts.vendor))])
    if d.opt(0.12):
        rows.append([Cell(d.label("notes"))])
    if d.opt(0.12):
        rows.append([Cell(f"{d.label('page')} {d.rng.randint(1, 2)}/{d.rng.randint(2, 3)}")])
    if d.opt(0.1):
        rows.append(
            [Cell(f"www.{names.site(d.rng, d.facts.vendor)}.{d.rng.choice(('com', 'net', 'de', 'co.uk'))}")]
        )
    if d.opt(0.1):
        rows.append([d.plain_day(d.facts.day + timedelta(days=d.rng.randint(0, 9))), Cell(d.clock())])
    return rows
