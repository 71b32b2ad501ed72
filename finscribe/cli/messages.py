"""What goes to standard error: errors and notes, in colour on a terminal."""

from collections import Counter

import typer

from finscribe.errors import FinScribeError

SHOWN = 8
"""Endings of files that were passed over; further ones are not named."""


def print_error(error: FinScribeError) -> None:
    """The message, and below it what to do."""
    typer.secho(f"error: {printable(error.message)}", fg="red", err=True)
    if error.hint:
        typer.secho(f"  hint: {printable(error.hint)}", dim=True, err=True)


def print_warning(error: FinScribeError) -> None:
    """An error that the rest of the work goes on without."""
    typer.secho(f"warning: {printable(error.message)}", fg="yellow", err=True)
    if error.hint:
        typer.secho(f"  hint: {printable(error.hint)}", dim=True, err=True)


def print_note(message: str) -> None:
    """Something worth knowing that is not an error."""
    typer.secho(f"note: {printable(message)}", fg="yellow", err=True)


def print_passed_over(others: Counter[str]) -> None:
    """How many files of which endings were left out of folders; nothing where none was."""
    if others:
        kinds = (f"{count:,} {ending or 'without an ending'}" for ending, count in others.most_common(SHOWN))
        more = ", and others" if len(others) > SHOWN else ""
        many = "1 file" if others.total() == 1 else f"{others.total():,} files"
        print_note(f"passed over {many} of other kinds: {', '.join(kinds)}{more}")


def printable(text: str) -> str:
    """One line without control characters, which a file name or a document could steer the terminal with."""
    return "".join(char if char.isprintable() else " " for char in text)
