"""The commands `queue ...`: what reviewers have corrected, and taking some of it back."""

from __future__ import annotations

import json
import sys
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from finscribe.cli.messages import print_note, printable
from finscribe.settings import Settings
from finscribe.wording import counted

if TYPE_CHECKING:
    from finscribe.training.queue.stats import QueueStats
    from finscribe.training.queue.stored import Stored
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
    str,
    typer.Argument(
        metavar="ID", help="An invoice id, or a correction's id or at least 8 of its first characters."
    ),
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
    _print_stats(stats, queue.folder, output_format)
    if plot:
        _draw(stats, plot)


def _print_stats(stats: QueueStats, folder: Path, output_format: str) -> None:
    if output_format == "json":
        typer.echo(json.dumps(stats.to_dict(), ensure_ascii=False, indent=2))
    else:
        from finscribe.cli.queue_table import print_stats

        print_stats(stats, folder)
    if not stats.in_step:
        print_note(
            "the Unsloth file differs from the general queue; the next correction, or `--repair`, mends it"
        )


def _draw(stats: QueueStats, plot: Path) -> None:
    from finscribe.cli.queue_plot import draw_plot
    from finscribe.training.queue.disk import reported

    with reported(plot):
        plot.write_text(draw_plot(stats), "utf-8")


@app.command("list")
def list_corrections(
    folder: Folder = None,
    limit: Annotated[int, typer.Option(min=0, help="The newest so many; 0 for all.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Those taken back too.")] = False,
) -> None:
    """List the corrections, newest last."""
    from finscribe.cli.queue_table import print_list

    queue = _queue(folder)
    stored = deque((each for each in queue.stored() if everything or each.state.live), maxlen=limit or None)
    if stored:
        print_list(stored)
    else:
        taken_back = "" if everything else "; --all lists those taken back, too"
        print_note(f"no corrections in {queue.folder}{taken_back}")


@app.command("show")
def show_correction(reference: Reference, folder: Folder = None) -> None:
    """Show a correction: what the model said, what the reviewer made of it, and the text."""
    from finscribe.cli.queue_table import print_correction

    for stored in _queue(folder).find(reference):
        print_correction(stored)


@app.command("export")
def export_corrections(
    output: Annotated[
        Path | None, typer.Argument(metavar="[OUT.jsonl]", help="A file; else standard output.")
    ] = None,
    folder: Folder = None,
    output_format: Annotated[
        Literal["unsloth", "general"],
        typer.Option("--format", help="unsloth: input and output, id, time and invoice. general: all."),
    ] = "unsloth",
    current: Annotated[bool, typer.Option("--current", help="Only the newest of each invoice.")] = False,
) -> None:
    """Write the corrections as JSON Lines, without those taken back."""
    queue = _queue(folder)
    corrections = queue.current() if current else queue.corrections()
    lines = (each.to_line() if output_format == "general" else each.to_export_line() for each in corrections)
    if output is None:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.flush()
        return
    if output.resolve().parent == queue.folder.resolve() and output.name in queue.names:
        raise typer.BadParameter(f"{output} is a file of the queue itself.", param_hint="OUT.jsonl")
    from finscribe.journal import replace
    from finscribe.training.queue.disk import reported

    with reported(output):
        replace(output, lines)


@app.command("retract")
def retract_corrections(
    reference: Reference,
    folder: Folder = None,
    reviewer: Annotated[str | None, typer.Option(help="Who takes it back.")] = None,
) -> None:
    """Take corrections back: they are not learned from, but a tombstone and the record stay."""
    queue = _queue(folder)
    _announce("taking back", [stored for stored in queue.find(reference) if stored.state.live])
    with _notes():
        taken = queue.retract(reference, reviewer)
    typer.echo(f"taken back: {counted(len(taken), 'correction')}")


@app.command("purge")
def purge_corrections(
    reference: Reference,
    folder: Folder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase corrections with their text from all files of the queue. This cannot be undone."""
    queue = _queue(folder)
    found = queue.find(reference)
    _announce("to be erased", found)
    if not yes:
        typer.confirm(
            f"Erase {counted(len(found), 'correction')} of {printable(reference)} for good?", abort=True
        )
    with _notes():
        erased = queue.purge(reference)
    typer.echo(f"erased: {counted(len(erased), 'correction')}")


def _announce(what: str, found: Iterable[Stored]) -> None:
    """Prints which corrections it is about, with invoice and vendor, before anything is done to them."""
    for correction in (stored.correction for stored in found):
        named = (correction.id[:12], correction.invoice_id, correction.truth.values.get("vendor.name"))
        typer.echo(f"{what}: {'  '.join(printable(str(each or '-')) for each in named)}")


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
