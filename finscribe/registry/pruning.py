"""Which versions can go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from finscribe.decoding.hub import base_of
from finscribe.registry.history import Event
from finscribe.registry.store import Registry
from finscribe.registry.version import Version


def prunable(registry: Registry, keep: int) -> list[Version]:
    """All but the version that is served, the one that a rollback would serve, and the newest `keep` ones.

    What one of these is an adapter of stays as well: without its base it does not load.
    """
    there = _there(registry)
    newest = there[len(there) - min(keep, len(there)) :]
    needed = _needed(registry, newest)
    return [version for version in there if version.id not in needed]


def prune(registry: Registry, doomed: Sequence[Version]) -> None:
    """Removes the folders of versions, but for those that became needed meanwhile; raises `RegistryError`."""
    ids = {version.id for version in doomed}
    with registry.changing():
        needed = _needed(registry, [version for version in _there(registry) if version.id not in ids])
        for version in doomed:
            if version.id not in needed:
                registry.remove(version)
                registry.history.add(Event.now("pruned", version.id))


def _there(registry: Registry) -> list[Version]:
    return [version for version in registry.versions() if not version.removed]


def _needed(registry: Registry, kept: Sequence[Version]) -> set[str]:
    """The ids of the kept versions and of the last two that were served, and of the bases of them all."""
    versions = [*registry.line()[-2:], *kept]
    folders = [registry.pointer, *map(registry.folder_of, versions)]
    bases = {base.id for folder in folders for base in _bases(registry, folder)}
    return bases | {version.id for version in versions}


def _bases(registry: Registry, folder: Path) -> Iterator[Version]:
    """The version that a folder is an adapter of, the one that this is an adapter of, and so on."""
    seen = {folder.resolve()}
    while (base := base_of(folder)) and Path(base).resolve() not in seen:
        folder = Path(base)
        seen.add(folder.resolve())
        if version := registry.at(folder):
            yield version
