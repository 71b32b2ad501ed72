"""The fonts of synthetic pages, by the characters that they have to print. Needs the extra `synthesis` (reportlab)."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from random import Random
from typing import Any

from finscribe.errors import FinScribeError, MissingDependency

_BUILT_IN = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))
_WIDE = ("DejaVuSans", "DejaVuSans-Bold")


def fonts_of(text: str, rng: Random) -> tuple[str, str]:
    """A regular and a bold font with all characters of a text; raises FinScribeError where there is none."""
    odd = sorted({char for char in text if not char.isspace() and not _in_built_in(char)})
    if not odd:
        return rng.choice(_BUILT_IN)
    _register_wide(odd)
    return _WIDE


def text_width(text: str, font: str, size: float) -> float:
    """The width of a text in points, its font `size` being in points."""
    width: float = reportlab("reportlab.pdfbase.pdfmetrics").stringWidth(text, font, size)
    return width


def reportlab(module: str) -> Any:
    """A module of reportlab; raises MissingDependency where that is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingDependency(
            "drawing synthetic documents needs reportlab", hint="pip install 'finscribe[synthesis]'"
        ) from error


def _register_wide(odd: Sequence[str]) -> None:
    metrics, fonts = reportlab("reportlab.pdfbase.pdfmetrics"), reportlab("reportlab.pdfbase.ttfonts")
    try:
        for name in _WIDE:
            if name not in metrics.getRegisteredFontNames():
                metrics.registerFont(fonts.TTFont(name, f"{name}.ttf"))
    except fonts.TTFError as error:
        raise FinScribeError(
            f"no font at hand has the characters {' '.join(odd)} of this document",
            hint="install the DejaVu fonts (apt-get install fonts-dejavu-core) or take another locale",
        ) from error


def _in_built_in(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
