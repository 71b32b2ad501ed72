"""Fakes of the outside things, for tests of this package and of programs built on it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from finscribe.documents import Token

if TYPE_CHECKING:
    from PIL.Image import Image


class FakeEngine:
    """An OCR engine that finds what it was told to: one list of tokens a page, the last one repeated."""

    def __init__(self, *pages: Sequence[Token]) -> None:
        self._pages = pages or ((),)
        self.sizes: list[tuple[int, int]] = []  # of the pictures it was shown

    def read(self, image: "Image") -> list[Token]:
        """The tokens of the next page."""
        page = self._pages[min(len(self.sizes), len(self._pages) - 1)]
        self.sizes.append(image.size)
        return list(page)
