"""The command `train`: fine-tunes a model and says what is happening.

Its flags are the fields of the recipe, which `finscribe.training.finetuning.recipe` reads.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from finscribe.cli.starter_name import with_starter
from finscribe.errors import SettingsError
from finscribe.wording import counted

if TYPE_CHECKING:
    from finscribe.training.finetuning.examples import Encoded, Example
    from finscribe.training.finetuning.progress import Moment
    from finscribe.training.finetuning.recipe import Recipe
    from finscribe.training.finetuning.rehearsal import Rehearsal
    from finscribe.training.finetuning.stages import Finished, Prepared


SCRIPT = "train_unsloth_fast.py"
FLAGS_PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def train(context: typer.Context) -> None:
    """Fine-tune a model on prepared records."""
    from finscribe.training.finetuning.processes import count_processes, is_first, leave
    from finscribe.training.finetuning.recipe import parse_arguments

    recipe, options = parse_arguments(context.args, command=_called_as(context))
    recipe = of_starter(recipe)
    if options.dry_run:
        if count_processes() > 1:
            raise SettingsError(
                "--dry_run takes one process", hint="Start it without torchrun or accelerate."
            )
        rehearse_and_show(recipe)
        return
    from finscribe.training.finetuning.run import assist, finetune

    if not is_first():
        with only_errors():
            assist(recipe, options)
        leave()
    say(f"{recipe.model_name} learns from {recipe.train_data}")
    show_result(finetune(recipe, options, Live(), lambda prepared: say("\n".join(plan_lines(prepared)))))


def of_starter(recipe: Recipe) -> Recipe:
    """The recipe with the folder of the bundled model, where that is asked for by its short name."""
    return replace(recipe, model_name=with_starter(recipe.model_name))


def _called_as(context: typer.Context) -> str:
    """How it was called: as a command, or by the script of the checkout."""
    called = sys.argv[0]
    return f"python {called}" if Path(called).name == SCRIPT else context.command_path


@contextmanager
def only_errors() -> Iterator[None]:
    """Nothing is said but errors: what there is to say, the first of several processes says."""
    logging.disable(logging.WARNING)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield
    logging.disable(logging.NOTSET)


# --- a dry run ----------------------------------------------------------------------------------------


def rehearse_and_show(recipe: Recipe) -> None:
    """Says what a run would do and take, and trains nothing that is kept."""
    from finscribe.training.finetuning.preparing import prepare, read_data

    prepared = prepare(recipe, read_data(recipe))
    typer.echo("\n".join(plan_lines(prepared)))
    typer.echo("what is learned stands in [[ ]], what stands before it is read only:")
    for example in prepared.train.examples[:2]:
        typer.echo(f"\n{rendered(example, prepared)}")
    from finscribe.training.finetuning.rehearsal import rehearse  # imports what Unsloth has to come before

    typer.echo(f"\n{taken(rehearse(recipe, prepared))}")


def plan_lines(prepared: Prepared) -> list[str]:
    """What a run would do: examples, steps, tokens, looks, and what was left out and why."""
    plan = prepared.plan
    batches = "batches without padding" if plan.padding_free else f"{plan.padding:.1%} padding"
    every = "step" if plan.steps_between_looks == 1 else f"{plan.steps_between_looks:,} steps"
    looks = f"; a look at {counted(len(prepared.watched), 'validation document')} every {every}"
    return [
        f"{counted(plan.examples, 'example')}, {counted(plan.tokens, 'token')} in all, "
        f"{counted(plan.steps, 'step')} with {prepared.base.engine}, "
        f"{batches}{looks if prepared.watched else '; no validation documents'}",
        *beside(prepared),
        *left_out(prepared.train),
    ]


def beside(prepared: Prepared) -> list[str]:
    """How many synthetic documents are learned beside those of the training data, if any."""
    if not prepared.synthetic:
        return []
    yours = counted(prepared.documents, "document")
    synthetic = counted(prepared.synthetic, "synthetic one")
    return [f"{yours} of yours and {synthetic} beside them (--replay {prepared.replay:g})"]


def left_out(encoded: Encoded) -> list[str]:
    """What became of the documents that did not simply become an example."""
    counts = [
        (encoded.windowed, "document is", "documents are", "learned in windows, as this model reads them"),
        (encoded.too_long, "document is", "documents are", "too long for --max_seq_length, in whole or in part"),
        (encoded.nothing_to_learn, "document prints", "documents print", "nothing of the truth"),
        (encoded.unreachable, "value is", "values are", "not printed on the page, and not asked for"),
        (encoded.not_in_a_window, "value is", "values are", "whole in no window"),
    ]  # fmt: skip
    return [f"{counted(count, one, many)} {what}" for count, one, many, what in counts if count]


def rendered(example: Example, prepared: Prepared) -> str:
    """An example as the model sees it; on a terminal what is learned stands out."""
    decode = prepared.base.tokenizer.decode
    prompt, answer = decode(example.ids[: example.answer_start]), decode(example.ids[example.answer_start :])
    return f"{typer.style(prompt, dim=True)}{typer.style(f'[[{answer}]]', fg='green')}"


def taken(rehearsal: Rehearsal) -> str:
    """The time and the memory of a run, as two batches of it foretell them."""
    both = rehearsal.training_seconds + rehearsal.reading_seconds
    return (
        f"about {duration(both)} ({duration(rehearsal.training_seconds)} of training, "
        f"{duration(rehearsal.reading_seconds)} of reading validation documents) and "
        f"{rehearsal.memory_gb:.1f} GB of memory, by two batches"
    )


def duration(seconds: float) -> str:
    """Seconds as hours and minutes, or minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes}:{rest:02} min"


# --- a run --------------------------------------------------------------------------------------------


class Live:
    """The live line: rewritten in place on a terminal; elsewhere ten lines a run, and one for every look."""

    def __init__(self) -> None:
        self.last: Moment | None = None

    def __call__(self, moment: Moment) -> None:
        """Shows a moment, with the last figures of what was not measured in it."""
        looked = moment.field_f1 is not None
        if self.last:
            known = {name: getattr(self.last, name) for name in _SHOWN if getattr(moment, name) is None}
            moment = replace(moment, **known)
        self.last = moment
        if looked:
            say(described(moment))
        elif sys.stderr.isatty():
            typer.echo(f"\r\033[K{described(moment)}", err=True, nl=False)
        elif moment.step % -(-moment.steps // 10) == 0:
            say(described(moment))


_SHOWN = (
    "loss",
    "field_f1",
    "documents_per_second",
    "tokens_per_second",
    "padding",
    "memory_gb",
    "reading_left",
)


def described(moment: Moment) -> str:
    """One line: step, loss, field F1, pace, padding, memory, time left."""
    parts = [
        f"step {moment.step}/{moment.steps}",
        f"loss {moment.loss:.3f}" if moment.loss is not None else "",
        f"field F1 {moment.field_f1:.3f}" if moment.field_f1 is not None else "",
        f"{moment.documents_per_second:.1f} documents/s" if moment.documents_per_second else "",
        f"{moment.tokens_per_second:,.0f} tokens/s" if moment.tokens_per_second else "",
        f"{moment.padding:.1%} padding" if moment.padding else "",
        f"{moment.memory_gb:.1f} GB" if moment.memory_gb else "",
        time_left(moment),
    ]
    return "  ".join(part for part in parts if part)


def time_left(moment: Moment) -> str:
    """Until all is read, where it is known how long reading takes; else until the last step."""
    if moment.seconds_left is None:
        return ""
    return f"{duration(moment.seconds_left)} {'of training ' if moment.reading_left is None else ''}left"


def show_result(finished: Finished) -> None:
    """Where the model is, which step's weights it has, and how much better it reads."""
    same = f"{finished.reproduction.agreement:.1%} of {finished.reproduction.values} values the same"
    if finished.before and finished.after:
        known = f"field F1 {finished.before.field_f1:.3f} before, {finished.after.field_f1:.3f} after; "
        say(f"{known}the saved model reads {same}")
    else:
        say(f"no validation documents; the saved model reads {same}, in some of the training data")
    say(f"the weights saved are those of {finished.chosen}")
    say(f"{finished.folder} is ready after {duration(finished.seconds)}; how it went: training.html in it")


def say(text: str) -> None:
    """A line to standard error, on a fresh line of its own."""
    typer.echo(f"\r\033[K{text}" if sys.stderr.isatty() else text, err=True)
