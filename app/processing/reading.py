"""What a worker process does with one file: read it, and draw its pages for those who review it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from finscribe.documents import Document, Page, page_image, read_document
from finscribe.settings import Settings

LONG_SIDE = 1800  # pixels of a page as it is shown: print of 6 points stays legible
MOST_DPI = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, and the sizes in pixels of the pictures of its pages, by page number."""

    document: Document
    pictures: dict[int, tuple[int, int]]


def read_file(path: Path, name: str, settings: Settings) -> Reading:
    """Reads a file, and writes a PNG of every page beside it; raises DocumentError, MissingDependency, OSError."""
    document = read_document(path, name=name, settings=settings)
    return Reading(document, dict(_pictures(path, document, settings)))


def _pictures(path: Path, document: Document, settings: Settings) -> Iterator[tuple[int, tuple[int, int]]]:
    for page in document.pages:
        if page.source != "text":
            yield page.number, _draw(path, page, settings)


def _draw(path: Path, page: Page, settings: Settings) -> tuple[int, int]:
    image = page_image(path, page.number, _dpi(page), rotation=page.rotation, settings=settings)
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    unfinished = path.with_name(f".page-{page.number}.png")
    image.save(unfinished, format="png", compress_level=3)
    unfinished.replace(path.with_name(f"page-{page.number}.png"))
    return image.size


def _dpi(page: Page) -> int:
    """What makes the longer side of a PDF's page as long as it is shown; pictures have the pixels that they have."""
    points = max(page.width or 0, page.height or 0)
    return max(1, min(MOST_DPI, round(LONG_SIDE / points * 72))) if points else MOST_DPI
