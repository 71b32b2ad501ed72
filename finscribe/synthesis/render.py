"""Synthetic documents as pages: a PDF with a text layer, and a scan of it with the faults that scans have.

The page is laid out from the text alone: lines with the same number of columns form a table, whose columns
are set in common positions, amounts to the right. Needs the extra `synthesis` (reportlab).
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from finscribe.documents import page_image
from finscribe.errors import FinScribeError, MissingDependency

from .generate import Sample

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_LINE_HEIGHT = 1.35  # times the font size
_GUTTER = 2.4  # between columns, times the font size
_LEAST_SIZE = 4.0
_BOTTOM = 36.0
_BLOCK_GAP = 7.0  # between lines of different columns, on paper wider than a till roll
_TILL_ROLL = 300.0
_COLUMNS = re.compile(r" {2,}")
_NUMBER = re.compile(r"\D{0,5}\d[\d.,' ]*\D{0,5}")
_BUILT_IN = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))
_WIDE = ("DejaVuSans", "DejaVuSans-Bold")

Cells = list[str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Paper and type of one document, in points."""

    width: float
    height: float
    margin: float
    size: float
    fonts: tuple[str, str]
    centred: int

    @property
    def inner(self) -> float:
        return self.width - 2 * self.margin


def render_pdf(sample: Sample) -> bytes:
    """The document as a PDF with a real text layer: A4 for invoices, a till roll for receipts.

    The same sample gives the same bytes. Raises MissingDependency without reportlab, FinScribeError where no
    font at hand has the sample's characters.
    """
    canvas_module = _reportlab("reportlab.pdfgen.canvas")
    sheet = _sheet(sample)
    out = io.BytesIO()
    canvas = canvas_module.Canvas(out, pagesize=(sheet.width, sheet.height), invariant=1)
    top = sheet.height - sheet.margin
    y = top
    columns = 1
    for size, bold, placed in _placed(sample, sheet):
        y -= size * _LINE_HEIGHT + (_BLOCK_GAP if len(placed) != columns and sheet.width > _TILL_ROLL else 0)
        columns = len(placed)
        if y < _BOTTOM and sheet.width > _TILL_ROLL:
            canvas.showPage()
            y = top - size * _LINE_HEIGHT
        canvas.setFont(sheet.fonts[bold], size)
        for x, text in placed:
            canvas.drawString(x, y, text)
    canvas.save()
    return out.getvalue()


def render_scan(sample: Sample, seed: int) -> bytes:
    """The document's first page as a JPEG of a scan: skewed, blurred, unevenly lit, faded and noisy."""
    rng = Random(seed)
    page = page_image(render_pdf(sample), dpi=rng.choice((110, 130, 150, 170, 200)))
    return _jpeg(_faded(_skewed(page.convert("L"), rng), rng), rng)


# --- the page ----------------------------------------------------------------------------------------


def _sheet(sample: Sample) -> _Sheet:
    rng = Random(zlib.crc32(sample.text.encode()))
    fonts = _fonts(sample, rng)
    lines = sample.text.count("\n") + 1
    if sample.family.startswith("receipt"):
        size = rng.uniform(8, 10)
        height = lines * size * _LINE_HEIGHT * 1.1 + 80
        return _Sheet(rng.uniform(226, 290), height, 14, size, fonts, rng.choice((0, 0, 4, 6)))
    return _Sheet(595, 842, rng.uniform(36, 64), rng.uniform(8.5, 11), fonts, 0)


def _fonts(sample: Sample, rng: Random) -> tuple[str, str]:
    """A regular and a bold font with all of the sample's characters."""
    try:
        sample.text.encode("cp1252")
        return rng.choice(_BUILT_IN)
    except UnicodeEncodeError:
        _register_wide(sample)
        return _WIDE


def _register_wide(sample: Sample) -> None:
    metrics, fonts = _reportlab("reportlab.pdfbase.pdfmetrics"), _reportlab("reportlab.pdfbase.ttfonts")
    try:
        for name in _WIDE:
            if name not in metrics.getRegisteredFontNames():
                metrics.registerFont(fonts.TTFont(name, f"{name}.ttf"))
    except fonts.TTFError as error:
        odd = sorted({char for char in sample.text if not _in_built_in(char)})
        raise FinScribeError(
            f"no font at hand has the characters {' '.join(odd)} of this {sample.locale} sample",
            hint="install the DejaVu fonts (apt-get install fonts-dejavu-core) or take another locale",
        ) from error


def _in_built_in(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _placed(sample: Sample, sheet: _Sheet) -> Iterator[tuple[float, bool, list[tuple[float, str]]]]:
    """Every line's font size, whether it is bold, and its columns' places."""
    rows = [_COLUMNS.split(line.strip()) for line in sample.text.split("\n")]
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and len(rows[end]) == len(rows[at]) > 1:
            end += 1
        block = rows[at:end]
        if len(rows[at]) == 1:
            yield _single(rows[at][0], at, sheet)
        else:
            yield from _table(block, sheet)
        at = end


def _single(text: str, at: int, sheet: _Sheet) -> tuple[float, bool, list[tuple[float, str]]]:
    bold = at == 0
    size = sheet.size * (1.25 if bold else 1)
    width = _width(text, sheet.fonts[bold], size)
    if width > sheet.inner:
        size, width = size * sheet.inner / width, sheet.inner
    x = (sheet.width - width) / 2 if at < sheet.centred else sheet.margin
    return size, bold, [(x, text)]


def _table(block: list[Cells], sheet: _Sheet) -> Iterator[tuple[float, bool, list[tuple[float, str]]]]:
    """Lines with columns in common positions: numbers to the right, the last column at the margin."""
    font = sheet.fonts[0]
    at_size_one = [max(_width(cell, font, 1) for cell in column) for column in zip(*block, strict=True)]
    gaps = len(at_size_one) - 1
    size = min(sheet.size, sheet.inner / (sum(at_size_one) + gaps * _GUTTER))
    size = max(size, _LEAST_SIZE)
    widths = [width * size for width in at_size_one]
    spare = max(sheet.inner - sum(widths) - gaps * _GUTTER * size, 0)
    lefts = [sheet.margin]
    for at, width in enumerate(widths[:-1]):
        lefts.append(lefts[-1] + width + _GUTTER * size + (spare if at == 0 else 0))
    for row in block:
        placed = []
        for cell, left, width in zip(row, lefts, widths, strict=True):
            right = left > sheet.margin and _NUMBER.fullmatch(cell) is not None
            placed.append((left + width - _width(cell, font, size) if right else left, cell))
        yield size, False, placed


def _width(text: str, font: str, size: float) -> float:
    width: float = _reportlab("reportlab.pdfbase.pdfmetrics").stringWidth(text, font, size)
    return width


def _reportlab(module: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingDependency(
            "drawing synthetic documents needs reportlab", hint="pip install 'finscribe[synthesis]'"
        ) from error


# --- the scanner -------------------------------------------------------------------------------------


def _skewed(page: Picture, rng: Random) -> Picture:
    """The page on a larger sheet, turned by up to 1.5 degrees and slightly out of focus."""
    from PIL import Image, ImageFilter

    border = rng.randint(8, 40)
    sheet = Image.new("L", (page.width + 2 * border, page.height + 2 * border), 255)
    sheet.paste(page, (border, border))
    turned = sheet.rotate(rng.uniform(-1.5, 1.5), resample=Image.Resampling.BICUBIC, fillcolor=255)
    return turned.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.8)))


def _faded(page: Picture, rng: Random) -> Picture:
    """The page with paler ink, greyer paper, uneven light and the sensor's noise."""
    import numpy as np
    from PIL import Image

    ink, paper = rng.uniform(10, 95), rng.uniform(215, 252)
    pixels = ink + np.asarray(page, dtype=np.float32) / 255 * (paper - ink)
    rows = np.linspace(0, rng.uniform(-22, 22), pixels.shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(0, rng.uniform(-22, 22), pixels.shape[1], dtype=np.float32)[None, :]
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(pixels.shape, dtype=np.float32)
    pixels = pixels + rows + columns + noise * rng.uniform(1.5, 9)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _jpeg(page: Picture, rng: Random) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=rng.randint(40, 85))
    return out.getvalue()
