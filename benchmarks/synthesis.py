"""How fast documents are made: python benchmarks/synthesis.py [--documents 4000] [--families NAME ...] [--size 1]

Prints the text documents a second of one processor, by its own time, which other work does not count in: the median
of several runs over the same seeds after a few documents to warm up, and the slowest and the fastest run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from statistics import median

from finscribe.synthesis import FAMILIES, generate

FIRST, WARM_UP = 1000, 300


def speed(documents: int, families: Sequence[str] | None, size: float) -> float:
    """Documents a second of the processor."""
    started = time.process_time()
    for seed in range(FIRST, FIRST + documents):
        generate(seed, families, size)
    return documents / (time.process_time() - started)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=4000, help="of a run")
    parser.add_argument(
        "--families", nargs="+", choices=FAMILIES, metavar="NAME", help="layout families; the usual mix"
    )
    parser.add_argument("--size", type=float, default=1.0, help="0 a few lines, 8 many pages")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    for seed in range(WARM_UP):
        generate(seed, args.families, args.size)
    found = [speed(args.documents, args.families, args.size) for _ in range(args.runs)]
    print(f"{median(found):,.0f} documents a second ({min(found):,.0f} to {max(found):,.0f})")


if __name__ == "__main__":
    main()
