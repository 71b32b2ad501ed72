"""The command line: `finscribe extract`, `finscribe models`, `queue`, `prepare`, `train`, `evaluate`...

extract.py    the command `extract`: from files to printed results
inputs.py     arguments -> sources, fields, names of pictures
formats.py    outcomes -> JSON, JSON Lines, CSV
table.py      outcomes -> tables for people
pictures.py   outcomes -> pages with boxes
console.py    where tables go, and how they look
messages.py   errors and notes
progress.py   what is being done, on a terminal
models.py     the commands `models path` and `models info`
calibrate.py  the command `models calibrate`
export.py     the command `models export`
versions.py   the commands `models promote`, `rollback` and so on; versions_table.py shows the versions
queue.py      the commands `queue stats`, `queue list` and so on; queue_table.py and queue_plot.py show it
batch.py      the command `batch`: many documents, on all processors or a cluster
prepare.py    the command `prepare`: from records to training files
train.py      the command `train`: from training files to a model
evaluate.py   the command `evaluate`: which model reads better; evaluate_table.py shows it
synth.py      the command `synth`: synthetic documents as files
doctor.py     the command `doctor`: what this machine can do

Nothing heavy is imported before a command runs, so that `finscribe --help` stays instant.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from finscribe.cli import models, queue, train
from finscribe.cli.batch import batch
from finscribe.cli.doctor import doctor
from finscribe.cli.evaluate import evaluate
from finscribe.cli.extract import extract
from finscribe.cli.messages import print_error
from finscribe.cli.prepare import prepare
from finscribe.cli.synth import synth
from finscribe.errors import FinScribeError

app = typer.Typer(
    name="finscribe",
    help="Invoices and receipts in, JSON out, every value one that the document prints.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("extract")(extract)
app.command("batch")(batch)
app.command("prepare")(prepare)
app.command("train", context_settings=train.FLAGS_PASS_THROUGH)(train.train)
app.command("evaluate")(evaluate)
app.command("synth")(synth)
app.command("doctor")(doctor)
app.add_typer(models.app, name="models")
app.add_typer(queue.app, name="queue")


def _print_version(wanted: bool) -> None:
    if wanted:
        import finscribe

        typer.echo(f"finscribe {finscribe.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line (default: `sys.argv`) and exit; an error becomes a message and its exit code."""
    _print_what_the_terminal_cannot_as_question_marks()
    try:
        app(args=arguments, prog_name="finscribe")
    except FinScribeError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _print_what_the_terminal_cannot_as_question_marks() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
