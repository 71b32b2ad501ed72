"""Versions for people: a list, one in full, what the gate said, what may be approved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from finscribe.cli.console import make_console, make_table, table_of_facts
from finscribe.cli.messages import printable
from finscribe.cli.table import label_of
from finscribe.registry.automation import Automation
from finscribe.registry.differences import Change
from finscribe.registry.gate import Verdict
from finscribe.registry.history import Event
from finscribe.registry.store import Registry, said
from finscribe.registry.version import Version
from finscribe.wording import counted

_STYLES = {"gate passed": "green", "forced": "red", "not gated": "yellow"}


def print_versions(registry: Registry) -> None:
    """One row a version, oldest first; the served one is marked."""
    served = registry.served()
    table = make_table("", "Version", "Stored (UTC)", "From", "Dataset", "Gate", "F1", "")
    for version in registry.versions():
        mark = "▶" if served and version.id == served.id else ""
        score = f"{version.trial.candidate.micro_f1:.3f}" if version.trial else "-"
        _row(
            table,
            Text(mark, "green"),
            Text(version.id, "bold" if mark else ""),
            f"{version.added:%Y-%m-%d %H:%M}",
            version.source,
            (version.dataset or "-")[:12],
            Text(version.standing, _STYLES[version.standing]),
            score,
            f"pruned {version.removed:%Y-%m-%d}" if version.removed else "",
        )
    make_console().print(table)
    if served is None:
        state = "a folder that is no version yet" if registry.pointer.exists() else "nothing"
        make_console().print(f"\n{printable(str(registry.pointer))} is {state}")


def print_history(registry: Registry) -> None:
    """One row for each thing that happened, oldest first."""
    with said(registry.history.path):
        make_console().print(_events(registry.history))


def print_version(registry: Registry, version: Version) -> None:
    """Where a version comes from, what the gate said, what may be approved, its history."""
    console, served = make_console(), registry.served()
    console.print(Rule(Text(version.id, "bold"), align="left", style="dim"))
    facts = {
        "Served": "yes" if served and served.id == version.id else "no",
        "Stored (UTC)": f"{version.added:%Y-%m-%d %H:%M}",
        "From": version.source,
        "Trained from": version.base,
        "Parent": version.parent,
        "Dataset": version.dataset,
        "Gate": version.standing,
        "Forced": version.forced,
        "Pruned": f"{version.removed:%Y-%m-%d}" if version.removed else None,
        "Folder": registry.folder_of(version),
        "sha256": version.sha256,
    }
    console.print(Padding(table_of_facts(facts), (1, 0, 0, 2)))
    if version.verdict:
        print_verdict(version.verdict)
    if version.automation:
        print_automation(version.automation)
    with said(registry.history.path):
        events = [event for event in registry.history if event.version == version.id]
    console.print(Padding(_events(events), (1, 0, 0, 2)))


def print_verdict(verdict: Verdict) -> None:
    """Every condition of the gate with its figure."""
    table = make_table("", "Condition", "Figure")
    for each in verdict.conditions:
        mark = Text("✓", "green") if each.passed else Text("✗", "red")
        _row(table, mark, each.name, each.figure)
    make_console().print(Padding(table, (1, 0, 1, 2)))


def print_automation(automation: Automation) -> None:
    """What may be approved of each field without a look."""
    needed = max((each.needed for each in automation.certificates), default=0)
    claim = f"at most {automation.rate:.1%} wrong, {automation.certainty:.0%} certain, by {automation.unit}"
    table = make_table("Field", "Share", "Confidence", "Wrong", "Of all at most")
    for each in automation.certificates:
        label = Text(label_of(each.field), "cyan")
        if each.threshold is None:
            _row(table, label, "none", Text(f"{each.independent:,} values support no claim", "dim"))
        else:
            wrong = f"{each.wrong:,} of {each.approved:,}"
            _row(table, label, f"{each.share:.0%}", f"from {each.threshold:.4g}", wrong, f"{each.bound:.1%}")
    if automation.left_out:
        claim += f", without {counted(automation.left_out, 'vendor')} that it was trained on"
    make_console().print(f"  Approved without a look, {claim}:")
    make_console().print(Padding(table, (1, 0, 1, 2)))
    make_console().print(f"  It takes {needed:,} values that are all right, and more where some are wrong.\n")


def print_changes(versions: tuple[Version, Version], changes: Sequence[Change]) -> None:
    """What is different, with the two versions side by side."""
    table = make_table("", *(version.id for version in versions))
    for change in changes:
        _row(table, Text(change.what, "cyan"), change.one, change.other)
    make_console().print(table)


# --- parts -------------------------------------------------------------------------------------------


def _row(table: Table, *cells: str | Text) -> None:
    table.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in cells))


def _events(events: Iterable[Event]) -> Table:
    table = make_table("Time", "What", "Version", "By", "Said")
    for event in events:
        _row(table, event.time, event.what, event.version, event.by, event.said)
    return table
