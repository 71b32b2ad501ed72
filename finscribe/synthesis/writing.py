"""Synthetic documents as files: pages to read, and what they print."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from finscribe.documents import page_image
from finscribe.errors import EmptyDocument, OutputError
from finscribe.exact_json import write_exactly
from finscribe.files import replace_file

from .generate import Sample, generate
from .rendering.fonts import reportlab
from .rendering.pages import render_pdf
from .rendering.read_back import read_back
from .rendering.scanning import render_scan

RECORDS = "records.jsonl"
"""The file of all texts and truths, as `finscribe prepare` and `finscribe evaluate` read them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Which documents: how many from a seed on, of which layout families, how long, in which formats.

    Their texts in the records are as they were composed, or what is read of them as one of the formats `READABLE`.
    """

    count: int
    formats: Sequence[str]
    seed: int = 0
    families: Sequence[str] | None = None
    size: float = 1.0
    texts: str | None = None


def write_samples(batch: Batch, out: Path, written: Callable[[Path], None] = lambda path: None) -> int:
    """Writes each document in every format beside the others, and `RECORDS`; returns how many records that has.

    The same batch gives the same bytes, so that a run that was stopped can be repeated. `written` hears of each file.
    Raises OutputError where another file has the name of one, MissingDependency where a page is to be drawn without
    reportlab. A page of which nothing can be read has no record.
    """
    if {*batch.formats, batch.texts} & {*READABLE}:
        reportlab("reportlab.pdfgen.canvas")  # before a folder is made
    out.mkdir(parents=True, exist_ok=True)
    records = 0

    def counted() -> Iterator[bytes]:
        nonlocal records
        for record in _write_documents(batch, out, written):
            records += 1
            yield record

    _write(out / RECORDS, counted())
    return records


def _write_documents(batch: Batch, out: Path, written: Callable[[Path], None]) -> Iterator[bytes]:
    """The records, one at a time, each when its document's files are written."""
    for seed in range(batch.seed, batch.seed + batch.count):
        sample = generate(seed, batch.families, batch.size)
        name = f"{seed:09d}-{sample.family}-{sample.locale}"
        for suffix in batch.formats:
            path = out / f"{name}.{suffix}"
            _write(path, [FORMATS[suffix](sample, seed)])
            written(path)
        if read := _as_read(sample, seed, batch.texts):
            yield _record(read, name)


def _as_read(sample: Sample, seed: int, texts: str | None) -> Sample | None:
    """The sample with the text that is asked for; None for a scan too pale to be read."""
    if texts is None:
        return sample
    try:
        return read_back(sample, FORMATS[texts](sample, seed))
    except EmptyDocument:
        return None


def _write(path: Path, parts: Iterable[bytes]) -> None:
    if not path.exists():
        replace_file(path, parts)
        return
    with path.open("rb") as there:
        same = all(there.read(len(part)) == part for part in parts) and not there.read(1)
    if not same:
        raise OutputError(
            f"another file is in the place of {path}", hint="Take an empty folder, or another --seed."
        )


def _record(sample: Sample, name: str) -> bytes:
    record = {"id": name, "input": f"OCR_TEXT:\n{sample.text}", "output": write_exactly(sample.truth)}
    return f"{write_exactly(record)}\n".encode()


def _page(sample: Sample) -> bytes:
    out = io.BytesIO()
    page_image(render_pdf(sample)).save(out, "PNG")
    return out.getvalue()


FORMATS: dict[str, Callable[[Sample, int], bytes]] = {
    "pdf": lambda sample, seed: render_pdf(sample),
    "png": lambda sample, seed: _page(sample),
    "jpg": render_scan,
    "txt": lambda sample, seed: f"{sample.text}\n".encode(),
    "json": lambda sample, seed: f"{write_exactly(sample.truth, 2)}\n".encode(),
}
"""What a document may be written as: a PDF with text, its first page, a scan of that, its text, what it prints."""

READABLE = ("pdf", "png", "jpg")
"""Those that are read like any document: by the text layer, by OCR of a clean page, by OCR of a scan."""
