"""How long one document takes from nothing: python benchmarks/cold_start.py [FILE] [--runs 5]

Starts `finscribe extract FILE --format json` for each backend (default: docs/samples/invoice-de.pdf) and prints
seconds, processor seconds and the largest main memory, medians, as a Markdown table. The first run, which reads the
libraries from the disk, is left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import peak_bytes

SAMPLE = Path(__file__).parent.parent / "docs" / "samples" / "invoice-de.pdf"
BACKENDS = ("onnx", "onnx-int8", "transformers")


def start(file: Path, backend: str) -> tuple[float, float, float]:
    """Seconds, processor seconds and megabytes of one run."""
    command = [sys.executable, "-m", "finscribe", "extract", str(file), "--format", "json"]
    started = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env=os.environ | {"FINSCRIBE_BACKEND": backend}
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - started, used.ru_utime + used.ru_stime, peak_bytes(used) / 1e6


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--backends", choices=BACKENDS, nargs="+", default=BACKENDS)
    args = parser.parse_args()
    print("| backend | seconds | of the processor | memory |\n|---|---|---|---|")
    for backend in args.backends:
        found = [start(args.file, backend) for _ in range(args.runs + 1)][1:]
        seconds, processor, memory = map(median, zip(*found, strict=True))
        print(f"| {backend} | {seconds:.1f} s | {processor:.1f} s | {memory:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
