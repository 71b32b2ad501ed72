"""The command `extract`: parse, read, print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from finscribe.batch.reading import Done, Failed, Reader
from finscribe.cli.inputs import Format, Found, Grounding, chosen_fields, find_sources, is_many
from finscribe.cli.messages import print_error, print_passed_over, print_warning
from finscribe.cli.pictures import draw, plan_pictures
from finscribe.cli.progress import Watch
from finscribe.cli.starter_name import with_starter
from finscribe.errors import FinScribeError
from finscribe.settings import Settings

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="PDF, picture or text files, folders, or - (standard input)."),
]
OutputFormat = Annotated[Format, typer.Option("--format", help="How results are printed.")]
Boxes = Annotated[
    Path | None, typer.Option(metavar="OUT.png", help="Draw each page with a box around every value.")
]
ModelName = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME_OR_DIR",
        callback=with_starter,
        help="Another model than the one served; starter is the bundled one.",
    ),
]
Fields = Annotated[
    str | None,
    typer.Option(metavar="A,B,C", help="Ask for these fields or blocks only: vendor,invoice_date."),
]
GroundingOption = Annotated[
    Grounding,
    typer.Option(help="grounded: only what is printed. schema: any JSON of an invoice. off: whatever comes."),
]
ArithmeticOption = Annotated[
    bool | None,
    typer.Option(
        "--arithmetic/--no-arithmetic",
        help="Read otherwise, as the model weighed it: numbers and lines that do not add up, parties with one name, "
        "names without their legal form; FINSCRIBE_ARITHMETIC.",
    ),
]


def extract(
    files: Files,
    output_format: OutputFormat = "table",
    boxes: Boxes = None,
    model: ModelName = None,
    fields: Fields = None,
    grounding: GroundingOption = "grounded",
    arithmetic: ArithmeticOption = None,
) -> None:
    """Read invoices and receipts: print their values and where each of them is printed."""
    from finscribe.cli.formats import choose_writer

    settings = Settings.from_environment()
    if arithmetic is not None:
        settings = replace(settings, arithmetic=arithmetic)
    many = is_many(files)
    request = chosen_fields(fields)
    found = find_sources(files, settings)
    sources, codes = found.sources, _report_unread(found)
    pictures = plan_pictures(boxes, sources, many=many)
    writer = choose_writer(output_format, request, many=many)
    with Watch(len(sources)) as watch:
        reader = Reader(settings, model, request, grounding, watch.doing)
        for position, outcome in enumerate(reader.outcomes(sources), start=1):
            with watch.done():
                writer.write(outcome)
                error = outcome.error if isinstance(outcome, Failed) else None
                if pictures and isinstance(outcome, Done):
                    error = draw(outcome, pictures, position, settings)
                codes += [_report(error)] if error else []
    writer.finish()
    raise typer.Exit(codes[0] if codes else 0)


def _report_unread(found: Found) -> list[int]:
    """Says what was left out; the exit codes of folders that hold nothing, which is an error where nothing is left."""
    print_passed_over(found.passed_over)
    if not found.sources and found.empty:
        raise found.empty[0]
    for error in found.empty:
        print_warning(error)
    return [error.exit_code for error in found.empty]


def _report(error: FinScribeError) -> int:
    print_error(error)
    return error.exit_code
