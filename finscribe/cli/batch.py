"""The command `batch`: many documents on all processors, on a cluster, and on from where it was."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finscribe.cli.extract import ArithmeticOption, Fields, GroundingOption, ModelName
from finscribe.cli.inputs import chosen_fields
from finscribe.cli.messages import print_passed_over, printable
from finscribe.cli.progress import bars
from finscribe.errors import DocumentError
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.batch.ledger import Ledger
    from finscribe.batch.run import Tally

SECONDS_APART = 30
"""Between two lines of progress where standard error is not a terminal."""

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders with all that is in them, globs, addresses as s3://bucket/folder; "
        "in Parquet each row is a document.",
    ),
]
Output = Annotated[
    Path, typer.Option("--output", metavar="FILE", help="FILE.jsonl or FILE.parquet; rejects lie beside it.")
]
Column = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The column of Parquet files that holds the documents, text or bytes."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Processes that read; by default one for each processor or GPU share."
    ),
]
GpusPerWorker = Annotated[
    float, typer.Option(min=0.0, metavar="SHARE", help="GPUs for each worker: 1, or 0.25 for four on one.")
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", envvar="RAY_ADDRESS", help="A Ray cluster: auto, or HOST:PORT of its head."
    ),
]
RetryRejects = Annotated[
    bool, typer.Option("--retry-rejects", help="Read documents again that were rejected before.")
]


def batch(
    inputs: Inputs,
    output: Output,
    column: Column = None,
    model: ModelName = None,
    fields: Fields = None,
    grounding: GroundingOption = "grounded",
    arithmetic: ArithmeticOption = None,
    workers: Workers = None,
    gpus_per_worker: GpusPerWorker = 0.0,
    ray_address: RayAddress = None,
    retry_rejects: RetryRejects = False,
) -> None:
    """Read many documents, on all processors or a cluster; run it again, and it goes on where it was."""
    _check(output)
    from finscribe.batch.ledger import open_ledger
    from finscribe.batch.on_ray import Cluster, import_ray, ray_work
    from finscribe.batch.run import run
    from finscribe.batch.sources import find_places
    from finscribe.batch.worker import Job

    import_ray()  # before an output is begun
    settings = Settings.from_environment()
    if arithmetic is not None:
        settings = replace(settings, arithmetic=arithmetic)
    job = Job(settings, model, chosen_fields(fields), grounding).anywhere()
    cluster = Cluster(ray_address, workers, gpus_per_worker)
    others = Counter[str]()
    places = find_places(inputs, column, without=output, passed_over=others)
    with (
        redirect_stdout(sys.stderr),  # where Ray says that a worker died
        open_ledger(output, retry_rejects=retry_rejects) as ledger,
        ray_work(job, cluster) as work,
        _progress() as show,
    ):
        tally = run(places, work, ledger, show)
    print_passed_over(others)
    print_tally(tally, others.total(), output, ledger)
    raise typer.Exit(DocumentError.exit_code if ledger.rejected() else 0)


def _check(output: Path) -> None:
    # A `Path` of an address has lost one of its slashes.
    if output.suffix not in (".jsonl", ".parquet") or ":/" in str(output):
        raise typer.BadParameter(
            f"{output} is no file of this machine that ends in .jsonl or .parquet.", param_hint="--output"
        )


@contextmanager
def _progress() -> Iterator[Callable[[Tally], None]]:
    """A bar on a terminal, elsewhere a line now and then."""
    said = time.monotonic()
    with bars() as bar:

        def show(tally: Tally) -> None:
            nonlocal said
            bar("documents", tally.fates.total(), tally.inputs)
            if not sys.stderr.isatty() and time.monotonic() - said > SECONDS_APART:
                said = time.monotonic()
                typer.echo(f"{_counts(tally)}; {tally.rate:.1f} documents a second", err=True)

        yield show


def print_tally(tally: Tally, passed_over: int, output: Path, ledger: Ledger) -> None:
    """What became of the documents, how fast, where it is, and how many files were no documents."""
    typer.echo(_counts(tally) + (f"; {passed_over:,} of other kinds passed over" if passed_over else ""))
    rate = f"{tally.rate:.1f} documents a second once they came, " if tally.rate else ""
    typer.echo(f"{rate}{tally.seconds:.1f} seconds without the start and the end of Ray")
    typer.echo(f"rows: {printable(str(output))}")
    if before := ledger.rejected() - tally.fates["rejected"]:
        typer.echo(f"rejected before: {before:,}; --retry-rejects reads them again")
    if ledger.rejects.exists():
        typer.echo(f"rejects: {printable(str(ledger.rejects))}")


def _counts(tally: Tally) -> str:
    fates = tally.fates
    return (
        f"{tally.inputs:,} inputs: {fates['done']:,} done, {fates['rejected']:,} rejected, "
        f"{fates['known']:,} already done"
    )
