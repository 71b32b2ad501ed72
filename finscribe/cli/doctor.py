"""The command `doctor`: what this machine can do, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from finscribe.doctor import Check

_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "failed": ("✗", "red")}


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Import Unsloth and load the OCR models too: takes seconds.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
) -> None:
    """Check what this machine can do and say what to do where it cannot; exit code 1 where nothing can be read."""
    from finscribe.doctor import can_read_documents, examine

    checks = examine(deep=deep)
    able = can_read_documents(checks)
    if as_json:
        shown = {"can_read_documents": able, "checks": [asdict(check) for check in checks]}
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        print_checks(checks, able)
    raise typer.Exit(0 if able else 1)


def print_checks(checks: Sequence[Check], able: bool) -> None:
    """One row a check, its remedy below it, and in the last line whether documents can be read."""
    from finscribe.cli.console import make_console

    console = make_console()
    console.print(render(checks))
    counts = [sum(check.state == state for check in checks) for state in ("warning", "failed")]
    said = "Documents can be read" if able else "No document can be read"
    console.print(f"\n{said}: {counts[0]} of {len(checks)} checks warn, {counts[1]} failed.")


def render(checks: Sequence[Check]) -> Table:
    """The table: sign, name, what was found and what to do."""
    from rich.text import Text

    from finscribe.cli.console import make_table
    from finscribe.cli.messages import printable

    table = make_table(show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for check in checks:
        sign, colour = _SIGNS[check.state]
        cell = Text(printable(check.said), "" if check.state == "ok" else colour)
        if check.remedy:
            cell.append(f"\n→ {printable(check.remedy)}", "bold")
        table.add_row(Text(sign, colour), Text(check.name, "cyan"), cell)
    return table
