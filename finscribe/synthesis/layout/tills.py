"""What tills print that letters do not: welcomes, slips of cards, lists with measures, kitchen notes and promotions."""

from __future__ import annotations

from random import Random

from finscribe.synthesis.content import names

from . import mentions
from .blocks import slogan
from .draft import Draft
from .items import column_cell
from .page import Cell, Row
from .totals import total_rows


def till_head(d: Draft) -> list[Row]:
    """A welcome, hours and the numbers of shop and till, above the vendor or below: none of it is the vendor's."""
    rng = d.rng
    rows: list[Row] = []
    if rng.random() < 0.5:
        rows.append([d.plain(rng.choice(_WELCOMES))])
    if rng.random() < 0.3:
        rows.append([d.plain(slogan(d))])
    if rng.random() < 0.35:
        rows.append([Cell(_numbers(rng))])
    if rng.random() < 0.15:
        rows.append(
            [d.plain(f"{rng.choice(('Manager', 'Mgr:', 'Store Manager'))} {names.person(rng, d.locale)}")]
        )
    rng.shuffle(rows)
    return rows


def _numbers(rng: Random) -> str:
    """The numbers of shop, till and the like, as `ST# 0412 OP#7`."""
    keys = rng.sample(_NUMBERED, rng.randint(1, 4))
    return " ".join(
        f"{key}{rng.choice(('', ' '))}{rng.randint(1, 99999):0{rng.randint(1, 7)}d}" for key in keys
    )


_NUMBERED = ("ST#", "OP#", "TE#", "TR#", "STORE #", "REG", "TRN", "POS", "CSHR", "CHK")
_WELCOMES = (
    "Welcome to",
    "Thank you for shopping at",
    "Thanks for stopping at",
    "Open 24 hours",
    "Always low prices",
    "Customer copy",
    "Duplicate",
    "Sale",
    "Dine in",
    "Take out",
    "Guest check",
    "Sales receipt",
)


def card_slip(d: Draft) -> list[Row]:
    """The slip of a card terminal, whose amounts are those of the receipt once more, and lines to fill in."""
    rng, total = d.rng, d.money("", d.facts.total)
    rows: list[Row] = [
        [Cell(d.label("slip")), total],
        d.labelled("approved", Cell(mentions.number(d)), False),
    ]
    mask = rng.choice(("X", "*", "#"))
    rows.append([Cell(d.label("card")), Cell(f"{mask * rng.choice((4, 8, 12))}{rng.randint(0, 9999):04d}")])
    if rng.random() < 0.4:
        rows.append([Cell(f"AID: A0000000{rng.randint(10**6, 10**7)}")])
    if rng.random() < 0.4:
        rows.append([d.plain_day(d.facts.day), Cell(d.clock())])
    rng.shuffle(rows)
    if rng.random() < 0.25:
        rows += [[Cell(f"{d.label(key)} {rng.choice(('_', '.')) * 8}")] for key in ("service", "total")]
    return rows


def promotion(d: Draft) -> list[Row]:
    """Sentences that ask the customer for something or promise something."""
    return [[Cell(mentions.sentence(d, "promotion"))] for _ in range(d.rng.randint(1, 3))]


def till_totals(d: Draft) -> list[Row]:
    """The summary with the words of tills for the total, such as balance due."""
    return total_rows(d, total="till_total")


def listed(d: Draft) -> list[Row]:
    """Under headings or not: quantity, description, now and then price, amount; notes for the kitchen below."""
    rng = d.rng
    order = rng.choice(("qty desc amount", "qty desc price amount", "desc amount", "desc qty amount")).split()
    rows: list[Row] = [[Cell(d.label(key)) for key in order]] if rng.random() < 0.5 else []
    tail, glued, near = rng.choice(("", "", "A", "T", "*", "N")), rng.random() < 0.4, rng.random() < 0.35
    noted, mark = rng.choice((0.0, 0.0, 0.3, 0.6)), rng.choice(("--", "- ", "> ", "* ", "+", "-->"))
    for at, item in enumerate(d.facts.items):
        cells = [column_cell(d, key, at, item) for key in order]
        if near and order[:2] == ["qty", "desc"]:
            cells[1].glue(" ")
        cells[-1].after = tail if glued else ""
        rows.append([*cells, *([Cell(tail)] if tail and not glued else [])])
        if rng.random() < noted:
            rows += [[d.plain(mark + names.product(rng, d.locale))] for _ in range(rng.randint(1, 2))]
        rows += d.under_item(at)
    return rows


def weighed(d: Draft) -> list[Row]:
    """Description and amount, and how much of it at which price for a measure, as `0.745 kg @ 3.99/kg`."""
    rng = d.rng
    above, always = rng.random() < 0.25, rng.random() < 0.2
    at_sign, measured = rng.choice((" @ ", " @", " x ", " X ")), rng.random() < 0.7
    tail = rng.choice(("", "", "A", "T", "F"))
    rows: list[Row] = []
    for at, item in enumerate(d.facts.items):
        lines: list[Row] = [[*_named(d, at), *([Cell(tail)] if tail else [])]]
        if item.qty != 1 or always:
            measure = rng.choice(d.table["measures"]) if measured else ""
            qty, price = (column_cell(d, key, at, item) for key in ("qty", "price"))
            qty.after = rng.choice(("", " ")) + measure + at_sign if measure else at_sign
            price.glue()
            price.after = f"/{measure}" if measure else ""
            lines.insert(0 if above else 1, [qty, price])
        rows += [*lines, *d.under_item(at)]
    return rows


def _named(d: Draft, at: int) -> Row:
    item = d.facts.items[at]
    return [column_cell(d, key, at, item) for key in ("desc", "amount")]
