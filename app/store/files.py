"""The bytes of documents and the pictures of their pages: a folder a document, named by us, never by a user."""

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from finscribe.files import sync_folder

_ID = re.compile(r"[0-9a-f]{32}")
_CHUNK = 1024 * 1024


def new_id() -> str:
    """An id that no other document has or had."""
    return uuid4().hex


class Files:
    """Documents in a folder; the errors are those of the system, OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def folder_of(self, document_id: str) -> Path:
        """Where everything of a document lies; raises ValueError for what is no id of ours."""
        if not _ID.fullmatch(document_id):
            raise ValueError(f"{document_id!r:.80} is no id")
        return self.folder / document_id[:2] / document_id

    def original(self, document_id: str) -> Path:
        """The bytes as they came."""
        return self.folder_of(document_id) / "original"

    def picture(self, document_id: str, number: int) -> Path:
        """The picture of a page, counted from 1."""
        return self.folder_of(document_id) / f"page-{number}.png"

    def put(self, document_id: str, source: BinaryIO) -> tuple[str, int]:
        """Copies the bytes of a document; returns their SHA-256 and their number when they are on disk."""
        path = self.original(document_id)
        path.parent.mkdir(parents=True)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        return digest.hexdigest(), size

    def remove(self, document_id: str) -> None:
        """Erases everything of a document; what is not there is erased already."""
        shutil.rmtree(self.folder_of(document_id), ignore_errors=True)
        if self.folder_of(document_id).exists():
            raise OSError(f"the files of document {document_id} cannot be erased")
