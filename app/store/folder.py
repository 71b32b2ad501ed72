"""The bytes of documents and the pictures of their pages in a folder, synced before they count."""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.store.files import CHUNK, ORIGINAL, FilesUnavailable, picture_name, place_of
from finscribe.files import sync_folder


class FilesInFolder:
    """Documents in a folder, made when the first comes in; the errors are those of the system, OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def folder_of(self, document_id: str) -> Path:
        """Where everything of a document lies."""
        return self.folder / place_of(document_id)

    def original(self, document_id: str) -> Path:
        """The bytes as they came."""
        return self.folder_of(document_id) / ORIGINAL

    def put(self, document_id: str, source: BinaryIO) -> tuple[str, int]:
        """Copies the bytes of a document; returns their SHA-256 and their number when they are on disk."""
        path = self.original(document_id)
        path.parent.mkdir(parents=True)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        return digest.hexdigest(), size

    @contextmanager
    def at_hand(self, document_id: str) -> Iterator[Path]:
        """The bytes where they lie; what is drawn beside them lies where it belongs."""
        yield self.original(document_id)

    def picture(self, document_id: str, number: int) -> Path | None:
        """The path of the picture of a page, counted from 1; None where there is none."""
        path = self.folder_of(document_id) / picture_name(number)
        return path if path.exists() else None

    def remove(self, document_id: str) -> None:
        """Erases everything of a document; what is not there is erased already."""
        shutil.rmtree(self.folder_of(document_id), ignore_errors=True)
        if self.folder_of(document_id).exists():
            raise OSError(f"the files of document {document_id} cannot be erased")

    def check(self) -> None:
        """Raises FilesUnavailable where the folder, or what it is to be made in, may not be written."""
        if reason := hindrance(self.folder):
            raise FilesUnavailable(reason, hint="Mount it, or allow writing there.")


def hindrance(folder: Path) -> str | None:
    """What keeps files from being kept in a folder that is there, or would be made; None where nothing does."""
    for there in (folder.absolute(), *folder.absolute().parents):
        try:
            mode = there.stat().st_mode  # `exists` says of what cannot be seen that it is missing, or raises
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            return f"{there} cannot be seen: {error.strerror}"
        if not stat.S_ISDIR(mode):
            return f"{there} is a file"
        return None if os.access(there, os.W_OK | os.X_OK) else f"{there} may not be written"
    return f"nothing of {folder} is there"
