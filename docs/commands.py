"""Writes the options of every command into docs/commands.md: `python docs/commands.py`.

All below the line `MARK` is written anew; a test fails where the page is not what this would write.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("commands.md")
MARK = "<!-- Below this line: python docs/commands.py -->\n"

Row = tuple[str, str]
"""An option or argument as it is written, and what it does."""


TRAIN = "finscribe train"
"""The command that reads its flags itself."""


def flags_of_train() -> list[argparse.Action]:
    """The flags of `finscribe train`, which are the fields of the recipe."""
    from finscribe.training.finetuning.recipe import make_parser

    return make_parser()._actions


def written(page: str) -> str:
    """The page with its generated part as the code has it now."""
    return page.partition(MARK)[0] + MARK + "".join(_sections())


def _sections() -> Iterator[str]:
    import typer.main

    from app.cli import app as application
    from finscribe.cli import app as engine

    yield from _described("finscribe", typer.main.get_command(engine))
    yield from _described("python -m app", typer.main.get_command(application))


def _described(name: str, command: Any) -> Iterator[str]:
    """A section for a command that does something, or those of the commands in it."""
    for part, inner in getattr(command, "commands", {}).items():
        yield from _described(f"{name} {part}", inner)
    if not hasattr(command, "commands"):
        yield f"\n## {name}\n\n{' '.join(command.help.split())}\n\n{_table(_rows(name, command))}"


def _rows(name: str, command: Any) -> list[Row]:
    if name == TRAIN:
        return [_flag(action) for action in flags_of_train() if action.dest != "help"]
    context = command.make_context(name, [], resilient_parsing=True)
    records = (parameter.get_help_record(context) for parameter in command.params)
    return [record for record in records if record]


def _flag(action: argparse.Action) -> Row:
    return f"{', '.join(action.option_strings)} {action.metavar or ''}".strip(), action.help or ""


def _table(rows: list[Row]) -> str:
    if not rows:
        return "It takes no options.\n"
    lines = [f"| `{option}` | {said} |\n" for option, said in (map(_in_a_cell, row) for row in rows)]
    return "".join(["| option | |\n|---|---|\n", *lines])


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", ", ")


def main() -> None:
    """Writes the page anew."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
