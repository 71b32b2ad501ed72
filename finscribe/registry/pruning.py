"""Which versions can go."""

from __future__ import annotations

from collections.abc import Sequence

from finscribe.registry.history import Event
from finscribe.registry.store import Registry
from finscribe.registry.version import Version


def prunable(registry: Registry, keep: int) -> list[Version]:
    """All but the version that is served, the one that a rollback would serve, and the newest `keep` ones."""
    there = [version for version in registry.versions() if not version.removed]
    newest = there[len(there) - min(keep, len(there)) :]
    needed = {version.id for version in [*registry.line()[-2:], *newest]}
    return [version for version in there if version.id not in needed]


def prune(registry: Registry, doomed: Sequence[Version]) -> None:
    """Removes the folders of versions, but for those that became needed meanwhile; raises `RegistryError`."""
    with registry.changing():
        needed = {version.id for version in registry.line()[-2:]}
        for version in doomed:
            if version.id not in needed:
                registry.remove(version)
                registry.history.add(Event.now("pruned", version.id))
