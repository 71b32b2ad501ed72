"""What an OCR engine is, and the one place that chooses it."""

from typing import TYPE_CHECKING, Protocol

from finscribe.documents import Token
from finscribe.processors import usable_threads
from finscribe.settings import OcrEngine

if TYPE_CHECKING:
    from PIL.Image import Image


THREADS_OF_A_PAGE = 4
"""On two processors a page uses both as well as two pages side by side, in half the memory; beyond, this is a guess."""

MOST_PAGES = 4
"""Pages that are read beside each other, each in half a gigabyte."""


class Engine(Protocol):
    """Reads upright text from a picture."""

    def read(self, image: "Image") -> list[Token]:
        """Words of an RGB picture in any order: boxes in pixels, confidence 0 to 1."""


def pages_at_once() -> int:
    """How many pages engines of ours read beside each other."""
    return max(1, min(MOST_PAGES, usable_threads() // THREADS_OF_A_PAGE))


def choose_engine(name: OcrEngine) -> Engine:
    """The engine of this name, loaded once a process; raises MissingDependency."""
    if name == "tesseract":
        from finscribe.ocr.tesseract import TesseractEngine

        return TesseractEngine()
    from finscribe.ocr.rapid import shared_engine

    return shared_engine()
