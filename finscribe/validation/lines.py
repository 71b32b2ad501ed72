"""Lines: quantity × price, their sum, and lines that come twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from finscribe.invoice import Invoice, Value, cell_path
from finscribe.validation.findings import (
    CENT,
    HIGHEST_TAX,
    ZERO,
    Finding,
    Limits,
    last_place,
    near,
    nearest,
    rounded,
)


def quantity_times_price(invoice: Invoice, limits: Limits) -> Iterator[Finding]:
    """Quantity × unit price = line total, with tax in only one of the two, too."""
    for index, line in enumerate(invoice.line_items):
        if line.qty is None or line.unit_price is None or line.line_total is None:
            continue
        product = line.qty * line.unit_price
        fitting = _with_or_without_tax(product, invoice.financial_summary.tax_rate)
        if line.line_total < 0 < product:
            fitting += [-product]  # credit notes that sign the totals alone
        expected = nearest(line.line_total, fitting)
        # A price may be rounded by half of its last decimal.
        half_step = min(max(CENT, limits.unit), last_place(line.unit_price)) / 2
        if not near(line.line_total, expected, limits.unit + abs(line.qty) * half_step):
            expected = rounded(product, limits, line.line_total)
            explained = _reduced(line.line_total, product) or _taxed(line.line_total, product, invoice)
            yield Finding(
                "line-arithmetic",
                "warning" if explained else "error",
                tuple(cell_path(index, cell) for cell in ("qty", "unit_price", "line_total")),
                f"line {index + 1}: {line.qty} × {line.unit_price} = {expected}, not {line.line_total}",
                expected,
                line.line_total,
            )


def _reduced(total: Decimal, product: Decimal) -> bool:
    """Whether a discount on the line may explain a total: the same sign, and nearer to nothing."""
    return ZERO <= total < product or product < total <= ZERO


def _taxed(total: Decimal, product: Decimal, invoice: Invoice) -> bool:
    """Whether a part of the tax, whose rate is not known, may explain a total above the price without it."""
    summary = invoice.financial_summary
    most = min(abs(summary.tax_amount or ZERO), abs(product) * HIGHEST_TAX)
    return summary.tax_rate is None and total * product > 0 and 0 < abs(total) - abs(product) <= most


def _with_or_without_tax(amount: Decimal, rate: Decimal | None) -> list[Decimal]:
    return [amount] if not rate else [amount, amount * (1 + rate), amount / (1 + rate)]


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
                (cell_path(first, "desc"), cell_path(index, "desc")),
                f"line {index + 1} is the same as line {first + 1}",
                None,
                line.desc,
            )
