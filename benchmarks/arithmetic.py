"""What second looks gain and harm: python benchmarks/arithmetic.py [--synthetic 500] [--data FILE ...]

Every document is read with and without them. Counted are the numbers that were read otherwise and the lists of lines
that were read again so that it adds up, the names of parties that are others by it or have their legal form, the known
values that became right or wrong by all this, and how much longer it took.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.accuracy import CHUNK, Known, records, synthetic
from finscribe.decoding import LanguageModel, load_model
from finscribe.documents import Document
from finscribe.extract import Extraction, extract_many
from finscribe.invoice import PARTIES, Invoice, Truth
from finscribe.metrics import Scores, pair_up, score
from finscribe.starter import path as starter_path
from finscribe.validation.parties import SAME_PARTY


@dataclass(frozen=True, slots=True)
class Outcome:
    """One set: how often what happened, the scores without second looks and with them, how much longer that took."""

    counts: Counter[str]
    before: Scores
    after: Scores
    slower: float


def read(
    documents: Sequence[Document], model: LanguageModel, arithmetic: bool
) -> tuple[list[Extraction], float]:
    """What some documents say, and the seconds that it took."""
    started = time.perf_counter()
    found = extract_many(documents, model, batch_size=16, arithmetic=arithmetic)
    return found, time.perf_counter() - started


def right_paths(invoice: Invoice, truth: Truth) -> set[str]:
    """The known values that an invoice has right."""
    return {pair.known_path for pair in pair_up(invoice, truth).values if pair.right and pair.known_path}


def measure(documents: Sequence[Known], model: LanguageModel, label: str) -> Outcome:
    """Reads all documents."""
    counts: Counter[str] = Counter()
    before: list[Invoice] = []
    after: list[Invoice] = []
    without = with_ = 0.0
    for start in track(range(0, len(documents), CHUNK), description=label, transient=True):
        some = documents[start : start + CHUNK]
        texts = [document for document, _ in some]
        plain, seconds = read(texts, model, arithmetic=False)
        chosen, more = read(texts, model, arithmetic=True)
        without, with_ = without + seconds, with_ + more
        for written, found, (_, truth) in zip(plain, chosen, some, strict=True):
            before.append(written.invoice)
            after.append(found.invoice)
            was, is_ = right_paths(before[-1], truth), right_paths(after[-1], truth)
            counts["numbers"] += len(found.settled)
            counts["lists"] += any(code != SAME_PARTY for code in found.reread)
            counts["names"] += sum(written.given.get(name) != found.given.get(name) for name in PARTIES)
            counts["wrong to right"] += len(is_ - was)
            counts["right to wrong"] += len(was - is_)
    truths = [truth for _, truth in documents]
    return Outcome(counts, score(before, truths), score(after, truths), with_ / without - 1)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=None, help="a model folder; the starter where it is left out")
    parser.add_argument("--synthetic", type=int, default=0, help="documents of held-out families")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="files of records")
    parser.add_argument("--limit", type=int, default=None, help="documents of each file")
    args = parser.parse_args()
    model = load_model(args.model or starter_path())
    sets = {path.stem: records(path, args.limit) for path in args.data}
    if args.synthetic:
        sets = {"held-out layouts": synthetic(args.synthetic), **sets}
    table = Table()
    names = ("numbers", "lists", "names", "wrong to right", "right to wrong")
    for name in ("set", "documents", *names, "header F1", "line cell F1", "longer"):
        table.add_column(name, justify="left" if name == "set" else "right")
    for label, documents in sets.items():
        found = measure(documents, model, label)
        header = f"{found.before.micro.f1:.4f} {found.after.micro.f1:.4f}"
        cells = f"{found.before.line_cells.f1:.4f} {found.after.line_cells.f1:.4f}"
        counts = [str(found.counts[name]) for name in names]
        table.add_row(label, str(len(documents)), *counts, header, cells, f"{found.slower:.0%}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
