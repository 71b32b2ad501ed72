"""How often validation is wrong, and what it finds: python benchmarks/findings.py [--synthetic 2000] [--data FILE ...]

True invoices get findings by mistake (false alarms, by their code). Then one amount of each is spoiled in turn, and
it counts whether a finding comes that was not there before: a part of the summary dropped, a total that leaves a part
out, one digit of an amount misread. Needs no model.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from finscribe.invoice import FIELDS, LINES, Invoice, Truth, build_invoice
from finscribe.synthesis import generate
from finscribe.validate import validate

SEED = 5_000_000_000
SUMMARY = "financial_summary."
TOTAL = SUMMARY + "grand_total"
SIGNS = {"discount": -1, "shipping": 1, "other_charges": 1, "tax_amount": 1}
Values = dict[str, "str | Decimal | None"]


def synthetic(count: int) -> list[Values]:
    """The truths of synthetic documents."""
    return [flat(Truth.read(generate(SEED + index).truth)) for index in range(count)]


def records(path: Path) -> list[Values]:
    """The partial truths of a file of records; what is unknown counts as not printed."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [flat(Truth.read(line["output"])) for line in lines]


def flat(truth: Truth) -> Values:
    """The known values by path."""
    cells = {
        f"{LINES}[{row}].{cell}": value
        for row, line in enumerate(truth.lines or ())
        for cell, value in line.items()
    }
    return {**truth.values, **cells}


def codes(values: Values) -> Counter[str]:
    """The findings of an invoice by their code."""
    known = {path: value for path, value in values.items() if value is not None or "[" in path}
    invoice: Invoice = build_invoice(known)
    return Counter(finding.code for finding in validate(invoice))


def spoiled(values: Values, rng: random.Random) -> Iterator[tuple[str, Values]]:
    """What misreadings make of an invoice, and the name of each."""
    total = values.get(TOTAL)
    for part, sign in SIGNS.items():
        amount = values.get(SUMMARY + part)
        if isinstance(amount, Decimal) and amount and values.get(SUMMARY + "subtotal") is not None:
            yield f"{part} dropped", values | {SUMMARY + part: None}
            if isinstance(total, Decimal):
                yield f"total without {part}", values | {TOTAL: total - sign * amount}
    for name in ("subtotal", "tax_amount", "grand_total"):
        amount = values.get(SUMMARY + name)
        if isinstance(amount, Decimal) and amount:
            yield f"digit of {name}", values | {SUMMARY + name: misread(amount, rng)}
    totals = [path for path in values if path.endswith(".line_total") and values[path]]
    if totals:
        path = rng.choice(totals)
        yield "digit of a line total", values | {path: misread(Decimal(str(values[path])), rng)}


def misread(amount: Decimal, rng: random.Random) -> Decimal:
    """The amount with another digit in one place."""
    sign, digits, exponent = amount.as_tuple()
    place = rng.randrange(len(digits))
    other = rng.choice([digit for digit in range(10) if digit != digits[place]])
    assert isinstance(exponent, int)  # it is finite
    return Decimal((sign, (*digits[:place], other, *digits[place + 1 :]), exponent))


def measure(console: Console, label: str, documents: list[Values], show: bool) -> None:
    """Two tables: false alarms, and spoiled amounts that were found."""
    rng, alarms, tried, found, clean = random.Random(1), Counter[str](), Counter[str](), Counter[str](), 0
    for values in documents:
        before = codes(values)
        clean += not before
        alarms.update(before.keys())
        if show and before:
            print_alarm(console, values)
        for name, worse in spoiled(values, rng):
            tried[name] += 1
            found[name] += bool(codes(worse) - before)
    title = f"{label}: {len(documents)} true invoices, {len(documents) - clean} of them with a finding"
    table = Table("finding", "invoices", title=title)
    for code, count in alarms.most_common():
        table.add_row(code, str(count))
    console.print(table)
    table = Table("spoiled", "invoices", "found", title=f"{label}: what is found")
    for name, count in tried.items():
        table.add_row(name, str(count), f"{found[name] / count:.1%}")
    console.print(table)


def print_alarm(console: Console, values: Values) -> None:
    """A true invoice with what was found in it."""
    known = {path: value for path, value in values.items() if value is not None or "[" in path}
    findings = validate(build_invoice(known))
    amounts = {path: str(value) for path, value in values.items() if value is not None and is_amount(path)}
    console.print([finding.message for finding in findings], amounts, "")


def is_amount(path: str) -> bool:
    """Whether a path is one of a number."""
    return "[" in path or FIELDS[path].numeric


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--synthetic", type=int, default=2000, help="synthetic documents")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="files of records")
    parser.add_argument("--show", action="store_true", help="print every false alarm")
    args = parser.parse_args()
    console = Console()
    if args.synthetic:
        measure(console, "synthetic", synthetic(args.synthetic), args.show)
    for path in args.data:
        measure(console, path.name, records(path), args.show)


if __name__ == "__main__":
    main()
