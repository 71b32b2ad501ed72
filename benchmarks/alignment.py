"""What of the truth a grounded model could write: `python benchmarks/alignment.py --synthetic 3000`.

Prints, for generated documents or for your own records (`--data FILE.jsonl ...`, lines with `input` and `output`),
the share of the known values that their document does not print, by field, and how many training targets the
grammar of their own document refuses; that has to be none.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from llguidance import LLMatcher, LLTokenizer

from finscribe.decoding.align import align
from finscribe.decoding.grammar import build_grammar
from finscribe.decoding.printed import Printed
from finscribe.documents import Document
from finscribe.invoice import FIELDS, LINES, Truth
from finscribe.synthesis import generate

BYTES = LLTokenizer("byte")


@dataclass
class Tally:
    """Counts over the documents of one source: values known and not learnable, and targets refused."""

    documents: int = 0
    seconds: float = 0.0
    known: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def add(self, name: str, text: str, truth: Truth) -> None:
        """Aligns one document and asks its grammar."""
        started = time.perf_counter()
        printed = Printed(text)
        alignment = align(truth, printed)
        self.documents += 1
        self.known.update(_known(truth))
        self.missing.update(re.sub(r"\[\d+\]", "", path) for path in alignment.unreachable)
        if not accepted(printed, alignment.truth):
            self.refused.append(name)
        self.seconds += time.perf_counter() - started


def accepted(printed: Printed, truth: Truth) -> bool:
    """Whether the grammar of a document takes a target to its end."""
    matcher = LLMatcher(BYTES, build_grammar(printed, truth.request), log_level=0)
    target = list(truth.to_json().encode())
    return bool(matcher.validate_tokens(target) == len(target) and matcher.consume_tokens(target)) and (
        matcher.is_accepting()
    )


def _known(truth: Truth) -> Iterator[str]:
    """The fields of the values that are known to be printed."""
    yield from (path for path, value in truth.values.items() if value is not None)
    for line in truth.lines or ():
        yield from (f"{LINES}.{cell}" for cell, value in line.items() if value is not None)


def _synthetic(count: int) -> Tally:
    tally = Tally()
    for seed in range(count):
        sample = generate(seed)
        tally.add(f"seed {seed}", sample.text, Truth.read(sample.truth))
    return tally


def _recorded(path: Path) -> Tally:
    tally = Tally()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        record = json.loads(line)
        text = Document.from_text(record["input"]).text
        tally.add(f"line {number}", text, Truth.read(record["output"]))
    return tally


def _report(name: str, tally: Tally) -> None:
    known, missing = tally.known.total(), tally.missing.total()
    print(
        f"{name}: {tally.documents} documents, {1000 * tally.seconds / max(1, tally.documents):.1f} ms each"
    )
    print(f"  targets that the grammar refuses: {len(tally.refused)} {', '.join(tally.refused[:5])}")
    print(f"  {'not learnable':32}{missing:>7} of {known:>6}  {missing / max(1, known):.1%}")
    for path in (path for path in FIELDS if tally.missing[path]):
        share = tally.missing[path] / tally.known[path]
        print(f"    {path:30}{tally.missing[path]:>7} of {tally.known[path]:>6}  {share:.1%}")


def main() -> None:
    """Parses the arguments, counts, prints; exits with 1 when a target was refused."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--synthetic", type=int, default=0, metavar="N", help="generated documents to try")
    parser.add_argument(
        "--data", type=Path, nargs="*", default=[], metavar="FILE", help="records, JSON lines"
    )
    options = parser.parse_args()
    tallies = {str(path): _recorded(path) for path in options.data}
    if options.synthetic or not options.data:
        tallies["synthetic"] = _synthetic(options.synthetic or 1000)
    for name, tally in tallies.items():
        _report(name, tally)
    sys.exit(any(tally.refused for tally in tallies.values()))


if __name__ == "__main__":
    main()
