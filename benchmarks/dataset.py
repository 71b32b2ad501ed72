"""How fast records become a dataset: `python benchmarks/dataset.py --records 20000`, or `--data FILE.jsonl` for yours.

Each way has a process of its own: the whole preparation, the same without token counts, without alignment too
(`--no_align`), and as a baseline a script with `datasets` map and filter: parse and normalise (with this project's own
reader), drop near-duplicates, split by vendor and near-duplicate group. A second one splits by vendor alone, so that
nearly the same text may stand in train and in val. Neither has alignment, lint, languages, tokens, a ledger or a card.
Printed are records a second, processor time a record and peak memory with that of the worker processes. On a machine
that is busy with other things the processor time is the figure to trust.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.table import Table

from benchmarks.machine import peak_bytes
from finscribe import starter
from finscribe.invoice import Truth
from finscribe.synthesis import generate
from finscribe.training.dataset.families import family_of
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.prepare import prepare
from finscribe.training.reading.shapes import read_record

WORKERS = 2
FIRST_SEED = 5_000_000_000


def prepared_with_tokens(source: Path, folder: Path) -> int:
    """The preparation as the command runs it; how many records were kept."""
    return _prepared(source, folder, tokenizer=str(starter.path()))


def prepared_without_tokens(source: Path, folder: Path) -> int:
    """The preparation without a tokenizer."""
    return _prepared(source, folder)


def prepared_without_alignment(source: Path, folder: Path) -> int:
    """The preparation without a tokenizer and with truths as they are."""
    return _prepared(source, folder, align=False)


def _prepared(source: Path, folder: Path, *, tokenizer: str | None = None, align: bool = True) -> int:
    options = PrepareOptions(
        inputs=(str(source),),
        output=folder / "train.jsonl",
        val_output=folder / "val.jsonl",
        split=True,
        tokenizer=tokenizer,
        align=align,
        workers=WORKERS,
    )
    counts = prepare(options).counts
    return counts["train"] + counts["val"]


def with_datasets(source: Path, folder: Path) -> int:
    """The baseline: map, MinHash indices, filter."""
    return _with_datasets(source, folder, _Comparison())


def with_datasets_by_vendor(source: Path, folder: Path) -> int:
    """The baseline without groups of texts that are alike."""
    return _with_datasets(source, folder, _Comparison(groups=False))


def _with_datasets(source: Path, folder: Path, comparison: _Comparison) -> int:
    import datasets

    datasets.disable_progress_bars()
    rows = datasets.load_dataset(
        "text", data_files=str(source), cache_dir=str(folder / "cache"), split="train"
    )
    rows = rows.map(_normalise, remove_columns=["text"], num_proc=WORKERS)
    rows = rows.filter(comparison.is_new, with_indices=True)
    part = {family: hash(comparison.group(family)) % 10 for family in set(rows["family"])}
    train = rows.filter(lambda row: part[row["family"]] != 0, num_proc=WORKERS)
    val = rows.filter(lambda row: part[row["family"]] == 0, num_proc=WORKERS)
    train.to_json(folder / "train.jsonl")
    val.to_json(folder / "val.jsonl")
    return len(train) + len(val)


class _Comparison:
    """Which rows are new, and which families hang together by texts that are alike but for their digits."""

    def __init__(self, *, groups: bool = True) -> None:
        from rensa import RMinHashLSH

        self._near, self._alike = RMinHashLSH(0.9, 128, 16), RMinHashLSH(0.7, 64, 16) if groups else None
        self._families: dict[int, str] = {}
        self._parents: dict[str, str] = {}

    def is_new(self, row: dict[str, Any], place: int) -> bool:
        sketch = _sketch(row["input"], 128)
        if any(True for _ in self._near.query(sketch)):
            return False
        self._near.insert(place, sketch)
        if self._alike is not None:
            self._join(self._alike, row, place)
        return True

    def _join(self, alike: Any, row: dict[str, Any], place: int) -> None:
        sketch = _sketch(re.sub(r"\d+", "0", row["input"]), 64)
        for other in alike.query(sketch):
            self._parents[self.group(self._families[other])] = self.group(row["family"])
        alike.insert(place, sketch)
        self._families[place] = row["family"]

    def group(self, family: str) -> str:
        while (parent := self._parents.get(family, family)) != family:
            family = parent
        return family


def _sketch(text: str, size: int) -> Any:
    from rensa import RMinHash

    words = text.casefold().split()
    sketch = RMinHash(size, 42)
    sketch.update([" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2))])
    return sketch


def _normalise(row: dict[str, str]) -> dict[str, str]:
    from finscribe.training.records import Origin

    record = read_record(json.loads(row["text"]), Origin("", 1))
    return {
        "input": record.text,
        "output": record.truth.to_json(),
        "family": family_of(record.truth, record.text),
    }


WAYS: dict[str, Callable[[Path, Path], int]] = {
    "prepared, with tokens": prepared_with_tokens,
    "prepared, without tokens": prepared_without_tokens,
    "prepared, without alignment": prepared_without_alignment,
    "datasets map/filter": with_datasets,
    "datasets, split by vendor alone": with_datasets_by_vendor,
}


def measure(name: str, source: Path) -> tuple[int, float, float, int]:
    """Records kept, seconds, processor seconds, peak bytes of one way, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_measure_here, args=(name, source, sending))
    process.start()
    sending.close()
    found = receiving.recv()
    process.join()
    return found  # type: ignore[no-any-return]


def _measure_here(name: str, source: Path, sending: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        kept = WAYS[name](source, Path(folder))
        seconds = time.monotonic() - started
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    busy = own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime
    sending.send((kept, seconds, busy, peak_bytes(own) + WORKERS * peak_bytes(workers)))


def write_synthetic(path: Path, count: int) -> None:
    """Generated documents as records, every twentieth of them twice."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            sample = generate(FIRST_SEED + number - (number % 20 == 19))
            truth = Truth.read(sample.truth).to_json()
            file.write(json.dumps({"input": "OCR_TEXT:\n" + sample.text, "output": truth}) + "\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--records", type=int, default=20000, help="synthetic records, where no data is given"
    )
    parser.add_argument("--data", type=Path, default=None, help="a file of records, JSON lines")
    parser.add_argument("--ways", nargs="*", choices=list(WAYS), default=list(WAYS), help="default: all")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = args.data or Path(folder) / "records.jsonl"
        if args.data is None:
            write_synthetic(source, args.records)
        with source.open("rb") as lines:
            count = sum(1 for _ in lines)
        table = Table(title=f"{count:,} records, {source.stat().st_size / 1e6:.1f} MB, {WORKERS} processes")
        for name in ("", "records/s", "processor ms/record", "peak MB", "kept"):
            table.add_column(name, justify="left" if not name else "right")
        for name in args.ways:
            kept, seconds, busy, peak = measure(name, source)
            row = (f"{count / seconds:,.0f}", f"{1000 * busy / count:.2f}", f"{peak / 1e6:,.0f}", f"{kept:,}")
            table.add_row(name, *row)
        Console().print(table)


if __name__ == "__main__":
    main()
