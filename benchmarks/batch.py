"""How many documents a second a batch reads: python benchmarks/batch.py [--workers 1 2] [--data FOLDER]

Reads synthetic texts, or the documents of a folder, once for each number of workers, with `finscribe batch`'s own code.
Then documents that are done already pass once more through each step but the model, which shows how much one driver
can hand out. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from finscribe.batch.contents import Contents
from finscribe.batch.ledger import open_ledger
from finscribe.batch.on_ray import Cluster, ray_work
from finscribe.batch.rows import write_row
from finscribe.batch.run import Tally, run
from finscribe.batch.sources import Place, find_places
from finscribe.batch.worker import Job
from finscribe.invoice import ALL_FIELDS
from finscribe.settings import Settings
from finscribe.synthesis import generate

FIRST_SEED = 4_100_000_000
MB = 1_000_000


@dataclass
class Watched:
    """When how many documents had come, what the workers took, and how many wanted the processors meanwhile."""

    came: list[tuple[float, int]] = field(default_factory=list)
    processor: list[tuple[float, float]] = field(default_factory=list)
    """When, and the seconds of all workers until then."""
    largest: int = 0  # bytes of a worker
    load: list[float] = field(default_factory=list)

    def show(self, tally: Tally) -> None:
        """Remembers how many documents have come until now."""
        if tally.fates.total():
            self.came.append((time.monotonic(), tally.fates.total()))

    @property
    def rate(self) -> float:
        """Documents a second between the first that came and the last."""
        (start, first), (end, last) = self.came[0], self.came[-1]
        return (last - first) / (end - start) if end > start else 0.0

    @property
    def processor_seconds(self) -> float:
        """Of the workers, for each document that came between the first second and the last."""
        within = [(when, took) for when, took in self.processor if when >= self.came[0][0]]
        if len(within) < 2:
            return 0.0
        (start, before), (end, after) = within[0], within[-1]
        came = [count for when, count in self.came if start <= when <= end]
        return (after - before) / (came[-1] - came[0]) if len(came) > 1 else 0.0


@contextmanager
def watched() -> Iterator[Watched]:
    """Looks at the workers and at the load of the machine once a second."""
    found, over = Watched(), threading.Event()
    took: dict[int, float] = {}  # by process, those that are over too

    def look() -> None:
        while not over.wait(1):
            found.load.append(psutil.getloadavg()[0])
            for process, size, seconds in _workers():
                found.largest = max(found.largest, size)
                took[process] = seconds
            found.processor.append((time.monotonic(), sum(took.values())))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()


def _workers() -> Iterator[tuple[int, int, float]]:
    """The process of each worker, and the bytes and the seconds of the processor that it has taken."""
    for process in psutil.Process().children(recursive=True):
        try:
            if "MapWorker" in " ".join(process.cmdline()):
                times = process.cpu_times()
                yield process.pid, process.memory_info().rss, times.user + times.system
        except psutil.Error:
            continue


def read(places: Iterator[Place], output: Path, workers: int, model: str | None) -> tuple[Tally, Watched]:
    """One batch, as the command does it."""
    job = Job(Settings.from_environment(), model, ALL_FIELDS).anywhere()
    with (
        watched() as found,
        open_ledger(output) as ledger,
        ray_work(job, Cluster(workers=workers)) as work,
    ):
        return run(places, work, ledger, found.show), found


def write_texts(folder: Path, count: int) -> None:
    """Synthetic documents as plain text, one a file."""
    for index in range(count):
        (folder / f"{index:06}.txt").write_text(generate(FIRST_SEED + index).text, "utf-8")


def note_as_done(places: Iterator[Place], output: Path) -> None:
    """A row for each text, as if it had been read."""
    contents = Contents(Settings().max_bytes)
    with open_ledger(output) as ledger:
        ledger.add(write_row("done", place.source, contents.read(place).sha256, {}) for place in places)


def described(label: str, workers: int, tally: Tally, found: Watched) -> str:
    """A row of the table."""
    load = sum(found.load) / max(1, len(found.load))
    took = f"{found.processor_seconds:.2f}" if found.processor_seconds else "-"
    return (
        f"| {label} | {workers} | {tally.inputs} | {found.rate:.2f} | {took} | {tally.seconds:.1f} "
        f"| {found.largest / MB:.0f} | {load:.1f} |"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--documents", type=int, default=60, help="synthetic texts")
    parser.add_argument(
        "--known", type=int, default=8000, help="texts that are done already; 0 leaves this out"
    )
    parser.add_argument("--data", type=Path, default=None, help="a folder of documents instead")
    parser.add_argument("--model", default=None, help="a model folder; the one served where it is left out")
    compare(parser.parse_args())


HEAD = """| what | workers | documents | a second | processor, s a document | all, s | largest worker, MB | load |
|---|---|---|---|---|---|---|---|"""


def compare(args: argparse.Namespace) -> None:
    """Prints a row for each number of workers, and one of documents that are done already."""
    print(HEAD)
    with tempfile.TemporaryDirectory() as made:
        folder, done = Path(made, "texts"), Path(made, "done")
        folder.mkdir()
        done.mkdir()
        write_texts(folder, args.documents)
        for workers in args.workers:
            places = find_places([str(args.data or folder)])
            tally, found = read(places, Path(made, f"{workers}.jsonl"), workers, args.model)
            print(described("read", workers, tally, found), flush=True)
        if args.known:
            write_texts(done, args.known)
            note_as_done(find_places([str(done)]), Path(made, "done.jsonl"))
            workers = args.workers[-1]
            tally, found = read(find_places([str(done)]), Path(made, "done.jsonl"), workers, args.model)
            print(described("done already", workers, tally, found), flush=True)


if __name__ == "__main__":
    main()
