"""Where tables for people go, and how they look."""

from __future__ import annotations

import os
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from finscribe.cli.messages import printable

WIDTH = 120
"""Columns where standard output is not a terminal and COLUMNS does not say."""


def make_console() -> Console:
    """Where tables go: as wide as the terminal, else a width that files can live with; text is shown as it is."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and not os.environ.get("COLUMNS"):
        console.width = WIDTH
    return console


def make_table(*columns: str, show_header: bool = True, expand: bool = False) -> Table:
    """A table without lines."""
    return Table(
        *columns, box=None, padding=(0, 2, 0, 0), header_style="dim", show_header=show_header, expand=expand
    )


def table_of_facts(facts: Mapping[str, object]) -> Table:
    """One row for each fact that there is, its name before it."""
    table = make_table(show_header=False)
    table.add_column(style="cyan")
    for label, fact in facts.items():
        if fact:
            table.add_row(label, Text(printable(str(fact))))
    return table
