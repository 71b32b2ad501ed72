"""From a model folder to a version: what it is, and taking in the one that stands in the pointer's place."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from finscribe.decoding.loading import check_folder
from finscribe.errors import ModelError, RegistryError
from finscribe.evaluation.runs import get, read_run
from finscribe.registry.hashes import hash_of, hashes_of
from finscribe.registry.history import Event
from finscribe.registry.store import Registry
from finscribe.registry.version import UNNUMBERED, Version


def describe(registry: Registry, folder: Path) -> Version:
    """What a model folder is, without a number yet; raises `ModelError` for one that is not complete."""
    check_folder(folder)
    run = read_run(folder)
    parent = registry.with_hash(get(run, "base", "sha256") or "")
    return Version(
        number=UNNUMBERED,
        sha256=hash_of(folder) or "",
        files=hashes_of(folder),
        added=datetime.now(UTC).replace(microsecond=0),
        source=str(folder),
        base=get(run, "base", "name"),
        parent=parent.id if parent else None,
        dataset=get(run, "data", "version"),
    )


def adopt(registry: Registry) -> Version | None:
    """The version that is served; a model that the registry does not know becomes one first, which is not gated.

    None where the pointer leads nowhere. Raises `RegistryError` for something else in its place.
    """
    pointer = registry.pointer
    if (served := registry.served()) or not pointer.exists():
        return served
    version = _taken_in(registry, pointer)
    replaced = registry.point_to(version)
    registry.history.add(Event.now("adopted", version.id, f"it stood at {pointer}"))
    if replaced is not None:
        _remove_copied(replaced, version)
    return version


def _taken_in(registry: Registry, folder: Path) -> Version:
    try:
        found = describe(registry, folder)
    except ModelError as error:
        raise RegistryError(
            f"{folder} is in the way: {error.message}", hint="Move it away, and try again."
        ) from error
    if known := registry.with_hash(found.sha256):
        return known
    with registry.staged(folder, shutil.copy2 if folder.is_symlink() else _link_or_copy) as staging:
        registry.verify(found, staging)
        return registry.publish(staging, found)


def _remove_copied(replaced: Path, version: Version) -> None:
    """Removes the folder that stood in the pointer's place, unless another one was put there meanwhile."""
    if hash_of(replaced) != version.sha256:
        raise RegistryError(
            f"{replaced} was put in the place of the served model while that was taken in",
            hint="It was not touched. Promote it from there.",
        )
    shutil.rmtree(replaced)


def _link_or_copy(source: str, target: str) -> None:
    """A second name for a file that is about to lose its first one; a copy where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
