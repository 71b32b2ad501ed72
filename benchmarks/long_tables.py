"""How well tables are read by their length: python benchmarks/long_tables.py [--model DIR] [--documents 20]

Synthetic invoices of held-out layout families with so many lines, up to tables over several pages that are read in
windows. A cell is right when its line was found and its value is that of the truth, a row when all its cells are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from finscribe.decoding import load_model
from finscribe.documents import Document
from finscribe.extract import extract_many
from finscribe.invoice import Truth
from finscribe.metrics import score
from finscribe.starter import path as starter_path
from finscribe.synthesis import HELD_OUT_FAMILIES, LONGEST, Sample, generate

SEED = 8_000_000_000
LENGTHS = ((1, 5), (6, 10), (11, 20), (21, 40), (41, 80), (81, 160))
_FAMILIES = [name for name in HELD_OUT_FAMILIES if name.startswith("invoice")]


def samples(least: int, most: int) -> Iterator[Sample]:
    """Documents with `least` to `most` lines, without end."""
    size = 1.0 if most <= 20 else LONGEST
    drawn = (generate(seed, _FAMILIES, size) for seed in count(SEED))
    return (sample for sample in drawn if least <= len(sample.truth["line_items"]) <= most)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="a model folder; the starter where it is left out")
    parser.add_argument("--documents", type=int, default=20, help="documents of each length")
    args = parser.parse_args()
    model = load_model(args.model or starter_path())
    table = Table(title=f"{args.documents} documents of each length")
    for name in ("lines", "cells F1", "rows F1", "seconds a document"):
        table.add_column(name, justify="right")
    for least, most in track(LENGTHS, transient=True):
        drawn = list(islice(samples(least, most), args.documents))
        started = time.monotonic()
        found = extract_many([Document.from_text(sample.text) for sample in drawn], model)
        seconds = time.monotonic() - started
        scores = score([each.invoice for each in found], [Truth.read(sample.truth) for sample in drawn])
        figures = (f"{scores.line_cells.f1:.3f}", f"{scores.line_rows.f1:.3f}", f"{seconds / len(drawn):.2f}")
        table.add_row(f"{least}-{most}", *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
