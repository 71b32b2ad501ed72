"""The errors of OCR, counted by `python -m finscribe.synthesis.rendering.ocr_errors --synthetic 50 --records FILE`.

Draws synthetic documents as scans, reads them with the OCR engine, and compares what it reads with what the page
prints; the same for records of `{"input", "media"}`, whose `input` is a transcription of the picture. What is counted
goes to `ocr_errors.json`, from which documents that are only text get their errors (`finscribe.synthesis.noise`).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from finscribe.synthesis.noise import ADDED, CONFUSED, DROPPED, FILE, JOINED, SPACE_ADDED, SPACE_LOST, SPLIT

SEED = 7_000_000_000

_GAP = "\t"
_GAPS = re.compile(r" {2,}")
_LONGEST = 2
"""Characters of a confusion; what is longer is not one letter read for another."""
_LEAST_ALIKE = 60.0
"""How alike a printed line and a read one have to be, in percent, to be the same line."""
_LEAST_SEEN = 2
"""How often a confusion has to be counted to be kept."""
_LEVELS = 20


@dataclass(slots=True)
class Errors:
    """What was counted: errors by kind, characters confused, and of each document the share of cells with an error."""

    kinds: Counter[str] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    shares: list[float] = field(default_factory=list)

    def count(self, printed: str, read: str) -> None:
        """Takes in a document; lines that are not found again, wherever they stand, are passed over."""
        cells = wrong = 0
        for line, found in _most_alike(_lines(printed), _lines(read)):
            faults = list(_faults(line, found))
            cells += line.count(_GAP) + 1
            wrong += len({line.count(_GAP, 0, at) for at, _, _ in faults})
            for _, seen, said in faults:
                self._count_fault(seen, said)
        if cells:
            self.shares.append(wrong / cells)

    def _count_fault(self, seen: str, said: str) -> None:
        kind = _kind(seen, said)
        if kind is not None:
            self.kinds[kind] += 1
        if kind == CONFUSED:
            self.confusions[seen, said] += 1

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: `levels` are shares of cells with an error, those of the twentieths of all documents."""
        ordered = sorted(self.shares)
        levels = [ordered[at * len(ordered) // _LEVELS] for at in range(_LEVELS)]
        return {
            "documents": len(ordered),
            "levels": [round(level, 3) for level in levels],
            "kinds": dict(self.kinds.most_common()),
            "confusions": [
                [seen, said, count]
                for (seen, said), count in self.confusions.most_common()
                if count >= _LEAST_SEEN
            ],
        }


def _lines(text: str) -> list[str]:
    """The lines with something on them, their columns a tabulator apart."""
    return [_GAPS.sub(_GAP, line.strip()) for line in text.splitlines() if line.strip()]


def _most_alike(printed: Sequence[str], read: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each printed line with the read one that is most like it, if one is."""
    from rapidfuzz import fuzz, process

    left = dict(enumerate(read))
    for line in printed:
        found = process.extractOne(line, left, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE)
        if found:
            yield line, left.pop(found[2])


def _faults(printed: str, read: str) -> Iterator[tuple[int, str, str]]:
    """Where the lines differ: the place in the printed one, what is printed there and what is read."""
    from rapidfuzz.distance import Levenshtein

    start: tuple[int, int] | None = None
    for step in Levenshtein.opcodes(printed, read):
        if step.tag == "equal":
            if start:
                yield start[0], printed[start[0] : step.src_start], read[start[1] : step.dest_start]
            start = None
        elif start is None:
            start = step.src_start, step.dest_start
    if start:
        yield start[0], printed[start[0] :], read[start[1] :]


def _kind(seen: str, said: str) -> str | None:
    """The kind of an error; None for what is none of them, such as a word garbled."""
    blank = {
        (" ", ""): SPACE_LOST,
        ("", " "): SPACE_ADDED,
        (_GAP, " "): JOINED,
        (_GAP, ""): JOINED,
        (" ", _GAP): SPLIT,
        ("", _GAP): SPLIT,
    }
    if (seen, said) in blank:
        return blank[seen, said]
    if any(char.isspace() for char in seen + said) or max(len(seen), len(said)) > _LONGEST:
        return None
    return CONFUSED if seen and said else DROPPED if seen else ADDED


def _scans(count: int) -> Iterator[tuple[str, bytes]]:
    """Synthetic documents of one page, as text and as scans."""
    from finscribe.synthesis import generate

    from .scanning import render_scan

    for index in range(count):
        sample = generate(SEED + index, size=0.8)
        yield sample.text, render_scan(sample, index)


def _pictures(path: Path) -> Iterator[tuple[str, bytes]]:
    """The transcriptions of a file of records and their pictures, where there are any."""
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        if record.get("media"):
            yield record["input"].removeprefix("OCR_TEXT:\n"), (path.parent / record["media"]).read_bytes()


def measure(pages: Iterable[tuple[str, bytes]]) -> Errors:
    """The errors in reading pictures, each with the text that it prints; raises FinScribeError for no picture."""
    from finscribe.documents import read_document

    errors = Errors()
    for printed, picture in pages:
        errors.count(printed, read_document(picture).text)
    return errors


def main() -> None:
    """The command line."""
    from rich.progress import track

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--synthetic", type=int, default=50, help="documents to draw as scans")
    parser.add_argument("--records", type=Path, nargs="*", default=[], help="files of records with pictures")
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args()
    pages = [*_scans(args.synthetic), *(page for path in args.records for page in _pictures(path))]
    errors = measure(track(pages, description="reading"))
    if not errors.shares:
        parser.error("nothing was read: give --synthetic, or --records whose pictures are there")
    args.out.write_text(json.dumps(errors.to_dict(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(args.out)


if __name__ == "__main__":
    main()
