"""Makes the sample documents in docs/samples again: `python benchmarks/make_samples.py`.

They come from our generator of synthetic invoices, so nobody's data is in them, and what they print is known:
docs/samples-truth.jsonl holds it, one document a line. The same files come out on every run, until the
generator changes: its seeds make other documents then, and new ones have to be chosen. Needs the extra
`synthesis`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from finscribe.synthesis import Sample, generate  # noqa: E402
from finscribe.synthesis.rendering.pages import render_pdf  # noqa: E402
from finscribe.synthesis.rendering.scanning import render_scan  # noqa: E402

SAMPLES = ROOT / "docs" / "samples"
TRUTH = ROOT / "docs" / "samples-truth.jsonl"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file and the document in it: its layout families and its seed; for a scan, the seed of its faults."""

    file: str
    families: tuple[str, ...]
    seed: int
    scan_seed: int = 0

    def sample(self) -> Sample:
        """The document."""
        return generate(self.seed, self.families)


RECIPES = (
    Recipe("invoice-de.pdf", ("invoice-two-column", "invoice-vendor-beside-meta"), 20047059),
    Recipe("invoice-en-gb.pdf", ("invoice-vendor-beside-meta", "invoice-ship-to"), 20045847),
    Recipe("invoice-fr.pdf", ("invoice-letter", "invoice-meta-table"), 20025488),
    Recipe("invoice-en-us.txt", ("invoice-plain-labels", "invoice-service", "invoice-title-first"), 20050656),
    Recipe("receipt-en-my.jpg", ("receipt-centered",), 20017012, scan_seed=11),
    Recipe("receipt-en-us.jpg", ("receipt-hardware", "receipt-grocery"), 20019919, scan_seed=12),
)


def render(recipe: Recipe) -> bytes:
    """The file's bytes, in the format that its name says."""
    sample = recipe.sample()
    if recipe.file.endswith(".pdf"):
        return render_pdf(sample)
    if recipe.file.endswith(".txt"):
        return f"{sample.text}\n".encode()
    return render_scan(sample, recipe.scan_seed)


def truth_of(recipe: Recipe) -> str:
    """The line of the truth file."""
    record = {"file": recipe.file, "truth": recipe.sample().truth}
    return json.dumps(record, ensure_ascii=False, default=_number)


def _number(value: object) -> float | int:
    number = float(str(value))
    return int(number) if number.is_integer() else number


def main() -> None:
    """Write all files and say how large they are."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        data = render(recipe)
        (SAMPLES / recipe.file).write_bytes(data)
        print(f"{recipe.file}  {len(data):,} bytes")
    TRUTH.write_text("".join(f"{truth_of(recipe)}\n" for recipe in RECIPES), encoding="utf-8")


if __name__ == "__main__":
    main()
