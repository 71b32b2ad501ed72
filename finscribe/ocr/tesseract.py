"""Tesseract, where its program is installed: `tesseract - - tsv`, one process a page."""

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from finscribe.documents import Box, Token
from finscribe.errors import DocumentError, MissingDependency, UnreadableDocument

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_CONFIDENCE = 0.3  # a word read with less is noise
PAGE_LEVEL, WORD_LEVEL = "1", "5"
BOX_COLUMNS = ("left", "top", "width", "height")
COLUMNS = ("level", "page_num", *BOX_COLUMNS, "conf", "text")


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


def is_table(raw: Mapping[str, Any]) -> bool:
    """Whether a dict is the table of words that pytesseract's `image_to_data` returns, a list a column."""
    return all(isinstance(raw.get(column), list | tuple) for column in ("text", *BOX_COLUMNS))


def table_pages(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pages of such a table as dicts of words, unsure words left out as by the engine; raises DocumentError."""
    pages: dict[str, dict[str, Any]] = {}
    for row in _rows(table):
        page = pages.setdefault(str(row.get("page_num", 1)), {"words": []})
        level = str(row.get("level", WORD_LEVEL))
        if level == PAGE_LEVEL:
            page |= {"width": row["width"], "height": row["height"]}
        confidence = _share(row.get("conf"))
        unsure = isinstance(confidence, float) and confidence < LEAST_CONFIDENCE
        if level == WORD_LEVEL and not unsure and row["text"] != "":
            box = {column: row[column] for column in BOX_COLUMNS}
            page["words"].append({"text": row["text"], "box": box, "confidence": confidence})
    return list(pages.values())


def _rows(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    columns = {key: table[key] for key in COLUMNS if isinstance(table.get(key), list | tuple)}
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{key} {len(column)}" for key, column in columns.items())
        raise DocumentError(
            f"raw_ocr: columns of different lengths ({lengths})", hint="Give the table as Tesseract gave it."
        )
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _share(percent: Any) -> Any:
    """Percent as a share of 1; what is no number as it is."""
    try:
        return float(percent) / 100
    except (TypeError, ValueError, OverflowError):
        return percent
