"""How many corrections a second the queue takes: `python benchmarks/correction_queue.py`.

Every correction is acknowledged only when it is in all three files on disk. Prints a Markdown table for one writing
process and for eight, with syncing and without (which the queue itself never does), and what the bare disk allows.

`--kill` instead has eight processes export 500 corrections each, kills one of them with SIGKILL in the middle, and
checks that every acknowledged correction is in both queues and the log, none torn, none twice; exits with 1 if not.
The queue is made in a temporary folder below `--folder` (default: the current one), since the disk is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from finscribe.training.queue.record import Correction, make_correction
from finscribe.training.queue.training_queue import QueueWarning, TrainingQueue


def corrections_of(writer: int, count: int, data: Path | None) -> list[Correction]:
    """Different corrections for each writer, of synthetic invoices or of the records of a file."""
    records = _recorded(data) if data else _synthetic(count)
    pairs = (records[number % len(records)] for number in range(count))
    return [make_correction(text, truth, f"{writer}-{number}") for number, (text, truth) in enumerate(pairs)]


def _recorded(path: Path) -> list[tuple[object, str]]:
    records = map(json.loads, path.read_text("utf-8").splitlines())
    return [(record["input"], record["output"]) for record in records]


def _synthetic(count: int) -> list[tuple[object, str]]:
    from finscribe.synthesis import generate

    samples = (generate(seed) for seed in range(min(count, 50)))
    return [(sample.text, json.dumps(sample.truth, default=str)) for sample in samples]


def write(folder: Path, writer: int, count: int, data: Path | None) -> None:
    """One writing process: gets ready, waits for a line, then acknowledges each correction on standard output."""
    corrections = corrections_of(writer, count, data)
    print("ready", flush=True)
    sys.stdin.readline()
    queue = TrainingQueue(folder)
    for correction in corrections:
        queue.append(correction)
        print(correction.id, flush=True)


class Writers:
    """Writing processes that start together."""

    def __init__(
        self, folder: Path, options: argparse.Namespace, writers: int, count: int, sync: bool
    ) -> None:
        command = [
            sys.executable,
            "-W",
            "ignore",
            __file__,
            "--writer_folder",
            str(folder),
            "--count",
            str(count),
        ]
        command += [] if sync else ["--no_sync"]
        command += ["--data", str(options.data)] if options.data else []
        self.processes = [
            subprocess.Popen(
                [*command, "--writer", str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(writers)
        ]
        for process in self.processes:
            assert process.stdout is not None
            process.stdout.readline()

    def go(self) -> None:
        """Lets all of them begin."""
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

    def acknowledged(self) -> list[str]:
        """The ids acknowledged from now on, when all have ended."""
        outputs = [process.communicate()[0] for process in self.processes]
        return [
            line for output in outputs for line in output.splitlines(keepends=True) if line.endswith("\n")
        ]


def measure(options: argparse.Namespace, writers: int, sync: bool) -> float:
    """Acknowledged corrections a second."""
    count = options.count // writers
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        running = Writers(Path(folder), options, writers, count, sync)
        started = time.perf_counter()
        running.go()
        done = len(running.acknowledged())
        seconds = time.perf_counter() - started
    assert done == writers * count, f"{done} of {writers * count} were acknowledged"
    return done / seconds


def syncs_a_second(folder: Path, count: int = 200) -> float:
    """Appends of 3 kB with a sync that the bare disk does one after the other."""
    with tempfile.TemporaryFile(dir=folder) as file:
        started = time.perf_counter()
        for _ in range(count):
            file.write(b"x" * 3000)
            file.flush()
            os.fsync(file.fileno())
    return count / (time.perf_counter() - started)


def check_kill(options: argparse.Namespace, writers: int = 8, count: int = 500) -> Sequence[str]:
    """What went wrong when one of many writers was killed in the middle; prints the counts."""
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        running = Writers(Path(folder), options, writers, count, sync=True)
        victim = running.processes[0]
        assert victim.stdout is not None
        running.go()
        first = [victim.stdout.readline() for _ in range(count // 2)]
        victim.kill()
        acknowledged = {line.strip() for line in first + running.acknowledged()}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", QueueWarning)
            TrainingQueue(Path(folder)).repair()
        print(f"{writers} writers, {count} corrections each, one killed after {count // 2}")
        print(
            f"acknowledged: {len(acknowledged)}; set aside: {[str(each.message) for each in caught] or 'nothing'}"
        )
        return list(_problems(TrainingQueue(Path(folder)), acknowledged))


def _problems(queue: TrainingQueue, acknowledged: set[str]) -> list[str]:
    general = [correction.id for correction in queue.corrections()]
    expected = [correction.to_unsloth_line() for correction in queue.corrections()]
    projected = queue.unsloth.read_bytes().splitlines(keepends=True)
    reviewed = [json.loads(line)["example_id"] for line in queue.reviews.read_bytes().splitlines()]
    stats = queue.stats()
    print(f"general: {len(general)}; projection: {len(projected)}; log: {len(reviewed)}")
    checks = {
        "an acknowledged correction is missing": acknowledged <= set(general),
        "a correction is in the general queue twice": len(set(general)) == len(general) == stats.total,
        "the projection differs from the general queue": projected == expected,
        "the log differs from the general queue": sorted(reviewed) == sorted(general),
        "a line is torn": not stats.unreadable,
    }
    return [problem for problem, fine in checks.items() if not fine]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2000, help="corrections in each measurement")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the queue is made")
    parser.add_argument(
        "--data", type=Path, metavar="FILE.jsonl", help="records instead of synthetic invoices"
    )
    parser.add_argument("--kill", action="store_true", help="check that a killed writer loses nothing")
    parser.add_argument("--writer", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--writer_folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--no_sync", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.writer is not None:
        if options.no_sync:
            os.fsync = lambda fd: None
        write(options.writer_folder, options.writer, options.count, options.data)
        return 0
    if options.kill:
        problems = check_kill(options)
        print("\n".join(problems) or "nothing lost, nothing torn, nothing twice")
        return 1 if problems else 0
    print(f"the bare disk: {syncs_a_second(options.folder):,.0f} synced appends a second\n")
    print("| writing processes | corrections a second, synced | not synced |\n|---|---|---|")
    for writers in (1, 8):
        synced, free = (measure(options, writers, sync) for sync in (True, False))
        print(f"| {writers} | {synced:,.0f} | {free:,.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
