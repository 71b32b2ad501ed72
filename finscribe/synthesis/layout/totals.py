"""The summary: subtotal to amount due, with the cash, change and tax tables that stand around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from finscribe.synthesis.content import names
from finscribe.synthesis.content.facts import ZERO, nearest_multiple, quantum, rate_of, rounded

from .blocks import beside
from .draft import Draft
from .page import Cell, Row
from .payment import payment_rows

NET_SUM_SHARE = 0.2
"""How often a subtotal that is the net amount is called so in composed documents."""
_DIGIT = re.compile(r"\d")


def _line(d: Draft, key: str, field: str, value: Decimal) -> Row:
    return _amount_row(d, d.label(key), d.amount_of(field, value))


def _amount_row(d: Draft, label: str, cell: Cell) -> Row:
    """Label and amount; sometimes the currency stands between them."""
    if d.rng.random() < 0.08 and not cell.currency:
        label = d.in_currency(label)
    return d.pair(label, cell, d.rng.random() < 0.8 if d.apart else d.rng.random() < 0.55)


def _tax_rows(d: Draft) -> list[Row]:
    facts = d.facts
    if not facts.tax and "zero_tax" not in facts.extras:
        return []
    if "two_rates" in facts.extras:
        return _two_rates(d)
    label = d.label("included") if facts.inclusive else d.tax_label()
    amount = d.amount_of("tax_amount", facts.tax)
    draw = d.rng.random()
    if draw < 0.42 or "%" in label or _DIGIT.search(label):
        return [_amount_row(d, label, amount)]
    return [_rate_and_tax(d, label, amount, draw)]


def _rate_and_tax(d: Draft, label: str, tax: Cell, draw: float) -> Row:
    """The rate, its label where `draw` (0.42 to 1) puts it, and the tax; seldom the net amount between them."""
    rate = d.tax_rate()
    if draw < 0.5:
        rate.before, rate.after = f"{label} (", ")"
    elif draw < 0.6:
        rate.before = f"{label} @"
    elif draw < 0.85:
        rate.before = f"{label} "
    else:
        rate.after = f" {label}"
    if draw > 0.96:
        return [rate, d.money("", d.facts.net), tax]
    if draw >= 0.6 and d.rng.random() < 0.5:
        rate.after += d.colon
    return [rate, tax]


def another_rate(d: Draft) -> str:
    """A tax rate that is not the document's, in percent."""
    return d.rng.choice([text for text in ("3", "5", "9", "12", "2,5") if rate_of(text) != d.facts.rate])


def _two_rates(d: Draft) -> list[Row]:
    """Two rates with their own amounts; their sum is known only where it is printed."""
    facts, rng = d.facts, d.rng
    share = rounded(facts.tax * rng.randint(2, 8) / 10, d.step)
    rows: list[Row] = []
    for text, part in ((facts.rate_text, share), (another_rate(d), facts.tax - share)):
        rows.append([Cell(f"{d.case(facts.tax_name)} {text}%"), d.money("", part)])
    if rng.random() < 0.5:
        rows.append(_line(d, "tax_total", "tax_amount", facts.tax))
    return rows


def total_rows(d: Draft, taxes: Callable[[Draft], list[Row]] = _tax_rows, total: str = "total") -> list[Row]:
    """The summary's lines in their usual order, with these lines of taxes and the total behind such a label."""
    facts = d.facts
    rows: list[Row] = []
    taxed = bool(facts.tax) and not facts.inclusive
    composed = taxed or facts.extras & {"discount", "other", "shipping", "rounding"}
    if (composed or d.opt(0.3)) and d.rng.random() < 0.93:
        rows.append(_line(d, _subtotal_key(d), "subtotal", facts.subtotal))
    if facts.discount or "zero_discount" in facts.extras:
        rows.append(_discount(d))
    if facts.shipping:
        rows.append(_line(d, "shipping", "shipping", facts.shipping))
    if facts.other:
        rows.append(_other(d))
    tax = taxes(d)
    if not facts.inclusive:
        rows += tax
    if facts.rounding or ("zero_rounding" in facts.extras):
        rows += _rounding(d)
    rows.append(_total(d, total))
    if facts.inclusive:
        rows += tax
    return rows


def _subtotal_key(d: Draft) -> str:
    """The key of the subtotal's label; one that is the net amount may be called so."""
    if d.facts.inclusive:
        return "gross_subtotal"
    whole = d.more and d.facts.net == d.facts.subtotal
    return "net_sum" if whole and d.rng.random() < NET_SUM_SHARE else "subtotal"


def _total(d: Draft, key: str) -> Row:
    """The total's line; where its label names the tax rate, that rate is a value too."""
    facts = d.facts
    taxed = facts.one_rate and d.rng.random() < (0.25 if facts.inclusive else 0.06)
    label = d.label("total_incl" if taxed else key)
    front, rate, back = label.partition(f"{facts.rate_text}%")
    amount = d.amount_of("grand_total", facts.total)
    if not rate:
        return _amount_row(d, label, amount)
    cell = d.tax_rate()
    cell.text, cell.before, cell.after = rate, front, back + d.colon
    return [cell, amount]


def _discount(d: Draft) -> Row:
    value = -d.facts.discount if d.facts.discount and d.rng.random() < 0.6 else d.facts.discount
    row = _line(d, "discount", "discount", value)
    if d.rng.random() < 0.2 and len(row) == 2 and d.facts.discount:
        row[0].text += f" {d.facts.discount_percent}%"
    return row


def _other(d: Draft) -> Row:
    row = _line(d, "service", "other_charges", d.facts.other)
    if d.rng.random() < 0.25 and len(row) == 2:
        row[0].text += f" {d.facts.other_percent}%"
    return row


def _rounding(d: Draft) -> list[Row]:
    """What the total is rounded by, now and then between the totals before and after."""
    facts = d.facts
    if d.rng.random() >= 0.3:
        return [_line(d, "rounding", "rounding", facts.rounding)]
    return [
        [Cell(d.label("total")), d.money("", facts.total - facts.rounding)],
        _line(d, "rounding", "rounding", facts.rounding),
        _line(d, "rounded", "grand_total", facts.total),
    ]


def tender_rows(d: Draft) -> list[Row]:
    """How it was paid: cash and change, or a card; never totals."""
    rng = d.rng
    if rng.random() < 0.6:
        return _cash_rows(d)
    rows = [[Cell(d.label("card")), d.money("", d.facts.total)]]
    if d.opt(0.3):
        rows.append([Cell(f"************{rng.randint(1000, 9999)}")])
    if d.opt(0.3):
        rows.append(d.labelled("approved", Cell(names.code(rng, d.locale)), False))
    return rows


def _cash_rows(d: Draft) -> list[Row]:
    total = d.facts.total
    step = max(rounded(abs(total) / 4, quantum(0)), Decimal(1))
    given = nearest_multiple(total, step)
    if given < total:
        given += step
    rows = [[Cell(d.label("cash")), d.money("", given)]]
    if d.rng.random() < 0.85:
        rows.append([Cell(d.label("change")), d.money("", given - total)])
    return rows


def due_rows(d: Draft) -> list[Row]:
    """What was paid before and what is left."""
    facts = d.facts
    if "paid" in facts.extras:
        paid = -facts.paid if d.rng.random() < 0.5 else facts.paid
        rows = [[Cell(d.label("paid")), d.money("", paid)]]
        return [*rows, _line(d, "due_amount", "amount_due", facts.total - facts.paid)]
    if d.opt(0.08):
        return [_line(d, "due_amount", "amount_due", facts.total)]
    return []


def tax_table(d: Draft) -> list[Row]:
    """The tax summary under a receipt: code, net, rate, tax."""
    facts, rng = d.facts, d.rng
    if not facts.one_rate:
        return []
    code = rng.choice(("SR", "S", "A", "T1", "SR 1"))
    rate, tax = d.tax_rate(), d.amount_of("tax_amount", facts.tax)
    heads = [Cell(d.case(facts.tax_name)), Cell(d.label("taxable")), Cell("%"), Cell(d.case(facts.tax_name))]
    rows: list[Row] = [heads] if rng.random() < 0.7 else []
    rows.append([Cell(code), d.money("", facts.net), rate, tax])
    if rng.random() < 0.2:
        rows.append([Cell(d.label("tax_total")), d.money("", facts.tax)])
    return rows


def count_rows(d: Draft) -> list[Row]:
    """The number of items sold: a distractor."""
    total = sum((item.qty for item in d.facts.items), ZERO)
    row = d.labelled("count", Cell(d.style.plain(total, 0)))
    return [[*row, d.money("", d.facts.subtotal)]] if d.rng.random() < 0.2 else [row]


def total_only(d: Draft) -> list[Row]:
    """Nothing but the total."""
    return [_line(d, "total", "grand_total", d.facts.total)]


def totals_across(d: Draft, total: str = "total") -> list[Row]:
    """The summary as a row of labels above a row of amounts, the total behind such a label."""
    rows = [_split(row) for row in total_rows(d, total=total)]
    pairs = [row for row in rows if len(row) == 2]
    others = [row for row in rows if len(row) != 2]
    return [*others, [pair[0] for pair in pairs], [pair[1] for pair in pairs]]


def _split(row: Row) -> Row:
    if len(row) != 1:
        return row
    label, row[0].before = row[0].before.strip(" :"), ""
    return [Cell(label), row[0]] if label else row


def totals_beside_payment(d: Draft) -> list[Row]:
    """Bank and terms in the left column, the summary in the right one."""
    return beside(payment_rows(d, 0.9), [*total_rows(d), *due_rows(d)], d.rng.randint(0, 1))
