"""The command `train`: fine-tunes a model and says what is happening.

Its flags are the fields of the recipe, which `finscribe.training.finetuning.recipe` reads.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from finscribe.training.finetuning.progress import Moment
    from finscribe.training.finetuning.stages import Finished, Prepared


FLAGS_PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def train(context: typer.Context) -> None:
    """Fine-tune a model on prepared records."""
    from finscribe.training.finetuning.recipe import parse_arguments

    recipe, options = parse_arguments(context.args)
    from finscribe.training.finetuning.preparing import prepare, read_data
    from finscribe.training.finetuning.run import finetune

    if options.dry_run:
        show_plan(prepare(recipe, read_data(recipe)))
        return

    say(f"{recipe.model_name} learns from {recipe.train_data}")
    show_result(finetune(recipe, options, show_moment))


def show_plan(prepared: Prepared) -> None:
    """What a run would do, and two of its examples with what is learned of them in brackets."""
    plan = prepared.plan
    typer.echo(
        f"{plan.examples:,} examples, {plan.tokens:,} tokens in all, {plan.steps:,} steps with {prepared.base.engine}; "
        f"a look at {len(prepared.watched)} validation documents every {plan.steps_between_looks} steps"
    )
    decode = prepared.base.tokenizer.decode
    for example in prepared.train.examples[:2]:
        prompt, answer = example.ids[: example.answer_start], example.ids[example.answer_start :]
        typer.echo(f"\n{decode(prompt)}[[{decode(answer)}]]")


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
