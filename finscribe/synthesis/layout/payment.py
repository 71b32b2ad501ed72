"""How to pay: bank, account and terms."""

from __future__ import annotations

from finscribe.synthesis.content import names

from . import mentions
from .draft import Draft
from .page import Cell, Row


def payment_rows(d: Draft, chance: float = 0.5) -> list[Row]:
    """Bank, IBAN and terms."""
    rows: list[Row] = []
    rng = d.rng
    if d.locale.iban and d.opt(chance):
        if rng.random() < 0.5:
            rows.append(d.labelled("bank", Cell(f"{names.word(rng)} Bank"), False))
        if rng.random() < 0.25:
            rows.append(d.labelled("holder", d.plain(d.facts.vendor), rng.random() < 0.3))
        rows.append(account_row(d))
    if d.opt(chance * 0.7) and "payment.terms" not in d.used:
        cell = d.first(d.text("payment.terms", d.label("term_values")))
        rows.append(d.labelled("terms", cell) if rng.random() < 0.85 else [cell])
    return rows


def bank_rows(d: Draft, chance: float = 1.0) -> list[Row]:
    """A column at the foot of a company's paper: its bank, the account, where there are IBANs, and the register."""
    account = [account_row(d)] if d.locale.iban and d.rng.random() < chance else []
    return [[Cell(f"{names.word(d.rng)} Bank")], *account, d.labelled("reg", Cell(mentions.number(d)), False)]


def account_row(d: Draft) -> Row:
    """The vendor's IBAN behind its label, with the bank's code or not.

    On composed documents also behind the bank's name, alone or in a sentence, and with the code in its column.
    """
    rng = d.rng
    account = d.first(Cell(d.facts.iban, "payment.iban"))
    draw = rng.random() if d.more else 1.0
    if draw < 0.15:
        before, _, after = rng.choice(d.table["pay_to"]).partition("{iban}")
        account.before, account.after = mentions.filled(d, before), mentions.filled(d, after)
        return [account]
    account.before = f"{names.word(rng)} Bank " if draw < 0.25 else ""
    row = d.labelled("iban", account) if draw >= 0.3 else [account]
    if rng.random() < 0.4:
        bic = names.fill(rng, "@@@@", d.locale) + d.locale.code[-2:] + names.fill(rng, "@#@@@", d.locale)
        code = rng.choice(("BIC: ", "BIC: ", "BIC: ", "SWIFT ", "SWIFT ")) + bic
        if d.more and rng.random() < 0.5:
            account.after = rng.choice((" · ", " - ", ", ", " / ", " – ", " ")) + code
        else:
            row.append(Cell(code))
    return row
