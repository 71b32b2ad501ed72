"""How fast pages are read: python benchmarks/ocr.py [--pages 200] [--scans 24] [--workers 1 2]

Digital PDFs through their text layer, and scans through OCR, by so many processes at once, each with a document at a
time on one processor, as `finscribe batch` has it; all scans as one PDF by a process that has all processors, as
`finscribe extract` and the server have it; PDFs in which every second page is a scan, and scans whose text layer is
none: which of them were read how. Documents are synthetic. Printed are pages a second, for scans a minute too. `--data
FOLDER` reads your files instead. Needs the extra `synthesis`.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from finscribe.batch.reading import SUFFIXES
from finscribe.documents import read_document
from finscribe.processors import usable_threads
from finscribe.synthesis import generate
from finscribe.synthesis.rendering.pages import render_pdf
from finscribe.synthesis.rendering.scanning import render_scan

SEED = 9_300_000_000
FAMILIES = ("invoice-two-column", "invoice-meta-table", "receipt-centered", "receipt-grocery")
PAGES = SUFFIXES - {".txt"}


def digital(number: int) -> bytes:
    """A PDF whose text is text."""
    return render_pdf(generate(SEED + number, FAMILIES))


def scan(number: int) -> bytes:
    """A scan of another document, as a JPEG."""
    return render_scan(generate(SEED + number, FAMILIES), number)


def mixed(number: int) -> bytes:
    """A PDF of two pages: one with text, and one that is a picture of text."""
    picture = io.BytesIO()
    Image.open(io.BytesIO(scan(number))).save(picture, "PDF", resolution=150)
    with pdfium.PdfDocument.new() as both:
        for content in (digital(number), picture.getvalue()):
            with pdfium.PdfDocument(content) as one:
                both.import_pages(one, [0])
        out = io.BytesIO()
        both.save(out)
    return out.getvalue()


def spoiled(number: int) -> bytes:
    """A scan with an invisible text layer of signs, as fonts without a table of their characters leave."""
    picture = Image.open(io.BytesIO(scan(number)))
    out = io.BytesIO()
    width, height = (pixels * 72 / 150 for pixels in picture.size)
    page = Canvas(out, (width, height))
    page.drawImage(ImageReader(picture), 0, 0, width, height)
    text = page.beginText(20, height - 20)
    text.setTextRenderMode(3)
    text.textLines(["!#$%&/()=?*" * 4] * 30)
    page.drawText(text)
    page.save()
    return out.getvalue()


def together(scans: Sequence[bytes]) -> bytes:
    """One PDF of many scans."""
    first, *others = [Image.open(io.BytesIO(each)).convert("RGB") for each in scans]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=150)
    return out.getvalue()


def read(content: bytes) -> Counter[str]:
    """How many pages of a document were read in which way."""
    return Counter(page.source for page in read_document(content).pages)


def measure(contents: Sequence[bytes], workers: int, threads: int = 1) -> tuple[Counter[str], float]:
    """Pages by how they were read, and the seconds of it once the processes had read a document each."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_start, initargs=(scan(0), threads)) as pool:
        pool.map(_ready, range(workers), chunksize=1)
        began = time.perf_counter()
        pages = sum(pool.imap_unordered(read, contents, chunksize=1), Counter())
        return pages, time.perf_counter() - began


def _start(content: bytes, threads: int) -> None:
    os.environ["OMP_NUM_THREADS"] = str(threads)
    read(content)


def _ready(_: int) -> None:
    time.sleep(0.5)  # long enough that every process takes one


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="digital pages")
    parser.add_argument("--scans", type=int, default=24)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if args.data:
        files = sorted(path for path in args.data.rglob("*") if path.suffix.lower() in PAGES)
        sets = {str(args.data): [path.read_bytes() for path in files]}
    else:
        sets = {
            "digital PDFs": [digital(number) for number in range(args.pages)],
            "scans": [scan(number) for number in range(args.scans)],
            "PDFs of a page of text and a scan": [mixed(number) for number in range(args.scans // 2)],
            "scans with a bad text layer": [spoiled(number) for number in range(args.scans // 2)],
        }
    print(
        "| documents | processes | processors each | pages by text layer | by OCR | pages a second | a minute |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, contents in sets.items():
        for workers in args.workers:
            show(name, contents, workers)
    if not args.data:
        show("a PDF of all scans", [together(sets["scans"])], 1, usable_threads())


def show(name: str, contents: Sequence[bytes], workers: int, threads: int = 1) -> None:
    """Prints a row of the table."""
    pages, seconds = measure(contents, workers, threads)
    rate = pages.total() / seconds
    print(
        f"| {name} | {workers} | {threads} | {pages['text-layer']} | {pages['ocr']} | {rate:.2f} | {60 * rate:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
