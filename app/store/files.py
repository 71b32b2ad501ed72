"""The bytes of documents and the pictures of their pages: what every place that keeps them can do.

`app.store.folder` keeps them in a folder, `app.store.objects` in an object store; both name them alike, by an id of
ours and never by a word of a user: `ab/abcd.../original` and `ab/abcd.../page-1.png`.
"""

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from finscribe.errors import FinScribeError

ORIGINAL = "original"
PICTURES = "page-*.png"
CHUNK = 1024 * 1024  # bytes

_ID = re.compile(r"[0-9a-f]{32}")


class FilesUnavailable(FinScribeError):
    """A place for files that does not answer, or refuses what is asked of it; it may do so later."""

    code = "files-unavailable"
    retryable = True


class Files(Protocol):
    """Where documents lie. Methods raise FilesUnavailable or OSError where it fails, ValueError for no id."""

    def put(self, document_id: str, source: BinaryIO) -> tuple[str, int]:
        """Copies the bytes of a document; returns their SHA-256 and their number when they will last."""
        ...

    def at_hand(self, document_id: str) -> AbstractContextManager[Path]:
        """A path of the bytes of a document, as long as the context; pictures drawn beside it are kept at its end.

        Where there are no such bytes, nothing is at that path.
        """
        ...

    def picture(self, document_id: str, number: int) -> Path | bytes | None:
        """The picture of a page, counted from 1, as a path where it has one; None where there is none."""
        ...

    def remove(self, document_id: str) -> None:
        """Erases everything of a document; what is not there is erased already."""
        ...

    def check(self) -> None:
        """Raises FilesUnavailable where it does not answer within seconds."""
        ...


def new_id() -> str:
    """An id that no other document has or had."""
    return uuid4().hex


def place_of(document_id: str) -> str:
    """Where everything of a document lies, below all documents; raises ValueError for what is no id of ours."""
    if not _ID.fullmatch(document_id):
        raise ValueError(f"{document_id!r:.80} is no id")
    return f"{document_id[:2]}/{document_id}"


def picture_name(number: int) -> str:
    """The name of the picture of a page, counted from 1."""
    return f"page-{number}.png"
