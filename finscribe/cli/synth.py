"""The command `synth`: synthetic documents with their truth, for trying out, load tests and training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finscribe.cli.messages import printable
from finscribe.cli.progress import bar_of_records

_COMPOSED = "composed"


def synth(
    count: Annotated[int, typer.Option("--n", min=1, help="How many documents.")] = 10,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where they are written.")] = Path("synthetic"),
    formats: Annotated[
        str, typer.Option("--format", help="Of pdf, png (a page), jpg (a scan), txt, json (what it prints).")
    ] = "pdf,json",
    seed: Annotated[
        int, typer.Option(min=0, help="The first document's number; the same gives the same.")
    ] = 0,
    family: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A layout family; may be given again.")
    ] = None,
    size: Annotated[float, typer.Option(min=0, max=8, help="Length: 0 a few lines, 1 usual, 8 pages.")] = 1.0,
    texts: Annotated[
        str, typer.Option(help="In records.jsonl: composed, or as read of the pdf, the png or the jpg.")
    ] = _COMPOSED,
) -> None:
    """Write synthetic invoices and receipts: pages, and exactly what they print in JSON.

    All texts with their truths are in records.jsonl too, as `prepare` and `evaluate` read them. With `--texts jpg` they
    are what OCR reads of the scans, which show the first page, errors included; a second or two a page.
    """
    from finscribe.synthesis.writing import RECORDS, Batch, write_samples

    batch = Batch(count, _formats(formats), seed, _families(family), size, _texts(texts))
    with bar_of_records() as count_to:
        files = 0

        def written(path: Path) -> None:
            nonlocal files
            files += 1
            count_to(path.name, files // len(batch.formats))

        records = write_samples(batch, out, written)
    unread = f"; {count - records} could not be read and have no record" if records < count else ""
    typer.echo(f"{count} documents in {files} files, and {printable(str(out / RECORDS))}{unread}")


def _formats(text: str) -> tuple[str, ...]:
    from finscribe.synthesis.writing import FORMATS

    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        said = ", ".join(unknown) or "nothing"
        raise typer.BadParameter(
            f"{said} is no format; take some of {', '.join(FORMATS)}", param_hint="--format"
        )
    return names


def _texts(name: str) -> str | None:
    from finscribe.synthesis.writing import READABLE

    if name not in (_COMPOSED, *READABLE):
        raise typer.BadParameter(
            f"{name} is no way to get a text; take {_COMPOSED} or one of {', '.join(READABLE)}",
            param_hint="--texts",
        )
    return None if name == _COMPOSED else name


def _families(names: list[str] | None) -> tuple[str, ...] | None:
    from finscribe.synthesis import FAMILIES

    unknown = [name for name in names or () if name not in FAMILIES]
    if unknown:
        raise typer.BadParameter(
            f"{unknown[0]} is no family; there are {', '.join(FAMILIES)}", param_hint="--family"
        )
    return tuple(names) if names else None
