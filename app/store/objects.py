"""The bytes of documents and the pictures of their pages in an object store, through fsspec.

Nothing is listed but what lies below one document, and nothing larger than a part of an upload is held in memory but
pictures, which have at most 1800 by 1800 pixels.
"""

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, BinaryIO

from app.store.files import CHUNK, ORIGINAL, PICTURES, FilesUnavailable, picture_name, place_of
from finscribe.errors import MissingDependency, SettingsError

PART = 8 * 1024 * 1024  # bytes; S3 takes parts from 5 MiB
PATIENCE = 5.0  # seconds for the answer whether the store is there
PAUSE = 0.5  # seconds from the begin of a look to that of the next, where nobody waits for it
OPTIONS: dict[str, dict[str, Any]] = {"s3": {"config_kwargs": {"retries": {"total_max_attempts": 2}}}}
"""By protocol, unless the configuration of fsspec says otherwise: a request fails within half a minute, not in ten."""
PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}
"""By protocol. Other kinds have folders to be made first, or one connection, or connect when they are constructed."""
IN_MEMORY = "memory"  # lost when the process ends, and so for tests alone
MARK = ".finscribe"
OURS = {errno.ENOSPC, errno.EDQUOT}


class FilesInStore:
    """Documents under an address such as `s3://bucket/finscribe`; it is not asked before something is wanted of it.

    When it has failed, it is looked for in the background, and until it is found everything fails at once: nobody waits
    for a store that is down, and no threads pile up before it.

    `copies` is the folder for what has to be a file for a while. Raises SettingsError for an address of no kind that
    is known, and MissingDependency where the package for its kind is missing.
    """

    def __init__(self, url: str, copies: Path) -> None:
        self.shown = without_password(url)
        self._system, self._root = _opened(url, self.shown)
        self._copies = copies
        self._lock = Lock()
        self._look: Event | None = None  # set when it is over
        self._began = 0.0
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
        self._clear_copies(document_id)  # one process at a time reads a document, so these are of killed ones
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
        self._clear_copies(document_id)
        with self._asked():
            if names := self._names(folder):
                self._system.rm(names)
            else:
                self._mark()
            left = self._names(folder) if names else []  # S3 says that it has deleted what it refused to
        if left:
            raise self._unavailable(f"{len(left)} files of document {document_id} cannot be erased")

    def check(self) -> None:
        """Raises FilesUnavailable where the store does not answer within seconds, however many ask at once."""
        self._look_again().wait(PATIENCE)
        if down := self._down or self._overdue():
            raise self._unavailable(down)

    def _name(self, document_id: str, *rest: str) -> str:
        return "/".join((self._root, place_of(document_id), *rest))

    def _names(self, folder: str) -> list[str]:
        try:
            return list(self._system.find(folder, detail=False))
        except FileNotFoundError:
            return []

    def _clear_copies(self, document_id: str) -> None:
        for copy in self._copies.glob(f"{document_id}-*"):
            shutil.rmtree(copy, ignore_errors=True)

    @contextmanager
    def _writing(self, document_id: str) -> Iterator[Any]:
        file = self._system.open(self._name(document_id, ORIGINAL), "wb", block_size=PART)
        try:
            yield file
            file.close()
        except BaseException:
            self._give_up(file)
            raise

    def _give_up(self, file: Any) -> None:
        """Ends an upload that was cut off, whose parts would stay; not where it would wait for a store that hangs."""
        self._look_again().wait(PATIENCE)
        if self._down or self._overdue():
            with suppress(AttributeError):  # those in memory cannot be
                file.closed = True  # else it is closed, and so written, when Python lets go of it
            return
        for end in (file.close, file.discard):
            with suppress(Exception):
                end()

    def _keep_pictures(self, document_id: str, drawn: list[Path]) -> None:
        if drawn:
            with self._asked():
                self._system.put(
                    [str(path) for path in drawn], [self._name(document_id, path.name) for path in drawn]
                )

    def _look_again(self) -> Event:
        """A look at the store in the background, one at a time; nobody waits for its thread at the end."""
        with self._lock:
            if self._look is None or self._look.is_set():
                self._look, self._began = Event(), monotonic()
                look = Thread(
                    target=self._look_for_it, args=(self._look,), name="finscribe-files", daemon=True
                )
                look.start()
            return self._look

    def _overdue(self) -> str | None:
        late = self._look is not None and not self._look.is_set() and monotonic() >= self._began + PATIENCE
        return f"no answer within {PATIENCE:g} seconds" if late else None

    def _look_for_it(self, over: Event) -> None:
        try:
            self._mark()
        except Exception as error:
            self._down = _reason(error)
        else:
            self._down = None
        finally:
            over.set()

    def _mark(self) -> None:
        """Finds a file of ours, or makes it; raises what the store does where there is no such bucket."""
        try:
            self._system.info(f"{self._root}/{MARK}")
        except FileNotFoundError:
            self._system.pipe_file(f"{self._root}/{MARK}", b"The documents of FinScribe are here.\n")

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """What goes wrong within is a store that cannot be used, whatever its package raises, or a full disk here."""
        if down := self._down or self._overdue():
            if monotonic() >= self._began + PAUSE:
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


def without_password(text: str) -> str:
    """An address, or a text that quotes one, without what is before its last `@`, where a password may be.

    What looks like a kind (`s3://`) stays.
    """
    before, _, after = text.rpartition("@")
    kind, slashes, _ = before.partition("//")
    return kind + slashes + after if slashes else after


def _reason(error: Exception) -> str:
    return without_password(str(error).partition("\n")[0]) or type(error).__name__


def _opened(url: str, shown: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    protocol = url.partition("://")[0]
    if protocol not in (*PACKAGES, IN_MEMORY):
        raise _refused(shown, f"its kind is none of {', '.join(PACKAGES)}")
    try:
        from fsspec.config import conf
        from fsspec.core import url_to_fs

        options = OPTIONS.get(protocol, {}) | conf.get(protocol, {})
        system, root = url_to_fs(url, **options, use_listings_cache=False)  # others write there, too
    except ImportError as error:
        raise MissingDependency(
            f"FINSCRIBE_FILES_URL is {shown}: {_reason(error)}", hint=_install_line(protocol, error)
        ) from error
    except Exception as error:  # each package has errors of its own
        raise _refused(shown, _reason(error)) from error
    if not root.strip("/"):
        raise _refused(shown, "no bucket is named")
    if hasattr(system, "retries"):
        system.retries = 1  # it tries again what has been tried again
    return system, root.rstrip("/")


def _install_line(protocol: str, error: ImportError) -> str:
    has_fsspec = (error.name or "").partition(".")[0] != "fsspec"
    return f"pip install {PACKAGES.get(protocol, 'fsspec')}" if has_fsspec else "pip install 'finscribe[web]'"


def _refused(shown: str, reason: str) -> SettingsError:
    return SettingsError(
        f"FINSCRIBE_FILES_URL is {shown}: {reason}",
        hint="Give an address such as s3://BUCKET/finscribe, or unset it to keep documents in FINSCRIBE_DATA_DIR.",
    )
