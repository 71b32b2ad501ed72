"""What an OCR engine is, and the one place that chooses it."""

from typing import TYPE_CHECKING, Protocol

from finscribe.documents import Token
from finscribe.settings import OcrEngine

if TYPE_CHECKING:
    from PIL.Image import Image


class Engine(Protocol):
    """Reads upright text from a picture."""

    def read(self, image: "Image") -> list[Token]:
        """Words of an RGB picture in any order: boxes in pixels, confidence 0 to 1."""


def choose_engine(name: OcrEngine) -> Engine:
    """The engine of this name, loaded once a process; raises MissingDependency."""
    if name == "tesseract":
        from finscribe.ocr.tesseract import TesseractEngine

        return TesseractEngine()
    from finscribe.ocr.rapid import shared_engine

    return shared_engine()
