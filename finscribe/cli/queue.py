"""The commands `queue ...`: what reviewers have corrected, and taking some of it back."""

from __future__ import annotations

import json
import sys
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from finscribe.cli.messages import print_note, printable
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.training.queue.training_queue import TrainingQueue

app = typer.Typer(
    help="Corrections: what reviewers taught, and taking it back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="The queue's folder; else FINSCRIBE_DATA_DIR.")
]
Reference = Annotated[
    str, typer.Argument(metavar="ID", help="An invoice id, or an example's id or its first characters.")
]
Plot = Annotated[
    Path | None, typer.Option(metavar="OUT.svg", help="Draw corrections over time and by field.")
]


@app.command("stats")
def show_stats(
    folder: Folder = None,
    plot: Plot = None,
    output_format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="How counts are printed.")
    ] = "table",
    repair: Annotated[
        bool, typer.Option("--repair", help="First mend what a crash or another program left behind.")
    ] = False,
) -> None:
    """Count the corrections by field and by vendor, and over time; compares the files in full."""
    if plot and plot.suffix.lower() != ".svg":
        raise typer.BadParameter(f"{plot} is no SVG file: name it OUT.svg.", param_hint="--plot")
    queue = _queue(folder)
    if repair:
        with _notes():
            queue.repair()
    stats = queue.stats()
    if output_format == "json":
        typer.echo(json.dumps(stats.to_dict(), ensure_ascii=False, indent=2))
    else:
        from finscribe.cli.queue_table import print_stats

        print_stats(stats, queue.folder)
    if not stats.in_step:
        print_note(
            "the Unsloth file differs from the general queue; the next correction, or `--repair`, mends it"
        )
    if plot:
        from finscribe.cli.queue_plot import draw_plot
        from finscribe.training.queue.journal import reported

        with reported(plot):
            plot.write_text(draw_plot(stats), "utf-8")


@app.command("list")
def list_examples(
    folder: Folder = None,
    limit: Annotated[int, typer.Option(min=0, help="The newest so many; 0 for all.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Those taken back too.")] = False,
) -> None:
    """List the corrections, newest last."""
    from finscribe.cli.queue_table import print_list

    stored = (each for each in _queue(folder).stored() if everything or each.state.live)
    print_list(deque(stored, maxlen=limit or None))


@app.command("show")
def show_example(reference: Reference, folder: Folder = None) -> None:
    """Show a correction: what the model said, what the reviewer made of it, and the text."""
    from finscribe.cli.queue_table import print_example

    for stored in _queue(folder).find(reference):
        print_example(stored)


@app.command("export")
def export_examples(
    output: Annotated[
        Path | None, typer.Argument(metavar="[OUT.jsonl]", help="A file; else standard output.")
    ] = None,
    folder: Folder = None,
    output_format: Annotated[
        Literal["unsloth", "general"],
        typer.Option("--format", help="unsloth: input and output. general: all."),
    ] = "unsloth",
    current: Annotated[bool, typer.Option("--current", help="Only the newest of each invoice.")] = False,
) -> None:
    """Write the corrections as JSON Lines, without those taken back."""
    queue = _queue(folder)
    examples = queue.current() if current else queue.examples()
    lines = (each.to_line() if output_format == "general" else each.to_unsloth_line() for each in examples)
    if output is None:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.flush()
        return
    if output.resolve().parent == queue.folder.resolve() and output.name in queue.names:
        raise typer.BadParameter(f"{output} is a file of the queue itself.", param_hint="OUT.jsonl")
    from finscribe.training.queue.journal import replace

    replace(output, lines)


@app.command("retract")
def retract_examples(
    reference: Reference,
    folder: Folder = None,
    reviewer: Annotated[str | None, typer.Option(help="Who takes it back.")] = None,
) -> None:
    """Take corrections back: they are not learned from, but a tombstone and the record stay."""
    with _notes():
        taken = _queue(folder).retract(reference, reviewer)
    for example in taken:
        typer.echo(f"taken back: {example.id[:12]}  {printable(example.invoice_id or '-')}")


@app.command("purge")
def purge_examples(
    reference: Reference,
    folder: Folder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase corrections with their text from all files of the queue. This cannot be undone."""
    queue = _queue(folder)
    found = queue.find(reference)
    if not yes:
        what = "1 record" if len(found) == 1 else f"{len(found)} records"
        typer.confirm(f"Erase {what} of {printable(reference)} for good?", abort=True)
    with _notes():
        erased = queue.purge(reference)
    for example in erased:
        typer.echo(f"erased: {example.id[:12]}")


def _queue(folder: Path | None) -> TrainingQueue:
    from finscribe.training.queue.training_queue import TrainingQueue

    return TrainingQueue(folder or Settings.from_environment().data_dir)


@contextmanager
def _notes() -> Iterator[None]:
    """Prints what was set aside or taken in as notes."""
    from finscribe.training.queue.training_queue import QueueWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", QueueWarning)
        yield
    for warning in caught:
        print_note(str(warning.message))
