"""The command `train`: fine-tunes a model and says what is happening.

`unsloth/train_unsloth_fast.py` calls `main` with the same flags.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from finscribe.cli.messages import print_error
from finscribe.errors import FinScribeError

if TYPE_CHECKING:
    from finscribe.training.finetuning.run import Finished
    from finscribe.training.finetuning.watching import Moment


def train(context: typer.Context) -> None:
    """Fine-tune a model on prepared records (all flags: finscribe train --help)."""
    run(context.args)


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains and exits: 0 when a model was published, else the exit code of the error."""
    try:
        run(arguments)
    except FinScribeError as error:
        print_error(error)
        sys.exit(error.exit_code)


def run(arguments: Sequence[str] | None) -> None:
    """Trains as the flags say; raises `FinScribeError`."""
    from finscribe.training.finetuning.recipe import parse_arguments

    recipe, options = parse_arguments(arguments)
    from finscribe.training.finetuning.run import finetune

    say(f"{recipe.model_name} learns from {recipe.train_data}")
    show_result(finetune(recipe, options, show_moment))


def show_moment(moment: Moment) -> None:
    """The live line: rewritten in place on a terminal, one line a look elsewhere."""
    if moment.field_f1 is not None:
        say(f"step {moment.step:4}: field F1 {moment.field_f1:.3f}, lines {moment.line_cell_f1 or 0:.3f}")
    elif sys.stderr.isatty():
        typer.echo(f"\r\033[K{described(moment)}", err=True, nl=False)


def described(moment: Moment) -> str:
    """One line: step, loss, pace, memory, time left."""
    left = moment.seconds_left or 0
    parts = [
        f"step {moment.step}/{moment.steps}",
        f"loss {moment.loss:.3f}" if moment.loss is not None else "",
        f"{moment.documents_per_second:.1f} documents/s" if moment.documents_per_second else "",
        f"{moment.tokens_per_second:,.0f} tokens/s" if moment.tokens_per_second else "",
        f"{moment.memory_gb:.1f} GB" if moment.memory_gb else "",
        f"{left // 60:.0f}:{left % 60:02.0f} left",
    ]
    return "  ".join(part for part in parts if part)


def show_result(finished: Finished) -> None:
    """Where the model is and how much better it reads."""
    if finished.before and finished.after and finished.reproduction:
        say(
            f"field F1 {finished.before.field_f1:.3f} before, {finished.after.field_f1:.3f} after; the saved "
            f"model reads {finished.reproduction.agreement:.1%} of {finished.reproduction.values} values the same"
        )
    say(f"{finished.folder} is ready after {finished.seconds / 60:.1f} minutes")


def say(text: str) -> None:
    """A line to standard error, on a fresh line of its own."""
    typer.echo(f"\r\033[K{text}" if sys.stderr.isatty() else text, err=True)
