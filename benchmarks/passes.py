"""What one forward pass costs: python benchmarks/passes.py [--model DIR] [--cache 500] [--runs 40]

For each backend, in a process of its own with one thread: the processor's milliseconds for 1, 8 and 32 new tokens
behind others that are in the cache, of one sequence and of 8 at once, and for a prompt of 400. Medians, so that other
work on the machine disturbs little. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from finscribe.decoding import AskedModel, SteeredModel, load_model
from finscribe.settings import Settings
from finscribe.starter import path as starter_path

BACKENDS = ("transformers", "onnx", "onnx-int8")
CASES = tuple((rows, tokens) for rows in (1, 8) for tokens in (1, 8, 32))
PROMPT = 400


def rows_of_tokens(rows: int, tokens: int) -> list[list[int]]:
    """Random tokens that no vocabulary lacks."""
    rng = random.Random(tokens)
    return [[rng.randrange(5, 900) for _ in range(tokens)] for _ in range(rows)]


def milliseconds(work: Callable[[], object], runs: int) -> float:
    """The processor's time for one of some runs, in this thread."""
    times = []
    for _ in range(runs):
        started = time.thread_time()
        work()
        times.append(time.thread_time() - started)
    return median(times) * 1000


def measure(model: SteeredModel, cache: int, runs: int) -> dict[str, float]:
    """Milliseconds by what was computed."""
    found = {}
    for rows, tokens in CASES:
        session, new = model.session(), rows_of_tokens(rows, tokens)
        session.extend(rows_of_tokens(rows, cache), [1] * rows)

        def step() -> None:
            session.extend(new, [tokens] * rows)  # noqa: B023
            session.rollback([tokens] * rows)  # noqa: B023

        step()
        found[f"{rows} x {tokens}"] = milliseconds(step, runs)
    prompt = rows_of_tokens(1, PROMPT)
    found[f"prompt of {PROMPT}"] = milliseconds(
        lambda: model.session().extend(prompt, [1]), max(3, runs // 4)
    )
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=None, help="a model folder; the starter where it is left out")
    parser.add_argument("--cache", type=int, default=500, help="tokens before the new ones")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--backend", choices=BACKENDS, help="measure this one in this process and print JSON")
    args = parser.parse_args()
    if args.backend:
        model = load_model(args.model or starter_path(), settings=Settings(backend=args.backend))
        assert not isinstance(model, AskedModel)
        print(json.dumps(measure(model, args.cache, args.runs)))
        return
    table: dict[str, dict[str, float]] = {}
    for backend in BACKENDS:
        command = [sys.executable, *sys.argv, "--backend", backend]
        alone = os.environ | {"OMP_NUM_THREADS": "1"}
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=alone).stdout
        table[backend] = json.loads(said.splitlines()[-1])
    print(f"| sequences x new tokens | {' | '.join(BACKENDS)} |\n|---|{'---|' * len(BACKENDS)}")
    for case in table[BACKENDS[0]]:
        print(f"| {case} | {' | '.join(f'{table[backend][case]:.1f} ms' for backend in BACKENDS)} |")


if __name__ == "__main__":
    main()
