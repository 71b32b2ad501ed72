"""Scans of synthetic documents, with the faults that scans have."""

from __future__ import annotations

import io
from random import Random
from typing import TYPE_CHECKING, Any

from finscribe.documents import page_image
from finscribe.synthesis.generate import Sample

from .pages import render_pdf
from .stamps import stamped

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_RESOLUTIONS = (110, 130, 150, 170, 200)  # dots per inch
_STAMPED = 0.15
_THERMAL = 0.3  # of till rolls
_SHADOWED = 0.3


def render_scan(sample: Sample, seed: int) -> bytes:
    """The document's first page as a JPEG of a scan: skewed, blurred, unevenly lit, faded and noisy.

    Some have a stamp or a shadow on them, and till rolls have gone pale in places. The same sample and seed give
    the same bytes. Raises what `render_pdf` raises.
    """
    rng = Random(seed)
    page = page_image(render_pdf(sample), dpi=rng.choice(_RESOLUTIONS)).convert("L")
    if rng.random() < _STAMPED:
        page = stamped(page, sample.locale[:2], rng)
    if sample.family.startswith("receipt") and rng.random() < _THERMAL:
        page = _gone_pale(page, rng)
    page = _faded(_skewed(page, rng), rng)
    if rng.random() < _SHADOWED:
        page = _shadowed(page, rng)
    return _jpeg(page, rng)


def _gone_pale(page: Picture, rng: Random) -> Picture:
    """Thermal paper: ink gone pale in bands along and across the roll, and in lines where the head is dirty."""
    import numpy as np

    pixels = np.asarray(page, dtype=np.float32)
    ink = 255 - pixels
    ink *= 1 - _bands(rng, pixels.shape[1])[None, :]
    ink *= 1 - _bands(rng, pixels.shape[0])[:, None]
    for _ in range(rng.choice((0, 0, 1, 2))):
        ink[:, rng.randrange(pixels.shape[1])] *= 0.3
    return _picture(255 - ink)


def _bands(rng: Random, length: int) -> Any:
    """How much of the ink is gone at each of `length` places: up to two smooth bands of at most 0.65."""
    import numpy as np

    at = np.arange(length, dtype=np.float32) / length
    gone = np.zeros(length, dtype=np.float32)
    for _ in range(rng.randint(0, 2)):
        middle, width = rng.random(), rng.uniform(0.02, 0.12)
        gone += rng.uniform(0.25, 0.65) * np.exp(-(((at - middle) / width) ** 2))
    return np.minimum(gone, 0.65)


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

    ink, paper = rng.uniform(10, 95), rng.uniform(215, 252)
    pixels = ink + np.asarray(page, dtype=np.float32) / 255 * (paper - ink)
    rows = np.linspace(0, rng.uniform(-22, 22), pixels.shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(0, rng.uniform(-22, 22), pixels.shape[1], dtype=np.float32)[None, :]
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(pixels.shape, dtype=np.float32)
    return _picture(pixels + rows + columns + noise * rng.uniform(1.5, 9))


def _shadowed(page: Picture, rng: Random) -> Picture:
    """A shadow on the page: along an edge, in a corner, or at a fold."""
    import numpy as np

    down = np.linspace(0, 1, page.height, dtype=np.float32)[:, None]
    across = np.linspace(0, 1, page.width, dtype=np.float32)[None, :]
    down, across = (1 - side if rng.random() < 0.5 else side for side in (down, across))
    edge = down if rng.random() < 0.4 else across
    kind = rng.choice(("edge", "corner", "fold"))
    if kind == "edge":
        shade = np.exp(-edge / rng.uniform(0.03, 0.15))
    elif kind == "corner":
        shade = np.exp(-((down + rng.uniform(0.5, 1) * across) / rng.uniform(0.15, 0.4)))
    else:
        beyond = edge - rng.choice((0.5, 0.33, rng.uniform(0.25, 0.75)))
        shade = np.where(beyond > 0, np.exp(-np.abs(beyond) / rng.uniform(0.02, 0.08)), 0)
    return _picture(np.asarray(page, dtype=np.float32) * (1 - rng.uniform(0.1, 0.4) * shade))


def _picture(pixels: Any) -> Picture:
    """The grey picture of an array of rows of pixels, 0 black and 255 white."""
    import numpy as np
    from PIL import Image

    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _jpeg(page: Picture, rng: Random) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=rng.randint(40, 85))
    return out.getvalue()
