"""What the disk refuses, said with a remedy."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from finscribe.errors import QueueError

_HINTS = {
    errno.ENOSPC: "Free some space and try again: what was not acknowledged was taken back.",
    errno.EDQUOT: "Free some space and try again: what was not acknowledged was taken back.",
    errno.EACCES: "Allow writing there, or set FINSCRIBE_DATA_DIR to another folder.",
    errno.EPERM: "Allow writing there, or set FINSCRIBE_DATA_DIR to another folder.",
    errno.EROFS: "Allow writing there, or set FINSCRIBE_DATA_DIR to another folder.",
    errno.EISDIR: "A folder stands where the file should be: move it away.",
    errno.ENOTDIR: "A file stands where the folder should be: move it away, or set FINSCRIBE_DATA_DIR.",
    errno.ENOTSUP: "Keep the queue where files can be locked: Linux, macOS or WSL. Reading works everywhere.",
    errno.EEXIST: "A file stands where the folder should be: move it away, or set FINSCRIBE_DATA_DIR.",
}


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turns an `OSError` into a `QueueError` that names the file, this one if it names none, and says what to do."""
    try:
        yield
    except OSError as error:
        raise QueueError(
            f"{error.filename or path}: {error.strerror or error}",
            hint=_HINTS.get(error.errno or 0, "Check the disk, and that the folder can be written to."),
        ) from error
