"""Tesseract, where its program is installed: `tesseract - - tsv`, one process a page."""

import csv
import io
import shutil
import subprocess
from typing import TYPE_CHECKING

from finscribe.documents import Box, Token
from finscribe.errors import MissingDependency, UnreadableDocument

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_CONFIDENCE = 0.3  # a word read with less is noise
WORD_LEVEL = "5"


class TesseractEngine:
    """The `tesseract` program as a finscribe `Engine`; `languages` as in its -l option."""

    def __init__(self, languages: str = "eng", *, program: str = "tesseract", seconds: float = 120.0) -> None:
        found = shutil.which(program)
        if found is None:
            raise MissingDependency(
                f"the program {program!r} is not installed",
                hint="apt-get install tesseract-ocr, or set FINSCRIBE_OCR_ENGINE=rapidocr",
            )
        self._command = [found, "stdin", "stdout", "-l", languages, "tsv"]
        self._seconds = seconds

    def read(self, image: "Image") -> list[Token]:
        """Words of an RGB picture, boxes in pixels; raises UnreadableDocument."""
        png = io.BytesIO()
        image.convert("RGB").save(png, "PNG", compress_level=1)
        try:
            done = subprocess.run(
                self._command, input=png.getvalue(), capture_output=True, timeout=self._seconds, check=True
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableDocument(
                f"tesseract took longer than {self._seconds:g} seconds for a page",
                hint="Use a smaller picture, or FINSCRIBE_OCR_ENGINE=rapidocr.",
            ) from error
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip()[-300:]
            raise UnreadableDocument(
                f"tesseract failed: {said}", hint="Check that its language data is installed."
            ) from error
        return parse_tsv(done.stdout.decode("utf-8", "replace"))


def parse_tsv(tsv: str) -> list[Token]:
    """The words of Tesseract's TSV output, boxes in pixels, confidence 0 to 1."""
    rows = csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE)
    tokens = (_token(row) for row in rows if row["level"] == WORD_LEVEL and (row["text"] or "").strip())
    return [token for token in tokens if (token.confidence or 0.0) >= LEAST_CONFIDENCE]


def _token(row: dict[str, str]) -> Token:
    left, top = float(row["left"]), float(row["top"])
    box = Box(left, top, left + float(row["width"]), top + float(row["height"]))
    return Token(row["text"], box, float(row["conf"]) / 100)
