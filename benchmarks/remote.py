"""What a model on another machine reads beside the same model here: python benchmarks/remote.py [--synthetic 24]

The servers are those of the environment (FINSCRIBE_REMOTE_URL and its kin), the model here is the starter or --model.
Without files the sample documents are read. Values are those of all fields and lines, as each model wrote them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.accuracy import synthetic
from finscribe.decoding import LanguageModel, load_model
from finscribe.documents import Document, read_document
from finscribe.extract import Extraction, extract_many
from finscribe.invoice import Value
from finscribe.starter import path as starter_path

SAMPLES = Path(__file__).parents[1] / "docs" / "samples"


@dataclass(frozen=True, slots=True)
class Timed:
    """What a model read, and the seconds for all of it together."""

    found: Sequence[Extraction]
    seconds: float


def read(documents: Sequence[Document], model: LanguageModel) -> Timed:
    """All at once, as a batch does; numbers stay as they were written, since a model elsewhere has them so."""
    started = time.perf_counter()
    found = extract_many(documents, model, arithmetic=False, batch_size=len(documents))
    return Timed(found, time.perf_counter() - started)


def values(extraction: Extraction) -> dict[str, Value]:
    """The values that are not null, by their paths."""
    return {path: found.value for path, found in extraction.evidence.items() if found.value is not None}


def show(here: Timed, there: Timed) -> None:
    """One row a figure."""
    pairs = [
        (values(one), values(other), one, other) for one, other in zip(here.found, there.found, strict=True)
    ]
    apart = sorted(
        abs(one.evidence[path].probability - other.evidence[path].probability)
        for known, told, one, other in pairs
        for path in known.keys() & told.keys()
        if known[path] == told[path] and other.evidence[path].probability
    )
    codes = [finding.code for extraction in there.found for finding in extraction.findings]
    rows = {
        "values read here": sum(len(known) for known, *_ in pairs),
        "the same there": sum(len(known.items() & told.items()) for known, told, *_ in pairs),
        "others there": sum(len(told.items() - known.items()) for known, told, *_ in pairs),
        "left out there, for they are not printed": codes.count("not-printed"),
        "documents with all values the same": sum(known == told for known, told, *_ in pairs),
        "answers that are whole": sum(extraction.complete for extraction in there.found),
        "requests": sum(extraction.forward_passes for extraction in there.found),
        "median difference of the probabilities": f"{apart[len(apart) // 2]:.4f}" if apart else "not told",
        "seconds here": f"{here.seconds:.1f}",
        "seconds there": f"{there.seconds:.1f}",
    }
    print(f"| {len(pairs)} documents | |\n|---|---|")
    for name, figure in rows.items():
        print(f"| {name} | {figure} |")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", help="documents; the samples where none are named")
    parser.add_argument("--model", default=None, help="a model folder; the starter where it is left out")
    parser.add_argument("--synthetic", type=int, default=0, help="documents of held-out families instead")
    args = parser.parse_args()
    if args.synthetic:
        documents = [document for document, _ in synthetic(args.synthetic)]
    else:
        documents = [read_document(path) for path in args.files or sorted(SAMPLES.glob("*.*"))]
    here, there = load_model(args.model or starter_path()), load_model("remote:")
    for model in (here, there):  # what is compiled or cached at first counts for neither
        read([Document.from_text("TechCorp Inc.\nInvoice: INV-001\nTotal: 10.00")], model)
    show(read(documents, here), read(documents, there))


if __name__ == "__main__":
    main()
