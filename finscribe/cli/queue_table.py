"""The queue for people: counts with bars, a list, and one correction in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from finscribe.cli.console import make_console, make_table, table_of_facts
from finscribe.cli.messages import printable
from finscribe.cli.queue_plot import over_time
from finscribe.cli.table import label_of, show_value
from finscribe.corrections import FieldChange, Line
from finscribe.invoice import LINES, Value, kind_of
from finscribe.training.queue.stats import QueueStats
from finscribe.training.queue.stored import State, Stored

_BAR = 40  # characters of the longest
_MOST_ROWS = 12
_ID = 12  # characters of an id that are shown
_STYLES = {State.SUPERSEDED: "dim", State.RETRACTED: "red", State.REPEATED: "dim"}


def print_stats(stats: QueueStats, folder: Path) -> None:
    """Counts, then a bar chart each of the changes by field, the vendors, and the corrections over time."""
    console = make_console()
    console.print(Rule(Text(f"Corrections in {folder}", "bold"), align="left", style="dim"))
    console.print(_indented(_overview(stats)))
    fields = {label_of(path): count for path, count in stats.by_field.items()}
    unit, days = over_time(stats.by_day)
    charts = (
        ("Changes by field", fields, _MOST_ROWS),
        ("Vendors", stats.by_vendor, _MOST_ROWS),
        (f"Corrections by {unit}", dict(days), len(days)),
    )
    for title, counts, most in charts:
        if counts:
            console.print(Text(f"\n  {title}", "bold"))
            console.print(_indented(_bars(counts, most)))


def print_list(stored: Iterable[Stored]) -> None:
    """One row a correction."""
    table = make_table()
    for column in ("Id", "Time (UTC)", "Invoice", "Vendor", "Reviewer", "State"):
        table.add_column(column, no_wrap=column in ("Id", "Time (UTC)"))
    table.add_column("Changes", justify="right")
    for each in stored:
        correction, style = each.correction, _STYLES.get(each.state, "")
        cells = [
            correction.id[:_ID],
            _time(each),
            correction.invoice_id,
            _vendor(each),
            correction.reviewer,
            each.state,
        ]
        changes = "" if correction.changes is None else str(len(correction.changes))
        table.add_row(*(Text(printable(str(cell or "")), style) for cell in (*cells, changes)))
    make_console().print(table)


def print_correction(stored: Stored) -> None:
    """Where it comes from, what is known, what was changed, and the text that it was read from."""
    console, correction = make_console(), stored.correction
    title = f"{correction.id[:_ID]}  {correction.invoice_id or ''}"
    console.print(Rule(Text(printable(title), "bold"), align="left", style="dim"))
    facts = {
        "State": stored.state,
        "Time (UTC)": _time(stored),
        "Reviewer": correction.reviewer,
        "Model": correction.model,
        "File": correction.source_file,
        "Confirmed": ", ".join(correction.confirmed) if correction.confirmed is not None else None,
    }
    known = {
        label_of(path): show_value(value, kind_of(path)) or "not printed"
        for path, value in correction.truth.values.items()
    }
    lines = {f"Line {row}": _line_text(line) for row, line in enumerate(correction.truth.lines or (), 1)}
    console.print(_indented(table_of_facts(facts)))
    console.print(_indented(table_of_facts(known | lines)))
    if correction.changes:
        console.print(_indented(_changes(correction.changes)))
    console.print(_indented(Text("\n".join(map(printable, correction.text.split("\n"))), "dim")))


# --- parts -------------------------------------------------------------------------------------------


def _indented(part: Table | Text) -> Padding:
    return Padding(part, (1, 0, 0, 2))


def _overview(stats: QueueStats) -> Table:
    states = {state: stats.states.get(state, 0) for state in State}
    shown = ", ".join(f"{count:,} {state}" for state, count in states.items() if count)
    period = (
        f"{stats.first:%Y-%m-%d %H:%M} to {stats.last:%Y-%m-%d %H:%M}" if stats.first and stats.last else ""
    )
    asides = {"torn": stats.torn, "orphaned": stats.orphaned, "unreadable": stats.unreadable}
    return table_of_facts(
        {
            "Corrections": f"{stats.total:,}" + (f": {shown}" if shown else ""),
            "Time (UTC)": period,
            "Set aside": ", ".join(f"{count:,} {what}" for what, count in asides.items() if count),
        }
    )


def _bars(counts: Mapping[str, int], most: int) -> Table:
    """A bar for each, the longest `_BAR` characters; the rest is summed up."""
    table = make_table(show_header=False)
    table.add_column(style="cyan", max_width=36)
    table.add_column()
    table.add_column(justify="right")
    highest = max(counts.values())
    for label, count in islice(counts.items(), most):
        length = max(1, round(count / highest * _BAR)) if count else 0
        table.add_row(printable(label), Text("█" * length, "green"), f"{count:,}")
    if len(counts) > most:
        left = sum(islice(counts.values(), most, None))
        table.add_row(Text(f"{len(counts) - most:,} others", "dim"), "", f"{left:,}")
    return table


def _changes(changes: Iterable[FieldChange]) -> Table:
    table = make_table("Changed", "Before", "After")
    for change in changes:
        before, after = (_side(change.path, value) for value in (change.before, change.after))
        table.add_row(Text(change.path, "cyan"), Text(before, "red"), Text(after, "green"))
    return table


def _side(path: str, value: Value | Line) -> str:
    if value is None:
        return "-"
    return _line_text(value) if isinstance(value, Mapping) else show_value(value, kind_of(path))


def _line_text(line: Line) -> str:
    cells = ((cell, show_value(value, kind_of(f"{LINES}.{cell}"))) for cell, value in line.items())
    return ", ".join(f"{cell} {text}" for cell, text in cells if text) or "nothing printed"


def _time(stored: Stored) -> str:
    return f"{stored.correction.timestamp:%Y-%m-%d %H:%M}" if stored.correction.timestamp else ""


def _vendor(stored: Stored) -> str:
    return str(stored.correction.truth.values.get("vendor.name") or "")
