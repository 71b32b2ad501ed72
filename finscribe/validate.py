"""Whether an invoice agrees with itself: sums, taxes, dates and check digits.

Each rule is a small function in `RULES`. An identity with an unknown part is skipped. What many invoices
leave out counts as nothing: discount, shipping, other charges and rounding. Where invoices follow several
conventions (tax within the prices or on top, a subtotal before or after the discount), one that holds is
enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, localcontext
from typing import Literal

from finscribe.invoice import LINES, FinancialSummary, Invoice, LineItem, Value

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement within an invoice.

    `fields` are the paths that take part (`line_items[2].line_total`), the one at odds last; `found` is its
    value and `expected` what the others imply, `None` where they imply no single value.
    """

    code: str
    severity: Severity
    fields: tuple[str, ...]
    message: str
    expected: Value
    found: Value


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as near enough: `unit` is the rounding of one amount, `today` the day to judge dates by."""

    unit: Decimal
    today: date


Rule = Callable[[Invoice, Limits], Iterator[Finding]]

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
_WHOLE = frozenset(
    "BIF CLP COP CRC DJF GNF HUF IDR ISK JPY KMF KRW LAK MMK PYG RWF UGX UZS VND VUV XAF XOF XPF".split()
)
"""Currencies whose amounts are printed without decimals."""
_CURRENCIES = _WHOLE | frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CLF CNH CNY COU CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GTQ GYD HKD HNL HRK HTG ILS INR IQD IRR JMD JOD KES KGS KHR KPW KWD KYD KZT LBP LKR
    LRD LSL LYD MAD MDL MGA MKD MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC
    SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH USD USN UYI UYU UYW VED VES WST XAG XAU XCD XDR
    XPD XPT YER ZAR ZMW ZWG ZWL""".split()
)
_VAT_COUNTRIES = frozenset(
    "AT BE BG CH CY CZ DE DK EE EL ES FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK XI".split()
)
_AHEAD = timedelta(days=60)
_OLD = timedelta(days=30 * 365)
_LONGEST_TERM = timedelta(days=2 * 365)


def validate(
    invoice: Invoice, *, tolerance: Decimal | None = None, today: date | None = None
) -> list[Finding]:
    """Everything about an invoice that does not add up, rule by rule; never raises.

    `tolerance` is how far one rounded amount may be off, in the invoice's currency (default: its smallest
    usual unit, 0.01 or 1); sums of many lines are allowed more. `today` (default: now, UTC) is what dates are
    judged by.
    """
    unit = tolerance if tolerance is not None else Decimal(1) if invoice.currency in _WHOLE else _CENT
    limits = Limits(unit, today or datetime.now(UTC).date())
    with localcontext(Context(prec=50, traps=[])):
        return [finding for rule in RULES for finding in rule(invoice, limits)]


# --- lines -------------------------------------------------------------------------------------------


def quantity_times_price(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Quantity × unit price = line total, with tax in only one of the two, too."""
    for index, line in enumerate(invoice.line_items):
        if line.qty is None or line.unit_price is None or line.line_total is None:
            continue
        product = line.qty * line.unit_price
        fitting = _with_or_without_tax(product, invoice.financial_summary.tax_rate)
        if line.line_total < 0 < product:
            fitting += [-product]  # credit notes that sign the totals alone
        expected = _nearest(line.line_total, fitting)
        if not _near(line.line_total, expected, limits.unit + abs(line.qty) * _half_step(line)):
            expected = _rounded(product, limits)
            yield Finding(
                "line-arithmetic",
                "warning" if _reduced(line.line_total, product) else "error",
                tuple(f"{LINES}[{index}].{cell}" for cell in ("qty", "unit_price", "line_total")),
                f"line {index + 1}: {line.qty} × {line.unit_price} = {expected}, not {line.line_total}",
                expected,
                line.line_total,
            )


def _half_step(line: LineItem) -> Decimal:
    """Half the last decimal that the price is printed with: how far off it may be rounded."""
    exponent = line.unit_price.as_tuple().exponent if line.unit_price is not None else 0
    return min(_CENT, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)) / 2


def _reduced(total: Decimal, product: Decimal) -> bool:
    """Whether a discount on the line may explain a total: the same sign, and nearer to nothing."""
    return _ZERO <= total < product or product < total <= _ZERO


def _with_or_without_tax(amount: Decimal, rate: Decimal | None) -> list[Decimal]:
    return [amount] if not rate else [amount, amount * (1 + rate), amount / (1 + rate)]


def sum_of_lines(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """The line totals add up to the subtotal, or to the total where there is none or it holds the tax."""
    totals = [line.line_total for line in invoice.line_items if line.line_total is not None]
    summary = invoice.financial_summary
    name = "grand_total" if summary.subtotal is None else "subtotal"
    found = summary.grand_total if summary.subtotal is None else summary.subtotal
    if not totals or len(totals) < len(invoice.line_items) or found is None:
        return
    expected = sum(totals, _ZERO)
    fitting = _sums_that_fit(summary)
    if fitting and not _near(expected, _nearest(expected, fitting), _for_lines(invoice, limits)):
        fields = [f"{LINES}[{index}].line_total" for index in range(len(totals))]
        yield Finding(
            "sum-of-lines",
            "error",
            (*fields, f"financial_summary.{name}"),
            f"the lines add up to {expected}, the {name.replace('_', ' ')} is {found}",
            expected,
            found,
        )


def _sums_that_fit(summary: FinancialSummary) -> list[Decimal]:
    """What the lines may add up to: before or after discount, tax and charges, as far as these are known."""
    tax, discount = summary.tax_amount or _ZERO, summary.discount or _ZERO
    charges = [_ZERO, summary.shipping or _ZERO, summary.other_charges or _ZERO, _charges(summary)]
    fitting: list[Decimal] = []
    if summary.subtotal is not None:
        fitting += [
            summary.subtotal + part + less - more
            for part in (_ZERO, tax)
            for less in (_ZERO, discount)
            for more in charges
        ]
    if summary.grand_total is not None:
        before = summary.grand_total + discount - (summary.rounding or _ZERO)
        fitting += [summary.grand_total, *(before - part for part in charges)]
        if summary.subtotal is None:
            fitting += [before - part - tax for part in charges] if summary.tax_amount is not None else []
    return fitting


def duplicate_lines(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """Lines that say the same as an earlier one: bought twice, or read twice."""
    seen: dict[tuple[Value, ...], int] = {}
    for index, line in enumerate(invoice.line_items):
        if line.desc is None or line.line_total is None:
            continue
        content = (" ".join(line.desc.casefold().split()), line.qty, line.unit_price, line.line_total)
        first = seen.setdefault(content, index)
        if first != index:
            yield Finding(
                "duplicate-line",
                "warning",
                (f"{LINES}[{first}].desc", f"{LINES}[{index}].desc"),
                f"line {index + 1} is the same as line {first + 1}",
                None,
                line.desc,
            )


# --- totals ------------------------------------------------------------------------------------------


def totals_add_up(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Subtotal − discount + shipping + other charges + tax + rounding = grand total.

    Skipped when no tax is known and the difference may be a tax.
    """
    summary = invoice.financial_summary
    if summary.subtotal is None or summary.grand_total is None:
        return
    fitting = _totals_that_fit(summary)
    expected = _nearest(summary.grand_total, fitting)
    if _near(summary.grand_total, expected, limits.unit * 2):
        return
    if summary.tax_amount is None and abs(summary.grand_total) > abs(expected):
        return
    parts = ("subtotal", "discount", "shipping", "other_charges", "tax_amount", "rounding")
    known = [part for part in parts if getattr(summary, part) is not None]
    yield Finding(
        "total",
        "error",
        tuple(f"financial_summary.{part}" for part in (*known, "grand_total")),
        f"{', '.join(known).replace('_', ' ')} make {expected}, the grand total is {summary.grand_total}",
        expected,
        summary.grand_total,
    )


def _totals_that_fit(summary: FinancialSummary) -> list[Decimal]:
    """What the parts add up to: tax on top or within, discount and charges to come or counted already."""
    subtotal, discount = summary.subtotal or _ZERO, summary.discount or _ZERO
    tax, rounding = summary.tax_amount or _ZERO, summary.rounding or _ZERO
    return [
        subtotal - less + more + part + change
        for less in (discount, _ZERO)
        for more in (_charges(summary), _ZERO)
        for part in (tax, _ZERO)
        for change in (rounding, -rounding)
    ]


def _charges(summary: FinancialSummary) -> Decimal:
    return (summary.shipping or _ZERO) + (summary.other_charges or _ZERO)


def amount_due(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """The amount due is at most the total; less is a prepayment, more an earlier balance or a misreading."""
    total, due = invoice.financial_summary.grand_total, invoice.financial_summary.amount_due
    if total is None or due is None:
        return
    more = due - total if total >= 0 else total - due
    if more > limits.unit * 2:
        yield Finding(
            "amount-due",
            "warning",
            ("financial_summary.grand_total", "financial_summary.amount_due"),
            f"more is due ({due}) than the grand total ({total})",
            total,
            due,
        )


# --- taxes -------------------------------------------------------------------------------------------


def tax_rate_plausible(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """A tax rate is a fraction from 0 to below 1."""
    rate = invoice.financial_summary.tax_rate
    if rate is not None and not _ZERO <= rate < 1:
        message = f"a tax rate of {rate} is no fraction from 0 to 1"
        yield Finding("tax-rate", "error", ("financial_summary.tax_rate",), message, None, rate)


def tax_amount(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Tax rate × base = tax amount; less may mean that only a part is taxed."""
    summary = invoice.financial_summary
    rate, tax = summary.tax_rate, summary.tax_amount
    fitting = _taxes_that_fit(summary)
    if rate is None or tax is None or not fitting or not _ZERO <= rate < 1:
        return
    if _near(tax, _nearest(tax, fitting), _for_lines(invoice, limits)):
        return
    expected = _rounded(fitting[0], limits)
    base = "grand_total" if summary.subtotal is None else "subtotal"
    yield Finding(
        "tax-amount",
        "error" if abs(tax) > max(map(abs, fitting)) else "warning",
        tuple(f"financial_summary.{part}" for part in (base, "tax_rate", "tax_amount")),
        f"a tax of {_percent(rate)} comes to {expected}, not {tax}",
        expected,
        tax,
    )


def _taxes_that_fit(summary: FinancialSummary) -> list[Decimal]:
    """Rate × each base that may be taxed: net of tax, or with the tax within."""
    rate, rounding = summary.tax_rate or _ZERO, summary.rounding or _ZERO
    on_top: list[Decimal] = []
    within: list[Decimal] = []
    if summary.subtotal is not None:
        discounts = (summary.discount or _ZERO, _ZERO)
        charges = (_charges(summary), summary.shipping or _ZERO, summary.other_charges or _ZERO, _ZERO)
        on_top += [summary.subtotal - less + more for less in discounts for more in charges]
        within += on_top
    if summary.grand_total is not None:
        within += [summary.grand_total, summary.grand_total - rounding]
    return [base * rate for base in on_top] + [base * rate / (1 + rate) for base in within]


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


# --- dates, identifiers, currency --------------------------------------------------------------------


def dates_plausible(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Dates are dates, and the invoice was neither written decades ago nor months ahead."""
    for path, value in (("invoice_date", invoice.invoice_date), ("due_date", invoice.due_date)):
        if value is not None and _day(value) is None:
            message = f"{value!r} is no date of the form YYYY-MM-DD"
            yield Finding("date-format", "error", (path,), message, None, value)
    issued, due = _day(invoice.invoice_date), _day(invoice.due_date)
    if issued and not limits.today - _OLD <= issued <= limits.today + _AHEAD:
        message = f"an invoice date far from today, {limits.today}: {issued}"
        yield Finding("date-implausible", "warning", ("invoice_date",), message, None, invoice.invoice_date)
    if issued and due and due - issued > _LONGEST_TERM:
        message = f"due on {due}, years after the invoice date, {issued}"
        fields = ("invoice_date", "due_date")
        yield Finding("date-implausible", "warning", fields, message, None, invoice.due_date)


def date_order(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """An invoice is not due before it is written."""
    issued, due = _day(invoice.invoice_date), _day(invoice.due_date)
    if issued and due and due < issued:
        message = f"due on {due}, before the invoice date, {issued}"
        fields = ("invoice_date", "due_date")
        yield Finding("date-order", "error", fields, message, invoice.invoice_date, invoice.due_date)


def _day(value: str | None) -> date | None:
    if value is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def iban_checksum(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """The check digits of the IBAN, and its form in its country."""
    from stdnum import iban

    value = invoice.payment.iban
    if value is not None and not iban.is_valid(re.sub(r"(?i)^\s*iban\W*", "", value)):
        message = f"{value!r} is no valid IBAN: a digit misread or missing"
        yield Finding("iban", "error", ("payment.iban",), message, None, value)


def vat_id_checksum(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """The check digits of a tax id that claims a country of Europe by its prefix."""
    from stdnum import vatin

    value = invoice.vendor.tax_id
    if value is None or not _claims_country(value) or vatin.is_valid(value):
        return
    message = (
        f"{value!r} is no valid VAT number of {value.strip()[:2].upper()}: a character misread or missing"
    )
    yield Finding("vat-id", "warning", ("vendor.tax_id",), message, None, value)


def _claims_country(tax_id: str) -> bool:
    """Whether the id starts with a country and has digits enough; `No. 1234567` does not claim Norway."""
    claimed = re.match(r"([A-Z]{2})(?![.:#°º])[A-Z]{0,2}[\W\d]", tax_id.strip())
    return bool(claimed) and tax_id.strip()[:2] in _VAT_COUNTRIES and len(re.findall(r"\d", tax_id)) >= 7


def currency_known(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """The currency is a code of ISO 4217."""
    if invoice.currency is not None and invoice.currency not in _CURRENCIES:
        message = f"{invoice.currency!r} is no currency of ISO 4217"
        yield Finding("currency", "error", ("currency",), message, None, invoice.currency)


# --- nearness ----------------------------------------------------------------------------------------


def _near(one: Decimal, other: Decimal, allowed: Decimal) -> bool:
    return abs(one - other) <= allowed


def _nearest(value: Decimal, fitting: Iterable[Decimal]) -> Decimal:
    """Of what would fit, what comes closest; the first of equals."""
    return min(fitting, key=lambda each: abs(each - value))


def _for_lines(invoice: Invoice, limits: Limits) -> Decimal:
    """What amounts rounded line by line may be off by: half a unit each."""
    return limits.unit * (len(invoice.line_items) + 2) / 2


def _rounded(value: Decimal, limits: Limits) -> Decimal:
    """An implied amount with the decimals of the currency."""
    return (
        value.quantize(min(limits.unit, _CENT) if limits.unit < 1 else Decimal(1)) if limits.unit else value
    )


RULES: tuple[Rule, ...] = (
    quantity_times_price,
    sum_of_lines,
    duplicate_lines,
    totals_add_up,
    amount_due,
    tax_rate_plausible,
    tax_amount,
    dates_plausible,
    date_order,
    iban_checksum,
    vat_id_checksum,
    currency_known,
)
