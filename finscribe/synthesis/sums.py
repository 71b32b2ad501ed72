"""The sums of business software: every line that there may be, and tables of tax rates beside the final sums."""

from __future__ import annotations

from decimal import Decimal

from .blocks import beside
from .crowded import remarks
from .draft import Draft
from .facts import ZERO, rate_of, rounded
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
    if facts.paid or d.rng.random() < 0.8:
        rows.append(_sum(d, "paid", "", facts.paid))
    return [*rows, _sum(d, "due_amount", "amount_due", facts.total - facts.paid)]


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
    cell = d.money(SUMMARY + field if field else "", value)
    return d.labelled(key, d.first(cell), d.rng.random() < 0.85)


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
    *others, labels, amounts = totals_across(d)
    between: list[Row] = [[] for _ in range(d.rng.randint(0, 3))]
    across = beside(remarks(d), [labels, *between, amounts], d.rng.randint(0, 2))
    return [*others, *across, *due_rows(d)]


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
    heads = {"rate": d.label("rate_key"), "net": d.label("taxable"), "gross": d.label("amount")}
    heads["tax"] = d.case(facts.tax_name)
    head = [*([Cell(d.case(facts.tax_name))] if named else []), *(Cell(heads[key]) for key in columns)]
    return [head, *rows] if rng.random() < 0.85 else rows


_Part = tuple[Cell, Decimal, Decimal]
"""A rate, what is taxed at it, and the tax."""


def _parts(d: Draft) -> list[_Part]:
    facts = d.facts
    if "two_rates" not in facts.extras:
        return [(d.first(d.rate(SUMMARY + "tax_rate")), facts.net, facts.tax)]
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
