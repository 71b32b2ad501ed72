"""The sums of business software: every line that there may be, and tables of tax rates, discounts and charges."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from finscribe.synthesis.content import names
from finscribe.synthesis.content.facts import ZERO, rate_of, rounded

from . import mentions
from .blocks import beside
from .crowded import remarks
from .draft import Draft
from .page import SUMMARY, Cell, Row
from .totals import another_rate, due_rows, total_rows, totals_across


def full_sums(d: Draft) -> list[Row]:
    """The sums of an electronic invoice from the lines to what is to be paid, those of nothing too."""
    facts = d.facts
    if facts.inclusive:
        return [*total_rows(d), *due_rows(d)]
    rows = [_sum(d, "line_sum", "subtotal", facts.subtotal), *_charges(d)]
    if facts.discount or d.rng.random() < 0.8:
        rows.append(_sum(d, "allowances_sum", "discount", facts.discount))
        if not facts.discount and d.rng.random() < 0.3:
            rows[-1][-1].before += "-"
    rows.append(_sum(d, "net_sum", "", facts.net))
    rows.append(_sum(d, "tax_total", "tax_amount", facts.tax))
    if facts.rounding:
        rows.append(_sum(d, "rounding", "rounding", facts.rounding))
    rows.append(_sum(d, "gross_sum", "grand_total", facts.total))
    return [*rows, *_to_be_paid(d)]


def _to_be_paid(d: Draft) -> list[Row]:
    """What was paid before, nothing or a part, and what is left, behind labels that elsewhere are the total's."""
    facts, rng = d.facts, d.rng
    if not facts.paid and facts.total > 0 and rng.random() < 0.2:
        facts.paid = rounded(facts.total * rng.choice((10, 20, 30, 50)) / 100, d.step)
        facts.extras.add("paid")
    rows = [_sum(d, "paid", "", facts.paid)] if facts.paid or rng.random() < 0.8 else []
    return [*rows, _sum(d, rng.choice(("due_amount", "to_pay")), "amount_due", facts.total - facts.paid)]


def _charges(d: Draft) -> list[Row]:
    facts = d.facts
    rows: list[Row] = []
    if facts.shipping:
        rows.append(_sum(d, "shipping", "shipping", facts.shipping))
    if facts.other:
        rows.append(_sum(d, "charges_sum", "other_charges", facts.other))
    if not rows and d.rng.random() < 0.8:
        rows.append(_sum(d, "charges_sum", "", ZERO))
    return rows


def _sum(d: Draft, key: str, field: str, value: Decimal) -> Row:
    """One label and its amount in a column of its own; without a field it is none of the document's values."""
    return d.labelled(key, d.amount_of(field, value), d.rng.random() < 0.85)


def sums_and_rates(d: Draft) -> list[Row]:
    """A table of the tax rates and the final sums, beside each other or one below the other."""
    if not d.facts.tax:
        return [*total_rows(d), *due_rows(d)]
    rates, sums = _rates(d), [*total_rows(d, _tax_sum), *due_rows(d)]
    if d.rng.random() < 0.6:
        return beside(rates, sums, d.rng.randint(0, 2))
    return [*rates, *sums]


def _tax_sum(d: Draft) -> list[Row]:
    """The taxes as one sum."""
    return [_sum(d, "tax_total", "tax_amount", d.facts.tax)]


def sums_and_remarks(d: Draft) -> list[Row]:
    """Sentences in the left column, the sums in the right one."""
    return beside(remarks(d), [*total_rows(d), *due_rows(d)], d.rng.randint(0, 2))


def sums_across_remarks(d: Draft) -> list[Row]:
    """Sentences in the left column, in the right one the labels of the sums, and on a later line their amounts."""
    to_be_paid = d.rng.random() < 0.5
    *others, labels, amounts = totals_across(d, "gross_sum" if to_be_paid else "total")
    between: list[Row] = [[] for _ in range(d.rng.randint(0, 3))]
    across = beside(remarks(d), [labels, *between, amounts], d.rng.randint(0, 2))
    return [*others, *across, *(_to_be_paid(d) if to_be_paid else due_rows(d))]


def _rates(d: Draft) -> list[Row]:
    """A table of rate, basis, tax and often gross; rates that nothing was sold at and a row of sums now and then."""
    rng, facts = d.rng, d.facts
    order = rng.choice(
        ("rate net tax", "rate net tax gross", "net rate tax", "rate tax net", "rate net tax gross")
    )
    columns = order.split()
    named = rng.random() < 0.5
    parts = _parts(d)
    if rng.random() < 0.25:
        taken = {rate_of(cell.text.rstrip(" %")) for cell, _, _ in parts}
        unused = [text for text in ("0", "3", "7") if rate_of(text) not in taken]
        parts.insert(rng.randint(0, len(parts)), (_rate(d, rng.choice(unused)), ZERO, ZERO))
    rows = [_rate_row(d, columns, part, named) for part in parts]
    if rng.random() < 0.4:
        rows.append(_rate_row(d, columns, (Cell(d.label("tax_total")), facts.net, facts.tax), False))
    heads = {"rate": d.label("rate_key"), "net": d.label("taxable"), "gross": d.label("gross_sum")}
    heads["tax"] = d.tax_label()
    head = [*([Cell(d.case(facts.tax_name))] if named else []), *(Cell(heads[key]) for key in columns)]
    return [head, *rows] if rng.random() < 0.85 else rows


_Part = tuple[Cell, Decimal, Decimal]
"""A rate, what is taxed at it, and the tax."""


def _parts(d: Draft) -> list[_Part]:
    facts = d.facts
    if facts.one_rate:
        return [(d.tax_rate(), facts.net, facts.tax)]
    share = Decimal(d.rng.randint(2, 8)) / 10
    first, tax = rounded(facts.net * share, d.step), rounded(facts.tax * share, d.step)
    second = _rate(d, another_rate(d))
    return [(_rate(d, facts.rate_text), first, tax), (second, facts.net - first, facts.tax - tax)]


def _rate(d: Draft, text: str) -> Cell:
    return Cell(f"{text}{d.rng.choice(('%', '%', ' %'))}")


def _rate_row(d: Draft, columns: list[str], part: _Part, named: bool) -> Row:
    """A row of the table; its amounts are none of the document's own values, which the sums print."""
    rate, net, tax = part
    cells = {"rate": rate, "net": d.money("", net), "tax": d.money("", tax), "gross": d.money("", net + tax)}
    front = [Cell(d.case(d.facts.tax_name))] if named else []
    return [*front, *(cells[key] for key in columns)]


def tax_breakdown(d: Draft) -> list[Row]:
    """The tax by rates in a table of its own: basis, rate and tax, in some order, and up to two columns of nothing."""
    facts = d.facts
    if not facts.one_rate:
        return []
    rate, head = d.tax_rate(), d.label("rate_key")
    if d.rng.random() < 0.3 and "%" not in head:
        rate.text, head = facts.rate_text, f"{head} [%]"
    columns: list[tuple[str, Cell]] = [
        (d.label("taxable"), d.money("", facts.net)),
        (head, rate),
        (d.tax_label(), d.amount_of("tax_amount", facts.tax)),
    ]
    if d.rng.random() < 0.3:
        d.rng.shuffle(columns)
    if d.rng.random() < 0.6:
        columns.insert(0, ("", Cell(d.case(facts.tax_name) + d.rng.choice(("", " (S)", " S")))))
    for key, chance in (("allowances_sum", 0.25), ("taxable", 0.15)):
        if d.rng.random() < chance:
            columns.insert(d.rng.randint(0, len(columns)), (d.label(key), Cell("")))
    return [[Cell(head) for head, _ in columns if head], [cell for _, cell in columns]]


def sums_of_nothing(d: Draft) -> list[Row]:
    """Charges and allowances of zero, as software prints them that always prints all of its lines."""
    facts = d.facts
    rows: list[Row] = []
    if not facts.other and not facts.shipping:
        rows.append(d.labelled("charges_sum", d.money("", ZERO)))
    if not facts.discount:
        rows.append(d.labelled("allowances_sum", d.money(SUMMARY + "discount", ZERO)))
    kept = rows if d.rng.random() < 0.7 else rows[:1]
    for row in kept:
        d.first(row[-1])  # only now: a discount that is left out here has not been printed
    return kept


def allowances(d: Draft) -> list[Row]:
    """Discount and charges as rows of a table: what for, how much of what, the amount; often in several rows."""
    facts = d.facts
    if d.rng.random() < 0.5:
        return _split_up(d)
    rows: list[Row] = []
    if facts.discount:
        share = Cell(f"{facts.discount_percent}% x {d.money('', facts.subtotal, False).printed}")
        rows.append([_reason(d, "discount"), share, d.amount_of("discount", -facts.discount)])
    if facts.shipping:
        rows.append([_reason(d, "shipping"), d.amount_of("shipping", facts.shipping)])
    if facts.other:
        share = Cell(f"{facts.other_percent}%")
        rows.append([_reason(d, "service"), share, d.amount_of("other_charges", facts.other)])
    return rows


class _Portion(NamedTuple):
    """A part of the discount or of charges, the key of what it is for, and its field where it is the whole."""

    amount: Decimal
    key: str
    field: str


def _split_up(d: Draft) -> list[Row]:
    """Discounts in several rows, and charges; only what is in one row is a value, for no row prints the others' sum."""
    facts, rng = d.facts, d.rng
    portions = [
        *_portions(d, -facts.discount, "discount", "discount"),
        *_portions(d, facts.other, "service", "other_charges"),
    ]
    if facts.shipping:
        portions.append(_Portion(facts.shipping, "shipping", "shipping"))
    shown = {part for part, chance in (("code", 0.5), ("share", 0.6), ("rate", 0.5)) if rng.random() < chance}
    if not facts.one_rate:
        shown.discard("rate")
    return [_portion_row(d, portion, shown) for portion in portions]


def _portions(d: Draft, whole: Decimal, key: str, field: str) -> list[_Portion]:
    """One to four portions that come to the whole, none for zero."""
    parts: list[Decimal] = []
    left = whole
    for _ in range(d.rng.randint(0, 3)):
        parts.append(rounded(left * d.rng.randint(2, 8) / 10, d.step))
        left -= parts[-1]
    amounts = [part for part in (*parts, left) if part]
    return [_Portion(amount, key, field if len(amounts) == 1 else "") for amount in amounts]


def _portion_row(d: Draft, portion: _Portion, shown: set[str]) -> Row:
    """One row: a code, what for, how much of what, the amount, the rate of tax, those that are shown."""
    rng = d.rng
    row = [_reason(d, portion.key)]
    if "code" in shown and rng.random() < 0.8:
        row.insert(0, Cell(names.fill(rng, rng.choice(("@@", "@@@", "##", "###")), d.locale)))
    if "share" in shown:
        percent = rng.randint(1, 20)
        basis = d.money("", rounded(abs(portion.amount) * 100 / percent, d.step), False).printed
        row.append(Cell(f"{percent}% {rng.choice(('×', '/', d.label('share_of')))} {basis}"))
    row.append(d.amount_of(portion.field, portion.amount))
    if "rate" in shown:
        row.append(d.tax_rate())
    return row


def _reason(d: Draft, key: str) -> Cell:
    """What an amount is added or taken off for, behind a number or not."""
    front = f"{d.rng.randint(1, 999)} " if d.rng.random() < 0.3 else ""
    return Cell(front + d.label(key) + (f": {mentions.trade(d)}" if d.rng.random() < 0.4 else ""))
