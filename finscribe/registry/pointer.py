"""The pointer to what is served: a link that is switched in one step, so that somebody always finds a whole model."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from finscribe.files import exchange, sync_folder


def point(pointer: Path, target: Path) -> Path | None:
    """Makes `pointer` a link to `target`, a folder below the one that `pointer` is in.

    At every moment the name leads to the old model or to the new one. A folder that stood there until now is moved
    beside it and returned. Raises `OSError`.
    """
    link = _free(pointer, "new")
    link.symlink_to(target.relative_to(pointer.parent), target_is_directory=True)
    replaced = None
    if pointer.is_dir() and not pointer.is_symlink():
        exchange(link, pointer)
        replaced = link.replace(_free(pointer, "replaced"))
    else:
        link.replace(pointer)
    sync_folder(pointer.parent)
    return replaced


def _free(pointer: Path, what: str) -> Path:
    """A hidden name beside the pointer that nothing has."""
    names = (pointer.with_name(f".{pointer.name}.{what}{number or ''}") for number in count())
    return next(name for name in names if not (name.exists() or name.is_symlink()))
