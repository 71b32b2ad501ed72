"""How well a model reads: python benchmarks/accuracy.py [--model DIR] [--synthetic 500] [--data FILE.jsonl ...]

Scores the serving request, folded, on fresh synthetic documents of held-out layout families and on records of
`{"input", "output"}` with partial truth; `--grounding off` shows the same model without the grammar.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from finscribe.decoding import LanguageModel, Printed, load_model
from finscribe.documents import Document, read_document
from finscribe.evaluation.mistakes import Mistake, find_mistake
from finscribe.extract import extract_many
from finscribe.invoice import HEADER_FIELDS, LINES, Invoice, Truth
from finscribe.metrics import Score, Scores, pair_up, score
from finscribe.starter import path as starter_path
from finscribe.synthesis import HELD_OUT_FAMILIES, generate

SYNTHETIC_SEED = 3_000_000_000
CHUNK = 32

Known = tuple[Document, Truth]


def synthetic(count: int) -> list[Known]:
    """Documents of held-out layout families."""
    samples = [generate(SYNTHETIC_SEED + index, HELD_OUT_FAMILIES) for index in range(count)]
    return [(Document.from_text(sample.text), Truth.read(sample.truth)) for sample in samples]


def records(path: Path, limit: int | None) -> list[Known]:
    """The texts of a file of records, with what is known of them."""
    return [(Document.from_text(line["input"]), Truth.read(line["output"])) for line in _lines(path)[:limit]]


def both_ways(path: Path, limit: int | None) -> dict[str, list[Known]]:
    """The records that have a file of their own (`media`), by their texts and as the file is read here."""
    lines = [line for line in _lines(path) if line.get("media")][:limit]
    truths = [Truth.read(line["output"]) for line in lines]
    files = track([path.parent / line["media"] for line in lines], description=path.stem, transient=True)
    texts = [Document.from_text(line["input"]) for line in lines]
    return {
        f"{path.stem}, its texts": list(zip(texts, truths, strict=True)),
        f"{path.stem}, its files": list(zip(map(read_document, files), truths, strict=True)),
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def read_all(
    model: LanguageModel,
    documents: list[Document],
    grounding: str,
    batch_size: int,
    label: str,
    arithmetic: bool,
) -> Iterator[tuple[Invoice, int]]:
    """The invoice of each document and the forward passes it took."""
    for start in track(range(0, len(documents), CHUNK), description=label, transient=True):
        for found in extract_many(
            documents[start : start + CHUNK],
            model,
            grounding=grounding,
            batch_size=batch_size,
            arithmetic=arithmetic,
        ):
            yield found.invoice, found.forward_passes


def show(
    console: Console,
    label: str,
    scores: Scores,
    seconds: float,
    documents: int,
    passes: int,
    together: Sequence[str],
) -> None:
    """One table a data set: fields with their support, precision, recall and F1, some of them counted `together`."""
    table = Table(
        title=f"{label}: {documents} documents, {documents / seconds:.1f}/s, {passes / documents:.0f} passes"
    )
    for name in ("field", "known", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if name == "field" else "right")
    rows = {"header, micro": scores.micro, "line cells": scores.line_cells, "line rows": scores.line_rows}
    if together:
        chosen = [scores.fields[path] for path in together if path in scores.fields]
        rows["these fields, micro"] = sum(chosen, Score())
    for name, figures in {**rows, **scores.fields, **scores.cells}.items():
        if figures.support or figures.predicted:
            shares = (figures.precision, figures.recall, figures.f1)
            table.add_row(name, str(figures.support), *(f"{share:.3f}" for share in shares))
    console.print(table)


def show_causes(
    console: Console, label: str, documents: list[Document], found: list[Invoice], truths: list[Truth]
) -> None:
    """One table a data set: how many values are not right for each cause, those of the header and those of lines."""
    causes: dict[bool, Counter[Mistake]] = {False: Counter(), True: Counter()}
    for document, invoice, truth in zip(documents, found, truths, strict=True):
        printed = Printed(document.text)
        for pair in pair_up(invoice, truth).values:
            mistake = find_mistake(pair, printed, truth)
            if mistake:
                causes[pair.field.startswith(LINES)][mistake] += 1
    table = Table(title=f"{label}: values that are not right, by cause")
    for name in ("cause", "header", "line cells"):
        table.add_column(name, justify="left" if name == "cause" else "right")
    for mistake in Mistake:
        if causes[False][mistake] or causes[True][mistake]:
            table.add_row(mistake.value, str(causes[False][mistake]), str(causes[True][mistake]))
    console.print(table)


def measure(
    console: Console, model: LanguageModel, label: str, known: list[Known], args: argparse.Namespace
) -> None:
    """Reads one data set and shows how well."""
    documents, truths = [document for document, _ in known], [truth for _, truth in known]
    started = time.monotonic()
    read = list(read_all(model, documents, args.grounding, args.batch_size, label, not args.no_arithmetic))
    seconds, invoices = time.monotonic() - started, [invoice for invoice, _ in read]
    scores, passes = score(invoices, truths, args.match), sum(count for _, count in read)
    title = f"{label} ({args.grounding}, {args.match})"
    show(console, title, scores, seconds, len(read), passes, args.fields)
    if args.causes:
        show_causes(console, label, documents, invoices, truths)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=None, help="a model folder; the starter where it is left out")
    parser.add_argument("--synthetic", type=int, default=0, help="documents of held-out families")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="files of records")
    parser.add_argument(
        "--media",
        action="store_true",
        help="only records with a file (`media`), by their texts and by the files",
    )
    parser.add_argument("--limit", type=int, default=None, help="documents of each file")
    parser.add_argument("--grounding", default="grounded", choices=["grounded", "schema", "off"])
    parser.add_argument("--batch_size", type=int, default=16)
    parser.add_argument(
        "--no_arithmetic", action="store_true", help="take numbers and parties as the model wrote them"
    )
    parser.add_argument("--match", default="folded", choices=["folded", "exact"])
    parser.add_argument(
        "--fields",
        nargs="+",
        default=[],
        choices=HEADER_FIELDS,
        metavar="FIELD",
        help="header fields to count together in a row of their own",
    )
    parser.add_argument(
        "--causes", action="store_true", help="what the values that are not right are instead"
    )
    return parser.parse_args()


def main() -> None:
    """The command line."""
    args, console = _arguments(), Console()
    model = load_model(args.model or starter_path())
    sets = {"held-out layouts": synthetic(args.synthetic)} if args.synthetic else {}
    for path in args.data:
        sets |= both_ways(path, args.limit) if args.media else {path.stem: records(path, args.limit)}
    for label, known in sets.items():
        measure(console, model, label, known, args)


if __name__ == "__main__":
    main()
