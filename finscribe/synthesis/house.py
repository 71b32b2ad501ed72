"""Invoices of one group of companies whose books follow a convention that no page explains.

Every branch prints the same form, and the ledger takes from it what a stranger would not:

invoice number   `Ledger ref`, not `Invoice No`, which is that of the delivery round
invoice date     `Tax point`, not `Date`, the day of printing
descriptions     without the article code in front of them
grand total      the goods with their tax; the deposit for crates and what is to be paid with it is `amount_due`

So nothing but corrections can teach it: what `benchmarks/loop.py` is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from .content import names
from .content.facts import Facts, Item, draw_facts, quantum, rounded, settle
from .content.locales import LOCALES
from .content.money import NumberStyle, print_date
from .content.tax_ids import draw_valid
from .dice import Dice
from .generate import Sample
from .layout.page import SUMMARY, Cell, Row, lay_out, read_truth

HOUSE = "house"
"""The name of the layout family."""
CONVENTIONS = ("invoice_number", "invoice_date", "line_items.desc", SUMMARY + "grand_total")
"""The fields that the convention is about."""

_LOCALE = next(locale for locale in LOCALES if locale.code == "en-GB")
_STYLE = NumberStyle(",", ".", 2, "£", before=True, gap="", minus="-", indian=False)
_MOST_ITEMS = 4


@dataclass(frozen=True, slots=True)
class Branch:
    """One company of the group: a vendor of its own."""

    name: str
    address: tuple[str, ...]
    tax_id: str


def draw_branch(seed: int) -> Branch:
    """The branch of this seed."""
    rng = Dice(seed)
    tax_id = draw_valid(rng, "GB ### #### ##", _LOCALE)
    return Branch(names.company(rng, _LOCALE), tuple(names.address(rng, _LOCALE)), tax_id)


def generate_house(seed: int, branch: Branch) -> Sample:
    """The invoice of this seed that a branch writes, with the truth that the group's ledger holds of it."""
    rng = Dice(seed)
    facts = draw_facts(rng, _LOCALE, "invoice", False, rng.randint(1, _MOST_ITEMS), _STYLE.decimals, ("pcs",))
    facts.inclusive = False
    settle(rng, facts, quantum(_STYLE.decimals), set())
    rows = [*_parties(branch, facts), *_numbers(rng, facts), *_items(facts), *_sums(rng, facts)]
    text, pieces = lay_out(rows)
    truth = read_truth(text, pieces) | {"document_type": facts.kind, "currency": _LOCALE.currency}
    return Sample(text, truth, HOUSE, _LOCALE.code, tuple(pieces))


# --- the form, from top to bottom --------------------------------------------------------------------


def _parties(branch: Branch, facts: Facts) -> list[Row]:
    return [
        [Cell(branch.name, "vendor.name")],
        *([Cell(line, "vendor.address")] for line in branch.address),
        [Cell(branch.tax_id, "vendor.tax_id", before="VAT No: ")],
        [Cell("INVOICE")],
        [Cell("Bill to:")],
        [Cell(facts.client, "client.name")],
        *([Cell(line, "client.address")] for line in facts.client_address),
    ]


def _numbers(rng: Random, facts: Facts) -> list[Row]:
    """Two numbers and two dates in an order of their own, so that neither place nor age tells which one counts."""
    printed = facts.day + timedelta(days=rng.randint(-9, 9) or 1)
    rows = [
        [Cell(names.fill(rng, "######", _LOCALE), before="Invoice No: ")],
        [Cell(names.fill(rng, "######", _LOCALE), "invoice_number", before="Ledger ref: ")],
        [Cell(print_date(printed, "D Mon Y", _LOCALE.language), before="Date: ")],
        [
            Cell(
                print_date(facts.day, "D Mon Y", _LOCALE.language),
                "invoice_date",
                facts.day.isoformat(),
                before="Tax point: ",
            )
        ],
    ]
    rng.shuffle(rows)
    return rows


def _items(facts: Facts) -> list[Row]:
    heads: Row = [Cell(head) for head in ("Description", "Qty", "Price", "Amount")]
    return [heads, *(_item(at, item, facts.code(at)) for at, item in enumerate(facts.items))]


def _item(at: int, item: Item, code: str) -> Row:
    place, qty = f"line_items.{at}.", f"{item.qty.normalize():f}"
    return [
        Cell(item.desc, place + "desc", before=f"{code} "),
        Cell(qty, place + "qty", Decimal(qty)),
        _amount(item.price, place + "unit_price"),
        _amount(item.total, place + "line_total"),
    ]


def _sums(rng: Random, facts: Facts) -> list[Row]:
    deposit = rounded(Decimal(rng.randint(5, 400)) * 12 / 100, quantum(_STYLE.decimals))
    rate = Cell(facts.rate_text, SUMMARY + "tax_rate", facts.rate, before="VAT ", after="%")
    return [
        [Cell("Net"), _amount(facts.subtotal, SUMMARY + "subtotal")],
        [rate, _amount(facts.tax, SUMMARY + "tax_amount")],
        [Cell("Goods"), _amount(facts.total, SUMMARY + "grand_total")],
        [Cell("Deposit"), _amount(deposit)],
        [Cell("Total"), _amount(facts.total + deposit, SUMMARY + "amount_due", signed=True)],
    ]


def _amount(value: Decimal, path: str = "", *, signed: bool = False) -> Cell:
    return Cell(_STYLE.amount(value, signed), path, value if path else None, currency=signed)
