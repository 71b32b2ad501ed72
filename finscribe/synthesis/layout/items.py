"""The rows of what was sold, in the many shapes that tills and invoices print."""

from __future__ import annotations

from collections.abc import Callable, Collection

from finscribe.synthesis.content.facts import ZERO, Item, rounded
from finscribe.synthesis.content.names import ean, product, product_code

from .draft import Draft
from .page import Cell, Row


def _desc(d: Draft, at: int, item: Item) -> Cell:
    return d.text(f"line_items.{at}.desc", item.desc)


def _qty(d: Draft, at: int, item: Item) -> Cell:
    return d.quantity(f"line_items.{at}.qty", item.qty)


def _price(d: Draft, at: int, item: Item) -> Cell:
    return d.money(f"line_items.{at}.unit_price", item.price, d.signed_items, d.price_step)


def _total(d: Draft, at: int, item: Item) -> Cell:
    return d.money(f"line_items.{at}.line_total", item.total, d.signed_items)


def _tail(mark: str) -> list[Cell]:
    return [Cell(mark)] if mark else []


def column_cell(d: Draft, key: str, at: int, item: Item) -> Cell:
    """The cell of a table's column."""
    if key in _VALUES:
        return _VALUES[key](d, at, item)
    if key == "rate":
        return d.tax_rate()
    if key == "disc":
        return Cell(f"{item.off}%" if item.off else d.style.plain(ZERO))
    if key == "code":
        return Cell(d.facts.code(at))
    return Cell({"pos": str(at + 1), "unit": item.unit, "mark": d.tax_mark}[key])


_VALUES = {"desc": _desc, "qty": _qty, "price": _price, "amount": _total}


def _value_heads(d: Draft) -> Row:
    """The headings of description, quantity, price and total."""
    return [Cell(d.label(key)) for key in _VALUES]


def _value_cells(d: Draft, at: int, item: Item) -> Row:
    """An item's description, quantity, price and total."""
    return [cell(d, at, item) for cell in _VALUES.values()]


def further_line(d: Draft, at: int) -> Row:
    """A line by which an item's description goes on."""
    return [d.text(f"line_items.{at}.desc", product(d.rng, d.locale))]


_ORDERS = """
desc qty price amount
desc qty price amount
desc qty price amount
qty desc price amount
pos desc qty price amount
pos code desc qty unit price amount
code desc qty price amount
desc price qty amount
desc qty unit price amount
pos qty unit desc price amount
qty unit desc price amount
desc qty amount
desc amount
desc price amount
desc qty price rate amount
qty code desc price amount
pos desc qty unit price rate amount
desc rate qty price amount
desc qty price amount mark
code desc qty price disc amount
desc price disc qty amount
desc qty price price disc amount mark
code qty desc amount
pos desc amount
qty desc amount
desc price qty rate amount
amount desc qty price
""".strip().splitlines()
_DISCOUNTED = """
desc qty price disc amount
code desc qty price disc amount
pos desc qty unit price disc amount
desc price disc qty amount
qty desc price disc amount
desc qty price disc rate amount
""".strip().splitlines()


def _fuse_unit(cells: Row, order: list[str]) -> Row:
    at = order.index("qty")
    if at + 1 < len(order) and order[at + 1] == "unit":
        cells[at].after = " " + cells[at + 1].text
        del cells[at + 1]
    return cells


def table(d: Draft) -> list[Row]:
    """Columns in some order under a header row (or none)."""
    rng = d.rng
    order = order_columns(d)
    heads = head_row(d, order) if rng.random() < 0.82 else []
    rows: list[Row] = [heads] if heads else []
    fuse = "unit" in order and "qty" in order and rng.random() < 0.4
    second = rng.random() < 0.14
    turns = _turns(d)
    for at, item in enumerate(d.facts.items):
        if at in turns:
            rows += _page_turn(d, at, heads)
        cells = [column_cell(d, key, at, item) for key in order]
        rows.append(_fuse_unit(cells, order) if fuse else cells)
        if second and rng.random() < 0.7:
            rows.append(further_line(d, at))
    return rows


def order_columns(d: Draft) -> list[str]:
    """The columns of a table, left to right."""
    order = d.rng.choice(_DISCOUNTED if d.facts.line_discounts else _ORDERS).split()
    if not d.facts.one_rate:
        return [key for key in order if key != "rate"]
    return order


def head_row(d: Draft, order: list[str]) -> Row:
    """The row of the columns' headings."""
    names = {"rate": d.case(d.facts.tax_name), "mark": d.case(d.facts.tax_name), "disc": d.label("disc")}
    heads = [Cell(names.get(key) or d.label(key)) for key in order]
    if d.rng.random() < 0.1:
        heads[-1] = Cell(d.in_currency(heads[-1].text))
    return heads


_ROWS_OF_A_PAGE = 21


def _turns(d: Draft) -> Collection[int]:
    """The items before which a new page begins."""
    count = len(d.facts.items)
    if count <= 4 or d.rng.random() >= (0.2 if count <= _ROWS_OF_A_PAGE else 0.8):
        return ()
    first = d.rng.randint(2, 6)
    return (first,) if count <= _ROWS_OF_A_PAGE else range(first, count, d.rng.randint(10, 40))


def _page_turn(d: Draft, at: int, heads: Row) -> list[Row]:
    """The foot of one page and the head of the next, with the amount carried forward."""
    carried = d.money("", sum((item.total for item in d.facts.items[:at]), ZERO), d.signed_items)
    rows: list[Row] = [[Cell(d.label("continued")), carried]] if d.rng.random() < 0.7 else []
    rows.append([Cell(f"{d.label('page')} {d.rng.choice(('1', '1/2', '2', '2/2', '1 / 3'))}")])
    again = [Cell(cell.text, after=cell.after) for cell in heads]
    return [*rows, again] if d.rng.random() < 0.6 else rows


def desc_then_numbers(d: Draft) -> list[Row]:
    """The description on a line, quantity times price and total on the next."""
    rng = d.rng
    cross = rng.choice((" x", " X", "x", " @", "X", " pcs x", " *"))
    coded, tail = rng.random() < 0.3, rng.choice(("", "", "", " SR", " S", " T", " *", " A"))
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        desc = _desc(d, at, item)
        if coded and rng.random() < 0.5:
            rows += [[Cell(d.facts.code(at))], [desc]]
        else:
            rows.append([Cell(d.facts.code(at)), desc] if coded else [desc])
        qty, price, total = _qty(d, at, item), _price(d, at, item), _total(d, at, item)
        qty.after = cross
        total.after = tail
        rows.append(_join(rng.random() < 0.6, qty, price, total))
        rows += d.under_item(at)
    return rows


def _join(tight: bool, qty: Cell, price: Cell, total: Cell) -> Row:
    """Quantity and price in one column when tight; two values share a column as neighbouring cells."""
    if tight:
        qty.after += " "
        price.glue()
    return [qty, price, total]


def numbers_then_desc(d: Draft) -> list[Row]:
    """A code and the numbers first, the description below."""
    heads = d.rng.random() < 0.5
    coded = d.rng.random() < 0.75
    rows: list[Row] = [_value_heads(d)] if heads else []
    for at, item in enumerate(d.facts.items):
        front = [Cell(d.facts.code(at) if coded else str(at + 1))]
        rows.append([*front, _qty(d, at, item), _price(d, at, item), _total(d, at, item)])
        rows += [[_desc(d, at, item)], *d.under_item(at)]
    return rows


def inline(d: Draft) -> list[Row]:
    """Quantity, description and total on one line, as in restaurants."""
    rng = d.rng
    mark = rng.choice(("", "", "x", "X", " x", " X"))
    priced, tail = rng.random() < 0.3, rng.choice(("", "", "", "SR", "T", "A", "1", "*"))
    fused = rng.random() < 0.4
    at_sign = rng.choice(("@", "@ ", "a ", "à "))
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        qty, desc, total = _qty(d, at, item), _desc(d, at, item), _total(d, at, item)
        qty.after = mark
        if fused:
            qty.after += " "
            desc.glue()
        row = [qty, desc]
        if priced and (item.qty != 1 or rng.random() < 0.5):
            price = _price(d, at, item)
            price.before = at_sign
            row.append(price)
        rows.append([*row, total, *_tail(tail)])
        rows += d.under_item(at)
    return rows


def desc_total(d: Draft) -> list[Row]:
    """Description and amount only; a quantity line follows where more than one was sold."""
    rng = d.rng
    tail = rng.choice(("", "", "T", "A", "B", "N", "F"))
    follow = rng.random() < 0.4
    coded = rng.random() < 0.15
    lead = rng.choice(("E", "F", "T", "*", "1", "##")) if rng.random() < 0.15 else ""
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        front = _tail(lead) + ([Cell(d.facts.code(at))] if coded else [])
        rows.append([*front, _desc(d, at, item), _total(d, at, item), *_tail(tail)])
        if follow and item.qty != 1:
            qty, price = _qty(d, at, item), _price(d, at, item)
            qty.after = rng.choice((" x ", " @ ", " X ", "x "))
            price.glue()
            rows.append([qty, price])
        rows += d.under_item(at)
    return rows


def flagged(d: Draft) -> list[Row]:
    """As supermarkets print them: a letter for the tax, the article's number, which may have grown into its name."""
    rng = d.rng
    flag = rng.choice(("E", "F", "T", "N", "*", "A", "1", ""))
    tail, grown = rng.choice(("", "", "A", "T1", "F", "X", "N")), rng.random() < 0.35
    plain_codes, offered, sorted_out = rng.random() < 0.7, rng.random() < 0.35, rng.random() < 0.2
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        code = str(rng.randint(100, 999_999)) if plain_codes else d.facts.code(at)
        front = [Cell(flag)] if flag and rng.random() < 0.7 else []
        named = (
            [d.text(f"line_items.{at}.desc", code + item.desc)] if grown else [Cell(code), _desc(d, at, item)]
        )
        ending = _tail(tail) if rng.random() < 0.7 else []
        if sorted_out and (at == 0 or rng.random() < 0.3):
            rows.append([d.plain(rng.choice(d.table["trades"]))])
        if item.qty != 1:
            qty, price = _qty(d, at, item), _price(d, at, item)
            qty.after = rng.choice((" @", " x", "@", " X"))
            price.glue(" ")
            rows.append([qty, price])
        rows.append([*front, *named, _total(d, at, item), *ending])
        rows += [*d.under_item(at), *(_offer(d, item) if offered else [])]
    return rows


def _offer(d: Draft, item: Item) -> list[Row]:
    """Now and then a line of what the item costs otherwise, or what was saved on it."""
    draw = d.rng.random()
    if draw < 0.6:
        return []
    label, percent = (
        ("usual_price", d.rng.randint(105, 180)) if draw < 0.8 else ("saved", d.rng.randint(5, 80))
    )
    amount = rounded(item.price * percent / 100, d.step)
    return [[Cell(d.label(label)), d.money("", amount)]]


def counted(d: Draft) -> list[Row]:
    """Quantity and price above the description and its amount."""
    rng = d.rng
    cross, at_sign = rng.choice(("X", " x", "x", " @", "")), rng.choice(("@", "@ ", "", "x "))
    coded = rng.random() < 0.3
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        qty, price = _qty(d, at, item), _price(d, at, item)
        qty.after, price.before = cross, at_sign
        front = [Cell(d.facts.code(at))] if coded else []
        rows += [[qty, price], [*front, _desc(d, at, item), _total(d, at, item)]]
        rows += d.under_item(at)
    return rows


def coded_numbers(d: Draft) -> list[Row]:
    """As in hardware shops: description, then `code 1X 22.50 22.50 SR` below."""
    rng = d.rng
    tail, mark = rng.choice(("SR", "S", "Z", "", "*")), rng.choice(("X", "x", " PCS", " UNIT", " PC *"))
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        qty = _qty(d, at, item)
        qty.after = mark
        front = [Cell(d.facts.code(at))] if rng.random() < 0.6 else []
        rows.append([_desc(d, at, item)])
        rows.append([*front, qty, _price(d, at, item), _total(d, at, item), *_tail(tail)])
        rows += d.under_item(at)
    return rows


def coded_between(d: Draft) -> list[Row]:
    """The description, a line of the article's code and packing, then `bar code 2 X 3.10 6.20`."""
    rng = d.rng
    cross, tail = rng.choice((" X", " x", "X", " PCS X")), rng.choice(("", "", "SR", "T"))
    packed, barred = rng.random() < 0.7, rng.random() < 0.8
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        pack = f"{rng.choice((' - ', ' /', ' '))}{rng.randint(1, 24)}" if packed else ""
        if packed and rng.random() < 0.4:
            pack += f"*{rng.choice((6, 12, 24, 48, 144))}"
        qty, price = _qty(d, at, item), _price(d, at, item)
        qty.after = cross
        price.glue(" ")
        bar = [Cell(ean(rng))] if barred else []
        rows += [[_desc(d, at, item)], [Cell(d.facts.code(at) + pack)]]
        rows.append([*bar, qty, price, _total(d, at, item), *_tail(tail)])
        rows += d.under_item(at)
    return rows


def labelled(d: Draft) -> list[Row]:
    """Every value behind its label, as in plain text mails."""
    rows: list[Row] = []
    spread = d.rng.random() < 0.5
    for at, item in enumerate(d.facts.items):
        cells = zip(_VALUES, _value_cells(d, at, item), strict=True)
        pairs = [d.labelled(key, cell, False) for key, cell in cells]
        rows += pairs if spread else [[cell for pair in pairs for cell in pair]]
        rows += d.under_item(at)
    return rows


def sentence(d: Draft) -> list[Row]:
    """A list of services with a quantity and a price inside each line."""
    rng = d.rng
    bullet = rng.choice(("- ", "* ", "", "• "))
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        desc, qty, price, total = cells = _value_cells(d, at, item)
        desc.before, desc.after = bullet, " "
        qty.glue("(")
        qty.after = " "
        price.glue("x " if rng.random() < 0.5 else "@ ")
        price.after = ")"
        if equals := rng.choice((" = ", " : ", "")):
            total.glue(equals)
        rows += [cells, *d.under_item(at)]
    return rows


def wrapped(d: Draft) -> list[Row]:
    """A long description that goes on below its numbers, with an article code under it."""
    rng = d.rng
    coded = rng.random() < 0.4
    rows: list[Row] = [_value_heads(d)]
    for at, item in enumerate(d.facts.items):
        rows.append(_value_cells(d, at, item))
        if rng.random() < 0.6:
            rows.append(further_line(d, at))
        if coded:
            rows.append([Cell(f"{d.label('code')}: {product_code(rng, d.locale)}")])
        rows += d.under_item(at)
    return rows


ITEMS: dict[str, Callable[[Draft], list[Row]]] = {
    "table": table,
    "desc-numbers": desc_then_numbers,
    "numbers-desc": numbers_then_desc,
    "inline": inline,
    "desc-total": desc_total,
    "coded": coded_numbers,
    "between": coded_between,
    "flagged": flagged,
    "counted": counted,
    "labelled": labelled,
    "sentence": sentence,
    "wrapped": wrapped,
}
