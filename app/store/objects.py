"""The bytes of documents and the pictures of their pages in an object store, through fsspec.

Nothing is listed but what lies below one document, and nothing larger than a part of an upload is held in memory but
pictures, which have at most 1800 by 1800 pixels.
"""

import errno
import hashlib
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import monotonic
from typing import Any, BinaryIO

from app.store.files import CHUNK, ORIGINAL, PICTURES, FilesUnavailable, picture_name, place_of
from finscribe.errors import MissingDependency, SettingsError

PART = 8 * 1024 * 1024  # bytes; S3 takes parts from 5 MiB
PATIENCE = 5.0  # seconds for the answer whether the store is there
OPTIONS: dict[str, dict[str, Any]] = {"s3": {"config_kwargs": {"retries": {"total_max_attempts": 2}}}}
"""By protocol, unless the configuration of fsspec says otherwise: a request fails within half a minute, not in ten."""
MARK = ".finscribe"
WITH_FOLDERS = {"file", "ftp", "hdfs", "local", "sftp", "smb", "ssh", "webhdfs"}
"""Protocols where a name needs its folder first; object stores have none, and would make a bucket of it."""
OURS = {errno.ENOSPC, errno.EDQUOT}


class FilesInStore:
    """Documents under an address such as `s3://bucket/finscribe`; it is not asked before something is wanted of it.

    When it has failed, it is looked for in the background, and until it is found everything fails at once: nobody waits
    for a store that is down, and no threads pile up before it.

    `copies` is the folder for what has to be a file for a while. Raises SettingsError for an address of no kind that
    is known, and MissingDependency where the package for its kind is missing.
    """

    def __init__(self, url: str, copies: Path) -> None:
        self.shown = re.sub(r"(?<=//)[^/@]*@", "", url)  # it may hold a password
        self._system, self._root = _opened(url, self.shown)
        protocol = self._system.protocol
        self._has_folders = bool(WITH_FOLDERS & {*([protocol] if isinstance(protocol, str) else protocol)})
        self._copies = copies
        self._lock, self._looks = Lock(), ThreadPoolExecutor(1, "finscribe-files")
        self._look: Future[None] | None = None
        self._due = 0.0
        self._down: str | None = None  # why, as long as it is

    def put(self, document_id: str, source: BinaryIO) -> tuple[str, int]:
        """Copies the bytes of a document, part by part; returns their SHA-256 and their number when they are kept."""
        digest, size = hashlib.sha256(), 0
        with self._asked(), self._writing(document_id) as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        return digest.hexdigest(), size

    @contextmanager
    def at_hand(self, document_id: str) -> Iterator[Path]:
        """A copy of the bytes of a document; pictures drawn beside it go to the store at the end."""
        name = self._name(document_id, ORIGINAL)
        self._copies.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f"{document_id}-", dir=self._copies) as folder:
            path = Path(folder, ORIGINAL)
            with self._asked():
                try:
                    self._system.get_file(name, str(path))
                except FileNotFoundError:
                    path.unlink(missing_ok=True)
                    self._mark()
            yield path
            self._keep_pictures(document_id, sorted(path.parent.glob(PICTURES)))

    def picture(self, document_id: str, number: int) -> bytes | None:
        """The picture of a page, counted from 1; None where there is none."""
        name = self._name(document_id, picture_name(number))
        with self._asked():
            try:
                found: bytes = self._system.cat_file(name)
            except FileNotFoundError:
                self._mark()
                return None
            return found

    def remove(self, document_id: str) -> None:
        """Erases everything of a document, and copies that a process left that was killed."""
        folder = self._name(document_id)
        for copy in self._copies.glob(f"{document_id}-*"):
            shutil.rmtree(copy, ignore_errors=True)
        with self._asked():
            if names := self._names(folder):
                self._system.rm(folder if self._has_folders else names, recursive=self._has_folders)
            else:
                self._mark()
            left = self._names(folder) if names else []  # S3 says that it has deleted what it refused to
        if left:
            raise self._unavailable(f"{len(left)} files of document {document_id} cannot be erased")

    def check(self) -> None:
        """Raises FilesUnavailable where the store does not answer within seconds, however many ask at once."""
        wait([self._look_again()], PATIENCE)
        if down := self._down or self._overdue():
            raise self._unavailable(down)

    def _name(self, document_id: str, *rest: str) -> str:
        return "/".join((self._root, place_of(document_id), *rest))

    def _names(self, folder: str) -> list[str]:
        """What lies in the folder of a document. Where there are folders, `find` passes over what it cannot read."""
        look = self._system.ls if self._has_folders else self._system.find
        try:
            return list(look(folder, detail=False))
        except FileNotFoundError:
            return []

    @contextmanager
    def _writing(self, document_id: str) -> Iterator[Any]:
        self._make_folder(self._name(document_id))
        file = self._system.open(self._name(document_id, ORIGINAL), "wb", block_size=PART)
        try:
            yield file
            file.close()
        except BaseException:
            for end in (file.close, file.discard):  # parts of an upload that was cut off would stay
                with suppress(Exception):
                    end()
            raise

    def _keep_pictures(self, document_id: str, drawn: list[Path]) -> None:
        if drawn:
            with self._asked():
                self._system.put(
                    [str(path) for path in drawn], [self._name(document_id, path.name) for path in drawn]
                )

    def _look_again(self) -> Future[None]:
        with self._lock:
            if self._look is None or self._look.done():
                self._look, self._due = self._looks.submit(self._look_for_it), monotonic() + PATIENCE
            return self._look

    def _overdue(self) -> str | None:
        late = self._look is not None and not self._look.done() and monotonic() >= self._due
        return f"no answer within {PATIENCE:g} seconds" if late else None

    def _look_for_it(self) -> None:
        try:
            self._mark()
        except Exception as error:
            self._down = _reason(error)
        else:
            self._down = None

    def _mark(self) -> None:
        """Finds a file of ours, or makes it; raises what the store does where there is no such bucket."""
        try:
            self._system.info(f"{self._root}/{MARK}")
        except FileNotFoundError:
            self._make_folder(self._root)
            self._system.pipe_file(f"{self._root}/{MARK}", b"The documents of FinScribe are here.\n")

    def _make_folder(self, folder: str) -> None:
        if self._has_folders:
            self._system.makedirs(folder, exist_ok=True)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """What goes wrong within is a store that cannot be used, whatever its package raises, or a full disk here."""
        if down := self._down or self._overdue():
            self._look_again()
            raise self._unavailable(down)
        try:
            yield
        except Exception as error:
            if isinstance(error, OSError) and error.errno in OURS:
                raise
            self._look_again()
            raise self._unavailable(_reason(error)) from error

    def _unavailable(self, reason: str) -> FilesUnavailable:
        return FilesUnavailable(
            f"the store of documents {self.shown} cannot be used: {reason:.300}",
            hint="Start it, or check FINSCRIBE_FILES_URL, the credentials and the network; then try again.",
        )


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


def _opened(url: str, shown: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    try:
        from fsspec.config import conf
        from fsspec.core import url_to_fs

        protocol = url.partition("://")[0]
        options = OPTIONS.get(protocol, {}) | conf.get(protocol, {})
        system, root = url_to_fs(url, **options, use_listings_cache=False)  # others write there, too
    except ImportError as error:
        raise MissingDependency(
            f"FINSCRIBE_FILES_URL is {shown}: {error}", hint=_install_line(url)
        ) from error
    except Exception as error:  # each package has errors of its own
        raise _refused(shown, str(error)) from error
    if not root.strip("/"):
        raise _refused(shown, "no bucket is named")
    if hasattr(system, "retries"):
        system.retries = 1  # it tries again what has been tried again
    return system, root.rstrip("/")


def _install_line(url: str) -> str:
    try:
        from fsspec.registry import known_implementations
    except ImportError:
        return "pip install 'finscribe[web]'"
    package = known_implementations[url.partition("://")[0]]["class"].partition(".")[0]
    return "See the documentation of fsspec." if package == "fsspec" else f"pip install {package}"


def _refused(shown: str, reason: str) -> SettingsError:
    return SettingsError(
        f"FINSCRIBE_FILES_URL is {shown}: {reason}",
        hint="Give an address such as s3://BUCKET/finscribe, or unset it to keep documents in FINSCRIBE_DATA_DIR.",
    )
